"""Exact search of one person's plans above a value: every limit checked, the tables as a bound."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.planning.columns import Columns, joined
from reseda.timetable.domain.planning.dense import Tables
from reseda.timetable.domain.planning.normal import NO_CEILING, Floats, Ints

# Columns of a label's integers; the half-days by civil year and the offers chosen come after.
CASE, DAYS, MASK, HELD, MINUTES, USED = range(6)
OFFERS_A_WORD = 62
CROWD = 256


class TooMany(Exception):
    """There are more plans above the value than the caller wants to see."""


class _Labels(NamedTuple):
    numbers: NDArray[np.int64]
    value: Floats


class Search:
    """All plans, or the best plan, of some cases of a batch above a value for each."""

    def __init__(self, tables: Tables, above: Floats, *, most: int) -> None:
        self._tables = tables
        self._offers = tables.batch.cases.offers
        self._above = above
        self._most = most
        self._years = len(self._offers.years)
        self._watched = tables.budget < NO_CEILING
        self._pools: list[list[_Labels]] = [[] for _ in range(len(self._offers) + 1)]

    def all(self, cases: Ints) -> Columns:
        """List every legal plan of the cases (positions in the batch) worth more than the value;
        raises TooMany.
        """
        return self._run(cases, thin=False)

    def best(self, cases: Ints) -> Columns:
        """Find the best legal plan of each case worth more than the value, if any (ties by the
        order of the offers); raises TooMany.
        """
        found = self._run(cases, thin=True)
        order = np.lexsort((*found.chosen.T, -found.value, found.case))
        _, first = np.unique(found.case[order], return_index=True)
        return found.at(order[first])

    def _run(self, cases: Ints, *, thin: bool) -> Columns:
        words = len(self._offers) // OFFERS_A_WORD + 1
        numbers = np.zeros((len(cases), USED + self._years + words), dtype=np.int64)
        numbers[:, CASE] = cases
        numbers[:, HELD] = self._tables.held[cases]
        numbers[:, MASK] = self._tables.start()[cases]
        self._push(0, _Labels(numbers, np.zeros(len(cases))))
        for j in range(len(self._offers)):
            labels = self._pull(j)
            if labels is None:
                continue
            if thin and len(labels.value) > CROWD:
                labels = _undominated(labels, USED + self._years)
            self._step(j, labels)
        return self._finished()

    def _pull(self, j: int) -> _Labels | None:
        pool, self._pools[j] = self._pools[j], []
        if not pool:
            return None
        if sum(len(labels.value) for labels in pool) > self._most:
            raise TooMany
        return _Labels(*(np.concatenate(parts) for parts in zip(*pool, strict=True)))

    def _push(self, j: int, labels: _Labels) -> None:
        numbers, value = labels
        reach = self._tables.best[j][numbers[:, MASK], numbers[:, DAYS], numbers[:, CASE]]
        kept = value + reach > self._above[numbers[:, CASE]]
        if kept.any():
            self._pools[j].append(_Labels(numbers[kept], value[kept]))

    def _step(self, j: int, labels: _Labels) -> None:
        tables, offers, batch = self._tables, self._offers, self._tables.batch
        numbers, value = labels
        case = numbers[:, CASE]
        if tables.forced is None:
            self._push(j + 1, labels)
        else:
            free = ~tables.forced[j][case]
            self._push(j + 1, _Labels(numbers[free], value[free]))
        halves = np.where(self._watched[case], offers.halves[j], 0)
        used = numbers[:, USED : USED + self._years] + halves
        takes = tables.allowed[j][case] & ((offers.required[j] & ~numbers[:, HELD]) == 0)
        minutes = numbers[:, MINUTES] + tables.minutes[j][case]
        takes &= minutes <= tables.limit[case]
        takes &= ((used <= tables.budget[case]) | (halves == 0)).all(axis=1)
        numbers = numbers[takes]
        word, bit = divmod(j, OFFERS_A_WORD)
        numbers[:, DAYS] = np.minimum(numbers[:, DAYS] + batch.units[j], batch.depth - 1)
        numbers[:, MASK] |= batch.granted[j]
        numbers[:, HELD] |= offers.granted[j]
        is_watched = tables.limit[numbers[:, CASE]] < NO_CEILING
        numbers[:, MINUTES] = np.where(is_watched, minutes[takes], 0)
        numbers[:, USED : USED + self._years] = used[takes]
        numbers[:, USED + self._years + word] |= 1 << bit
        gained = value[takes] + tables.gain[j][numbers[:, CASE]]
        self._push(int(offers.follows[j]), _Labels(numbers, gained))

    def _finished(self) -> Columns:
        labels = self._pull(len(self._offers))
        count = len(self._offers)
        if labels is None:
            return joined([], count)
        numbers, value = labels
        case = numbers[:, CASE]
        words = numbers[:, USED + self._years :]
        chosen = np.stack(
            [words[:, j // OFFERS_A_WORD] >> (j % OFFERS_A_WORD) & 1 for j in range(count)], axis=1
        )
        total = value + self._tables.best[-1][0, numbers[:, DAYS], case]
        return Columns(case, chosen.astype(np.bool_), total)


def _undominated(labels: _Labels, states: int) -> _Labels:
    """Keep, among labels in the same state (the first columns but the minutes), those that no other
    beats in both minutes and value.
    """
    numbers, value = labels
    state = np.delete(numbers[:, :states], MINUTES, axis=1)
    order = np.lexsort((-value, numbers[:, MINUTES], *state.T))
    state = state[order]
    group = np.concatenate(([0], np.cumsum((state[1:] != state[:-1]).any(axis=1))))
    _, rank = np.unique(value[order], return_inverse=True)
    # Within a state minutes grow: only a value above all earlier ones is worth them.
    level = group * len(order) + rank
    kept = np.ones(len(order), dtype=np.bool_)
    kept[1:] = level[1:] > np.maximum.accumulate(level)[:-1]
    return _Labels(numbers[order[kept]], value[order[kept]])
