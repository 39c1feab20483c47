"""The best plan of many people at once, by dynamic programming over the offers from last to first.

The state is the half-days already served (no further than the target, where nothing more is worth
anything) and the qualifications gained on the way. The ceilings of later years, the ceiling beyond
the target and the limit of minutes are not part of it: the tables then bound what can still be
reached, and the exact search (search.py) goes down them.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.normal import NO_CEILING, Flags, Floats, Ints, Offers
from reseda.timetable.domain.planning.worth import worth

# Tables are built for as many people at a time as fit about this many numbers.
NUMBERS_AT_ONCE = 1_500_000
# Beyond this many qualifications to gain, the tables take the others as held.
QUALIFICATIONS_IN_TABLES = 4
NOTHING = -np.inf


@dataclass(frozen=True)
class Batch:
    """Cases that lack the same qualifications, and the size of their tables.

    `unit` is the greatest common divisor of the half-days of the offers; `depth` the number of
    states of days; `bits` the qualifications followed in the tables.
    """

    cases: Cases
    rows: Ints
    unit: int
    depth: int
    bits: tuple[int, ...]
    units: tuple[int, ...]
    required: tuple[int, ...]
    granted: tuple[int, ...]

    @property
    def masks(self) -> int:
        """How many sets of gained qualifications are followed."""
        return 1 << len(self.bits)

    def local(self, held: Ints) -> Ints:
        """Turn qualifications into their position in the tables."""
        position = np.zeros_like(held)
        for i, bit in enumerate(self.bits):
            position |= ((held & bit) > 0).astype(np.int64) << i
        return position


def batches(cases: Cases) -> list[Batch]:
    """Split cases into batches of similar tables."""
    offers = cases.offers
    unit = gcd(*offers.total.tolist()) or 1
    most = longest(offers) // unit
    wanted = np.ceil(2 * np.maximum(cases.target, 0) / unit - 1e-9)
    wanted = np.minimum(wanted, most).astype(np.int64)
    depths = np.minimum(wanted, cases.most // unit + 1) + 1
    gained = int(np.bitwise_or.reduce(offers.granted, initial=0))
    lacked = gained & ~cases.held
    found = []
    for lack in np.unique(lacked):
        rows = np.flatnonzero(lacked == lack)
        rows = rows[np.argsort(-depths[rows], kind="stable")]
        bits = tuple(1 << i for i in range(63) if int(lack) >> i & 1)[:QUALIFICATIONS_IN_TABLES]
        while len(rows):
            depth = int(depths[rows[0]])
            room = NUMBERS_AT_ONCE // ((len(offers) + 1) * depth << len(bits))
            count = max(8, room)
            found.append(
                Batch(
                    cases,
                    np.sort(rows[:count]),
                    unit,
                    depth,
                    bits,
                    tuple((offers.total // unit).tolist()),
                    tuple(_pack(int(mask), bits) for mask in offers.required),
                    tuple(_pack(int(mask), bits) for mask in offers.granted),
                )
            )
            rows = rows[count:]
    return found


def _pack(mask: int, bits: tuple[int, ...]) -> int:
    return sum(1 << i for i, bit in enumerate(bits) if mask & bit)


def longest(offers: Offers) -> int:
    """Count the half-days of the longest chain of offers, limits apart."""
    best = [0] * (len(offers) + 1)
    for j in reversed(range(len(offers))):
        best[j] = max(best[j + 1], int(offers.total[j]) + best[int(offers.follows[j])])
    return best[0]


class Tables:
    """What can still be reached from each state, for one batch at given prices.

    `best[j, mask, days, case]` is the most that the offers from j on can add, the worth of all days
    included; it is exact where no limit left out of the state binds, and never too low.
    """

    def __init__(self, batch: Batch, prices: Floats) -> None:
        cases, rows = batch.cases, batch.rows
        self.batch = batch
        self.allowed = cases.allowed[rows].T
        self.forced = cases.forced[rows].T if cases.has_forced else None
        gain = cases.weight[rows] - prices
        self.gain = np.where(cases.allowed[rows], gain, NOTHING).T.copy()
        self.minutes = cases.minutes[rows].T
        self.budget = cases.budget[rows]
        self.limit = cases.limit[rows]
        self.held = cases.held[rows]
        self._first_year = self._first_year_limits()
        self.best = self._fill(cases.offers)

    def _fill(self, offers: Offers) -> Floats:
        batch, depth, count = self.batch, self.batch.depth, len(self.batch.rows)
        best = np.empty((len(offers) + 1, batch.masks, depth, count))
        best[-1] = self._last()
        for j in reversed(range(len(offers))):
            following = best[offers.follows[j]]
            for mask in range(batch.masks):
                here = best[j, mask]
                if batch.required[j] & ~mask:
                    here[:] = best[j + 1, mask]
                    if self.forced is not None:
                        here[:, self.forced[j]] = NOTHING
                else:
                    self._take(j, following[mask | batch.granted[j]], here)
                    self._or_leave(j, best[j + 1, mask], here)
        return best

    def _take(self, j: int, following: Floats, here: Floats) -> None:
        depth, units = self.batch.depth, self.batch.units[j]
        cut = max(depth - units, 0)
        np.add(following[units:], self.gain[j], out=here[:cut])
        np.add(following[-1], self.gain[j], out=here[cut:])
        first_year = self._first_year[j]
        if first_year is not None:
            here[np.arange(depth)[:, None] > first_year] = NOTHING

    def _or_leave(self, j: int, left: Floats, here: Floats) -> None:
        if self.forced is None:
            np.maximum(here, left, out=here)
        else:
            np.maximum(here, np.where(self.forced[j], NOTHING, left), out=here)

    def _first_year_limits(self) -> list[Ints | None]:
        """Days that may already be served when an offer of the first year is taken: until the year
        ends the days served are those of that year, so its ceiling is exact.
        """
        offers, batch = self.batch.cases.offers, self.batch
        limits: list[Ints | None] = [None] * len(offers)
        if not len(offers.years) or not (self.budget[:, 0] < NO_CEILING).any():
            return limits
        for j in np.flatnonzero(offers.halves[:, 0]):
            left = (self.budget[:, 0] - offers.halves[j, 0]) // batch.unit
            if left.min() < batch.depth - 1:
                limits[j] = left
        return limits

    def _last(self) -> Floats:
        batch, cases = self.batch, self.batch.cases
        states = np.arange(batch.depth)[:, None]
        points = worth(cases.layout.policy.objective, cases.target[batch.rows], states * batch.unit)
        in_all = cases.most[batch.rows] // batch.unit
        return np.where(states > in_all, NOTHING, points)

    def start(self) -> Ints:
        """Position of what each case holds before any offer."""
        return self.batch.local(self.held)

    def top(self) -> Floats:
        """Bound the value of the best plan of each case."""
        return np.asarray(self.best[0, self.start(), 0, np.arange(len(self.held))])

    def descend(self) -> tuple[Flags, Floats]:
        """Follow the tables down to a legal plan of each case; its value is below the bound where a
        limit left out of the state stood in the way, and -inf where a forced offer could not be.
        """
        walk = _Walk(self)
        chosen = np.zeros((len(self.held), len(self.gain)), dtype=np.bool_)
        for j in range(len(self.gain)):
            chosen[:, j] = walk.step(j)
        value = np.where(chosen, self.gain.T, 0.0).sum(axis=1)
        value += self.best[-1, 0, walk.days, walk.everyone]
        if self.forced is not None:
            value[(self.forced.T & ~chosen).any(axis=1)] = NOTHING
        return chosen, value


class _Walk:
    """Where each case of a batch has come to, from the first offer on."""

    def __init__(self, tables: Tables) -> None:
        count = len(tables.held)
        self._tables = tables
        self.everyone = np.arange(count)
        self.days = np.zeros(count, np.int64)
        self._free = np.zeros(count, np.int64)
        self._lost = np.zeros(count, np.int64)
        self._held, self._mask = tables.held, tables.start()
        self._used = np.zeros_like(tables.budget)
        # Most of the time nobody is near a limit: what cannot bind is not counted.
        self._watches_years = bool((tables.budget < NO_CEILING).any())
        self._watches_minutes = bool((tables.limit < NO_CEILING).any())

    def step(self, j: int) -> Flags:
        """Decide on an offer: who takes it."""
        tables, batch = self._tables, self._tables.batch
        offers, everyone = batch.cases.offers, self.everyone
        days = np.minimum(self.days + batch.units[j], batch.depth - 1)
        following = tables.best[offers.follows[j]]
        taking = tables.gain[j] + following[self._mask | batch.granted[j], days, everyone]
        takes = taking > tables.best[j + 1, self._mask, self.days, everyone]
        if tables.forced is not None:
            takes |= tables.forced[j]
        takes &= (self._free <= j) & tables.allowed[j]
        if offers.required[j]:
            takes &= (offers.required[j] & ~self._held) == 0
        if self._watches_minutes or self._watches_years:
            self._within_limits(j, takes)
        if offers.granted[j]:
            self._held = np.where(takes, self._held | offers.granted[j], self._held)
            self._mask = np.where(takes, self._mask | batch.granted[j], self._mask)
        self.days = np.where(takes, days, self.days)
        self._free = np.where(takes, offers.follows[j], self._free)
        return np.asarray(takes)

    def _within_limits(self, j: int, takes: Flags) -> None:
        tables, halves = self._tables, self._tables.batch.cases.offers.halves[j]
        if self._watches_years:
            after = self._used + halves
            takes &= ((after <= tables.budget) | (halves == 0)).all(axis=1)
        if self._watches_minutes:
            lost = self._lost + tables.minutes[j]
            takes &= lost <= tables.limit
            self._lost = np.where(takes, lost, self._lost)
        if self._watches_years:
            self._used = np.where(takes[:, None], after, self._used)


def is_short(value: Floats, bound: Floats) -> NDArray[np.bool_]:
    """Tell where a value is below a bound by more than the dust of additions."""
    return np.asarray(value < bound - 1e-9 * np.maximum(1.0, np.abs(bound)))
