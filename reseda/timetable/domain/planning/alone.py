"""The next best plans of one person, and the fewest minutes to recover for each number of days."""

import heapq
from dataclasses import replace
from math import gcd, prod
from operator import ge, sub

import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.dense import Batch, Tables, longest
from reseda.timetable.domain.planning.frontier import frontier_of
from reseda.timetable.domain.planning.normal import NO_CEILING, Flags, Floats, Ints

# Steps of the search for the next best plans, after which those found are enough.
MOST_STEPS = 2_000
# Minutes come first, then lessons: fewer than this many in a year.
A_MINUTE = 1 << 20
NEVER = 1 << 61
# Beyond this many numbers the tables give way to a search state by state.
MOST_NUMBERS = 4_000_000

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
    cases = replace(cases, allowed=_within_reach(cases))
    gained = int(np.bitwise_or.reduce(cases.offers.granted, initial=0)) & ~int(cases.held[0])
    if gained.bit_count() > len(batch.bits):
        return frontier_of(cases, lessons)
    plans = _Fewest(cases, batch, lessons, []).plans()
    used = np.array(plans, dtype=np.int64) @ cases.offers.halves
    if not (used > cases.budget[0]).any():
        return plans
    # A civil-year ceiling stands in the way: each year that has one is counted apart.
    watched = np.flatnonzero(cases.budget[0] < NO_CEILING).tolist()
    apart = _Fewest(cases, batch, lessons, watched)
    return apart.plans() if apart.size <= MOST_NUMBERS else frontier_of(cases, lessons)


def _within_reach(cases: Cases) -> Flags:
    """Leave out the offers that require what the person neither holds nor can gain."""
    offers, allowed = cases.offers, cases.allowed.copy()
    while True:
        gained = np.bitwise_or.reduce(np.where(allowed[0], offers.granted, 0), initial=0)
        lost = allowed[0] & ((offers.required & ~(cases.held[0] | gained)) != 0)
        if not lost.any():
            return allowed
        allowed[0, lost] = False


class _Fewest:
    """The fewest minutes (then lessons) still to lose for each number of days still to serve, from
    the last offer to the first: an axis for each watched civil year, then one for all other days.
    """

    def __init__(self, cases: Cases, batch: Batch, lessons: Ints, watched: list[int]) -> None:
        self._cases, self._batch, offers = cases, batch, cases.offers
        by_year = offers.halves[:, watched]
        parts = np.column_stack((by_year, offers.total - by_year.sum(axis=1)))
        unit = gcd(*parts.ravel().tolist()) or 1
        reach = cases.allowed[0].astype(np.int64) @ parts
        most = [*np.maximum(cases.budget[0, watched], 0).tolist(), longest(offers)]
        self._steps = (parts // unit).tolist()
        ends = (int(min(m, r)) // unit + 1 for m, r in zip(most, reach, strict=True))
        self._shape = tuple(ends)
        self._cost = (cases.minutes[0] * A_MINUTE + lessons).tolist()

    @property
    def size(self) -> int:
        """How many numbers the tables hold."""
        return (len(self._cost) + 1) * self._batch.masks * prod(self._shape)

    def plans(self) -> list[Flags]:
        """Give, by days, the plans that cost fewer minutes than all those of more days."""
        least = self._fill()
        start = int(self._batch.local(self._cases.held)[0])
        costs = least[0, start].ravel()
        days = np.indices(self._shape).sum(axis=0).ravel()
        order = np.lexsort((costs, -days))
        plans: list[Flags] = []
        fewest = int(self._cases.limit[0]) + 1
        for cell in order[costs[order] < NEVER].tolist():
            minutes = int(costs[cell]) // A_MINUTE
            if minutes < fewest:
                fewest = minutes
                there = tuple(int(place) for place in np.unravel_index(cell, self._shape))
                plans.append(self._trace(least, there))
        return plans[::-1]

    def _fill(self) -> Ints:
        cases, batch, offers = self._cases, self._batch, self._cases.offers
        least = np.full((len(offers) + 1, batch.masks, *self._shape), NEVER, dtype=np.int64)
        least[-1].reshape(batch.masks, -1)[:, 0] = 0
        for j in reversed(range(len(offers))):
            if not cases.forced[0, j]:
                least[j] = least[j + 1]
            step = self._steps[j]
            if not cases.allowed[0, j] or any(map(ge, step, self._shape)):
                continue
            before = tuple(slice(0, end - s) for end, s in zip(self._shape, step, strict=True))
            after = tuple(slice(s, None) for s in step)
            for mask in range(batch.masks):
                if not batch.required[j] & ~mask:
                    here = least[j, mask][after]
                    taken = least[offers.follows[j], mask | batch.granted[j]][before]
                    np.minimum(here, taken + self._cost[j], out=here)
        return least

    def _trace(self, least: Ints, there: tuple[int, ...]) -> Flags:
        cases, batch = self._cases, self._batch
        chosen = np.zeros(len(self._cost), dtype=np.bool_)
        j, mask = 0, int(batch.local(cases.held)[0])
        while j < len(chosen):
            stays = not cases.forced[0, j]
            if stays and least[(j, mask, *there)] == least[(j + 1, mask, *there)]:
                j += 1
                continue
            chosen[j] = True
            there = tuple(map(sub, there, self._steps[j]))
            mask |= batch.granted[j]
            j = int(cases.offers.follows[j])
        return chosen


def _flags(bits: int, count: int) -> Flags:
    return np.array([bits >> j & 1 for j in range(count)], dtype=np.bool_)
