"""What makes a framework of competencies: the kinds, which stand under which, and a sound tree.

Vocabulary: competency, essential component, family of situations, level of development, critical
learning, resource (competency-based approach of French higher education), teaching unit and its
credits (ECTS), block of competencies (RNCP). What an author links beside the tree is a `Link`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reseda.schools.domain.sheets import Fault, plain

GROUP, BLOCK, UNIT = "group", "block", "teaching_unit"
COMPETENCY, COMPONENT, FAMILY = "competency", "component", "situation_family"
LEVEL, LEARNING, INDICATOR, RESOURCE = "level", "critical_learning", "indicator", "resource"
# Which kinds may stand under which; "" is the top of the tree.
UNDER: Mapping[str, tuple[str, ...]] = {
    "": (GROUP, BLOCK, COMPETENCY, UNIT),
    GROUP: (GROUP, BLOCK, COMPETENCY, UNIT, RESOURCE),
    BLOCK: (COMPETENCY, INDICATOR, RESOURCE),
    UNIT: (UNIT, LEARNING, RESOURCE),
    COMPETENCY: (LEVEL, COMPONENT, FAMILY, INDICATOR, RESOURCE),
    LEVEL: (LEARNING, INDICATOR, RESOURCE),
    LEARNING: (INDICATOR, RESOURCE),
    COMPONENT: (INDICATOR,),
    FAMILY: (),
    INDICATOR: (),
    RESOURCE: (),
}
TOP_KINDS = UNDER[""]
# How many indicators make suggestions markedly better (measured: docs/benchmarks.md).
ENOUGH_INDICATORS = 3
KINDS: dict[str, str] = {
    plain(word): kind
    for kind, words in {
        GROUP: ("regroupement", "groupe", "group", "domaine", "domain", "cluster"),
        BLOCK: ("bloc de compétences", "bloc", "block of competencies", "block"),
        UNIT: ("unité d’enseignement", "ue", "teaching unit", "course unit"),
        COMPETENCY: ("compétence", "competency", "capacité"),
        COMPONENT: (
            "composante essentielle",
            "composante",
            "essential component",
            "component",
        ),
        FAMILY: ("famille de situations", "famille", "family of situations", "situation family"),
        LEVEL: ("niveau", "niveau de développement", "level", "level of development"),
        LEARNING: ("apprentissage critique", "apprentissage", "critical learning"),
        INDICATOR: ("indicateur", "indicator"),
        RESOURCE: ("ressource", "resource"),
    }.items()
    for word in words
}
MAX_CODE, MAX_STATEMENT, MAX_SOURCE = 40, 2_000, 500
MAX_CREDITS, TENTH = Decimal(300), Decimal("0.1")
# What no text holds: a database refuses some of it, a reader sees none of it.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ADDRESSES = ("http://", "https://")
# Deeper than any sound tree of named kinds; groups may stand in groups, down to here.
DEEPEST = 40
RELATED = "isRelatedTo"


@dataclass(frozen=True)
class Line:
    """One item as a file tells it: its parent by code ("" at the top), `rank` among its siblings.

    `line` is its place in the file, 0 when it does not come from one. `credits` are ECTS, of a
    teaching unit alone. `source` is the address of what it was taken from. `parent_link` is the
    identifier that a CASE author gave to its place in the tree. `extra` holds fields of CASE 1.1
    `CFItem` that have no place elsewhere.
    """

    code: str
    parent: str
    kind: str
    statement: str
    statement_en: str = ""
    rank: int = 1
    identifier: str = ""
    credits: Decimal | None = None
    source: str = ""
    parent_link: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Link:
    """A link beside the tree, of a type of CASE 1.1 (`isRelatedTo`, `precedes`, `ext:…`).

    `origin` and `destination` are codes; the end that is no item is "" and told by `outside`
    (title, identifier, uri, and targetType if there is one).
    """

    kind: str
    origin: str
    destination: str
    outside: Mapping[str, str] = field(default_factory=dict)
    identifier: str = ""
    rank: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    line: int = field(default=0, compare=False)

    @property
    def ends(self) -> tuple[str, str, str, str]:
        """What makes two links the same when neither names itself."""
        return self.kind, self.origin, self.destination, self.outside.get("uri", "")


@dataclass(frozen=True)
class Term:
    """A term that a framework defines: `kind` as in `Definition.Kind`, `content` as in CASE 1.1."""

    kind: str
    identifier: str
    title: str
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class About:
    """What a version says of itself (CASE 1.1 `CFDocument`); empty where it says nothing.

    `language` is a BCP 47 tag, of the statements. `extra` holds the other fields of `CFDocument`.
    """

    creator: str = ""
    publisher: str = ""
    description: str = ""
    notes: str = ""
    official_source_url: str = ""
    language: str = "fr"
    framework_type: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


def check(lines: Sequence[Line]) -> tuple[Fault, ...]:
    """Return what keeps these items from being a tree, in the order of the lines."""
    kinds = {line.code: line.kind for line in lines if line.code}
    found = [*_repeated(lines), *_rank_faults(lines), *_loops(lines)]
    for line in lines:
        found.extend(_item_faults(line, kinds))
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))


def _text_faults(line: Line) -> Iterator[Fault]:
    for column, value, limit in (
        ("code", line.code, MAX_CODE),
        ("statement", line.statement, MAX_STATEMENT),
        ("statement_en", line.statement_en, MAX_STATEMENT),
        ("source", line.source, MAX_SOURCE),
    ):
        if not value and column in {"code", "statement"}:
            yield Fault(line.line, column, value, "missing")
        if len(value) > limit:
            yield Fault(line.line, column, value[:MAX_CODE], "too_long", {"limit": limit})
        if CONTROL.search(value):
            yield Fault(line.line, column, CONTROL.sub("", value)[:MAX_CODE], "control_character")
    if line.source and not line.source.startswith(ADDRESSES):
        yield Fault(line.line, "source", line.source[:MAX_CODE], "not_an_address")


def _item_faults(line: Line, kinds: Mapping[str, str]) -> Iterator[Fault]:
    yield from _text_faults(line)
    if line.parent and line.parent not in kinds:
        yield Fault(line.line, "parent", line.parent, "unknown_parent")
    elif line.kind and line.kind not in UNDER.get(kinds.get(line.parent, ""), ()):
        facts = {"kind": line.kind, "under": kinds.get(line.parent, "")}
        yield Fault(line.line, "parent", line.parent, "kind_not_allowed", facts)
    if line.credits is not None:
        yield from _credit_faults(line)


def _credit_faults(line: Line) -> Iterator[Fault]:
    if line.kind != UNIT:
        yield Fault(line.line, "credits", str(line.credits), "credits_not_of_unit")
    elif not 0 <= (line.credits or 0) <= MAX_CREDITS:
        facts = {"limit": int(MAX_CREDITS)}
        yield Fault(line.line, "credits", str(line.credits), "credits_out_of_range", facts)
    elif (line.credits or 0) % TENTH:
        yield Fault(line.line, "credits", str(line.credits), "credits_too_fine")


def _repeated(lines: Sequence[Line]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for place, line in enumerate(lines):
        for column, value in (("code", line.code), ("identifier", line.identifier)):
            if value and (met := seen.setdefault((column, value), place)) != place:
                first = lines[met].line
                yield Fault(line.line, column, value, f"repeated_{column}", {"first": first})


def _rank_faults(lines: Sequence[Line]) -> Iterator[Fault]:
    """Levels are passed in order: two levels of a competency never share a rank."""
    seen: set[tuple[str, int]] = set()
    for line in lines:
        if line.kind != LEVEL:
            continue
        if (line.parent, line.rank) in seen:
            yield Fault(line.line, "code", line.code, "rank_twice", {"rank": line.rank})
        seen.add((line.parent, line.rank))


def _loops(lines: Sequence[Line]) -> Iterator[Fault]:
    """Find the items that are above themselves, and those that stand deeper than `DEEPEST`."""
    parents = {line.code: line.parent for line in lines if line.code}
    depths: dict[str, int] = {"": 0}
    looped: set[str] = set()
    for code in parents:
        path: list[str] = []
        place = code
        while place not in depths and place not in looped and place in parents:
            depths[place] = -1
            path.append(place)
            place = parents[place]
        if depths.get(place) == -1:
            looped.update(path[path.index(place) :])
        depth = max(depths.get(place, 0), 0)
        for step, passed in enumerate(reversed(path), start=1):
            depths[passed] = depth + step
    for line in lines:
        if line.code in looped:
            yield Fault(line.line, "parent", line.parent, "loop")
        elif depths.get(line.code, 0) > DEEPEST:
            yield Fault(line.line, "parent", line.parent, "too_deep", {"limit": DEEPEST})


def missing(lines: Sequence[Line], *, has_levels: bool) -> tuple[Fault, ...]:
    """Return what keeps a draft from being published, besides an unsound tree.

    A framework needs a competency; a school's (`has_levels`) needs levels under each competency
    and critical learnings under each level, since levels are what assessors give.
    """
    parents = {(line.parent, line.kind) for line in lines}
    needs = {COMPETENCY: LEVEL, LEVEL: LEARNING} if has_levels else {}
    found = [
        Fault(line.line, "code", line.code, f"without_{needs[line.kind]}")
        for line in lines
        if line.kind in needs and (line.code, needs[line.kind]) not in parents
    ]
    if not any(line.kind == COMPETENCY for line in lines):
        found.append(Fault(0, "code", "", "without_competency"))
    return tuple(found)
