"""What the planner is given and what it answers: frozen, plain, the same for one and for all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Objective = Literal["fair", "total"]
Status = Literal["optimal", "bounded"]

# Why a pair is not granted: the first that applies, in this order. `excluded` (a person said no
# beforehand) comes before all others and never appears without pins.
REASONS = (
    "excluded",
    "contract",
    "requires",
    "clash",
    "travel",
    "ceiling",
    "recoverable_limit",
    "overlap",
    "full",
    "no_gain",
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A period that a unit offers: instants (aware, end excluded), places, qualifications.

    `counted` are the days it takes of each civil year where these are not its half-days (civil
    security counts working days), by halves; nothing else of an offer is worth or limited by days.
    """

    id: str
    start: datetime
    end: datetime
    capacity: int
    requires: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    counted: tuple[tuple[int, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of time already taken; what `kind` means is for the policy to say."""

    uid: str
    start: datetime
    end: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Contract:
    """First and last civil day of the engagement contract, both included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Reservist:
    """One person (one engagement): studies, contract, what is held, wanted, allowed and served.

    `ceilings` and `served` are days by civil year; a year without a ceiling has no limit.
    `wishes` are points by offer id.
    """

    id: str
    busy: tuple[Busy, ...]
    contract: Contract
    holds: tuple[str, ...] = ()
    target_days: float = 0
    ceilings: Mapping[int, float] = field(default_factory=dict)
    served: Mapping[int, float] = field(default_factory=dict)
    wishes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """The school's choices: what may not be missed, what may be recovered, and how much.

    `travel_minutes` widens an offer at both ends; `rest_days` are days of 24 h between two granted
    offers; `minute_cost` is in points per recoverable minute lost.
    """

    hard: tuple[str, ...] = ("exam", "project", "practical", "placement", "unknown")
    recoverable: tuple[str, ...] = ("lecture", "tutorial", "other")
    max_recoverable_minutes: int = 1200
    travel_minutes: int = 120
    rest_days: float = 1
    minute_cost: float = 0.05
    objective: Objective = "fair"


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """A reservist and an offer, by their ids."""

    reservist: str
    offer: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on.

    `published` and `change_cost` keep a new plan near the one people already know: each pair whose
    state differs from the published plan costs `change_cost` points (UniTime’s minimal
    perturbation).
    `granted` and `excluded` are pairs that a person settled beforehand.
    """

    offers: tuple[Offer, ...]
    reservists: tuple[Reservist, ...]
    policy: Policy = field(default_factory=Policy)
    zone: str = "Europe/Paris"
    published: tuple[Pair, ...] = ()
    change_cost: float = 0
    granted: tuple[Pair, ...] = ()
    excluded: tuple[Pair, ...] = ()


class PinError(ValueError):
    """A pair settled beforehand that no legal plan can hold: `pair`, and why (a reason code)."""

    def __init__(self, pair: Pair, reason: str) -> None:
        super().__init__(f"{pair.reservist} cannot be granted {pair.offer}: {reason}")
        self.pair = pair
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is: the step, how many rounds it took, the best value and bound so far."""

    step: Literal["reading", "pricing", "proving", "explaining"]
    rounds: int
    value: float
    bound: float


@dataclass(frozen=True, slots=True)
class Grant:
    """A granted pair: its days (halves count 0.5), the lessons to recover and their minutes."""

    reservist: str
    offer: str
    days: float
    recoverable: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pair not granted: the first reason that applies, its facts, what would make it possible."""

    reservist: str
    offer: str
    reason: str
    facts: Mapping[str, Any]
    would_need: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every pair granted or refused, once; `optimal` when the gap is at most 1e-6, with a proof."""

    status: Status
    value: float
    bound: float
    gap: float
    granted: tuple[Grant, ...]
    refused: tuple[Refusal, ...]
    totals: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """A legal plan of one person: its offers by start, days, minutes and number of lessons to
    recover, and what it is worth in points.
    """

    offers: tuple[str, ...]
    days: float
    minutes: int
    lessons: int
    points: float


@dataclass(frozen=True, slots=True)
class Forced:
    """What insisting on an offer costs: the best plan that holds it, the offers of the best plan it
    drops, the points it loses and the lessons to recover that it adds.
    """

    plan: Choice
    drops: tuple[str, ...]
    cost: float
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Possibility:
    """One offer for one person: granted in the best plan, or why not; what forcing it costs (None
    where no legal plan holds it).
    """

    offer: str
    grant: Grant | None
    refusal: Refusal | None
    forced: Forced | None


@dataclass(frozen=True, slots=True)
class Possibilities:
    """All that one person may choose from: the best plan, the next best ones, the trade-off between
    days served and minutes to recover (by days, each point better than all others on one of them),
    and every offer by start.
    """

    reservist: str
    best: Choice
    plans: tuple[Choice, ...]
    frontier: tuple[Choice, ...]
    offers: tuple[Possibility, ...]
