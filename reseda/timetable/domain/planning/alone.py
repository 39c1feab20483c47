"""The next best plans of one person, and the fewest minutes to recover for each number of days."""

import heapq

import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.dense import Batch, Tables, longest
from reseda.timetable.domain.planning.frontier import frontier_of
from reseda.timetable.domain.planning.normal import Flags, Floats, Ints

# Steps of the search for the next best plans, after which those found are enough.
MOST_STEPS = 2_000
# Minutes come first, then lessons: fewer than this many in a year.
A_MINUTE = 1 << 20
NEVER = 1 << 61

# Value, days, mask in the tables, qualifications, minutes lost, half-days by civil year.
_State = tuple[float, int, int, int, int, tuple[int, ...]]


def next_best(cases: Cases, batch: Batch, prices: Floats, count: int) -> list[Flags]:
    """List the best plans of the first case at some prices, best first, by search from the bounds
    of the tables; fewer than `count` when there are no more or when it takes too long.
    """
    search = _Search(cases, Tables(batch, prices))
    found: list[Flags] = []
    for _ in range(MOST_STEPS):
        if not search.heap or len(found) == count:
            break
        bits = search.step()
        if bits is not None:
            found.append(_flags(bits, len(cases.offers)))
    return found


class _Search:
    """Plans in the making, the most promising first; all figures are plain numbers, for speed."""

    def __init__(self, cases: Cases, tables: Tables) -> None:
        offers, self._batch = cases.offers, tables.batch
        self._reach = tables.best[:, :, :, 0].tolist()
        self._gain, self._minutes = tables.gain[:, 0].tolist(), tables.minutes[:, 0].tolist()
        self._allowed, self._forced = cases.allowed[0].tolist(), cases.forced[0].tolist()
        self._follows, self._halves = offers.follows.tolist(), offers.halves.tolist()
        self._needs, self._gives = offers.required.tolist(), offers.granted.tolist()
        self._budget, self._limit = cases.budget[0].tolist(), int(cases.limit[0])
        mask = int(tables.start()[0])
        state = (0.0, 0, mask, int(tables.held[0]), 0, (0,) * len(offers.years))
        self.heap: list[tuple[float, int, int, _State]] = [(-self._reach[0][mask][0], 0, 0, state)]

    def step(self) -> int | None:
        """Take the most promising plan one decision further; give its offers once it is whole."""
        _, minus, bits, state = heapq.heappop(self.heap)
        j = -minus
        if j == len(self._gain):
            return bits
        value, days, mask, *_ = state
        if not self._forced[j]:
            bound = value + self._reach[j + 1][mask][days]
            heapq.heappush(self.heap, (-bound, -(j + 1), bits, state))
        taken = self._taken(j, state) if self._allowed[j] else None
        if taken is not None:
            bound = taken[0] + self._reach[self._follows[j]][taken[2]][taken[1]]
            heapq.heappush(self.heap, (-bound, -self._follows[j], bits | 1 << j, taken))
        return None

    def _taken(self, j: int, state: "_State") -> "_State | None":
        value, days, mask, held, lost, used = state
        lost += self._minutes[j]
        if self._needs[j] & ~held or lost > self._limit:
            return None
        added = self._halves[j]
        after = tuple(a + b for a, b in zip(used, added, strict=True))
        if any(a > left and b for a, left, b in zip(after, self._budget, added, strict=True)):
            return None
        served = min(days + self._batch.units[j], self._batch.depth - 1)
        there = mask | self._batch.granted[j]
        return value + self._gain[j], served, there, held | self._gives[j], lost, after


def trade_off(cases: Cases, batch: Batch, lessons: Ints) -> list[Flags]:
    """List the plans of the first case that no other one beats in both days and minutes, by days;
    `lessons` are the sessions that each offer would have to recover (fewer is better among equals).
    """
    gained = int(np.bitwise_or.reduce(cases.offers.granted, initial=0)) & ~int(cases.held[0])
    if gained.bit_count() > len(batch.bits):
        return frontier_of(cases, lessons)
    plans = _fewest(cases, batch, lessons)
    used = np.array(plans, dtype=np.int64) @ cases.offers.halves
    if (used > cases.budget[0]).any():
        # A civil-year ceiling stands in the way: the slower way, that counts each year apart.
        return frontier_of(cases, lessons)
    return plans


def _fewest(cases: Cases, batch: Batch, lessons: Ints) -> list[Flags]:
    offers, depth = cases.offers, longest(cases.offers) // batch.unit + 1
    cost = (cases.minutes[0] * A_MINUTE + lessons).tolist()
    least = np.full((len(offers) + 1, batch.masks, depth), NEVER, dtype=np.int64)
    least[-1, :, 0] = 0
    for j in reversed(range(len(offers))):
        following, units = least[offers.follows[j]], batch.units[j]
        for mask in range(batch.masks):
            here = least[j, mask]
            if not cases.forced[0, j]:
                here[:] = least[j + 1, mask]
            if cases.allowed[0, j] and not batch.required[j] & ~mask:
                taken = following[mask | batch.granted[j], : depth - units] + cost[j]
                np.minimum(here[units:], taken, out=here[units:])
    start, limit = int(batch.local(cases.held)[0]), int(cases.limit[0])
    plans: list[Flags] = []
    fewest = limit + 1
    for days in reversed(range(depth)):
        minutes = int(least[0, start, days]) // A_MINUTE
        if least[0, start, days] < NEVER and minutes < fewest:
            fewest = minutes
            plans.append(_trace(cases, batch, least, days))
    return plans[::-1]


def _trace(cases: Cases, batch: Batch, least: Ints, days: int) -> Flags:
    chosen = np.zeros(len(cases.offers), dtype=np.bool_)
    j, mask = 0, int(batch.local(cases.held)[0])
    while j < len(chosen):
        if not cases.forced[0, j] and least[j, mask, days] == least[j + 1, mask, days]:
            j += 1
            continue
        chosen[j] = True
        days, mask = days - batch.units[j], mask | batch.granted[j]
        j = int(cases.offers.follows[j])
    return chosen


def _flags(bits: int, count: int) -> Flags:
    return np.array([bits >> j & 1 for j in range(count)], dtype=np.bool_)
