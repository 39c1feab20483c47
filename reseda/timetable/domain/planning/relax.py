"""The relaxed master problem of a whole school, solved to prices and a bound.

People whose best plan is far ahead of their others at the current prices keep it: only the others
are given to the interior point method. Any prices give a bound: the best plan of each person at
these prices, plus the places at these prices, is never below the best plan of all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.columns import Columns, joined
from reseda.timetable.domain.planning.interior import Interior
from reseda.timetable.domain.planning.normal import Flags, Floats, Ints
from reseda.timetable.domain.planning.pricing import Priced, Pricer

# A plan is worth adding when it beats the known ones by more than this many points.
WORTH_ADDING = 1e-6
MOST_ROUNDS = 150
MOST_STALLS = 1
# The interior point method is asked for no finer relative gap.
FINEST = 1e-9
# Points behind the best plan of a person up to which other plans are in sight, by relative gap.
NEAR = ((1e-4, 30.0), (1e-6, 12.0), (0.0, 6.0))
# How wrong first prices may be, in points: those of a sample, and none.
FIRST_DOUBT = 5.0
WHOLE_DOUBT = 100.0
LEAST_DOUBT = 5.0
# Points by which a price may rise at once.
BOX = 25.0
# Below this relative gap the limits that seldom bind are searched exactly.
NEARLY_SETTLED = 0.02
# Columns kept for each case when there are too many.
COLUMNS_A_CASE = 12
SEED_SHIFTS = (-0.06, 0.06, -0.02, 0.02)


@dataclass
class Settled:
    """What the relaxation found: the lowest bound with its prices and the most that each case has
    at them, the value of the relaxation, and how many times everybody was priced.
    """

    bound: float
    prices: Floats
    left: Floats
    value: float
    rounds: int

    @property
    def gap(self) -> float:
        """Bound against value, relative."""
        return (self.bound - self.value) / max(1.0, abs(self.bound))


class _Limits(NamedTuple):
    """How far behind the best of its person a plan may be, and how much a price may rise."""

    near: float
    rise: float


FREE = _Limits(np.inf, np.inf)


class Relaxation:
    """Column generation over some cases, each standing for `people` of them."""

    def __init__(self, cases: Cases, people: Floats, scarce: Ints) -> None:
        self.pricer = Pricer(cases)
        self.settled = Settled(np.inf, np.zeros(len(cases.offers)), np.zeros(0), -np.inf, 0)
        self._cases = cases
        self._people = people
        self._scarce = scarce
        self._places = np.maximum(cases.offers.capacity, 0).astype(np.float64)
        self._known: set[tuple[int, bytes]] = set()
        self.columns = joined([], len(cases.offers))
        highest = np.abs(cases.weight).sum(axis=1).max(initial=0.0)
        everything = cases.value(np.arange(len(cases)), np.ones_like(cases.allowed))
        self._dearest = 2000.0 + 4.0 * float(highest + np.abs(everything).max(initial=0.0))

    def add(self, case: Ints, chosen: Flags) -> int:
        """Add plans (those already known are left out) and say how many were new."""
        fresh = []
        for position, key in enumerate(
            zip(case.tolist(), map(bytes, np.packbits(chosen, axis=1)), strict=True)
        ):
            if key not in self._known:
                self._known.add(key)
                fresh.append(position)
        if fresh:
            case, chosen = case[fresh], chosen[fresh]
            new = Columns(case, chosen, self._cases.value(case, chosen))
            together = joined([self.columns, new], chosen.shape[1])
            self.columns = together.at(np.argsort(together.case, kind="stable"))
        return len(fresh)

    def price(self, prices: Floats, above: Floats, *, is_exact: bool) -> Priced:
        """Price everybody, and keep the bound if it is the lowest so far."""
        priced = self.pricer.price(prices, above, is_exact=is_exact)
        settled = self.settled
        settled.rounds += 1
        bound = float((self._people * priced.bound).sum() + (prices * self._places).sum())
        if bound < settled.bound:
            settled.bound, settled.prices = bound, prices
            settled.left = np.maximum(priced.bound, priced.value)
        return priced

    def seed(self, prices: Floats) -> Priced:
        """Add the best plans at some prices and around them."""
        count = len(self._cases)
        below = np.full(count, -np.inf)
        first = self.price(prices, below, is_exact=self._cases.has_forced)
        self.add(np.arange(count), first.chosen)
        if prices.any():
            for turn, shift in enumerate(SEED_SHIFTS):
                side = np.where(np.arange(len(prices)) >> (turn % 3) & 1, 1.0, -1.0)
                priced = self.price(prices * (1 + shift * side), below, is_exact=False)
                real = np.flatnonzero(np.isfinite(priced.value))
                self.add(real, priced.chosen[real])
        else:
            free = np.flatnonzero(~self._cases.forced.any(axis=1))
            self.add(free, np.zeros_like(first.chosen[free]))
        return first

    def settle(self, precision: float, go_on: Callable[[Settled], bool]) -> None:
        """Add columns until the gap is `precision`, nothing is left to add, or told to stop."""
        settled, stalls, wider = self.settled, 0, 1.0
        is_warm = bool(settled.prices.any())
        doubt, accuracy = (FIRST_DOUBT, 1e-4) if is_warm else (WHOLE_DOUBT, 1e-2)
        prices = settled.prices
        while settled.gap > precision and settled.rounds < MOST_ROUNDS and go_on(settled):
            # Around the best prices known, not the last ones, which may have gone astray.
            centre = settled.prices if is_warm else prices
            limits = _Limits(wider * _near(settled.gap), wider * BOX) if is_warm else FREE
            prices, value, is_short = self._solve(centre, limits, accuracy, doubt)
            # A price held back by its box makes the relaxation look better than it is.
            if not is_short:
                settled.value = max(value, settled.value)
            moved = 2 * float(np.sqrt(np.mean((prices - centre) ** 2)))
            doubt = min(max(moved, LEAST_DOUBT), WHOLE_DOUBT)
            best = self._best_known(prices)
            is_exact = settled.gap < NEARLY_SETTLED or stalls > 0
            priced = self.price(prices, best + WORTH_ADDING, is_exact=is_exact)
            better = np.flatnonzero(priced.value > best + WORTH_ADDING)
            added = self.add(better, priced.chosen[better]) if len(better) else 0
            stalls = 0 if added else stalls + 1
            if stalls > MOST_STALLS:
                return
            wider = 4 * wider if is_short or stalls else 1.0
            accuracy = min(accuracy, max(abs(settled.gap) * 0.05, FINEST))
            self._prune(prices)

    def _solve(
        self, prices: Floats, limits: "_Limits", accuracy: float, doubt: float
    ) -> tuple[Floats, float, bool]:
        """Solve over the people whose plans are near each other: the prices, the value, and whether
        too few people were taken for the places to suffice.
        """
        columns, behind = self.columns, self.behind(prices)
        first = np.flatnonzero(np.diff(columns.case, prepend=-1))
        close = behind <= limits.near
        several = np.add.reduceat(close, first, dtype=np.int64) > 1
        active = np.flatnonzero(close & several[columns.case])
        alone = np.flatnonzero((behind <= 0) & ~several[columns.case])
        used = (self._people[columns.case[alone]][:, None] * columns.chosen[alone]).sum(axis=0)
        places = (self._places - used)[self._scarce]
        value = float((self._people[columns.case[alone]] * columns.value[alone]).sum())
        found = np.zeros_like(prices)
        if not len(active):
            return found, value, bool((places < 0).any())
        some = columns.at(active)
        people = self._people[np.unique(some.case)]
        small = Columns(some.case, some.chosen[:, self._scarce], some.value)
        dearest = np.minimum(prices[self._scarce] + limits.rise, self._dearest)
        problem = Interior(people, small, places, dearest)
        relaxed = problem.solve(prices[self._scarce], accuracy, doubt)
        found[self._scarce] = relaxed.prices
        is_short = bool((relaxed.prices > dearest - 1.0).any())
        return found, value + relaxed.value, is_short

    def behind(self, prices: Floats) -> Floats:
        """Tell how far each column is behind the best known one of its case at some prices."""
        net = self.columns.value - self.paid(self.columns, prices)
        return self._best_known(prices)[self.columns.case] - net

    @staticmethod
    def paid(columns: Columns, prices: Floats) -> Floats:
        """Sum the prices of the offers of each column."""
        rows, offers = np.nonzero(columns.chosen)
        return np.asarray(
            np.bincount(rows, weights=prices[offers], minlength=len(columns)), dtype=np.float64
        )

    def _best_known(self, prices: Floats) -> Floats:
        net = self.columns.value - self.paid(self.columns, prices)
        return np.maximum.reduceat(net, np.flatnonzero(np.diff(self.columns.case, prepend=-1)))

    def _prune(self, prices: Floats) -> None:
        """Forget the columns furthest behind when there are very many."""
        columns = self.columns
        if len(columns) <= COLUMNS_A_CASE * len(self._cases) + 2000:
            return
        order = np.lexsort((self.behind(prices), columns.case))
        first = np.flatnonzero(np.diff(columns.case[order], prepend=-1))
        rank = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
        kept = np.sort(order[rank < COLUMNS_A_CASE // 2])
        self.columns = columns.at(kept)
        keys = map(bytes, np.packbits(self.columns.chosen, axis=1))
        self._known = set(zip(self.columns.case.tolist(), keys, strict=True))


def _near(gap: float) -> float:
    return next(points for least, points in NEAR if not gap <= least)
