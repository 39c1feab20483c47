"""The linear master problem by an interior point method (Mehrotra, 1992).

Its matrix is one row per case, where each column has a single one, above a few rows of places: the
normal equations come down to a matrix as small as the number of scarce offers. The prices found lie
in the middle of the best ones, which is what column generation needs to settle quickly.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from reseda.timetable.domain.planning.columns import Columns
from reseda.timetable.domain.planning.normal import Floats

MOST_STEPS = 90
# Points are divided by this, so that all figures of the method are near one.
SCALE = 1000.0
SHORT_OF_THE_WALL = 0.995
FIRST_PRICE = 1e-3
TINY = 1e-14
PRODUCTS_AT_ONCE = 100_000


@dataclass(frozen=True)
class Relaxed:
    """A solution in parts: its value, the price of a place in each offer, what each case is left
    with at those prices, and the part of each column taken.
    """

    value: float
    prices: Floats
    left: Floats
    part: Floats


class Interior:
    """One master problem: the people of each case share its columns, which come by case; places
    taken beyond those there are cost the `dearest` price of their offer.
    """

    def __init__(self, people: Floats, columns: Columns, places: Floats, dearest: Floats) -> None:
        self.case = columns.case
        self.first = np.flatnonzero(np.diff(columns.case, prepend=-1))
        self.case = np.repeat(np.arange(len(self.first)), np.diff(self.first, append=len(columns)))
        self.chosen = columns.chosen.astype(np.float64)
        self._entries = np.nonzero(columns.chosen)
        self._cost = -columns.value / SCALE
        self._people = people
        self._places = places
        self._dearest = dearest / SCALE

    @cached_property
    def slices(self) -> list[tuple[slice, slice]]:
        """Cut the cases, and their columns, in pieces of about the same size."""
        offers = max(1, len(self._places))
        size = max(16, PRODUCTS_AT_ONCE // (offers * offers))
        ends = np.append(self.first[1:], len(self.case))
        cuts = np.flatnonzero(np.diff(ends // size, append=-1)) + 1
        starts = np.append(0, cuts[:-1])
        return [
            (slice(int(a), int(b)), slice(int(self.first[a]), int(ends[b - 1])))
            for a, b in zip(starts, cuts, strict=True)
        ]

    def paid(self, price: Floats) -> Floats:
        """Sum the prices of the offers of each column."""
        rows, offers = self._entries
        return np.asarray(
            np.bincount(rows, weights=price[offers], minlength=len(self.case)), dtype=np.float64
        )

    def taken(self, part: Floats) -> Floats:
        """Sum the places that parts of columns take in each offer."""
        rows, offers = self._entries
        return np.asarray(
            np.bincount(offers, weights=part[rows], minlength=len(self._places)), dtype=np.float64
        )

    def solve(self, prices: Floats, precision: float, doubt: float) -> Relaxed:
        """Solve from first prices, believed right within `doubt` points, until the duality gap is
        `precision` of the value.
        """
        count, offers = len(self._cost), len(self._places)
        price, left, x = self._begin(prices, max(doubt / SCALE, FIRST_PRICE))
        for _ in range(MOST_STEPS):
            over = self._cost - self.paid(price) - left[self.case]
            z = np.maximum(np.concatenate((over, -price, self._dearest + price)), TINY)
            value = _dot(self._cost, x[:count]) + _dot(self._dearest, x[count + offers :])
            if _dot(x, z) <= precision * (1.0 + abs(value)):
                break
            x, left, price = self._step(x, z, left, price)
        return Relaxed(-value * SCALE, -price * SCALE, -left * SCALE, x[:count])

    def _begin(self, prices: Floats, doubt: float) -> tuple[Floats, Floats, Floats]:
        """Start inside, with parts the smaller the further a column is behind: well centred."""
        highest = np.maximum(self._dearest - FIRST_PRICE, FIRST_PRICE)
        price = -np.clip(prices / SCALE, FIRST_PRICE, highest)
        cost = self._cost - self.paid(price)
        left = np.minimum.reduceat(cost, self.first) - doubt
        weight = 1.0 / (cost - left[self.case])
        share = self._people / np.add.reduceat(weight, self.first)
        part = weight * share[self.case]
        free = self._places - self.taken(part)
        unused = np.maximum(free, 0.0) + np.minimum(np.median(share) / -price, 1.0)
        return price, left, np.concatenate((part, unused, unused - free))

    def _step(
        self, x: Floats, z: Floats, left: Floats, price: Floats
    ) -> tuple[Floats, Floats, Floats]:
        normal = _Normal(self, x, z)
        short = self._short(x)
        towards = normal.direction(short, -x * z)
        reach = _reach(x, towards.x), _reach(z, towards.z)
        now = _dot(x, z)
        then = _dot(x + reach[0] * towards.x, z + reach[1] * towards.z)
        centre = now / len(x) * max(then / now, 0.0) ** 3
        along = normal.direction(short, centre - x * z - towards.x * towards.z)
        by_x = min(1.0, SHORT_OF_THE_WALL * _reach(x, along.x))
        by_z = min(1.0, SHORT_OF_THE_WALL * _reach(z, along.z))
        return x + by_x * along.x, left + by_z * along.left, price + by_z * along.price

    def _short(self, x: Floats) -> tuple[Floats, Floats]:
        """People without a plan and places uncounted: the dust of earlier steps."""
        count, offers = len(self._cost), len(self._places)
        part, free, extra = x[:count], x[count : count + offers], x[count + offers :]
        people = self._people - np.add.reduceat(part, self.first)
        return people, self._places - self.taken(part) - free + extra


class _Direction(NamedTuple):
    x: Floats
    z: Floats
    left: Floats
    price: Floats


class _Normal:
    """The normal equations at a point, reduced to the offers."""

    def __init__(self, problem: Interior, x: Floats, z: Floats) -> None:
        self._problem, self._z = problem, z
        self._ratio = x / z
        case, first = problem.case, problem.first
        ratio = self._ratio[: len(case)]
        count = problem.chosen.shape[1]
        self._sums = np.add.reduceat(ratio, first)
        self._means = np.empty((len(first), count))
        square = np.zeros((count, count))
        # A few cases at a time: all stays in the cache, and the products on one thread whatever
        # the linear algebra library, so that a busy machine does not slow them down.
        for cases, rows in problem.slices:
            taken, part = problem.chosen[rows], ratio[rows, None]
            weighted = taken * part
            means = np.add.reduceat(weighted, first[cases] - rows.start)
            means /= self._sums[cases, None]
            self._means[cases] = means
            # Centred on each case before squaring: no cancellation where one column takes all.
            centred = taken - means[case[rows] - cases.start]
            square += (centred * part).T @ centred
        diagonal = np.diag_indices_from(square)
        square[diagonal] += self._ratio[len(case) : len(case) + count]
        square[diagonal] += self._ratio[len(case) + count :]
        square[diagonal] *= 1.0 + 1e-13
        self._square = square

    def direction(self, short: tuple[Floats, Floats], wanted: Floats) -> _Direction:
        """Solve for the step that mends `short` and brings the products x z by `wanted`."""
        problem, count = self._problem, len(self._problem.case)
        offers = problem.chosen.shape[1]
        scaled = wanted / self._z
        people = short[0] - np.add.reduceat(scaled[:count], problem.first)
        places = short[1] - problem.taken(scaled[:count])
        places += scaled[count + offers :] - scaled[count : count + offers]
        price = np.linalg.solve(self._square, places - (people[:, None] * self._means).sum(axis=0))
        left = people / self._sums - (self._means * price).sum(axis=1)
        z = np.concatenate((-left[problem.case] - problem.paid(price), -price, price))
        return _Direction(scaled - self._ratio * z, z, left, price)


def _dot(a: Floats, b: Floats) -> float:
    """Multiply and sum on one thread (as above), always in the same order."""
    return float((a * b).sum())


def _reach(point: Floats, step: Floats) -> float:
    """How much of a step keeps a point positive."""
    ratios = point[step < 0] / -step[step < 0]
    return min(1.0, float(ratios.min(initial=np.inf)))
