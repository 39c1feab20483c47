"""What makes a framework of competencies: the kinds, which stand under which, and a sound tree.

Vocabulary: competency, essential component, family of situations, level of development, critical
learning, resource (competency-based approach of French higher education).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, plain

COMPETENCY, COMPONENT, FAMILY = "competency", "component", "situation_family"
LEVEL, LEARNING, RESOURCE = "level", "critical_learning", "resource"
# Which kinds may stand under which; "" is the top of the tree.
UNDER: Mapping[str, tuple[str, ...]] = {
    "": (COMPETENCY,),
    COMPETENCY: (LEVEL, COMPONENT, FAMILY, RESOURCE),
    LEVEL: (LEARNING, RESOURCE),
    LEARNING: (RESOURCE,),
    COMPONENT: (),
    FAMILY: (),
    RESOURCE: (),
}
KINDS: dict[str, str] = {
    plain(word): kind
    for kind, words in {
        COMPETENCY: ("compétence", "competency", "capacité"),
        COMPONENT: (
            "composante essentielle",
            "composante",
            "essential component",
            "component",
            "indicateur",
        ),
        FAMILY: ("famille de situations", "famille", "family of situations", "situation family"),
        LEVEL: ("niveau", "niveau de développement", "level", "level of development"),
        LEARNING: ("apprentissage critique", "apprentissage", "critical learning"),
        RESOURCE: ("ressource", "resource"),
    }.items()
    for word in words
}
NAMES: dict[str, tuple[str, ...]] = {
    "code": ("code",),
    "parent": ("code parent", "parent", "parent code"),
    "kind": ("nature", "type", "kind"),
    "statement": (
        "libellé français",
        "énoncé français",
        "libellé",
        "français",
        "statement in french",
        "label fr",
    ),
    "statement_en": (
        "libellé anglais",
        "énoncé anglais",
        "anglais",
        "statement in english",
        "label en",
    ),
    "identifier": ("identifiant", "identifier", "uuid"),
}
REQUIRED = ("code", "parent", "kind", "statement")
MAX_CODE, MAX_STATEMENT = 40, 600
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Deeper than any sound tree: a longer loop is already refused for the kinds it holds.
DEEPEST = 8


@dataclass(frozen=True)
class Line:
    """One item as a file tells it: its parent by code ("" at the top), `rank` among its siblings.

    `line` is its place in the file, 0 when it does not come from one.
    """

    code: str
    parent: str
    kind: str
    statement: str
    statement_en: str = ""
    rank: int = 1
    identifier: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Changes:
    """What a file would do to a draft, before and after; `lines` is all that the file says."""

    created: tuple[Line, ...] = ()
    updated: tuple[tuple[Line, Line], ...] = ()
    removed: tuple[Line, ...] = ()
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether the draft already says what the file says."""
        return not (self.created or self.updated or self.removed or self.faults)


def read(data: bytes) -> tuple[list[Line], list[Fault]]:
    """Read a file of items, siblings ranked as they come; raises `sheets.Unreadable`."""
    table = sheets.read(data, NAMES, required=REQUIRED)
    ranks: Counter[str] = Counter()
    lines: list[Line] = []
    faults: list[Fault] = []
    for row in table.rows:
        cell = {name: table.value(row, name) for name in NAMES}
        kind = KINDS.get(plain(cell["kind"]))
        if kind is None:
            code = "unknown_kind" if cell["kind"] else "missing"
            faults.append(Fault(row.line, "kind", cell["kind"], code))
        if cell["identifier"] and not UUID.fullmatch(cell["identifier"].lower()):
            faults.append(Fault(row.line, "identifier", cell["identifier"], "not_an_identifier"))
        ranks[cell["parent"]] += 1
        cell |= {"kind": kind or "", "identifier": cell["identifier"].lower()}
        lines.append(Line(**cell, rank=ranks[cell["parent"]], line=row.line))
    return lines, faults


def check(lines: Sequence[Line]) -> tuple[Fault, ...]:
    """Return what keeps these items from being a tree, in the order of the lines."""
    kinds = {line.code: line.kind for line in lines if line.code}
    found = [*_repeated(lines), *_rank_faults(lines), *_loops(lines)]
    for line in lines:
        found.extend(_item_faults(line, kinds))
    return tuple(sorted(found, key=lambda fault: (fault.line, fault.column)))


def _item_faults(line: Line, kinds: Mapping[str, str]) -> Iterator[Fault]:
    for column, value, limit in (
        ("code", line.code, MAX_CODE),
        ("statement", line.statement, MAX_STATEMENT),
        ("statement_en", line.statement_en, MAX_STATEMENT),
    ):
        if not value and column != "statement_en":
            yield Fault(line.line, column, value, "missing")
        if len(value) > limit:
            yield Fault(line.line, column, value[:MAX_CODE], "too_long", {"limit": limit})
    if line.parent and line.parent not in kinds:
        yield Fault(line.line, "parent", line.parent, "unknown_parent")
    elif line.kind and line.kind not in UNDER.get(kinds.get(line.parent, ""), ()):
        facts = {"kind": line.kind, "under": kinds.get(line.parent, "")}
        yield Fault(line.line, "parent", line.parent, "kind_not_allowed", facts)


def _repeated(lines: Sequence[Line]) -> Iterator[Fault]:
    seen: dict[tuple[str, str], int] = {}
    for line in lines:
        for column, value in (("code", line.code), ("identifier", line.identifier)):
            if value and seen.setdefault((column, value), line.line) != line.line:
                first = seen[column, value]
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
    """Find the items that are, from parent to parent, above themselves."""
    parents = {line.code: line.parent for line in lines if line.code}
    for line in lines:
        place = line.parent
        for _step in range(DEEPEST):
            if place not in parents or place == line.code:
                break
            place = parents[place]
        if place == line.code and place:
            yield Fault(line.line, "parent", line.parent, "loop")


def compare(lines: Iterable[Line], known: Iterable[Line]) -> Changes:
    """Say what would change of `known`; an item is followed by its identifier, else by its code."""
    told = tuple(lines)
    by_identifier = {line.identifier: line for line in known if line.identifier}
    by_code = {line.code: line for line in by_identifier.values()}
    created, updated, kept = [], [], set()
    unchanged = 0
    for line in told:
        was = by_identifier.get(line.identifier) or by_code.get(line.code)
        if was is None or was.identifier in kept:
            created.append(line)
            continue
        kept.add(was.identifier)
        if _same(was, line):
            unchanged += 1
        else:
            updated.append((was, line))
    removed = tuple(line for key, line in by_identifier.items() if key not in kept)
    return Changes(tuple(created), tuple(updated), removed, unchanged, lines=told)


def _same(was: Line, now: Line) -> bool:
    names = ("code", "parent", "kind", "statement", "statement_en", "rank")
    return all(getattr(was, name) == getattr(now, name) for name in names)


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
