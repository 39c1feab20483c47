"""What rooms say and components draw: things to do, steps of a path, filters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

Tone = Literal["ok", "stop", "wait", "info", "quiet"]
StepState = Literal["done", "now", "next", "stop"]


class Text(Protocol):
    """A string, or a translatable one that becomes a string when shown."""

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Todo:
    """Something that awaits a person: shown in "à faire aujourd’hui", most urgent first.

    `pill` is the word beside the state's colour and icon; `due_on` sorts; `url` leads to where it
    is done.
    """

    title: Text
    url: str
    tone: Tone
    pill: Text
    detail: Text = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Step:
    """One step of a path, done, current, to come or stopped; without `url` it is told but not
    reachable.
    """

    label: Text
    state: StepState
    detail: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Pill:
    """One choice of a list's filter, with how many rows it would keep."""

    label: Text
    url: str
    count: int | None = None
    is_on: bool = False


# The thread of an activity, in order; every room tells its own stages.
STAGES = (
    "engagement",
    "period",
    "conflict",
    "accommodation",
    "confirmation",
    "evidence",
    "assessment",
    "jury",
    "credential",
)


@dataclass(frozen=True)
class ThreadTeller:
    """How a room tells its stage of the thread: `tell(viewer, period key)` gives a step, or None
    if not for them.
    """

    stage: str
    tell: Callable[[object, int], Step | None]
