"""Pairs one by one: what awaits whom, conflicts, what files of exchange and suggestions take."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reseda.competencies.domain.judgement import (
    AGREED,
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
    CrosswalkVersion,
    Item,
    Mapping,
    Review,
)
from reseda.competencies.permissions import EDIT_CROSSWALK, REVIEW_CROSSWALK
from reseda.competencies.queries.crosswalks.axes import axis
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.ui.domain.parts import Todo

JUDGED = ("relation", "coverage", "is_within", "rationale")


@dataclass(frozen=True)
class Conflict:
    """A pair whose reviewers differ: their opinions, and how far these are from each other."""

    mapping: Mapping
    reviews: tuple[Review, ...]
    difference: Difference


def conflicts(version: CrosswalkVersion) -> tuple[Conflict, ...]:
    """Return the pairs whose reviewers differ, the gravest differences first (three queries)."""
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


def decided(version: CrosswalkVersion, *, has_reviewers: bool = True) -> list[Decided]:
    """Return the pairs that people judged, in order of rows and columns (four queries).

    In a draft that is reviewed blind, a pair that awaits an opinion is left out, as if nobody had
    judged it, and one whose reviewers differ tells its state alone. Without reviewers, only pairs
    that have their outcome are told, with its reason and nothing of how people came to it (three
    queries).
    """
    places = [
        {item.pk: (rank, _end(item)) for rank, item in enumerate(items)}
        for items in (axis(version, "source"), axis(version, "target"))
    ]
    is_blind = version.is_draft and version.is_blind
    told = Mapping.objects.filter(version=version)
    if not has_reviewers:
        told = told.filter(state__in=DECIDED)
    elif is_blind:
        told = told.exclude(state=PROPOSED)
    rows = sorted(
        told.values_list(
            "pk", "origin_id", "destination_id", "identifier", "state", *JUDGED, "changed_at"
        ),
        key=lambda row: (places[0][row[1]][0], places[1][row[2]][0]),
    )
    opinions = _opinions(version, is_blind=is_blind) if has_reviewers else {}
    found = [
        _decided(
            Decided(
                str(name),
                places[0][origin][1],
                places[1][end][1],
                state,
                Opinion(*said) if said[0] and (state in DECIDED or not is_blind) else None,
                why,
                timezone.localdate(changed_at),
            ),
            opinions.get(pair, ()),
        )
        for pair, origin, end, name, state, *said, why, changed_at in rows
    ]
    return found if has_reviewers else [replace(one, state=AGREED) for one in found]


def _opinions(
    version: CrosswalkVersion, *, is_blind: bool
) -> dict[int, list[tuple[Opinion, str, bool]]]:
    """Read what reviewers said of each pair: opinion, reason, whether it is an earlier one."""
    reviews = Review.objects.filter(mapping__version=version).order_by("given_at", "pk")
    if is_blind:
        reviews = reviews.filter(mapping__state__in=DECIDED)
    found: dict[int, list[tuple[Opinion, str, bool]]] = defaultdict(list)
    for pair, *said, why, is_carried in reviews.values_list("mapping_id", *JUDGED, "is_carried"):
        found[pair].append((Opinion(*said), why, is_carried))
    return found


def _decided(one: Decided, opinions: Sequence[tuple[Opinion, str, bool]]) -> Decided:
    """Add what reviewers said: their opinions, and their reasons where nobody settled."""
    return replace(
        one,
        rationale=one.rationale
        or "\n".join(dict.fromkeys(why for _told, why, _is in opinions if why)),
        opinions=tuple(told for told, _why, _is in opinions),
        is_carried=bool(opinions) and all(is_carried for _told, _why, is_carried in opinions),
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
    """Return what awaits the viewer in crosswalks under review: second opinions, conflicts.

    Three queries, whatever the number of crosswalks.
    """
    drafts = {
        version.pk: version
        for version in REVIEW_CROSSWALK.rows(viewer)
        .filter(status=CrosswalkVersion.Status.DRAFT)
        .select_related("crosswalk")
        .order_by("crosswalk__title")
    }
    if not drafts:
        return []
    mine = Review.objects.filter(mapping=OuterRef("pk"), author=viewer.person)
    counts = {
        version: (seconds, conflicts)
        for version, seconds, conflicts in Mapping.objects.filter(version__in=drafts)
        .order_by()
        .values_list("version")
        .annotate(
            seconds=Count("pk", filter=Q(~Exists(mine), state=PROPOSED)),
            conflicts=Count("pk", filter=Q(state=CONFLICT)),
        )
    }
    settles = set(EDIT_CROSSWALK.rows(viewer).filter(pk__in=drafts).values_list("pk", flat=True))
    return [
        entry
        for key, version in drafts.items()
        for entry in _todo(version, *counts.get(key, (0, 0)), may_settle=key in settles)
    ]


def _todo(
    version: CrosswalkVersion, seconds: int, conflicts: int, *, may_settle: bool
) -> Iterator[Todo]:
    if may_settle and conflicts:
        words = ngettext("%(count)d couple", "%(count)d couples", conflicts)
        yield Todo(
            _("Trancher des avis opposés"),
            reverse("competencies:list_conflicts", args=[version.pk]),
            "stop",
            words % {"count": conflicts},
            str(version),
        )
    if seconds:
        words = ngettext("%(count)d couple", "%(count)d couples", seconds)
        yield Todo(
            _("Donner un second avis sur des correspondances"),
            reverse("competencies:review_list", args=[version.pk]),
            "wait",
            words % {"count": seconds},
            str(version),
        )
