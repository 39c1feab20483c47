"""What those allowed to know read of reservists, and who read what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from reseda.journal.queries import history
from reseda.people.models import Person
from reseda.people.policy import Viewer
from reseda.service.domain.counters import Contract, Record, tally
from reseda.service.models import Engagement, Period
from reseda.service.permissions import FOLLOW_RESERVIST
from reseda.service.queries.counting import regime_of, stretches

CONSULTED = "service.consult_record"
# A record opened (and written in the journal) stays open to its reader for that long.
OPEN_FOR = timedelta(hours=1)
READINGS_SHOWN = 50


@dataclass(frozen=True)
class Reading:
    """Somebody opened a record, at a moment."""

    name: str
    at: datetime


def followed(viewer: Viewer) -> QuerySet[Engagement]:
    """Return the engagements disclosed to a viewer, with person, next period and year’s periods.

    Each row has `next_at` (start of its next period or None) and `year_periods` (a list).
    """
    taking_place = Period.objects.exclude(status=Period.Status.CANCELLED)
    coming = taking_place.filter(engagement=OuterRef("pk"), ends_at__gt=timezone.now())
    year = viewer.today.year
    this_year = taking_place.filter(_in_year(year)).order_by("starts_at")
    return (
        FOLLOW_RESERVIST.rows(viewer)
        .select_related("person", "school", "notice")
        .annotate(next_at=Subquery(coming.order_by("starts_at").values("starts_at")[:1]))
        .prefetch_related(Prefetch("periods", this_year, to_attr="year_periods"))
    )


def _in_year(year: int) -> Q:
    return Q(starts_at__year__lte=year, ends_at__year__gte=year)


def days_of_year(engagement: Engagement, year: int, now: datetime) -> tuple[float, float]:
    """Return the days done and planned in a civil year by a row of `followed`."""
    periods: list[Period] = getattr(engagement, "year_periods", [])
    contract = Contract(engagement.contract_start_on, engagement.contract_end_on)
    record = Record(regime_of(engagement), contract, stretches(periods, now))
    return tally(record).get(year, (0.0, 0.0))


def may_read_record(viewer: Viewer, engagement: Engagement, now: datetime) -> bool:
    """Tell whether the viewer opened this record, on the journal, less than an hour ago."""
    return (
        history(engagement)
        .filter(verb=CONSULTED, actor=viewer.person.journal_name, at__gt=now - OPEN_FOR)
        .exists()
    )


def readings(engagement: Engagement) -> list[Reading]:
    """Return who opened a record, latest first, as its holder reads it."""
    entries = list(history(engagement).filter(verb=CONSULTED)[:READINGS_SHOWN])
    keys = {entry.actor.removeprefix("person:") for entry in entries}
    people = {one.journal_name: str(one) for one in Person.objects.filter(pk__in=keys)}
    return [Reading(people.get(entry.actor, ""), entry.at) for entry in entries]
