"""The periods that people already hold, counted as the law counts them, and when they cannot serve.

The force of an offer says how its days are counted, in its worth as under its ceiling. The military
and the police count half-days. Civil security counts working days by whole dates (Code de la
sécurité intérieure, L724-4): a half-day on a working day counts as a day, a Sunday or a public
holiday as none, and two offers on one date each count it, which never passes the ceiling.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from django.utils import timezone

from reseda.law.domain.ceilings import ceiling_of_year
from reseda.law.queries import book
from reseda.service.domain.counters import REGIME_OF_FORCE, Contract, Record, Stretch, tally
from reseda.service.domain.days import DAY, PARIS, days
from reseda.service.models import Engagement, Period, Suspension, TrainingStep
from reseda.service.models.career import BEFORE_CONTRACT
from reseda.service.queries.counting import stretches
from reseda.timetable.domain.planning.model import Busy
from reseda.timetable.queries.planning.rules import SERVICE, SUSPENSION, TRAINING
from reseda.timetable.queries.planning.studies import widened

ByYear = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Service:
    """The periods of one person that take place, under all their engagements."""

    periods: tuple[Period, ...]
    now: datetime

    def without(self, keys: Collection[int]) -> "Service":
        """Leave periods out: those that the plan itself is to hold."""
        return Service(tuple(one for one in self.periods if one.pk not in keys), self.now)

    def served(self, engagement: Engagement) -> dict[int, float]:
        """Return the days of each civil year, done and planned, under the engagement’s regime."""
        regime = REGIME_OF_FORCE[engagement.force]
        periods = [p for p in self.periods if REGIME_OF_FORCE[p.engagement.force] == regime]
        contract = Contract(engagement.contract_start_on, engagement.contract_end_on)
        found = tally(Record(regime, contract, stretches(periods, self.now)))
        return {year: done + planned for year, (done, planned) in found.items()}

    def days_within(self, first: date, last: date) -> float:
        """Return the days of the periods that start inside some days, both included."""
        return sum(
            days_counted(one.engagement.force, one.starts_at, one.ends_at)
            for one in self.periods
            if first <= timezone.localtime(one.starts_at).date() <= last
        )


@cache
def ceiling(force: str, chosen: str, year: int, on: date) -> float:
    """Return the legal ceiling of days of a civil year, as the counters of a day have it."""
    return float(ceiling_of_year(book(), REGIME_OF_FORCE[force], chosen, year, on).value)


def counted_apart(force: str, start: datetime, end: datetime) -> ByYear | None:
    """Return the days that a stretch of service takes of each civil year where its force does not
    count half-days, None where it does.
    """
    regime = REGIME_OF_FORCE[force]
    if regime != "civil_security":
        return None
    contract = Contract(start.astimezone(PARIS).date(), end.astimezone(PARIS).date())
    found = tally(Record(regime, contract, (Stretch(start, end, is_done=False),)))
    return tuple((year, planned) for year, (_done, planned) in sorted(found.items()))


def days_counted(force: str, start: datetime, end: datetime) -> float:
    """Return the days that a stretch of service counts for its force."""
    apart = counted_apart(force, start, end)
    return days(start, end) if apart is None else sum(count for _year, count in apart)


def suspended(engagements: Collection[int], travel_minutes: int) -> dict[int, tuple[Busy, ...]]:
    """Return when the contract of each engagement is suspended (one query): nothing is served then.

    The travel time, which the engine adds around an offer, is taken off: one may leave for a period
    that begins the day after.
    """
    found: dict[int, list[Busy]] = defaultdict(list)
    rows = Suspension.objects.filter(engagement__in=engagements, removed_at__isnull=True)
    for one in rows.order_by("starts_on", "pk"):
        whole = _dates(one.starts_on, one.ends_on)
        start, end = widened(*whole, -travel_minutes)
        if start >= end:
            start, end = whole
        found[one.engagement_id].append(Busy(f"{SUSPENSION}{one.pk}", start, end, SERVICE))
    return {key: tuple(busy) for key, busy in found.items()}


def trained(people: Collection[int], margin_minutes: int) -> dict[int, tuple[Busy, ...]]:
    """Return the training before the contract of each person, by key (one query): dates at which
    no period is served, with the rest around them.
    """
    found: dict[int, list[Busy]] = defaultdict(list)
    rows = TrainingStep.objects.filter(
        engagement__person__in=people, kind__in=BEFORE_CONTRACT, removed_at__isnull=True
    ).exclude(status=TrainingStep.Status.ABANDONED)
    for key, person, first, last in rows.order_by("starts_on", "pk").values_list(
        "pk", "engagement__person", "starts_on", "ends_on"
    ):
        start, end = widened(*_dates(first, last), margin_minutes)
        found[person].append(Busy(f"{TRAINING}{key}", start, end, SERVICE))
    return {key: tuple(busy) for key, busy in found.items()}


def _dates(first: date, last: date) -> tuple[datetime, datetime]:
    return (
        datetime.combine(first, time(), PARIS),
        datetime.combine(last + DAY, time(), PARIS),
    )


def service_of(people: Collection[int], now: datetime) -> dict[int, Service]:
    """Return the periods that take place of each person, by key (one query)."""
    held: dict[int, list[Period]] = defaultdict(list)
    for one in (
        Period.objects.filter(engagement__person__in=people)
        .exclude(status=Period.Status.CANCELLED)
        .select_related("engagement")
        .defer("purpose", "place", "former", "confirmed_by_name")
        .order_by("starts_at", "pk")
    ):
        held[one.engagement.person_id].append(one)
    return {person: Service(tuple(held[person]), now) for person in people}
