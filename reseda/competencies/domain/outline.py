"""The tree of a draft as its editor moves it: places, allowed moves, without any wording.

Keys are those of items; the top of the tree is None. Which kind stands under which is `UNDER`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reseda.competencies.domain.framework import DEEPEST, UNDER

UP, DOWN, IN, OUT = "up", "down", "in", "out"
WAYS = (UP, DOWN, IN, OUT)
Key = int | None


@dataclass(frozen=True)
class Place:
    """Where an item stands: its parent, and how many siblings come before it."""

    parent: Key
    position: int


@dataclass(frozen=True)
class Outline:
    """A tree of keys: the kind of each, and those under each, in order."""

    kinds: Mapping[int, str]
    below: Mapping[Key, tuple[int, ...]]

    @cached_property
    def parents(self) -> Mapping[int, Key]:
        """The key above each item."""
        return {key: parent for parent, keys in self.below.items() for key in keys}

    def under(self, key: Key) -> tuple[int, ...]:
        """The items right under one, in order."""
        return self.below.get(key, ())

    def place(self, key: int) -> Place:
        """Where an item stands."""
        parent = self.parents[key]
        return Place(parent, self.under(parent).index(key))

    def branch(self, key: int) -> Iterator[int]:
        """An item and all that stands under it, from top to bottom."""
        yield key
        for child in self.under(key):
            yield from self.branch(child)

    def path(self, key: Key) -> tuple[int, ...]:
        """The items above one, from the top, itself last."""
        found: list[int] = []
        while key is not None:
            found.append(key)
            key = self.parents[key]
        return tuple(reversed(found))

    def height(self, key: int) -> int:
        """How many floors a branch has, 1 for an item alone."""
        return 1 + max((self.height(child) for child in self.under(key)), default=0)


def outline(rows: Iterable[tuple[int, Key, str]]) -> Outline:
    """Build a tree from keys, parents and kinds, siblings in the order of the rows."""
    kinds: dict[int, str] = {}
    below: dict[Key, list[int]] = {}
    for key, parent, kind in rows:
        kinds[key] = kind
        below.setdefault(parent, []).append(key)
    return Outline(kinds, {parent: tuple(keys) for parent, keys in below.items()})


def allowed(tree: Outline, key: int) -> tuple[Key, ...]:
    """Return the items under which one may stand, the top first, its own parent included."""
    kind, height, inside = tree.kinds[key], tree.height(key), set(tree.branch(key))
    return tuple(
        place
        for place in (None, *_walk(tree))
        if place not in inside
        and kind in UNDER.get("" if place is None else tree.kinds[place], ())
        and len(tree.path(place)) + height <= DEEPEST
    )


def target(tree: Outline, key: int, way: str) -> Place | None:
    """Return where a move leads, or None where it leads nowhere.

    Out: after the nearest item above under whose parent it may stand. In: last under the sibling
    right before it.
    """
    here = tree.place(key)
    if way in {UP, DOWN}:
        position = here.position + (1 if way == DOWN else -1)
        is_inside = 0 <= position < len(tree.under(here.parent))
        return Place(here.parent, position) if is_inside else None
    fits = set(allowed(tree, key))
    if way == IN:
        before = tree.under(here.parent)[here.position - 1] if here.position else None
        return Place(before, len(tree.under(before))) if before in fits - {None} else None
    for above in reversed(tree.path(here.parent)):
        around = tree.parents[above]
        if around in fits:
            return Place(around, tree.under(around).index(above) + 1)
    return None


def put(tree: Outline, key: int, place: Place) -> Outline:
    """Return the tree with an item, and what is under it, at another place.

    The position counts the siblings without the item itself, and stays within them.
    """
    if place.parent not in allowed(tree, key):
        message = f"{key} may not stand under {place.parent}"
        raise ValueError(message)
    below = {parent: [one for one in keys if one != key] for parent, keys in tree.below.items()}
    siblings = below.setdefault(place.parent, [])
    siblings.insert(max(0, min(place.position, len(siblings))), key)
    return Outline(tree.kinds, {parent: tuple(keys) for parent, keys in below.items() if keys})


def kinds_for(tree: Outline, key: int) -> tuple[str, ...]:
    """Return the kinds that an item may take where it stands, with what stands under it."""
    parent = tree.parents[key]
    around = "" if parent is None else tree.kinds[parent]
    held = {tree.kinds[child] for child in tree.under(key)}
    return tuple(kind for kind in UNDER[around] if held <= set(UNDER[kind]))


def _walk(tree: Outline, start: Key = None) -> Iterator[int]:
    for key in tree.under(start):
        yield from tree.branch(key)
