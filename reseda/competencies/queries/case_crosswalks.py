"""What programs read of published crosswalks: each is a document with links and no item.

A crosswalk is served as the latest version of it that was published. Nobody is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from reseda.competencies.domain.case import crosswalk as building
from reseda.competencies.domain.case.build import Identity
from reseda.competencies.domain.case.crosswalk import Node, Pair
from reseda.competencies.models import Crosswalk, CrosswalkVersion, Item, Mapping, Relation
from reseda.competencies.queries.case import (
    PUBLISHED,
    identity_of,
    item_address,
    service_address,
    status_of,
)

# What CASE can say: neither a pair whose reviewers differ, nor one that has no match.
SAID = ~Q(relation__in=("", Relation.NONE))


@dataclass(frozen=True)
class ServedCrosswalk:
    """A version of a crosswalk as it is served, and who it is in CASE."""

    version: CrosswalkVersion
    identity: Identity

    @property
    def changed_at(self) -> datetime:
        """When it was last published or retired."""
        return self.identity.moment


def address(crosswalk: Crosswalk) -> str:
    """Return the address of the document of a crosswalk, "" until it is published (one query)."""
    if not crosswalk.versions.filter(PUBLISHED).exists():
        return ""
    return f"{service_address()}/CFDocuments/{crosswalk.identifier}"


def served(*, has_extensions: bool = False) -> Iterator[ServedCrosswalk]:
    """Return every published crosswalk, by title (one query)."""
    for version in _latest().order_by("crosswalk__title", "crosswalk__identifier"):
        yield as_served(version, has_extensions=has_extensions)


def crosswalk(key: UUID, *, has_extensions: bool = False) -> ServedCrosswalk | None:
    """Return a published crosswalk by its identifier (one query)."""
    version = _latest().filter(crosswalk__identifier=key).first()
    return as_served(version, has_extensions=has_extensions) if version else None


def as_served(version: CrosswalkVersion, *, has_extensions: bool = False) -> ServedCrosswalk:
    """Say who a published version is in CASE."""
    facts = {**status_of(version), "has_extensions": has_extensions}
    return ServedCrosswalk(version, identity_of(version.crosswalk, facts))


def pairs(one: ServedCrosswalk) -> list[Pair]:
    """Return what was decided of each pair that has a match (one query)."""
    return [_pair(mapping) for mapping in _mappings().filter(version=one.version)]


def links_of(item: UUID, *, has_extensions: bool = False) -> list[tuple[ServedCrosswalk, Pair]]:
    """Return the pairs that an item is an end of, in every published crosswalk (one query)."""
    ends = Q(origin__identifier=item) | Q(destination__identifier=item)
    return [
        (as_served(mapping.version, has_extensions=has_extensions), _pair(mapping))
        for mapping in _of_latest().filter(ends)
    ]


def link(key: UUID, *, has_extensions: bool = False) -> tuple[ServedCrosswalk, Pair] | None:
    """Return a pair by its identifier (one query)."""
    mapping = _of_latest().filter(identifier=key).first()
    if mapping is None:
        return None
    return as_served(mapping.version, has_extensions=has_extensions), _pair(mapping)


def grouping(key: UUID) -> ServedCrosswalk | None:
    """Return the published version whose links are of this grouping (one query)."""
    versions = CrosswalkVersion.objects.filter(PUBLISHED).select_related("crosswalk__school")
    for version in versions.order_by("pk"):
        one = as_served(version)
        if building.grouping(one.identity).identifier == str(key):
            return one
    return None


def _latest() -> QuerySet[CrosswalkVersion]:
    later = CrosswalkVersion.objects.filter(
        PUBLISHED, crosswalk=OuterRef("crosswalk"), number__gt=OuterRef("number")
    )
    found = CrosswalkVersion.objects.filter(PUBLISHED, ~Exists(later))
    return found.select_related("crosswalk__school")


def _mappings() -> QuerySet[Mapping]:
    return Mapping.objects.filter(SAID).select_related("origin", "destination").order_by("pk")


def _of_latest() -> QuerySet[Mapping]:
    latest = _latest().values("pk")
    return _mappings().filter(version__in=latest).select_related("version__crosswalk__school")


def _pair(mapping: Mapping) -> Pair:
    return Pair(
        str(mapping.identifier),
        _node(mapping.origin),
        _node(mapping.destination),
        relation=mapping.relation,
        coverage=mapping.coverage,
        is_within=mapping.is_within,
        rationale=mapping.rationale,
        changed_at=mapping.changed_at,
    )


def _node(end: Item) -> Node:
    return Node(end.statement, str(end.identifier), item_address(end.identifier))
