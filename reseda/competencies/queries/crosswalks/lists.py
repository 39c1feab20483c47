"""Pairs one by one: what awaits whom, conflicts, what files of exchange and suggestions take."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from reseda.competencies.domain.judgement import (
    CONFLICT,
    CONVERGENT,
    DECIDED,
    PROPOSED,
    Decided,
    Difference,
    End,
    Opinion,
    difference,
)
from reseda.competencies.models import (
    Crosswalk,
    CrosswalkVersion,
    Item,
    Mapping,
    Review,
)
from reseda.competencies.permissions import READ_CROSSWALK
from reseda.competencies.queries.crosswalks.axes import axis
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.ui.domain.parts import Todo


@dataclass(frozen=True)
class Conflict:
    """A pair whose reviewers differ: their opinions, and how far these are from each other."""

    mapping: Mapping
    reviews: tuple[Review, ...]
    difference: Difference


def crosswalks(viewer: Viewer) -> list[tuple[Crosswalk, list[CrosswalkVersion]]]:
    """Return the crosswalks this viewer may see, each with its versions, last first (one query)."""
    versions = (
        READ_CROSSWALK.rows(viewer)
        .select_related("crosswalk", "source__framework", "target__framework")
        .order_by("crosswalk__title", "crosswalk", "-number")
    )
    found: dict[int, tuple[Crosswalk, list[CrosswalkVersion]]] = {}
    for version in versions:
        found.setdefault(version.crosswalk_id, (version.crosswalk, []))[1].append(version)
    return list(found.values())


def pairs(version: CrosswalkVersion, *, state: str = "", text: str = "") -> QuerySet[Mapping]:
    """Return the pairs that have opinions, to be listed; give them to `cells.known` to be shown."""
    found = Mapping.objects.filter(version=version).select_related("origin", "destination")
    if state:
        found = found.filter(state=state)
    if text:
        found = found.filter(
            Q(origin__statement__icontains=text)
            | Q(destination__statement__icontains=text)
            | Q(origin__code__istartswith=text)
            | Q(destination__code__istartswith=text)
        )
    return found.order_by("origin__rank", "origin", "destination__rank", "destination")


def awaiting(viewer: Viewer, version: CrosswalkVersion) -> QuerySet[Mapping]:
    """Return the pairs that have an opinion and await that of the viewer (one query)."""
    mine = Review.objects.filter(mapping=OuterRef("pk"), author=viewer.person)
    return (
        Mapping.objects.filter(~Exists(mine), version=version, state=PROPOSED)
        .select_related("origin", "destination")
        .order_by("origin__rank", "origin", "destination__rank", "destination")
    )


def conflicts(version: CrosswalkVersion) -> tuple[Conflict, ...]:
    """Return the pairs whose reviewers differ, the gravest differences first (two queries)."""
    found = (
        Mapping.objects.filter(version=version, state=CONFLICT)
        .select_related("origin", "destination")
        .prefetch_related("reviews__author")
        .order_by("origin__rank", "origin", "destination__rank", "destination")
    )
    told = []
    for mapping in found:
        reviews = tuple(mapping.reviews.all())
        gap = difference([_opinion(review) for review in reviews])
        if gap is not None:
            told.append(Conflict(mapping, reviews, gap))
    return tuple(sorted(told, key=lambda one: one.difference.is_mild))


def decided(version: CrosswalkVersion) -> list[Decided]:
    """Return the pairs that people judged, in order of rows and columns (four queries).

    In a draft that is reviewed blind, a pair that has no outcome yet tells its state alone.
    """
    places = [
        {item.pk: (rank, _end(item)) for rank, item in enumerate(items)}
        for items in (axis(version, "source"), axis(version, "target"))
    ]
    rows = Mapping.objects.filter(version=version).prefetch_related("reviews")
    found = sorted(
        rows, key=lambda row: (places[0][row.origin_id][0], places[1][row.destination_id][0])
    )
    is_blind = version.is_draft and version.is_blind
    return [
        _decided(
            row,
            (places[0][row.origin_id][1], places[1][row.destination_id][1]),
            is_hidden=is_blind and row.state not in DECIDED,
        )
        for row in found
    ]


def _decided(row: Mapping, ends: tuple[End, End], *, is_hidden: bool) -> Decided:
    reviews = list(row.reviews.all())
    day = timezone.localdate(row.changed_at)
    if is_hidden:
        return Decided(str(row.identifier), *ends, row.state, None, "", day)
    said = dict.fromkeys(review.rationale for review in reviews if review.rationale)
    return Decided(
        str(row.identifier),
        *ends,
        row.state,
        Opinion(row.relation, row.coverage, row.is_within) if row.relation else None,
        row.rationale or "\n".join(said),
        day,
        tuple(_opinion(review) for review in reviews),
        bool(reviews) and all(review.is_carried for review in reviews),
    )


def _end(item: Item) -> End:
    return End(str(item.identifier), item.code, item.statement, item.statement_en, item.source_uri)


def _opinion(review: Review) -> Opinion:
    return Opinion(review.relation, review.coverage, review.is_within)


def validated(school: School) -> list[tuple[str, str]]:
    """Return the convergent pairs of a school that people decided, by French statements.

    Those of versions in force and of drafts, each once, in a steady order: what suggestions learn.
    """
    rows = (
        Mapping.objects.filter(
            version__crosswalk__school=school, state__in=DECIDED, relation__in=CONVERGENT
        )
        .exclude(version__status="retired")
        .order_by("pk")
        .values_list("origin__statement", "destination__statement")
    )
    return list(dict.fromkeys(rows))


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits the viewer in crosswalks under review."""
    return list(_todo(viewer))


def _todo(viewer: Viewer) -> Iterator[Todo]:
    yield from ()
