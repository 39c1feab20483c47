"""What a version says, as the pure rules and the formats of exchange take it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from reseda.competencies.domain.changes import Known
from reseda.competencies.domain.framework import About, Line, Link, Term
from reseda.competencies.models import Definition, FrameworkVersion, Item
from reseda.competencies.queries.frameworks import Node, tree


def lines(version: FrameworkVersion) -> list[Line]:
    """Return the items of a version as lines of a file, parents first (one query)."""
    return lines_of(tree(version))


def lines_of(nodes: Sequence[Node]) -> list[Line]:
    """Return the items of a tree as lines of a file, parents first."""
    return [one for node in _ranked(nodes) for one in _lines(node, "")]


def known(version: FrameworkVersion) -> Known:
    """Return all that a version says: items, links, terms, notice (three queries)."""
    nodes = tree(version)
    codes: dict[int | None, str] = {None: "", **dict(_codes(nodes))}
    links = version.associations.values_list(
        "kind",
        "origin_id",
        "destination_id",
        # As text: most say nothing here, and need not be read.
        Cast("outside", models.TextField()),
        "identifier",
        "rank",
        Cast("extra", models.TextField()),
    )
    return Known(
        tuple(lines_of(nodes)),
        tuple(
            Link(kind, codes[start], codes[end], _read(outside), str(key), rank, _read(extra))
            for kind, start, end, outside, key, rank, extra in links
        ),
        tuple(
            Term(term.kind, str(term.identifier), term.title, term.content)
            for term in version.definitions.all()
        ),
        known_about(version),
    )


def known_about(version: FrameworkVersion) -> About:
    """Return what a version says of itself."""
    return About(**version.about)


@dataclass(frozen=True)
class Terms:
    """The licence and the subjects of a version."""

    licence: Definition | None
    subjects: tuple[Definition, ...]

    @property
    def licence_text(self) -> str:
        """The text of the licence, as CASE 1.1 holds it."""
        return str(self.licence.content.get("licenseText", "")) if self.licence else ""


def terms(version: FrameworkVersion) -> Terms:
    """Return the licence and the subjects of a version (one query)."""
    found = list(version.definitions.filter(kind__in=["license", "subject"]).order_by("pk"))
    return Terms(
        next((one for one in found if one.kind == Definition.Kind.LICENSE), None),
        tuple(one for one in found if one.kind == Definition.Kind.SUBJECT),
    )


def _codes(nodes: Iterable[Node]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        yield node.item.pk, node.item.code
        yield from _codes(node.children)


def _read(text: str) -> dict[str, Any]:
    return json.loads(text) if text != "{}" else {}


def _ranked(nodes: Sequence[Node]) -> Iterator[tuple[int, Node]]:
    return enumerate(nodes, start=1)


def _lines(ranked: tuple[int, Node], parent: str) -> Iterator[Line]:
    rank, node = ranked
    yield line(node.item, parent=parent, rank=rank)
    for child in _ranked(node.children):
        yield from _lines(child, node.item.code)


def line(item: Item, *, parent: str = "", rank: int = 0) -> Line:
    """Return an item as a line of a file; its own rank unless another is given."""
    return Line(
        item.code,
        parent,
        item.kind,
        item.statement,
        item.statement_en,
        rank or item.rank,
        str(item.identifier),
        credits=item.credits,
        source=item.source_uri,
        parent_link=str(item.parent_link or ""),
        extra=item.extra,
    )
