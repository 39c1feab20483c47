"""Identifiers of a file that belong to another framework already, and the ones given instead."""

import uuid
from collections.abc import Collection
from dataclasses import replace

from reseda.competencies.domain.case.terms import renamed
from reseda.competencies.domain.changes import Told


def item_identifiers(told: Told) -> list[str]:
    """Return the identifiers that a file gives to its items."""
    return [line.identifier for line in told.lines if line.identifier]


def link_identifiers(told: Told) -> list[str]:
    """Return the identifiers that a file gives to its links, those of the tree included."""
    placed = [line.parent_link for line in told.lines if line.parent_link]
    return [*placed, *(link.identifier for link in told.links or () if link.identifier)]


def freed(
    told: Told, *, framework: str, items: Collection[str] = (), links: Collection[str] = ()
) -> Told:
    """Say the same with identifiers that nobody uses; `items` and `links` are those taken.

    What stands for an identifier depends on it and on the framework alone: the same file gives the
    same ones at each import.
    """
    if not items and not links:
        return told
    space = uuid.UUID(framework)

    def own(key: str, taken: Collection[str]) -> str:
        return str(uuid.uuid5(space, key)) if key in taken else key

    lines = tuple(
        replace(
            line, identifier=own(line.identifier, items), parent_link=own(line.parent_link, links)
        )
        for line in told.lines
    )
    found = told.links and tuple(
        replace(link, identifier=own(link.identifier, links)) for link in told.links
    )
    said = told.terms and tuple(
        replace(term, content=renamed(term.content, lambda key: own(key, items)))
        for term in told.terms
    )
    return replace(told, lines=lines, links=found, terms=said)
