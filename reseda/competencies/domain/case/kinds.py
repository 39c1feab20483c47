"""Which of our kinds the items of a tree are, when their author named them otherwise."""

from collections.abc import Mapping, Sequence

from reseda.competencies.domain.framework import (
    BLOCK,
    COMPETENCY,
    COMPONENT,
    GROUP,
    INDICATOR,
    LEARNING,
    LEVEL,
    RESOURCE,
    UNDER,
    UNIT,
)

LEAVES = (COMPETENCY, LEARNING, INDICATOR, RESOURCE)
INNER = (GROUP, COMPETENCY, LEVEL, COMPONENT, LEARNING, UNIT, BLOCK)
ALL = tuple(kind for kind in UNDER if kind)


def guessed(
    order: Sequence[int],
    children: Mapping[int, Sequence[int]],
    firm: Mapping[int, str],
    likely: Mapping[int, str],
) -> dict[int, str]:
    """Return a kind for each item such that the tree is sound, wherever there is one.

    `order` has parents before children, `firm` the kinds that are sure, `likely` those to prefer.
    An item of no known kind is a group when it holds others, else a competency; the same tree
    gives the same kinds, and so does one where some of them have become sure.
    """
    possible: dict[int, frozenset[str]] = {}
    for node in reversed(order):
        below = [possible[child] for child in children.get(node, ())]
        wanted = (firm[node],) if node in firm else ALL
        possible[node] = frozenset(
            kind
            for kind in wanted
            if all(not below_it.isdisjoint(UNDER[kind]) for below_it in below)
        )
    above = {child: node for node, below_it in children.items() for child in below_it}
    kinds: dict[int, str] = {}
    for node in order:
        under = UNDER[kinds[above[node]]] if node in above else UNDER[""]
        defaults = INNER if children.get(node) else LEAVES
        wanted = (firm[node],) if node in firm else (likely.get(node, ""), *defaults, *ALL)
        allowed = [kind for kind in wanted if kind in under and kind in possible[node]]
        kinds[node] = next(iter([*allowed, *(kind for kind in wanted if kind)]))
    return kinds
