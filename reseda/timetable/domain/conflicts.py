"""The overlaps between studies and reserve periods, for one person or for a whole school at once.

Times are whole minutes since 1970 in UTC: an event starts on the minute it starts in and ends on
the minute it ends in, so that no overlap is lost to rounding. Periods are few and events many: each
event is looked up among the periods in order, and nothing but the periods is ever sorted.
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

# So many events keep the arrays of one step in the memory nearest to the processor.
AT_ONCE = 131_072


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
    those of the periods, the travel time included. Pairs come by event, then by period's start.
    """
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], ends[order]
    # The periods that may meet an event are those that start before its end, less the first ones
    # that have all ended by its start.
    begun = _Counts(starts, len(busy.starts))
    over = _Counts(np.maximum.accumulate(ends), len(busy.starts))
    found = []
    for first in range(0, len(busy.starts), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        event_starts, event_ends = busy.starts[part], busy.ends[part]
        before, after = over.until(event_starts), begun.until(event_ends - 1)
        met = np.flatnonzero(before < after)
        events, periods = _ranges(met, before[met], after[met])
        minutes = np.minimum(event_ends[events], ends[periods])
        minutes -= np.maximum(event_starts[events], starts[periods])
        # A short period may lie, over, between a long one and those to come.
        real = np.flatnonzero(minutes > 0)
        found.append((events[real] + first, order[periods[real]], minutes[real]))
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        return Pairs(nothing, nothing, nothing)
    return Pairs(*map(np.concatenate, zip(*found, strict=True)))


class _Counts:
    """How many of some sorted moments are past at any minute.

    With more questions than minutes between the first moment and the last, the answers are written
    down for every minute once; else each is searched for.
    """

    def __init__(self, moments: Minutes, questions: int) -> None:
        self.moments = moments
        self.table: NDArray[np.int64] | None = None
        if len(moments) and moments[-1] - moments[0] < questions:
            self.origin = moments[0] - 1
            self.table = np.bincount(moments - self.origin).cumsum()

    def until(self, minutes: Minutes) -> NDArray[np.int64]:
        """Count the moments up to each minute, included."""
        if self.table is None:
            return np.searchsorted(self.moments, minutes, side="right")
        counts: NDArray[np.int64] = self.table.take(minutes - self.origin, mode="clip")
        return counts


def _ranges(
    rows: NDArray[np.int64], firsts: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Write out the numbers from `firsts` to `ends`, excluded, each beside its row."""
    counts = ends - firsts
    done = np.cumsum(counts) - counts
    numbers = np.arange(counts.sum()) - np.repeat(done - firsts, counts)
    return np.repeat(rows, counts), numbers


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
