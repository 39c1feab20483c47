"""The tree of a version as its page draws it: what is loaded, what is unfolded, what is lacking."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from reseda.competencies.domain.framework import ENOUGH_INDICATORS, RELATED
from reseda.competencies.domain.units import Credits, sum_of
from reseda.competencies.models import FrameworkVersion, Item
from reseda.competencies.queries.frameworks import Node, walk
from reseda.competencies.queries.known import lines_of

# Up to how many items a tree is sent whole; beyond, branches come when they are unfolded.
WHOLE = 400
# How many lines a tree shows unfolded at first.
AT_FIRST = 45
SIGNS = frozenset({Item.Kind.INDICATOR, Item.Kind.COMPONENT, Item.Kind.CRITICAL_LEARNING})


@dataclass(frozen=True)
class Branch:
    """An item as a line of the tree; `children` are those sent, `held` how many stand right under.

    `is_few`: a competency without enough indicators for suggestions to be accurate.
    """

    item: Item
    children: tuple["Branch", ...]
    held: int
    size: int
    is_open: bool
    is_few: bool

    @property
    def is_loaded(self) -> bool:
        """Whether those under it are sent with it."""
        return len(self.children) == self.held


@dataclass(frozen=True)
class Summary:
    """What a version holds: counts by kind, what is lacking, credits of its teaching units."""

    size: int
    kinds: Mapping[str, int]
    untranslated: int
    few: frozenset[int]
    credits: Credits

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """The kinds present, from those at the top of a tree to its leaves: value, name, count."""
        return [
            (kind.value, named(kind.value, self.kinds[kind.value]), self.kinds[kind.value])
            for kind in Item.Kind
            if self.kinds.get(kind.value)
        ]


def named(kind: str, count: int) -> str:
    """Name a kind as that many items of it are named."""
    names = {
        Item.Kind.GROUP: ngettext("regroupement", "regroupements", count),
        Item.Kind.BLOCK: ngettext("bloc de compétences", "blocs de compétences", count),
        Item.Kind.TEACHING_UNIT: ngettext("unité d’enseignement", "unités d’enseignement", count),
        Item.Kind.COMPETENCY: ngettext("compétence", "compétences", count),
        Item.Kind.COMPONENT: ngettext("composante essentielle", "composantes essentielles", count),
        Item.Kind.SITUATION_FAMILY: ngettext(
            "famille de situations", "familles de situations", count
        ),
        Item.Kind.LEVEL: ngettext("niveau de développement", "niveaux de développement", count),
        Item.Kind.CRITICAL_LEARNING: ngettext(
            "apprentissage critique", "apprentissages critiques", count
        ),
        Item.Kind.INDICATOR: ngettext("indicateur", "indicateurs", count),
        Item.Kind.RESOURCE: ngettext("ressource", "ressources", count),
    }
    return names[Item.Kind(kind)]


def summary(nodes: Sequence[Node]) -> Summary:
    """Count what a tree holds."""
    every = [node.item for node in walk(nodes)]
    return Summary(
        len(every),
        Counter(item.kind for item in every),
        sum(not item.statement_en for item in every),
        few(nodes),
        sum_of(lines_of(nodes)),
    )


def few(nodes: Iterable[Node]) -> frozenset[int]:
    """Return the competencies under which too few statements say how one sees them."""
    return frozenset(
        node.item.pk
        for node in walk(nodes)
        if node.item.kind == Item.Kind.COMPETENCY
        and sum(one.item.kind in SIGNS for one in walk(node.children)) < ENOUGH_INDICATORS
    )


def branches(nodes: Sequence[Node], *, shown: int | None = None) -> tuple[Branch, ...]:
    """Return the lines of a tree, folded so that few show at first; `shown` is surely visible."""
    size = sum(node.size for node in nodes)
    path = set(_path(nodes, shown)) if shown else set()
    return _drawn(nodes, _depth(nodes), path, few(nodes), is_whole=size <= WHOLE)


def branch(node: Node) -> Branch:
    """Return one line, unfolded, and those under it if they are not too many."""
    return _drawn((node,), 1, set(), few((node,)), is_whole=node.size <= WHOLE)[0]


def _drawn(
    nodes: Sequence[Node], depth: int, path: set[int], lacking: frozenset[int], *, is_whole: bool
) -> tuple[Branch, ...]:
    found = []
    for node in nodes:
        is_open = bool(node.children) and (depth > 0 or node.item.pk in path)
        is_sent = is_whole or is_open
        found.append(
            Branch(
                node.item,
                _drawn(node.children, depth - 1, path, lacking, is_whole=is_whole)
                if is_sent
                else (),
                len(node.children),
                node.size - 1,
                is_open,
                node.item.pk in lacking,
            )
        )
    return tuple(found)


def _depth(nodes: Sequence[Node]) -> int:
    """Return how many floors may be unfolded at first."""
    depth, floor, seen = 0, list(nodes), len(nodes)
    while floor:
        floor = [child for node in floor for child in node.children]
        seen += len(floor)
        if seen > AT_FIRST:
            break
        depth += 1
    return depth


def _path(nodes: Sequence[Node], key: int | None) -> list[int]:
    for node in nodes:
        if node.item.pk == key:
            return [key]
        if found := _path(node.children, key):
            return [node.item.pk, *found]
    return []


def found(nodes: Sequence[Node], key: int) -> Node | None:
    """Return one node of a tree, or None."""
    return next((node for node in walk(nodes) if node.item.pk == key), None)


@dataclass(frozen=True)
class Unit:
    """A teaching unit and the competencies to which it says that it contributes."""

    item: Item
    depth: int
    develops: frozenset[int]


def units(version: FrameworkVersion, nodes: Sequence[Node]) -> list[Unit]:
    """Return the teaching units of a version in the order of its tree (one query)."""
    links = developed(version)
    return [
        Unit(item, depth, frozenset(links.get(item.pk, ())))
        for item, depth in _nested(nodes, 0)
        if item.kind == Item.Kind.TEACHING_UNIT
    ]


def developed(version: FrameworkVersion) -> dict[int, list[int]]:
    """Return, by teaching unit, the competencies that it says it develops (one query)."""
    found: dict[int, list[int]] = {}
    links = version.associations.filter(
        kind=RELATED,
        origin__kind=Item.Kind.TEACHING_UNIT,
        destination__kind=Item.Kind.COMPETENCY,
    )
    for unit, competency in links.values_list("origin_id", "destination_id"):
        if unit is not None and competency is not None:
            found.setdefault(unit, []).append(competency)
    return found


def _nested(nodes: Sequence[Node], depth: int) -> Iterable[tuple[Item, int]]:
    """Go through a tree; the depth counts the teaching units above."""
    for node in nodes:
        yield node.item, depth
        is_unit = node.item.kind == Item.Kind.TEACHING_UNIT
        yield from _nested(node.children, depth + is_unit)


def developing(
    version: FrameworkVersion, nodes: Sequence[Node]
) -> tuple[dict[int, list[Item]], dict[int, list[Item]]]:
    """Return units to competencies, and competencies to units, as items (one query)."""
    items = {node.item.pk: node.item for node in walk(nodes)}
    links = developed(version)
    to = {unit: [items[key] for key in keys] for unit, keys in links.items()}
    by: dict[int, list[Item]] = {}
    for unit, keys in links.items():
        for key in keys:
            by.setdefault(key, []).append(items[unit])
    return to, by


def credits_of(found: Iterable[Unit]) -> dict[int, Decimal]:
    """Return, by competency, the credits of the units that say they develop it.

    Credits of a unit that develops several are counted for each: they are not shared out.
    """
    sums: dict[int, Decimal] = {}
    for unit in found:
        for key in unit.develops:
            sums[key] = sums.get(key, Decimal()) + (unit.item.credits or 0)
    return sums
