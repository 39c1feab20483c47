"""The periods that people already hold, counted as the law counts them; two queries for all."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.utils import timezone

from reseda.law.queries import value
from reseda.service.domain.counters import REGIME_OF_FORCE, Contract, Record, limit_code, tally
from reseda.service.domain.days import days
from reseda.service.models import Engagement, Period
from reseda.service.queries.counting import stretches


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
            days(one.starts_at, one.ends_at)
            for one in self.periods
            if first <= timezone.localtime(one.starts_at).date() <= last
        )

    @staticmethod
    @cache
    def ceiling(force: str, ceiling: str, on: date) -> float:
        """Return the legal ceiling of days of a year."""
        return float(value(limit_code(REGIME_OF_FORCE[force], ceiling), on).value)


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
