"""Where a reservist stands: days against the ceilings of the force and of the employer, side by
side; what calls for attention; what a number of days opens. Information, never advice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from reseda.law.domain.dates import years_after
from reseda.schools.models import AcademicYear
from reseda.schools.queries import current_year
from reseda.service.domain.records import Contract, Limit
from reseda.service.models import Engagement, Period
from reseda.service.queries.absences import (
    Employer,
    EmployerCount,
    employer_counts,
    employer_of,
    service_days,
)
from reseda.service.queries.counting import Count, RecordCount, count_of
from reseda.service.queries.noticing import Told, of_career, of_count, of_employer
from reseda.ui.domain.parts import Text

SHARED = (
    "ceiling_exceeded",
    "ceiling_near",
    "contract_ending",
    "suspended",
    "unanswered",
    "unanswered_near",
)
MEDALS = {
    "bronze": _("Médaille des réservistes volontaires, bronze"),
    "silver": _("Médaille des réservistes volontaires, argent"),
    "gold": _("Médaille des réservistes volontaires, or"),
}


@dataclass(frozen=True)
class Pair:
    """A civil year on both sides: the force’s counter, and the employer’s where there is one."""

    year: int
    force: Count | None
    employer: EmployerCount | None


@dataclass(frozen=True)
class Academic:
    """The days of service of an academic year, which no ceiling follows."""

    year: AcademicYear
    days: float


@dataclass(frozen=True)
class Threshold:
    """A number of days that opens something, and how many are done of it; to be checked with the
    office that manages the reservist, who alone knows the other conditions.
    """

    label: Text
    window: Text
    done: float
    needed: float
    code: str
    article: str

    @property
    def is_reached(self) -> bool:
        """Tell whether the days are done; the other conditions are not looked at."""
        return self.done >= self.needed


@dataclass(frozen=True)
class Standing:
    """Everything that is counted of a reservist on a day."""

    years: tuple[Pair, ...]
    employer: Employer | None
    academic: Academic | None
    told: tuple[Told, ...]
    thresholds: tuple[Threshold, ...]
    this_year: int

    @property
    def current(self) -> tuple[Pair, ...]:
        """This civil year, and those to come that have days."""
        return tuple(pair for pair in self.years if pair.year >= self.this_year)

    @property
    def shared(self) -> tuple[Told, ...]:
        """What is told to those who follow the reservist too: nothing of the employer."""
        return tuple(one for one in self.told if one.code in SHARED)

    @property
    def past(self) -> tuple[Pair, ...]:
        """The civil years that are over, latest first."""
        return tuple(pair for pair in reversed(self.years) if pair.year < self.this_year)


def standing(engagement: Engagement, now: datetime, on: date) -> Standing:
    """Return where a reservist stands on a day (a fixed number of queries)."""
    count = count_of(engagement, now, on)
    periods = list(count.periods)
    employer = employer_of(engagement, on)
    employed = employer_counts(engagement, employer, periods, now) if employer else []
    year = current_year(engagement.school, on)
    told = (
        *of_count(engagement, count, on),
        *of_employer(employer, employed),
        *of_career(engagement, on),
    )
    return Standing(
        tuple(_paired(count.years, employed)),
        employer,
        Academic(year, service_days(periods, year.starts_on, year.ends_on)) if year else None,
        told,
        tuple(_thresholds(engagement, count, periods, now, on)),
        on.year,
    )


def _paired(force: Sequence[Count], employed: Sequence[EmployerCount]) -> Iterator[Pair]:
    forces = {one.year: one for one in force}
    employers = {one.year: one for one in employed}
    for year in sorted({*forces, *employers}):
        yield Pair(year, forces.get(year), employers.get(year))


def _thresholds(
    engagement: Engagement, count: RecordCount, periods: list[Period], now: datetime, on: date
) -> Iterator[Threshold]:
    watch = count.limits.watch
    if watch is None:
        return
    contract = Contract(engagement.contract_start_on, engagement.contract_end_on)
    first = _anniversary(contract, on)
    over = [one for one in periods if one.ends_at <= now]
    in_year = service_days(over, first, on) if first <= on else 0.0
    since = _("depuis l’anniversaire de votre contrat")
    yearly: tuple[tuple[Text, Limit | None, str], ...] = (
        (_("Allocation d’études spécifique"), watch.allowance, "allowance.days"),
        (_("Prime de fidélité"), watch.loyalty_bonus, "loyalty_bonus.days"),
    )
    for label, limit, code in yearly:
        if limit:
            yield Threshold(label, since, in_year, limit.value, code, limit.article)
    yield from _medal(count)
    if watch.citizen_account:
        this_year = next((one.days.done for one in count.years if one.year == on.year), 0.0)
        limit = watch.citizen_account
        yield Threshold(
            _("Compte d’engagement citoyen"),
            _("dans l’année civile"),
            this_year,
            limit.value,
            "citizen_account.days",
            limit.article,
        )


def _medal(count: RecordCount) -> Iterator[Threshold]:
    """Yield the next grade of the medal, or the last one when all are reached."""
    watch = count.limits.watch
    grades = sorted(watch.medals.items(), key=lambda one: one[1].value) if watch else []
    total = sum(one.days.done for one in count.years)
    ahead = [one for one in grades if total < one[1].value] or grades[-1:]
    for grade, limit in ahead[:1]:
        yield Threshold(
            MEDALS[grade],
            _("en tout"),
            total,
            limit.value,
            f"medal.{grade}.days",
            limit.article,
        )


def _anniversary(contract: Contract, on: date) -> date:
    """Return the first day of the year of the contract that holds a day."""
    years = max(0, on.year - contract.start_on.year)
    reached = years_after(contract.start_on, years)
    return reached if reached <= on or not years else years_after(contract.start_on, years - 1)
