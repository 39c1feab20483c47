"""What programs read of published frameworks and crosswalks: the calls of CASE 1.1.

A framework is served as the latest version of it that was published; what it no longer has stays
reachable by its identifier, with the day it went. No draft is ever looked at: what is not published
is sought and not found like anything that does not exist.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from reseda.competencies.domain.case import build, own, selection
from reseda.competencies.domain.case.build import PATH, Gone, Identity
from reseda.competencies.domain.changes import Known
from reseda.competencies.domain.framework import About, Line, Link, Term
from reseda.competencies.models import (
    Association,
    Crosswalk,
    Definition,
    Framework,
    FrameworkVersion,
    Item,
)
from reseda.competencies.queries.known import known, line

# Ever published: a draft is the only state that nobody outside may know of.
PUBLISHED = ~Q(status="draft")
OF_PUBLISHED = ~Q(version__status="draft")


@dataclass(frozen=True)
class Served:
    """A framework as it is served: its latest published version, and who it is in CASE."""

    version: FrameworkVersion
    identity: Identity

    @property
    def about(self) -> About:
        """What it says of itself."""
        return About(**self.version.about)

    @property
    def changed_at(self) -> datetime:
        """When it was last published or retired."""
        return self.identity.moment


@dataclass(frozen=True)
class Found:
    """An item as it was last published; `ended_on` is the day it went, None while it stands."""

    item: Item
    served: Served
    ended_on: date | None = None


@dataclass(frozen=True)
class Placed:
    """The place of an item in the tree: under its parent, or at the top."""

    served: Served
    line: Line
    parent: Line | None


@dataclass(frozen=True)
class Linked:
    """A link beside the tree, with the ends of it that are items."""

    served: Served
    link: Link
    origin: Line | None
    destination: Line | None


# --- Addresses


def service_address() -> str:
    """Return the address of the service, as programs outside reach it."""
    return f"{settings.PUBLIC_URL}{PATH}"


def address(framework: Framework) -> str:
    """Return the address of the document of a framework, "" until it is published (one query)."""
    if not framework.versions.filter(PUBLISHED).exists():
        return ""
    return f"{service_address()}/CFDocuments/{framework.identifier}"


def item_address(identifier: UUID | str) -> str:
    """Return where an item is served once it is published."""
    return f"{service_address()}/CFItems/{identifier}"


def site() -> Identity:
    """Return who stands for what every framework shares: the types of our kinds of items."""
    return Identity(settings.PUBLIC_URL, "", "", "", own.WRITTEN_AT)


# --- Frameworks


def served(*, has_extensions: bool = False) -> Iterator[Served]:
    """Return every published framework, by title (one query)."""
    for version in _latest().order_by("framework__title", "framework__identifier"):
        yield _as_served(version, has_extensions=has_extensions)


def framework(key: UUID, *, has_extensions: bool = False) -> Served | None:
    """Return a published framework by its identifier (one query)."""
    version = _latest().filter(framework__identifier=key).first()
    return _as_served(version, has_extensions=has_extensions) if version else None


def contents(one: Served) -> tuple[Known, list[Gone]]:
    """Return all that a framework says, and what it no longer has (five queries)."""
    return known(one.version), [Gone(line(item), ended_on) for item, ended_on in _gone(one.version)]


def _latest() -> QuerySet[FrameworkVersion]:
    """The latest published version of each framework, with what tells if it is bilingual."""
    later = FrameworkVersion.objects.filter(
        PUBLISHED, framework=OuterRef("framework"), number__gt=OuterRef("number")
    )
    items = Item.objects.filter(version=OuterRef("pk"))
    return (
        FrameworkVersion.objects.filter(PUBLISHED, ~Exists(later))
        .select_related("framework__school")
        .annotate(
            says_english=Exists(items.exclude(statement_en="")),
            has_labels=Exists(items.filter(extra__has_key="alternativeLabel")),
        )
    )


def _as_served(version: FrameworkVersion, *, has_extensions: bool) -> Served:
    is_bilingual = (
        version.about.get("framework_type", "") in {"", own.FRAMEWORK_TYPE}
        and version.says_english  # type: ignore[attr-defined]  # annotated by _latest
        and not version.has_labels  # type: ignore[attr-defined]  # annotated by _latest
    )
    facts = {"is_bilingual": is_bilingual, "has_extensions": has_extensions}
    return Served(version, identity_of(version.framework, {**status_of(version), **facts}))


def identity_of(whole: Framework | Crosswalk, facts: Mapping[str, Any]) -> Identity:
    """Return who a framework or a crosswalk is in CASE; `facts` are the other fields."""
    return Identity(
        base=settings.PUBLIC_URL,
        identifier=str(whole.identifier),
        title=whole.title,
        creator=whole.school.name,
        title_en=whole.title_en,
        **facts,
    )


def status_of(version: Any) -> dict[str, Any]:
    """Return what the dates of a published version, of a framework or a crosswalk, say of it."""
    retired_at = version.retired_at
    return {
        "version": str(version.number),
        "status": build.DEPRECATED if retired_at else build.ADOPTED,
        "started_on": timezone.localdate(version.published_at),
        "ended_on": timezone.localdate(retired_at) if retired_at else None,
        "changed_at": retired_at or version.published_at,
    }


def _gone(version: FrameworkVersion) -> Iterator[tuple[Item, date]]:
    """Return the items of earlier versions that this one has not, as last published, with the day
    of the version that let them go (two queries).
    """
    versions = _days(version.framework_id)
    here = Item.objects.filter(version=version).values("identifier")
    earlier = (
        Item.objects.filter(
            OF_PUBLISHED,
            version__framework=version.framework_id,
            version__number__lt=version.number,
        )
        .exclude(identifier__in=here)
        .select_related("version")
        .order_by("-version__number", "rank", "pk")
    )
    met: set[UUID] = set()
    for item in earlier:
        if item.identifier not in met:
            met.add(item.identifier)
            yield item, _left_on(item, versions)


def _days(framework: int) -> list[tuple[int, date]]:
    """The numbers of the published versions of a framework, and the days they were (one query)."""
    rows = (
        FrameworkVersion.objects.filter(PUBLISHED, framework=framework)
        .order_by("number")
        .values_list("number", "published_at")
    )
    return [(number, timezone.localdate(moment)) for number, moment in rows]


def _left_on(item: Item, versions: Iterable[tuple[int, date]]) -> date:
    return next(day for number, day in versions if number > item.version.number)


# --- Items


def item(key: UUID, *, has_extensions: bool = False) -> Found | None:
    """Return an item as it was last published (two queries, three once it is gone)."""
    return _found(Item.objects.filter(identifier=key), has_extensions=has_extensions)


def _found(items: QuerySet[Item], *, has_extensions: bool) -> Found | None:
    last = _last(items)
    if last is None:
        return None
    version = _latest().get(framework=last.version.framework_id)
    one = _as_served(version, has_extensions=has_extensions)
    if last.version_id == version.pk:
        return Found(last, one)
    return Found(last, one, _left_on(last, _days(version.framework_id)))


def _last(items: QuerySet[Item]) -> Item | None:
    """The latest published of these; where two frameworks share them, the older one answers."""
    return (
        items.filter(OF_PUBLISHED)
        .select_related("version", "parent")
        .order_by("version__framework_id", "-version__number", "pk")
        .first()
    )


def line_of(found: Found) -> Line:
    """Return an item as the builders of CASE take it."""
    return line(found.item)


# --- Links


def links_of(found: Found) -> list[Placed | Linked]:
    """Return the links that an item is an end of: its place, its children, then the links beside
    the tree (three queries). An item that is gone only keeps its place.
    """
    links: list[Placed | Linked] = [_place(found)]
    if found.ended_on:
        return links
    item, here = line(found.item), found.served
    children = found.item.children.order_by("rank", "pk")
    links += [
        Placed(here, line(child, rank=rank), item) for rank, child in enumerate(children, start=1)
    ]
    beside = _beside(found.served.version).filter(Q(origin=found.item) | Q(destination=found.item))
    return [*links, *(_linked(here, one) for one in beside)]


def link(key: UUID, *, has_extensions: bool = False) -> Placed | Linked | None:
    """Return a link by its identifier, the tree's or another (four queries at most, five once
    its item is gone).
    """
    beside = (
        Association.objects.filter(OF_PUBLISHED, identifier=key, version__in=_latest().values("pk"))
        .select_related("origin", "destination")
        .order_by("version__framework_id", "pk")
        .first()
    )
    if beside is not None:
        version = _latest().get(pk=beside.version_id)
        return _linked(_as_served(version, has_extensions=has_extensions), beside)
    derived = Q(identifier=own.link_identifier(str(key)), parent_link__isnull=True)
    found = _found(Item.objects.filter(Q(parent_link=key) | derived), has_extensions=has_extensions)
    return _place(found) if found else None


def _place(found: Found) -> Placed:
    """The link that places an item in the tree; a parent that changed says its latest words."""
    item = found.item
    siblings = Item.objects.filter(version=item.version_id, parent=item.parent_id)
    order = [*siblings.order_by("rank", "pk").values_list("pk", flat=True)]
    parent = item.parent
    if parent is not None and found.ended_on:
        parent = _last(Item.objects.filter(identifier=parent.identifier))
    return Placed(
        found.served,
        line(item, rank=order.index(item.pk) + 1),
        line(parent) if parent else None,
    )


def _beside(version: FrameworkVersion) -> QuerySet[Association]:
    return version.associations.select_related("origin", "destination").order_by("pk")


def _linked(one: Served, beside: Association) -> Linked:
    told = Link(
        beside.kind,
        "",
        "",
        beside.outside,
        str(beside.identifier),
        beside.rank,
        beside.extra,
    )
    origin, destination = beside.origin, beside.destination
    return Linked(
        one,
        told,
        line(origin) if origin else None,
        line(destination) if destination else None,
    )


# --- Terms


def term(kind: str, key: UUID, *, has_extensions: bool = False) -> tuple[Served, Definition] | None:
    """Return a term that a framework defines, as last published (two queries)."""
    defined = (
        Definition.objects.filter(OF_PUBLISHED, kind=kind, identifier=key)
        .select_related("version")
        .order_by("version__framework_id", "-version__number", "pk")
        .first()
    )
    if defined is None:
        return None
    version = _latest().get(framework=defined.version.framework_id)
    return _as_served(version, has_extensions=has_extensions), defined


def under(defined: Definition) -> list[Definition]:
    """Return the terms whose hierarchy code starts with that of this one, in order (one query)."""
    above = _place_of(defined)
    others = defined.version.definitions.filter(kind=defined.kind).exclude(pk=defined.pk)
    placed = sorted(((_place_of(one), one.pk, one) for one in others), key=lambda one: one[:2])
    return [
        one
        for place, _pk, one in placed
        if above and len(place) > len(above) and place[: len(above)] == above
    ]


def _place_of(defined: Definition) -> tuple[tuple[int, str], ...]:
    return selection.place(str(defined.content.get("hierarchyCode", "")))


def told(defined: Definition) -> Term:
    """Return a term as the builders of CASE take it."""
    return Term(defined.kind, str(defined.identifier), defined.title, defined.content)
