"""How each pair stands against a plan, in arrays: the first reason that applies and its figures."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.planning.cases import near_of
from reseda.timetable.domain.planning.model import REASONS
from reseda.timetable.domain.planning.normal import DUST, Flags, Floats, Ints, Layout
from reseda.timetable.domain.planning.worth import worth

GRANTED = -1
CODES = {reason: code for code, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Standing:
    """A layout and the pairs granted in it."""

    layout: Layout
    granted: Flags

    @cached_property
    def halves(self) -> Ints:
        """Half-days granted to each reservist by civil year."""
        return np.asarray(self.granted.astype(np.int64) @ self.layout.offers.halves)

    @cached_property
    def served(self) -> Ints:
        """Half-days granted to each reservist."""
        return np.asarray(self.granted.astype(np.int64) @ self.layout.offers.total)

    @cached_property
    def minutes(self) -> Ints:
        """Recoverable minutes each reservist loses."""
        return np.asarray((self.layout.minutes * self.granted).sum(axis=1))

    @cached_property
    def taken(self) -> Ints:
        """Places taken in each offer."""
        return np.asarray(self.granted.sum(axis=0, dtype=np.int64))

    @cached_property
    def near(self) -> Flags:
        """Offers (n x n) that no one person can be granted together: overlapping or too close."""
        return near_of(self.layout.offers)

    @cached_property
    def unmet(self) -> Ints:
        """Bits of the qualifications neither held nor gained by an earlier granted offer."""
        offers = self.layout.offers
        unmet = self.layout.missing.copy()
        for i in np.flatnonzero(offers.granted):
            before = offers.end[i] <= offers.start
            gains = self.granted[:, i, None] & before[None, :]
            unmet &= ~np.where(gains, offers.granted[i], 0)
        return unmet

    @cached_property
    def gain(self) -> Floats:
        """What each pair would add to its reservist's value, were it simply added."""
        return self._change(self.served[:, None] + self.layout.offers.total, 0.0)

    @cached_property
    def swap(self) -> Floats:
        """What each pair would add if it took the place of the granted offers in its way."""
        granted = self.granted.astype(np.int64) * self.layout.offers.total
        lost_halves = granted @ self.near.astype(np.int64)
        lost = (self.layout.weight * self.granted) @ self.near.astype(np.float64)
        return self._change(
            self.served[:, None] + self.layout.offers.total - lost_halves, np.asarray(lost)
        )

    @cached_property
    def claim(self) -> Floats:
        """What each granted pair adds to its reservist's value (meaningless for the others)."""
        return -self._change(
            self.served[:, None] - self.layout.offers.total, 2 * self.layout.weight
        )

    def _change(self, halves: Ints, lost: Floats | float) -> Floats:
        policy, target = self.layout.policy, self.layout.target
        now = worth(policy.objective, target, self.served)
        then = worth(policy.objective, target[:, None], halves)
        return np.asarray(then - now[:, None] + self.layout.weight - lost)

    @cached_property
    def passes(self) -> NDArray[np.bool_]:
        """Pairs x civil years: adding the pair to the plan would pass the ceiling."""
        added = self.layout.offers.halves[None, :, :]
        over = self.halves[:, None, :] + added > self.layout.budget[:, None, :]
        return np.asarray(over & (added > 0))

    @cached_property
    def reasons(self) -> NDArray[np.int8]:
        """The first reason that applies to each pair, as a position in REASONS; -1 if granted."""
        layout = self.layout
        limit = layout.policy.max_recoverable_minutes
        tests = {
            "excluded": layout.excluded,
            "contract": ~layout.covered,
            "requires": (self.unmet != 0) | layout.lacks,
            "clash": layout.clash,
            "travel": layout.travel,
            "ceiling": self.passes.any(axis=2),
            "recoverable_limit": self.minutes[:, None] + layout.minutes > limit,
            "overlap": (self.granted.astype(np.int64) @ self.near.astype(np.int64)) > 0,
            "full": np.broadcast_to(self.taken >= layout.offers.capacity, self.granted.shape),
        }
        reasons = np.full(self.granted.shape, CODES["no_gain"], dtype=np.int8)
        for reason in reversed(tests):
            reasons[tests[reason]] = CODES[reason]
        reasons[self.granted] = GRANTED
        return reasons

    def value(self) -> float:
        """Sum the values of all reservists, each recomputed from its granted pairs."""
        days = worth(self.layout.policy.objective, self.layout.target, self.served)
        rest = np.where(self.granted, self.layout.weight, 0.0).sum(axis=1)
        return float((days + rest + self.layout.base).sum())


def improve(layout: Layout, granted: Flags) -> Flags:
    """Grant what could simply be added with gain, the greatest first, until nothing is left."""
    granted = granted.copy()
    while True:
        standing = Standing(layout, granted)
        gain = np.where(standing.reasons == CODES["no_gain"], standing.gain, 0.0)
        if not gain.size or gain.max() <= DUST:
            return granted
        # One addition per reservist and per place at a time keeps every test true.
        order = np.argsort(-gain, axis=None, kind="stable")[: np.count_nonzero(gain > DUST)]
        left = layout.offers.capacity - standing.taken
        touched: set[int] = set()
        for cell in order.tolist():
            r, j = divmod(cell, granted.shape[1])
            if r not in touched and left[j] > 0:
                touched.add(r)
                left[j] -= 1
                granted[r, j] = True
