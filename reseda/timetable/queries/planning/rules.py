"""The policy of a plan as it is stored, and as the engine reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reseda.service.models import Wish
from reseda.timetable.domain.planning.model import Policy
from reseda.timetable.models import Kind

# A period already in somebody’s record, seen by the engine as something that cannot be missed.
SERVICE = "service"
# How the uids begin of what cannot be missed without being a period.
SUSPENSION, TRAINING = "suspension:", "training:"
# An offer is for one force: said to the engine as a qualification that the contract gives.
FORCE = "FORCE:"
DAY_MINUTES = 24 * 60

# Kinds that a school may choose to protect or to let miss; holidays and school life never count.
KINDS = (
    Kind.EXAM,
    Kind.PROJECT,
    Kind.PRACTICAL,
    Kind.PLACEMENT,
    Kind.UNKNOWN,
    Kind.TUTORIAL,
    Kind.LECTURE,
    Kind.OTHER,
)
DEFAULT_TARGET = 15
DEFAULT_CHANGE_COST = 30.0
# What a wish adds, in points of the engine: the first day of somebody who wants fifteen is worth
# about 130, so that a liking decides between equals and never takes a day from anybody.
WISH_POINTS: Mapping[int, float] = {
    Wish.Level.WHY_NOT: 0.0,
    Wish.Level.GLADLY: 20.0,
    Wish.Level.MUCH: 40.0,
}


@dataclass(frozen=True)
class Rules:
    """The choices of a school for a plan: those of the engine, the days wanted by default, and the
    points that each change against the published plan costs.
    """

    policy: Policy
    target_days: float = DEFAULT_TARGET
    change_cost: float = DEFAULT_CHANGE_COST


def rules(stored: Mapping[str, Any]) -> Rules:
    """Read the choices of a plan; what is not said is as usual, exams can never be missed."""
    usual = Policy()
    hard = [str(kind) for kind in stored.get("hard", usual.hard)]
    hard += [kind for kind in (Kind.EXAM.value, SERVICE) if kind not in hard]
    policy = Policy(
        hard=tuple(hard),
        recoverable=tuple(kind.value for kind in KINDS if kind.value not in hard),
        max_recoverable_minutes=int(
            stored.get("max_recoverable_minutes", usual.max_recoverable_minutes)
        ),
        travel_minutes=int(stored.get("travel_minutes", usual.travel_minutes)),
        rest_days=float(stored.get("rest_days", usual.rest_days)),
        minute_cost=float(stored.get("minute_cost", usual.minute_cost)),
        objective="total" if stored.get("objective") == "total" else "fair",
    )
    return Rules(
        policy,
        float(stored.get("target_days", DEFAULT_TARGET)),
        float(stored.get("change_cost", DEFAULT_CHANGE_COST)),
    )


def rest_margin_minutes(policy: Policy) -> int:
    """Return by how much a period already held is widened so that the rest is kept around it.

    The engine already keeps the travel time between an offer and what cannot be missed.
    """
    return max(0, round(policy.rest_days * DAY_MINUTES) - policy.travel_minutes)
