"""The timetables of a problem, each distinct one read once, and what the offers meet in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.conflicts import Busy as Events
from reseda.timetable.domain.conflicts import overlaps
from reseda.timetable.domain.planning.model import Busy, Policy

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

HARD, RECOVERABLE = 1, 2
# Timetables are crossed with the offers by batches of about this many events.
EVENTS_AT_ONCE = 400_000


class Met(NamedTuple):
    """An event met by an offer, and the minutes of it that the offer takes, travel included."""

    uid: str
    kind: str
    minutes: int


@dataclass(frozen=True)
class Sheets:
    """Distinct timetables: `of[r]` is the one of reservist r; its events are those that count
    (hard or recoverable), by start, as positions in `starts`, `ends`, `kinds` and `events`.
    """

    of: Ints
    rows: tuple[NDArray[np.int32], ...]
    starts: Ints
    ends: Ints
    kinds: NDArray[np.int8]
    events: tuple[Busy, ...]

    def meet(self, starts: Ints, ends: Ints, travel: int) -> tuple[Flags, Flags, Ints]:
        """Cross every timetable with the offers: does a hard event meet the offer itself, does
        one meet the offer widened by the travel time (in minutes), how many recoverable minutes
        are lost. Offers are in seconds, as the events are.
        """
        shape = (len(self.rows), len(starts))
        clash, travels = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        minutes = np.zeros(shape, np.int64)
        for first, last in self._batches():
            rows = self.rows[first:last]
            events = np.concatenate(rows) if rows else np.empty(0, np.int32)
            lengths = [len(row) for row in rows]
            offsets = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))).astype(np.int64)
            busy = Events(self.starts[events], self.ends[events], offsets)
            pairs = overlaps(busy, starts - round(60 * travel), ends + round(60 * travel))
            cells = busy.owners[pairs.events] * len(starts) + pairs.periods
            is_hard = self.kinds[events][pairs.events] == HARD
            hard, lost = pairs.events[is_hard], pairs.periods[is_hard]
            inside = (busy.starts[hard] < ends[lost]) & (busy.ends[hard] > starts[lost])
            travels[first:last].flat[cells[is_hard]] = True
            clash[first:last].flat[cells[is_hard][inside]] = True
            minutes[first:last] = np.bincount(
                cells[~is_hard],
                weights=_minutes(pairs.minutes[~is_hard]),
                minlength=len(rows) * len(starts),
            ).reshape(len(rows), len(starts))
        return clash[self.of], travels[self.of], minutes[self.of]

    def met(self, sheet: int, start: int, end: int, kind: int) -> tuple[Met, ...]:
        """List the events of one class that a stretch of seconds meets, by start, end and uid."""
        row = self.rows[sheet]
        starts, ends = self.starts[row], self.ends[row]
        found = row[(starts < end) & (ends > start) & (ends > starts) & (self.kinds[row] == kind)]
        met = sorted((int(self.starts[i]), int(self.ends[i]), self.events[i].uid, i) for i in found)
        return tuple(
            Met(uid, self.events[i].kind, -(-(min(last, end) - max(first, start)) // 60))
            for first, last, uid, i in met
        )

    def _batches(self) -> list[tuple[int, int]]:
        batches, first, count = [], 0, 0
        for position, row in enumerate(self.rows):
            if count and count + len(row) > EVENTS_AT_ONCE:
                batches.append((first, position))
                first, count = position, 0
            count += len(row)
        return [*batches, (first, len(self.rows))] if self.rows else []


def _minutes(seconds: Ints) -> Ints:
    """Count minutes of overlap, a minute begun as a whole one."""
    return -(-seconds // 60)


def read_sheets(timetables: Sequence[tuple[Busy, ...]], policy: Policy) -> Sheets:
    """Read timetables given by reservist; shared ones (the same object) are read once, and so are
    shared events.
    """
    reader = _Reader(policy)
    seen: dict[int, int] = {}
    of = np.empty(len(timetables), dtype=np.int64)
    members: list[NDArray[np.int64]] = []
    for r, timetable in enumerate(timetables):
        sheet = seen.setdefault(id(timetable), len(members))
        if sheet == len(members):
            members.append(reader.read(timetable))
        of[r] = sheet
    return reader.sheets(of, members)


class _Reader:
    def __init__(self, policy: Policy) -> None:
        self._classes = dict.fromkeys(policy.recoverable, RECOVERABLE)
        self._classes.update(dict.fromkeys(policy.hard, HARD))
        self._known: dict[int, int] = {}
        self._events: list[Busy] = []

    def read(self, timetable: tuple[Busy, ...]) -> NDArray[np.int64]:
        known = self._known
        fresh = [event for event in timetable if id(event) not in known]
        if fresh:
            # An event written twice in one timetable is kept once here, and met twice below.
            first = len(self._events)
            known.update(zip(map(id, fresh), range(first, first + len(fresh)), strict=True))
            self._events += fresh
        return np.fromiter(map(known.__getitem__, map(id, timetable)), np.int64, len(timetable))

    def sheets(self, of: Ints, members: list[NDArray[np.int64]]) -> Sheets:
        events = self._events
        classes = self._classes
        kinds = np.array([classes.get(event.kind, 0) for event in events], dtype=np.int8)
        seconds = np.array([event.start.timestamp() for event in events], dtype=np.float64)
        starts = np.floor(seconds).astype(np.int64)
        seconds = np.array([event.end.timestamp() for event in events], dtype=np.float64)
        ends = np.ceil(seconds).astype(np.int64)
        # One order of all events, those that count first: a timetable is a list of ranks.
        order = np.lexsort((ends, starts, kinds == 0))
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        count = int(np.count_nonzero(kinds))
        order = order[:count]
        rows = []
        for member in members:
            ranks = np.sort(rank[member])
            rows.append(ranks[: np.searchsorted(ranks, count)].astype(np.int32))
        return Sheets(
            of=of,
            rows=tuple(rows),
            starts=starts[order],
            ends=ends[order],
            kinds=kinds[order],
            events=tuple(events[i] for i in order.tolist()),
        )
