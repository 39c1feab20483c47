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
        held = [possible[child] for child in children.get(node, ())]
        wanted = (firm[node],) if node in firm else ALL
        possible[node] = frozenset(
            kind for kind in wanted if all(not kinds.isdisjoint(UNDER[kind]) for kinds in held)
        )
    above = {child: node for node, found in children.items() for child in found}
    chosen: dict[int, str] = {}
    for node in order:
        under = UNDER[chosen[above[node]] if node in above else ""]
        defaults = INNER if children.get(node) else LEAVES
        wanted = (firm[node],) if node in firm else (likely.get(node, ""), *defaults, *ALL)
        sound = (kind for kind in wanted if kind in under and kind in possible[node])
        # Where what is sure allows no sound tree, the rules of a framework say so later.
        chosen[node] = next(sound, "") or next(kind for kind in wanted if kind)
    return chosen
