"""A crosswalk as SSSOM, the simple standard for sharing mappings: a TSV under a YAML header.

Subject is what the reserve develops, object what the school expects: `skos:broadMatch` says that
the object is the broader of the two, so that it is said of an ability that is a part of what the
school expects. People are told by their part in the review alone.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from reseda.competencies.domain.judgement import (
    COMPLEMENTARY,
    DECIDED,
    NONE,
    PARTIAL,
    SETTLED,
    TOTAL,
    Decided,
    End,
    Opinion,
)

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "reviewer_label",
    "mapping_date",
    "comment",
    "other",
)
PREFIXES = {
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
}
ITEM = "item"
JUDGED_BY_PEOPLE = "semapv:ManualMappingCuration"
NOTHING = "sssom:NoTermFound"
# What SSSOM asks to be written where the authors say nothing of it.
NO_LICENCE = "https://w3id.org/sssom/license/unspecified"
EXACT, BROAD, CLOSE, RELATED = (
    "skos:exactMatch",
    "skos:broadMatch",
    "skos:closeMatch",
    "skos:relatedMatch",
)


@dataclass(frozen=True)
class Set:
    """A version of a crosswalk as a set of mappings.

    `address` is where its document is served, `items` where items are, with a final slash; a source
    is the address of a framework with the number of its version.
    """

    address: str
    items: str
    title: str
    version: str
    creator: str
    source: tuple[str, str]
    target: tuple[str, str]
    description: str = ""
    published_on: date | None = None


def write(about: Set, decided: Sequence[Decided], destinations: int) -> bytes:
    """Return the TSV, in UTF-8, of the pairs that have their outcome.

    A pair without a match is not written: an origin that has none with any of the `destinations`
    has a single row, whose object is `sssom:NoTermFound`.
    """
    text = io.StringIO(newline="")
    header = yaml.safe_dump(_about(about), allow_unicode=True, sort_keys=False, width=10_000)
    text.writelines(f"#{line}\n" for line in header.splitlines())
    writer = csv.DictWriter(text, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(decided, destinations))
    return text.getvalue().encode()


def rows(decided: Sequence[Decided], destinations: int) -> Iterator[Mapping[str, str]]:
    """Return the rows of the table, in the order of the pairs."""
    known = [one for one in decided if one.opinion and one.state in DECIDED]
    refused: dict[str, list[Decided]] = defaultdict(list)
    for one in known:
        if one.opinion and one.opinion.relation == NONE:
            refused[one.origin.identifier].append(one)
    for one in known:
        if one.opinion and one.opinion.relation != NONE:
            yield _row(one, one.opinion)
            continue
        others = refused[one.origin.identifier]
        if len(others) == destinations and one is others[-1]:
            yield _nothing(others)


def predicate(opinion: Opinion) -> str:
    """Say the relation of an origin to a destination as a SKOS mapping property."""
    if opinion.relation == PARTIAL:
        return BROAD if opinion.is_within else CLOSE
    return {TOTAL: EXACT, COMPLEMENTARY: RELATED}[opinion.relation]


def _about(about: Set) -> dict[str, Any]:
    told = {
        "mapping_set_id": about.address,
        "mapping_set_title": about.title,
        "mapping_set_version": about.version,
        "mapping_set_description": about.description,
        "license": NO_LICENCE,
        "creator_label": [about.creator],
        "subject_source": about.source[0],
        "subject_source_version": about.source[1],
        "object_source": about.target[0],
        "object_source_version": about.target[1],
        "publication_date": about.published_on,
        "mapping_tool": "Réséda",
        "curie_map": {ITEM: about.items, **PREFIXES},
    }
    return {name: value for name, value in told.items() if value}


def _row(one: Decided, opinion: Opinion) -> dict[str, str]:
    return {
        **_subject(one.origin),
        "predicate_id": predicate(opinion),
        "object_id": f"{ITEM}:{one.destination.identifier}",
        "object_label": _plain(one.destination.statement),
        **_judged(one),
        "mapping_date": one.changed_on.isoformat(),
        "comment": _plain(one.rationale),
        "other": "" if opinion.coverage is None else f"coverage={opinion.coverage}",
    }


def _nothing(others: Sequence[Decided]) -> dict[str, str]:
    """Say that people looked for a counterpart everywhere, and that there is none."""
    last = max(others, key=lambda one: one.changed_on)
    return {
        **_subject(last.origin),
        "predicate_id": RELATED,
        "object_id": NOTHING,
        **_judged(last),
        "mapping_date": last.changed_on.isoformat(),
    }


def _subject(origin: End) -> dict[str, str]:
    return {
        "subject_id": f"{ITEM}:{origin.identifier}",
        "subject_label": _plain(origin.statement),
    }


def _judged(one: Decided) -> dict[str, str]:
    people = (f"reviewer {rank}" for rank in range(1, len(one.opinions) + 1))
    return {
        "mapping_justification": JUDGED_BY_PEOPLE,
        "author_label": "|".join(people),
        "reviewer_label": "arbiter" if one.state == SETTLED else "",
    }


def _plain(text: str) -> str:
    """Put a text on one line: cells of the format hold neither tabs nor ends of lines."""
    return " ".join(text.split())
