"""The regulation of the year: which one applies, whether it was published in time."""

from dataclasses import dataclass
from datetime import date

from reseda.law import queries as law
from reseda.law.domain.deadlines import publication_deadline
from reseda.recognition.domain import rules
from reseda.recognition.models import Regulation
from reseda.schools.models import AcademicYear, School


@dataclass(frozen=True)
class Deadline:
    """Until when a regulation is published in time (D611-7), and whether it is or would be late."""

    on: date
    is_late: bool


def in_force(school: School | int, on: date) -> Regulation | None:
    """Return the latest published regulation of the academic year that contains a day."""
    return (
        Regulation.objects.filter(
            school=school,
            year__starts_on__lte=on,
            year__ends_on__gte=on,
            published_on__isnull=False,
        )
        .select_related("year")
        .order_by("-number")
        .first()
    )


def deadline(year: AcademicYear, on: date) -> Deadline:
    """Return the last day in time for a year, and whether a day is past it."""
    last = publication_deadline(law.book(), year.starts_on, on).until_on
    return Deadline(last, on > last)


def rules_of(regulation: Regulation | None) -> rules.Rules:
    """Return the rules of a regulation as the domain reads them; none allow no form."""
    if regulation is None:
        return rules.Rules((), max_ects=rules.NOTHING)
    return rules.Rules(
        forms=tuple(regulation.forms),
        max_ects=regulation.max_ects,
        min_days=regulation.min_days,
        days_per_ects=regulation.days_per_ects,
    )
