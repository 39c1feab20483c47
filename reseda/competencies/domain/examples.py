"""The frameworks written for this product, numbered and named: what a school may start from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.framework import RELATED, About, Line, Link

# What a competency is made of, in the order in which it is told: key of the file, letter, kind.
PARTS = (
    ("components", "E", rules.COMPONENT),
    ("situations", "S", rules.FAMILY),
    ("indicators", "I", rules.INDICATOR),
    ("resources", "R", rules.RESOURCE),
)
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """What an example says of a school; its identifiers are the same each time it is loaded."""

    identifier: UUID
    lines: tuple[Line, ...]
    links: tuple[Link, ...]
    about: About


def example(told: Words, *, owner: str) -> Example:
    """Number what a file says: B1, C1, C1-N1, C1-N1-A1, UE1; `owner` tells its school apart."""
    space = uuid5(NAMESPACE_URL, f"urn:reseda:example:{owner}:{told['kind']}")
    return Example(
        identifier=space,
        lines=tuple(_named(space, line) for line in (*_top(told), *_units(told))),
        links=tuple(_links(space, told)),
        about=About(description=told.get("description", "")),
    )


def _named(space: UUID, line: Line) -> Line:
    return Line(**{**vars(line), "identifier": str(uuid5(space, line.code))})


def _top(told: Words) -> Iterator[Line]:
    blocks = {
        place: (f"B{rank}", order)
        for rank, block in enumerate(told.get("blocks", ()), start=1)
        for order, place in enumerate(block["competencies"], start=1)
    }
    for rank, block in enumerate(told.get("blocks", ()), start=1):
        yield Line(f"B{rank}", "", rules.BLOCK, block["fr"], block["en"], rank)
    for place, competency in enumerate(told["competencies"], start=1):
        parent, rank = blocks.get(place, ("", place))
        yield from _competency(f"{told.get('letter', 'C')}{place}", parent, rank, competency)


def _competency(code: str, parent: str, rank: int, told: Words) -> Iterator[Line]:
    yield Line(code, parent, rules.COMPETENCY, told["fr"], told["en"], rank)
    before = 0
    for name, letter, kind in PARTS:
        rows = told.get(name, ())
        yield from _parts(code, letter, kind, rows, before)
        before += len(rows)
    for step, level in enumerate(told.get("levels", ()), start=1):
        under = f"{code}-N{step}"
        yield Line(under, code, rules.LEVEL, level["fr"], level["en"], before + step)
        yield from _parts(under, "A", rules.LEARNING, level["learnings"])


def _parts(
    code: str, letter: str, kind: str, rows: Sequence[Sequence[str]], before: int = 0
) -> Iterator[Line]:
    for place, (french, english) in enumerate(rows, start=1):
        yield Line(f"{code}-{letter}{place}", code, kind, french, english, before + place)


def _units(told: Words) -> Iterator[Line]:
    """Teaching units come after the blocks, each with its credits and what it draws on."""
    first = len(told.get("blocks", ())) or len(told["competencies"])
    for place, unit in enumerate(told.get("units", ()), start=1):
        code, words, ects = f"UE{place}", (unit["fr"], unit["en"]), Decimal(unit["credits"])
        yield Line(code, "", rules.UNIT, *words, first + place, credits=ects)
        yield from _parts(code, "R", rules.RESOURCE, unit.get("resources", ()))


def _links(space: UUID, told: Words) -> Iterator[Link]:
    """A teaching unit is related to each competency that it contributes to."""
    for place, unit in enumerate(told.get("units", ()), start=1):
        for competency in unit["contributes_to"]:
            ends = f"UE{place}", f"C{competency}"
            yield Link(RELATED, *ends, identifier=str(uuid5(space, "-".join(ends))))
