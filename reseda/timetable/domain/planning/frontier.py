"""The trade-off of one person: for each number of days served, the fewest minutes to recover."""

import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.normal import NO_CEILING, Flags, Ints

# What was gained and served on the way (qualifications, half-days in all, then by civil year with a
# ceiling in reach), and the cheapest way there: minutes, lessons, offers as bits.
State = tuple[int, ...]
Way = tuple[int, int, int]
Ways = dict[State, Way]


def frontier_of(cases: Cases, lessons: Ints) -> list[Flags]:
    """List the plans of the first case that no other one beats in both days and minutes, by days;
    `lessons` are the sessions that each offer would have to recover (fewer is better among equals).
    """
    offers = cases.offers
    watched = np.flatnonzero(cases.budget[0] < NO_CEILING).tolist()
    budget = [int(cases.budget[0, y]) for y in watched]
    halves = [[int(offers.halves[j, y]) for y in watched] for j in range(len(offers))]
    needs = np.asarray(offers.required & ~cases.held[0]).tolist()
    arrivals: list[Ways] = [{} for _ in range(len(offers) + 1)]
    arrivals[0][(int(cases.held[0]), 0, *(0 for _ in watched))] = (0, 0, 0)
    ways: Ways = {}
    for j, arriving in enumerate(arrivals[:-1]):
        _merge(ways, arriving)
        if not cases.allowed[0, j]:
            continue
        step = (int(cases.minutes[0, j]), int(lessons[j]), 1 << j)
        taken = _Step(int(offers.granted[j]), int(offers.total[j]), halves[j], step)
        limits = (needs[j], budget, int(cases.limit[0]))
        _merge(arrivals[int(offers.follows[j])], _taking(ways, taken, limits))
        if cases.forced[0, j]:
            ways = {}
    _merge(ways, arrivals[-1])
    return [_flags(bits, len(offers)) for bits in _unbeaten(ways)]


class _Step:
    """What taking one offer adds."""

    def __init__(self, gained: int, halves: int, by_year: list[int], way: Way) -> None:
        self.gained, self.halves, self.by_year, self.way = gained, halves, by_year, way


def _taking(ways: Ways, step: _Step, limits: tuple[int, list[int], int]) -> Ways:
    needs, budget, most = limits
    minutes, lessons, bit = step.way
    found: Ways = {}
    for state, way in ways.items():
        if needs & ~state[0] or way[0] + minutes > most:
            continue
        used = [a + b for a, b in zip(state[2:], step.by_year, strict=True)]
        if any(u > left and b for u, left, b in zip(used, budget, step.by_year, strict=True)):
            continue
        there = (state[0] | step.gained, state[1] + step.halves, *used)
        here = (way[0] + minutes, way[1] + lessons, way[2] | bit)
        known = found.get(there)
        if known is None or here < known:
            found[there] = here
    return found


def _merge(ways: Ways, others: Ways) -> None:
    for state, way in others.items():
        known = ways.get(state)
        if known is None or way < known:
            ways[state] = way


def _unbeaten(ways: Ways) -> list[int]:
    """Keep, from most to fewest days, what costs fewer minutes than all before; give it by days."""
    best: dict[int, Way] = {}
    for state, way in ways.items():
        known = best.get(state[1])
        if known is None or way < known:
            best[state[1]] = way
    kept: list[Way] = []
    for days in sorted(best, reverse=True):
        if not kept or best[days][0] < kept[-1][0]:
            kept.append(best[days])
    return [way[2] for way in reversed(kept)]


def _flags(bits: int, count: int) -> Flags:
    return np.array([bits >> j & 1 for j in range(count)], dtype=np.bool_)
