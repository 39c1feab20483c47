"""What a version says, as the pure rules and the formats of exchange take it."""

from collections.abc import Iterator

from reseda.competencies.domain.changes import Known
from reseda.competencies.domain.framework import About, Line, Link, Term
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.queries.frameworks import Node, tree


def lines(version: FrameworkVersion) -> list[Line]:
    """Return the items of a version as lines of a file, parents first (one query)."""
    return [line for node in _ranked(tree(version)) for line in _lines(node, "")]


def known(version: FrameworkVersion) -> Known:
    """Return all that a version says: items, links, terms, notice (three queries)."""
    told = lines(version)
    codes = {line.identifier: line.code for line in told}
    links = version.associations.values_list(
        "kind",
        "origin__identifier",
        "destination__identifier",
        "outside",
        "identifier",
        "rank",
        "extra",
    )
    return Known(
        tuple(told),
        tuple(
            Link(kind, codes.get(str(start), ""), codes.get(str(end), ""), outside, str(key), *rest)
            for kind, start, end, outside, key, *rest in links
        ),
        tuple(
            Term(term.kind, str(term.identifier), term.title, term.content)
            for term in version.definitions.all()
        ),
        About(**version.about),
    )


def _ranked(nodes: tuple[Node, ...]) -> Iterator[tuple[int, Node]]:
    return enumerate(nodes, start=1)


def _lines(ranked: tuple[int, Node], parent: str) -> Iterator[Line]:
    rank, node = ranked
    item = node.item
    yield Line(
        item.code,
        parent,
        item.kind,
        item.statement,
        item.statement_en,
        rank,
        str(item.identifier),
        credits=item.credits,
        source=item.source_uri,
        parent_link=str(item.parent_link or ""),
        extra=item.extra,
    )
    for child in _ranked(node.children):
        yield from _lines(child, item.code)
