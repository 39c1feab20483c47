"""The overlaps between studies and reserve periods, for one person or for a whole school at once.

Times are whole minutes since 1970 in UTC: an event starts on the minute it starts in and ends on
the minute it ends in, so that no overlap is lost to rounding. Two sorted arrays and a binary search
are enough: all pairs of a thousand students, 1,300 events each, and twenty periods in about 40 ms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.events import Event
from reseda.timetable.domain.typing_rules import KINDS

Minutes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Period:
    """A period of reserve service: its start and its end (excluded), aware."""

    id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """One session met by one period; `minutes` counts the travel time before and after it."""

    period_id: str
    uid: str
    kind: str
    minutes: int
    event: Event


class Pairs(NamedTuple):
    """Every overlap of a batch: positions of the event and of the period, and its minutes."""

    events: NDArray[np.int64]
    periods: NDArray[np.int64]
    minutes: Minutes


class Busy(NamedTuple):
    """The events of many students, one student after another.

    `offsets` has one more item than there are students: the events of student i are those from
    offsets[i] to offsets[i + 1]. Within a student the order is free.
    """

    starts: Minutes
    ends: Minutes
    offsets: NDArray[np.int64]

    @property
    def owners(self) -> NDArray[np.int64]:
        """The student of each event."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))


def conflicts(
    events: Iterable[Event], periods: Iterable[Period], *, travel_minutes: int = 0
) -> tuple[Conflict, ...]:
    """List the sessions of one person that the periods meet, exams first, then by start.

    Raises ValueError when a period ends before it starts or the travel time is negative.
    """
    events, periods = tuple(events), tuple(periods)
    _check(periods, travel_minutes)
    busy = busy_of([events])
    starts = np.array([_floor(p.starts_at) for p in periods], dtype=np.int64) - travel_minutes
    ends = np.array([_ceil(p.ends_at) for p in periods], dtype=np.int64) + travel_minutes
    pairs = overlaps(busy, starts, ends)
    found = [
        Conflict(periods[p].id, events[e].uid, events[e].kind, int(m), events[e])
        for e, p, m in zip(*pairs, strict=True)
    ]
    return tuple(sorted(found, key=_order))


def minutes_by_period(
    found: Iterable[Conflict], periods: Iterable[Period]
) -> dict[str, dict[str, int]]:
    """Sum the minutes of each period by kind; a period without conflict has an empty sum."""
    sums: dict[str, dict[str, int]] = {period.id: {} for period in periods}
    for conflict in found:
        kinds = sums[conflict.period_id]
        kinds[conflict.kind] = kinds.get(conflict.kind, 0) + conflict.minutes
    return sums


def busy_of(people: Sequence[Sequence[Event]]) -> Busy:
    """Lay out the events of many students in arrays of minutes."""
    lengths = [len(events) for events in people]
    starts = (_floor(event.starts_at) for events in people for event in events)
    ends = (_ceil(event.ends_at) for events in people for event in events)
    total = sum(lengths)
    return Busy(
        np.fromiter(starts, np.int64, total),
        np.fromiter(ends, np.int64, total),
        np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64),
    )


def overlaps(busy: Busy, starts: Minutes, ends: Minutes) -> Pairs:
    """Find every pair (event, period) that shares at least one minute; `starts` and `ends` are
    those of the periods, the travel time included. Pairs come by student, then period.
    """
    if not len(busy.starts) or not len(starts):
        nothing = np.empty(0, dtype=np.int64)
        return Pairs(nothing, nothing, nothing)
    origin = min(int(busy.starts.min()), int(starts.min()))
    horizon = max(int(busy.ends.max()), int(ends.max())) - origin + 1
    shift = busy.owners * horizon
    order = np.argsort(busy.starts + shift, kind="stable")
    # One student after another on a single axis: two searches answer for everybody.
    event_starts = (busy.starts - origin + shift)[order]
    event_ends = (busy.ends - origin + shift)[order]
    latest_ends = np.maximum.accumulate(event_ends)
    shifts = np.arange(len(busy.offsets) - 1)[:, None] * horizon
    first = np.searchsorted(latest_ends, (starts - origin + shifts).ravel(), side="right")
    last = np.searchsorted(event_starts, (ends - origin + shifts).ravel(), side="left")
    counts = np.maximum(last - first, 0)
    queries = np.repeat(np.arange(len(counts)), counts)
    rank = np.arange(len(queries)) - np.repeat(np.cumsum(counts) - counts, counts)
    positions = first[queries] + rank
    periods = queries % len(starts)
    events = order[positions]
    minutes = np.minimum(busy.ends[events], ends[periods]) - np.maximum(
        busy.starts[events], starts[periods]
    )
    # Between the two searches a short event may lie after a long one and before the period.
    real = minutes > 0
    return Pairs(events[real], periods[real], minutes[real])


def minutes_by_kind(
    pairs: Pairs, busy: Busy, kinds: NDArray[np.int64], periods: int
) -> NDArray[np.int64]:
    """Sum minutes into an array student x period x kind; `kinds` indexes KINDS for each event."""
    people = len(busy.offsets) - 1
    cells = (busy.owners[pairs.events] * periods + pairs.periods) * len(KINDS)
    cells += kinds[pairs.events]
    size = people * periods * len(KINDS)
    sums = np.bincount(cells, weights=pairs.minutes, minlength=size)
    return sums.astype(np.int64).reshape(people, periods, len(KINDS))


def _check(periods: Sequence[Period], travel_minutes: int) -> None:
    if travel_minutes < 0:
        raise ValueError("travel_minutes is negative")
    for period in periods:
        if period.ends_at < period.starts_at:
            raise ValueError(f"period {period.id} ends before it starts")


def _floor(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _ceil(moment: datetime) -> int:
    return -int(-moment.timestamp() // 60)


def _order(conflict: Conflict) -> tuple[bool, datetime, datetime, str, str]:
    event = conflict.event
    is_later = conflict.kind != "exam"
    return is_later, event.starts_at, event.ends_at, conflict.uid, conflict.period_id
