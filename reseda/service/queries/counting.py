"""The counters of a person’s days, with the legal values in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from reseda.law import queries as law
from reseda.people.models import Person
from reseda.service.domain.counters import (
    REGIME_OF_FORCE,
    Alert,
    Contract,
    Counters,
    Limit,
    Limits,
    Record,
    Regime,
    Stretch,
    YearCount,
    counters,
    limit_code,
)
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


def limits(regime: Regime, ceiling: str, on: date) -> Limits:
    """Return the legal values of a regime in force on a day."""

    def legal(code: str) -> Limit:
        found = law.value(code, on)
        return Limit(float(found.value), found.article)

    return Limits(
        legal(limit_code(regime, ceiling)),
        legal("reserve.contract.years.min"),
        legal("reserve.contract.years.max"),
    )


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


def counters_of(engagement: Engagement, now: datetime, on: date) -> list[Count]:
    """Return the counter of each civil year of an engagement that has days, and of this year."""
    regime = regime_of(engagement)
    ceiling = engagement.ceiling
    found = _counters(engagement, regime, now, on)
    code = limit_code(regime, ceiling)
    return [Count(year, count, code) for year, count in found.years.items()]


def _counters(engagement: Engagement, regime: Regime, now: datetime, on: date) -> Counters:
    contract = Contract(engagement.contract_start_on, engagement.contract_end_on)
    periods = stretches(counted(engagement.person, regime), now)
    return counters(Record(regime, contract, periods), limits(regime, engagement.ceiling, on), on)


def contract_alerts(engagement: Engagement, on: date) -> tuple[Alert, ...]:
    """Return what the law says of the length of a contract, nothing when it is usual."""
    regime = regime_of(engagement)
    contract = Contract(engagement.contract_start_on, engagement.contract_end_on)
    empty = Record(regime, contract, ())
    return counters(empty, limits(regime, engagement.ceiling, on), on).alerts
