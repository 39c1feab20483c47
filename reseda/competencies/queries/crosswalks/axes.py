"""The rows and the columns of a crosswalk: items of some kinds, in the order of their tree."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from reseda.competencies.models import CrosswalkVersion, Item

Side = Literal["source", "target"]


def axis(version: CrosswalkVersion, side: Side) -> list[Item]:
    """Return the items compared on a side, in tree order (one query)."""
    wanted = kinds(version, side)
    return [item for item in _walked(_items(version, side)) if item.kind in wanted]


def groups(version: CrosswalkVersion, side: Side) -> dict[int, Item | None]:
    """Return, for each item compared on a side in tree order, the top of its branch (one query).

    Items that are each their own top make one group, None: a group of one would tell nothing.
    """
    wanted = kinds(version, side)
    items = _items(version, side)
    tops: dict[int, Item] = {}
    for item in _walked(items):
        tops[item.pk] = tops[item.parent_id] if item.parent_id else item
    compared = [item.pk for item in _walked(items) if item.kind in wanted]
    if all(tops[key].pk == key for key in compared):
        return dict.fromkeys(compared)
    return {key: tops[key] for key in compared}


def kinds(version: CrosswalkVersion, side: Side) -> frozenset[str]:
    """Return the kinds of items that are compared on a side."""
    told = version.source_kinds if side == "source" else version.target_kinds
    return frozenset(told.split(","))


def _items(version: CrosswalkVersion, side: Side) -> list[Item]:
    of = version.source_id if side == "source" else version.target_id
    return list(Item.objects.filter(version=of).order_by("rank", "pk").defer("extra"))


def _below(items: Sequence[Item]) -> dict[int | None, list[Item]]:
    below: dict[int | None, list[Item]] = defaultdict(list)
    for item in items:
        below[item.parent_id].append(item)
    return below


def _walked(items: Sequence[Item]) -> Iterator[Item]:
    below = _below(items)
    waiting = list(reversed(below[None]))
    while waiting:
        item = waiting.pop()
        yield item
        waiting += reversed(below[item.pk])
