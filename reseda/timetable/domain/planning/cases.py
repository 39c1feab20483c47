"""The reservists to plan for, those with the same data grouped."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reseda.timetable.domain.planning.normal import NO_CEILING, Flags, Floats, Ints, Layout, Offers
from reseda.timetable.domain.planning.worth import worth

UNLIMITED_MINUTES = 1 << 40


@dataclass(frozen=True)
class Cases:
    """People who differ, in arrays case x offer, all that is forbidden taken alone left out.

    `budget` and `limit` are NO_CEILING and UNLIMITED_MINUTES where they cannot bind, so that nobody
    is told apart, nor watched, for a limit out of reach. `members[c]` are rows of the layout
    (or what else the cases were gathered from).
    """

    offers: Offers
    layout: Layout
    allowed: Flags
    forced: Flags
    minutes: Ints
    weight: Floats
    held: Ints
    budget: Ints
    limit: Ints
    target: Floats
    members: tuple[NDArray[np.int64], ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.target)

    def at(self, rows: Ints) -> "Cases":
        """Keep some of the cases."""
        return replace(
            self,
            allowed=self.allowed[rows],
            forced=self.forced[rows],
            minutes=self.minutes[rows],
            weight=self.weight[rows],
            held=self.held[rows],
            budget=self.budget[rows],
            limit=self.limit[rows],
            target=self.target[rows],
            members=tuple(self.members[row] for row in rows),
        )

    @cached_property
    def size(self) -> Ints:
        """How many people each case stands for."""
        return np.array([len(rows) for rows in self.members], dtype=np.int64)

    @cached_property
    def most(self) -> Ints:
        """Half-days that no plan of each case passes: ceilings and all that is allowed, by year."""
        reach = self.allowed.astype(np.int64) @ self.offers.halves
        return np.asarray(np.minimum(reach, self.budget).sum(axis=1))

    @cached_property
    def has_forced(self) -> bool:
        """Whether a person settled some grants beforehand."""
        return bool(self.forced.any())

    def value(self, case: Ints, chosen: Flags) -> Floats:
        """Value whole plans (plan x offer), prices and the base of changes apart."""
        days = worth(self.layout.policy.objective, self.target[case], chosen @ self.offers.total)
        return np.asarray(days + np.where(chosen, self.weight[case], 0.0).sum(axis=1))


def cases_of(layout: Layout) -> Cases:
    """Group the reservists of a layout whose plans are worth and allowed the same."""
    everyone = np.arange(len(layout.people))
    return gather(layout, everyone, everyone, layout.allowed, layout.forced)


def gather(layout: Layout, rows: Ints, names: Ints, allowed: Flags, forced: Flags) -> Cases:
    """Make cases of some rows of a layout, with what each is allowed and must be granted; `names`
    are what the members of the cases are called.
    """
    offers = layout.offers
    if forced.any():
        # What cannot stand beside a forced offer is out; and what is forced stays in sight.
        near = near_of(offers)
        allowed = allowed & ~((forced.astype(np.int64) @ near.astype(np.int64)) > 0)
    minutes = np.where(allowed, layout.minutes[rows], 0)
    weight = np.where(allowed, layout.weight[rows], 0.0)
    reach = allowed.astype(np.int64) @ offers.halves
    budget = layout.budget[rows]
    budget = np.where(reach <= np.maximum(budget, 0), NO_CEILING, budget)
    most = layout.policy.max_recoverable_minutes
    limit = np.where(minutes.sum(axis=1) <= most, UNLIMITED_MINUTES, most)
    useful = np.bitwise_or.reduce(np.where(allowed, offers.required[None, :], 0), axis=1, initial=0)
    held = layout.held[rows] | ~useful
    target = layout.target[rows]
    parts = (allowed, forced, minutes, weight, held, budget, limit, target)
    raw = [np.ascontiguousarray(part.reshape(len(rows), -1)).view(np.uint8) for part in parts]
    keys = np.ascontiguousarray(np.concatenate(raw, axis=1))
    members: dict[bytes, list[int]] = {}
    for position, key in enumerate(keys):
        members.setdefault(key.tobytes(), []).append(position)
    first = np.array([group[0] for group in members.values()], dtype=np.int64)
    return Cases(
        offers=offers,
        layout=layout,
        allowed=allowed[first],
        forced=forced[first],
        minutes=minutes[first],
        weight=weight[first],
        held=held[first],
        budget=budget[first],
        limit=limit[first],
        target=target[first],
        members=tuple(names[group] for group in members.values()),
    )


def near_of(offers: Offers) -> Flags:
    """Tell which offers (n x n) no one person can be granted together: overlapping or too close."""
    later = np.arange(len(offers))
    near = (offers.follows[:, None] > later[None, :]) & (later[:, None] < later[None, :])
    return np.asarray(near | near.T)
