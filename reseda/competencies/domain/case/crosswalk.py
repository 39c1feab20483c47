"""A published crosswalk as a package of CASE 1.1: links between two frameworks, and no item.

The origin of a link is what the reserve develops, its destination what the school expects. CASE
has no type for a partial or a complementary match: profile `core` says the nearest of its own,
profile `ext` a type of ours, that a reader takes for `isRelatedTo`. "No match" has no form there.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from reseda.competencies.domain.case import build, objects
from reseda.competencies.domain.case.build import Identity
from reseda.competencies.domain.case.own import CROSSWALK_TYPE, OWN, derived
from reseda.competencies.domain.framework import About
from reseda.competencies.domain.judgement import NONE, PARTIAL, TOTAL

CORE, EXT = "core", "ext"


@dataclass(frozen=True)
class Node:
    """An item of one of the two frameworks, and where it is served."""

    title: str
    identifier: str
    uri: str


@dataclass(frozen=True)
class Pair:
    """What was decided of two items: a relation, the share of the destination that is covered (in
    percent, of a partial match), whether the origin stands whole within it, and why.
    """

    identifier: str
    origin: Node
    destination: Node
    relation: str
    coverage: int | None = None
    is_within: bool = False
    rationale: str = ""
    changed_at: datetime.datetime | None = None


def build_crosswalk(
    identity: Identity, pairs: Sequence[Pair], *, note: str = "", profile: str = CORE
) -> objects.CFPackage:
    """Build the package of a version of a crosswalk; pairs without a match are left out."""
    links = [pair_link(identity, pair, profile=profile) for pair in pairs if pair.relation != NONE]
    return objects.CFPackage(
        cf_document=build.document(identity, about(note)),
        cf_associations=links or msgspec.UNSET,
        cf_definitions=objects.CFDefinition(cf_association_groupings=[grouping(identity)]),
    )


def about(note: str) -> About:
    """Return what the document of a crosswalk says of itself."""
    return About(description=note, framework_type=CROSSWALK_TYPE)


def pair_link(identity: Identity, pair: Pair, *, profile: str = CORE) -> objects.CFPckgAssociation:
    """Build the link of a pair that has a match."""
    group = grouping(identity)
    said: dict[str, Any] = {
        "identifier": pair.identifier,
        "uri": identity.address("CFAssociations", pair.identifier),
        "lastChangeDateTime": build.in_utc(pair.changed_at or identity.changed_at),
        "associationType": association_type(pair, profile=profile),
        "originNodeURI": _end(pair.origin),
        "destinationNodeURI": _end(pair.destination),
        "CFAssociationGroupingURI": {
            "title": group.title,
            "identifier": group.identifier,
            "uri": group.uri,
        },
    }
    if pair.rationale:
        said["notes"] = pair.rationale
    if identity.has_extensions:
        told = {"relation": pair.relation, "isWithin": pair.is_within}
        covered = {} if pair.coverage is None else {"coverage": pair.coverage}
        said["extensions"] = {OWN: {**told, **covered}}
    return msgspec.convert(said, objects.CFPckgAssociation)


def association_type(pair: Pair, *, profile: str = CORE) -> str:
    """Return the type of link that says a relation."""
    if pair.relation == TOTAL:
        return "exactMatchOf"
    if profile == EXT:
        return "ext:convergentPartial" if pair.relation == PARTIAL else "ext:complementary"
    return "isPartOf" if pair.relation == PARTIAL and pair.is_within else "isRelatedTo"


def grouping(identity: Identity) -> objects.CFAssociationGrouping:
    """Build the group of all links of a version."""
    key = derived("grouping", identity.identifier, identity.version)
    said = {
        "identifier": key,
        "uri": identity.address("CFAssociationGroupings", key),
        "title": f"{identity.title} · v{identity.version}",
        "lastChangeDateTime": identity.moment,
    }
    return msgspec.convert(said, objects.CFAssociationGrouping)


def _end(node: Node) -> dict[str, str]:
    title = build.shortened(node.title)
    return {"title": title, "identifier": node.identifier, "uri": node.uri}
