"""The best plan of everybody at given prices, and all plans near the best."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.columns import Columns, joined
from reseda.timetable.domain.planning.dense import Tables, batches, is_short
from reseda.timetable.domain.planning.normal import Flags, Floats, Ints
from reseda.timetable.domain.planning.search import Search, TooMany

# Labels alive at one offer in an exact search, all cases of a batch together.
LABELS_AT_ONCE = 400_000


class Priced(NamedTuple):
    """For each case: a legal plan, its value at the prices, and a bound no plan of it passes."""

    chosen: Flags
    value: Floats
    bound: Floats


class Pricer:
    """Prices the plans of all cases; the order of the work never depends on the clock."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases
        self._batches = batches(cases)

    def price(self, prices: Floats, above: Floats, *, is_exact: bool) -> Priced:
        """Find for each case a plan worth as much as possible at the prices.

        Without `is_exact` the limits that seldom bind are met, not optimised against, and the bound
        says how much may be missing. Cases that cannot pass `above` are left as they are.
        """
        cases = self._cases
        chosen = np.zeros(cases.allowed.shape, dtype=np.bool_)
        value, bound = np.empty(len(cases)), np.empty(len(cases))
        for batch in self._batches:
            tables = Tables(batch, prices)
            rows = batch.rows
            chosen[rows], value[rows] = tables.descend()
            bound[rows] = tables.top()
            if is_exact:
                self._go_down(tables, above, Priced(chosen, value, bound))
        return Priced(chosen, value, bound)

    def _go_down(self, tables: Tables, above: Floats, priced: Priced) -> None:
        """Search the cases whose plan is short of its bound and could pass `above`."""
        rows = tables.batch.rows
        least = np.maximum(priced.value[rows], above[rows])
        least += 1e-9 * np.maximum(1.0, np.where(np.isfinite(least), np.abs(least), 0.0))
        short = np.flatnonzero(is_short(np.maximum(priced.value[rows], least), priced.bound[rows]))
        for some in _parts(short):
            for found, asked in best_of(tables, some, least):
                priced.bound[rows[asked]] = least[asked]
                priced.chosen[rows[found.case]] = found.chosen
                priced.value[rows[found.case]] = found.value
                priced.bound[rows[found.case]] = found.value

    def near(self, prices: Floats, above: Floats, most: int) -> Columns | None:
        """List all plans worth more than `above` at the prices; None when over `most`."""
        found: list[Columns] = []
        for batch in self._batches:
            tables = Tables(batch, prices)
            try:
                some = Search(tables, above[batch.rows], most=most).all(np.arange(len(batch.rows)))
            except TooMany:
                return None
            found.append(Columns(batch.rows[some.case], some.chosen, some.value))
            if sum(map(len, found)) > most:
                return None
        return joined(found, len(self._cases.offers))


def _parts(rows: Ints, size: int = 512) -> Iterator[Ints]:
    for first in range(0, len(rows), size):
        yield rows[first : first + size]


def best_of(tables: Tables, rows: Ints, above: Floats) -> Iterator[tuple[Columns, Ints]]:
    """Search some cases of a batch, fewer at a time when there are too many labels; a case that is
    too much alone is left out (its bound from the tables still holds).
    """
    try:
        yield Search(tables, above, most=LABELS_AT_ONCE).best(rows), rows
    except TooMany:
        if len(rows) > 1:
            half = len(rows) // 2
            yield from best_of(tables, rows[:half], above)
            yield from best_of(tables, rows[half:], above)
