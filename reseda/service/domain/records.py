"""What is counted of a reservist: contract, periods, legal limits; and what the count tells."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Literal

from reseda.law.domain.ceilings import ceiling_code
from reseda.service.domain.days import PARIS, halves

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
# Slots: hundreds of thousands of these are held and walked at once.


@dataclass(frozen=True, slots=True)
class Contract:
    """From which day to which day, both included, a person is engaged."""

    start_on: date
    end_on: date


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of service between two aware instants, the end excluded."""

    starts_at: datetime
    ends_at: datetime
    is_done: bool


@dataclass(frozen=True, slots=True)
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
class Watch:
    """What is told besides what the law forbids: a ceiling or an end that comes near, thresholds of
    days that open a right or a reward. Information, never advice. `contract` and `smallest_period`
    are the articles on the length of a contract and on half-days.

    `near_share` (of the ceiling) and `ending_days` are habits of the house, not rules of law.
    """

    allowance: Limit | None = None
    loyalty_bonus: Limit | None = None
    medals: Mapping[str, Limit] = field(default_factory=dict)
    citizen_account: Limit | None = None
    contract: str = ""
    smallest_period: str = ""
    near_share: float = 0.1
    ending_days: int = 90


@dataclass(frozen=True)
class Limits:
    """The legal values in force: days a civil year; shortest and longest contract, in years.

    `past_days` gives the ceiling of the years that had another one.
    """

    days: Limit
    contract_years_min: Limit | None = None
    contract_years_max: Limit | None = None
    past_days: Mapping[int, Limit] = field(default_factory=dict)
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class YearCount:
    """The days of one civil year; `left` is negative when the ceiling is exceeded."""

    done: float
    planned: float
    limit: float
    left: float
    article: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that the law does not allow or that must be looked at: a code and its facts."""

    code: str
    facts: Mapping[str, Fact]
    article: str


@dataclass(frozen=True, slots=True)
class Counters:
    """The counters of each civil year that service touches, and what they call attention to."""

    years: Mapping[int, YearCount]
    alerts: tuple[Alert, ...] = field(default=())


Tally = dict[int, tuple[float, float]]
Window = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Counted:
    """The days of a record: done and planned by civil year; done by year of the contract (first and
    last day) where a threshold may be reached; which periods leave the contract; whether periods
    overlap.
    """

    years: Tally
    contract_years: Mapping[Window, float] = field(default_factory=dict)
    outside: Sequence[int] = ()
    is_crowded: bool = False


def limit_code(regime: Regime, ceiling: str) -> str:
    """Return the code of the legal value that caps a year of this regime under this ceiling."""
    return ceiling_code(regime, ceiling)


def covers(contract: Contract, start: datetime, end: datetime, zone: tzinfo = PARIS) -> bool:
    """Tell whether a contract covers a stretch of service whole, by the dates of its halves."""
    touched = [half.day for half in halves(start, end, zone)]
    return not touched or contract.start_on <= touched[0] <= touched[-1] <= contract.end_on


def overlaps(periods: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the places of the periods that begin before an earlier one ends, with that one’s."""
    # Instants are compared in UTC: two aware times of one zone are compared by the wall clock.
    instants = (
        (period.starts_at.astimezone(UTC), period.ends_at.astimezone(UTC), place)
        for place, period in enumerate(periods)
    )
    latest: tuple[datetime, int] | None = None
    for start, end, place in sorted(instants):
        if latest and latest[0] > start:
            yield place, latest[1]
        if latest is None or end > latest[0]:
            latest = end, place
