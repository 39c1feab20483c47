"""Counters of days of a reservist: done, planned, what is left of each civil year’s ceiling.

Ceilings run on the civil year, not on the academic one: Code de la défense, L4221-6, D4221-7 and
D4221-8 (military); Code de la sécurité intérieure, L411-11 and L411-11-1 (police), L724-4 (civil
security, in working days by whole dates). The legal values are arguments, read from the law.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from reseda.service.domain.days import PARIS, Half, HalfName, halves, is_working_day

Regime = Literal["military", "police", "civil_security"]
REGIMES: tuple[Regime, ...] = ("military", "police", "civil_security")
CEILINGS = ("ordinary", "forces_needs", "national_interest")
REGIME_OF_FORCE: Mapping[str, Regime] = {
    "terre": "military",
    "marine": "military",
    "air_espace": "military",
    "gendarmerie": "military",
    "police": "police",
    "securite_civile": "civil_security",
}
Fact = str | int | float


@dataclass(frozen=True)
class Contract:
    """From which day to which day, both included, a person is engaged."""

    start_on: date
    end_on: date


@dataclass(frozen=True)
class Stretch:
    """A stretch of service between two aware instants, the end excluded."""

    starts_at: datetime
    ends_at: datetime
    is_done: bool


@dataclass(frozen=True)
class Record:
    """What is counted: a person’s regime, contract and periods; `zone` says where a date begins."""

    regime: Regime
    contract: Contract
    periods: tuple[Stretch, ...]
    zone: tzinfo = PARIS


@dataclass(frozen=True)
class Limit:
    """A legal value with its article."""

    value: float
    article: str


@dataclass(frozen=True)
class Limits:
    """The legal values in force: days a civil year; shortest and longest contract, in years."""

    days: Limit
    contract_years_min: Limit | None = None
    contract_years_max: Limit | None = None


@dataclass(frozen=True)
class YearCount:
    """The days of one civil year; `left` is negative when the ceiling is exceeded."""

    done: float
    planned: float
    limit: float
    left: float
    article: str


@dataclass(frozen=True)
class Alert:
    """Something that the law does not allow or that must be looked at: a code and its facts."""

    code: str
    facts: Mapping[str, Fact]
    article: str


@dataclass(frozen=True)
class Counters:
    """The counters of each civil year that service touches, and what they call attention to."""

    years: Mapping[int, YearCount]
    alerts: tuple[Alert, ...] = field(default=())


def limit_code(regime: Regime, ceiling: str) -> str:
    """Return the code of the legal value that caps a year of this regime under this ceiling."""
    if regime == "civil_security":
        return "reserve.civil_security.days"
    return f"reserve.{regime}.days.{ceiling}"


def counters(record: Record, limits: Limits, on: date) -> Counters:
    """Count the days of each civil year touched by a period, and of the year of the day `on`.

    A half-day counts once, as done where a done and a planned period overlap. Civil security
    counts working days by whole dates.
    """
    found = tally(record)
    nothing = (0.0, 0.0)
    counts = {
        year: _year(*found.get(year, nothing), limits.days) for year in sorted({*found, on.year})
    }
    return Counters(counts, tuple(_alerts(record, limits, counts)))


def tally(record: Record) -> dict[int, tuple[float, float]]:
    """Return the days done and planned of each civil year, without any legal value."""
    done = _units(record, is_done=True)
    planned = _units(record, is_done=False) - done
    weight = 1.0 if record.regime == "civil_security" else 0.5
    totals: dict[int, tuple[float, float]] = {}
    for units, gain in ((done, (weight, 0.0)), (planned, (0.0, weight))):
        for unit in units:
            so_far = totals.get(unit.day.year, (0.0, 0.0))
            totals[unit.day.year] = (so_far[0] + gain[0], so_far[1] + gain[1])
    return totals


def _units(record: Record, *, is_done: bool) -> set[Half]:
    chosen = (period for period in record.periods if period.is_done == is_done)
    touched = {
        half for period in chosen for half in halves(period.starts_at, period.ends_at, record.zone)
    }
    if record.regime != "civil_security":
        return touched
    return {Half(half.day, HalfName.MORNING) for half in touched if is_working_day(half.day)}


def _year(done: float, planned: float, limit: Limit) -> YearCount:
    return YearCount(done, planned, limit.value, limit.value - done - planned, limit.article)


def _alerts(record: Record, limits: Limits, years: Mapping[int, YearCount]) -> Iterator[Alert]:
    for year, count in years.items():
        if count.left < 0:
            facts: dict[str, Fact] = {
                "year": year,
                "days": count.done + count.planned,
                "limit": count.limit,
                "over": -count.left,
            }
            yield Alert("ceiling_exceeded", facts, count.article)
    yield from _contract_alerts(record.contract, limits)
    for place, period in enumerate(record.periods):
        if not covers(record.contract, period.starts_at, period.ends_at, record.zone):
            yield Alert("outside_contract", {"period": place}, "")
    for place, other in overlaps(record.periods):
        yield Alert("periods_overlap", {"period": place, "other": other}, "")


def _contract_alerts(contract: Contract, limits: Limits) -> Iterator[Alert]:
    length = contract.end_on + timedelta(days=1)
    shortest, longest = limits.contract_years_min, limits.contract_years_max
    if shortest and length < _years_after(contract.start_on, int(shortest.value)):
        yield Alert("contract_too_short", {"years": shortest.value}, shortest.article)
    if longest and length > _years_after(contract.start_on, int(longest.value)):
        yield Alert("contract_too_long", {"years": longest.value}, longest.article)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def covers(contract: Contract, start: datetime, end: datetime, zone: tzinfo = PARIS) -> bool:
    """Tell whether a contract covers a stretch of service whole, by the dates of its halves."""
    touched = [half.day for half in halves(start, end, zone)]
    return not touched or contract.start_on <= touched[0] <= touched[-1] <= contract.end_on


def overlaps(periods: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the places of the periods that begin before an earlier one ends, with that one’s."""
    ordered = sorted(enumerate(periods), key=lambda item: item[1].starts_at)
    latest: tuple[int, Stretch] | None = None
    for place, period in ordered:
        if latest and latest[1].ends_at > period.starts_at:
            yield place, latest[0]
        if latest is None or period.ends_at > latest[1].ends_at:
            latest = place, period
