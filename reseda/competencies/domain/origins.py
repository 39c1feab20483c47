"""A framework drawn from another: its words, identifiers of its own, where each item is from."""

from collections.abc import Callable
from dataclasses import replace

from reseda.competencies.domain.changes import Changes, Known
from reseda.competencies.domain.framework import Link

EXACT_MATCH = "exactMatchOf"


def derived(known: Known, *, address: Callable[[str], str], fresh: Callable[[], str]) -> Changes:
    """Return what makes an empty draft say what another framework says.

    `address` gives the address of an item by its identifier, `fresh` a new identifier. Items, links
    and terms get new ones; every item is an `exactMatchOf` the one that it comes from.
    """
    lines = tuple(replace(line, identifier="", parent_link="") for line in known.lines)
    comes_from = (
        Link(
            EXACT_MATCH,
            line.code,
            "",
            {
                "title": line.statement,
                "identifier": line.identifier,
                "uri": address(line.identifier),
            },
        )
        for line in known.lines
    )
    return Changes(
        created=lines,
        lines=lines,
        links=(*(replace(link, identifier="") for link in known.links), *comes_from),
        terms=tuple(replace(term, identifier=fresh()) for term in known.terms),
        about=known.about,
    )
