"""How far what the reserve develops reaches what the school expects.

A destination is covered as far as its best convergent origin covers it: shares are judgements on
overlapping things, and adding them up would claim what nobody judged. Measures of alignment are
those of Webb (1997), read on the side of the school.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reseda.competencies.domain.judgement.opinions import (
    COMPLEMENTARY,
    CONVERGENT,
    DECIDED,
    NONE,
    Opinion,
)

# From where on Webb (1999) calls objectives evenly met: a convention, not a verdict.
EVEN = 0.7


@dataclass(frozen=True)
class Judged:
    """A pair that somebody looked at, its ends told by any key."""

    origin: int
    destination: int
    state: str
    opinion: Opinion | None

    @property
    def relation(self) -> str:
        """The relation that was decided, "" while it is not."""
        return self.opinion.relation if self.opinion and self.state in DECIDED else ""


@dataclass(frozen=True)
class Covered:
    """How far one destination is reached.

    `covered` goes from 0 to 100. `origins` converge on it, best first, each with its share;
    `complementary` add to it without covering it. `status` is "covered", "complementary", "gap"
    (none decided with every origin), "in_progress" or "untouched" (nobody looked at any pair).
    `decided` counts the pairs that have their outcome, of `pairs`.
    """

    destination: int
    covered: int
    origins: tuple[tuple[int, int], ...]
    complementary: tuple[int, ...]
    status: str
    decided: int
    pairs: int

    @property
    def is_gap(self) -> bool:
        """Whether people decided that no origin leads here: not the same as not having looked."""
        return self.status == "gap"

    @property
    def is_complete(self) -> bool:
        """Whether every origin was decided on."""
        return self.decided == self.pairs


@dataclass(frozen=True)
class Complement:
    """An origin that only adds to what the school expects: worth an entry in the supplement.

    `is_complete` when it was decided on with every destination, so that none may still converge.
    """

    origin: int
    destinations: tuple[int, ...]
    is_complete: bool


@dataclass(frozen=True)
class Alignment:
    """Webb’s measures of one group of destinations (`group` is the key of what they stand under).

    Categorical concurrence: `origins` that converge on some item of the group. Range: how many of
    its `items` are `reached`. Balance: 1 when origins spread evenly over the items that are
    reached, near 0 when all fall on one; None where nothing is reached.
    """

    group: int | None
    items: int
    reached: int
    origins: int
    balance: float | None

    @property
    def range(self) -> float:
        """The share of the items that some origin converges on, from 0 to 1."""
        return self.reached / self.items

    @property
    def is_even(self) -> bool:
        """Whether origins spread over the items that are reached as evenly as Webb asks."""
        return self.balance is not None and self.balance >= EVEN


def coverage(
    origins: Sequence[int],
    destinations: Sequence[int],
    judged: Iterable[Judged],
    refused: Mapping[int, int] | None = None,
) -> tuple[Covered, ...]:
    """Say how far each destination is reached, in their order.

    `refused` counts, by destination, pairs decided to be without a match that `judged` leaves out.
    """
    by_destination: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        by_destination[one.destination].append(one)
    ranks = {origin: rank for rank, origin in enumerate(origins)}
    others = refused or {}
    return tuple(
        _covered(key, by_destination[key], ranks, others.get(key, 0)) for key in destinations
    )


def _covered(
    destination: int, judged: Sequence[Judged], ranks: Mapping[int, int], others: int
) -> Covered:
    ordered = sorted(judged, key=lambda one: ranks[one.origin])
    reached = [
        (one.origin, one.opinion.share)
        for one in ordered
        if one.opinion and one.relation in CONVERGENT
    ]
    reached.sort(key=lambda one: -one[1])
    beside = tuple(one.origin for one in ordered if one.relation == COMPLEMENTARY)
    refused = others + sum(one.relation == NONE for one in judged)
    if reached:
        status = "covered"
    elif beside:
        status = "complementary"
    elif refused and refused == len(ranks):
        status = "gap"
    else:
        status = "in_progress" if judged or refused else "untouched"
    return Covered(
        destination,
        reached[0][1] if reached else 0,
        tuple(reached),
        beside,
        status,
        others + sum(bool(one.relation) for one in judged),
        len(ranks),
    )


def supplement(
    origins: Sequence[int],
    destinations: Sequence[int],
    judged: Iterable[Judged],
    refused: Mapping[int, int] | None = None,
) -> tuple[Complement, ...]:
    """Return the origins whose only relations are complementary, in their order.

    `refused` counts, by origin, pairs decided to be without a match that `judged` leaves out.
    """
    by_origin: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        by_origin[one.origin].append(one)
    ranks = {destination: rank for rank, destination in enumerate(destinations)}
    found = []
    for origin in origins:
        decided = [one for one in by_origin[origin] if one.relation]
        beside = [one.destination for one in decided if one.relation == COMPLEMENTARY]
        if beside and not any(one.relation in CONVERGENT for one in decided):
            beside.sort(key=ranks.__getitem__)
            looked = len(decided) + (refused or {}).get(origin, 0)
            found.append(Complement(origin, tuple(beside), looked == len(ranks)))
    return tuple(found)


def alignment(
    groups: Mapping[int, int | None], covered: Iterable[Covered]
) -> tuple[Alignment, ...]:
    """Measure each group of destinations; `groups` gives the group of each, in their order.

    Webb (1997, 1999), items of a test being here the origins, objectives the destinations.
    """
    hits = {one.destination: {origin for origin, _share in one.origins} for one in covered}
    members: dict[int | None, list[int]] = defaultdict(list)
    for destination, group in groups.items():
        members[group].append(destination)
    return tuple(
        _alignment(group, [hits[destination] for destination in found])
        for group, found in members.items()
    )


def _alignment(group: int | None, hits: Sequence[set[int]]) -> Alignment:
    counts = [len(one) for one in hits if one]
    total = sum(counts)
    uneven = sum(abs(1 / len(counts) - count / total) for count in counts) / 2
    return Alignment(
        group,
        len(hits),
        len(counts),
        len(set[int]().union(*hits)),
        1 - uneven if counts else None,
    )
