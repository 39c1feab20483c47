"""The counters of a person’s days, with the legal values in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from reseda.law import queries as law
from reseda.law.domain.ceilings import ceiling_code
from reseda.people.models import Person
from reseda.service.domain.counters import (
    REGIME_OF_FORCE,
    Alert,
    Contract,
    Limits,
    Record,
    Regime,
    Stretch,
    YearCount,
    counters,
)
from reseda.service.domain.legal import limits
from reseda.service.models import Engagement, Period


@dataclass(frozen=True)
class Count:
    """The counter of one civil year, with the code of the legal value that caps it."""

    year: int
    days: YearCount
    code: str

    @property
    def used(self) -> float:
        """Days done and planned together."""
        return self.days.done + self.days.planned

    @property
    def over(self) -> float:
        """By how many days the ceiling is exceeded, 0 when it is not."""
        return max(0.0, -self.days.left)


def regime_of(engagement: Engagement) -> Regime:
    """Return the legal regime under which the days of an engagement are counted."""
    return REGIME_OF_FORCE[engagement.force]


def stretches(periods: Iterable[Period], now: datetime) -> tuple[Stretch, ...]:
    """Return periods as the domain counts them: those that are over are done."""
    return tuple(
        Stretch(period.starts_at, period.ends_at, period.ends_at <= now) for period in periods
    )


def counted(person: Person, regime: Regime) -> Iterable[Period]:
    """Return the periods that count under a regime: a renewed contract shares the ceiling."""
    forces = [force for force, known in REGIME_OF_FORCE.items() if known == regime]
    return Period.objects.filter(engagement__person=person, engagement__force__in=forces).exclude(
        status=Period.Status.CANCELLED
    )


@dataclass(frozen=True)
class RecordCount:
    """The counters of a reservist by civil year, what they call attention to, the law read and the
    periods counted, which alerts name by their place.
    """

    years: tuple[Count, ...]
    alerts: tuple[Alert, ...]
    limits: Limits
    periods: tuple[Period, ...]


def record_count(
    engagement: Engagement, periods: Iterable[Period], now: datetime, on: date
) -> RecordCount:
    """Return the counters of each civil year of some periods and of this year, with alerts."""
    regime, held = regime_of(engagement), tuple(periods)
    contract = Contract(engagement.contract_start_on, engagement.contract_end_on)
    record = Record(regime, contract, stretches(held, now))
    first = min([on.year, *(period.starts_at.year for period in record.periods)])
    legal_limits = limits(law.book(), regime, engagement.ceiling, on, range(first, on.year))
    found = counters(record, legal_limits, on)
    code = ceiling_code(regime, engagement.ceiling)
    years = tuple(Count(year, count, code) for year, count in found.years.items())
    return RecordCount(years, found.alerts, legal_limits, held)


def counters_of(engagement: Engagement, now: datetime, on: date) -> list[Count]:
    """Return the counter of each civil year of an engagement that has days, and of this year."""
    return list(count_of(engagement, now, on).years)


def count_of(engagement: Engagement, now: datetime, on: date) -> RecordCount:
    """Return the counters of an engagement, renewed contracts included (one query)."""
    return record_count(engagement, counted(engagement.person, regime_of(engagement)), now, on)
