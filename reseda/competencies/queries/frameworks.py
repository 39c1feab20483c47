"""What is read of frameworks: the version in force, its items, its tree."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reseda.competencies.domain.framework import TOP_KINDS
from reseda.competencies.domain.outline import Outline, outline
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_VERSION, READ_VERSION
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.ui.domain.parts import Todo

OTHERS = (Item.Kind.SITUATION_FAMILY, Item.Kind.RESOURCE)


@dataclass(frozen=True)
class Node:
    """An item with those under it, in order."""

    item: Item
    children: tuple["Node", ...]

    @property
    def levels(self) -> tuple["Node", ...]:
        """The levels of development, from the first to pass to the last."""
        return self._of(Item.Kind.LEVEL)

    @property
    def learnings(self) -> tuple["Node", ...]:
        """The critical learnings to acquire to pass this level."""
        return self._of(Item.Kind.CRITICAL_LEARNING)

    @property
    def components(self) -> tuple["Node", ...]:
        """The essential components: the criteria by which the action is judged."""
        return self._of(Item.Kind.COMPONENT)

    @property
    def indicators(self) -> tuple["Node", ...]:
        """The signs by which one sees that it is acquired."""
        return self._of(Item.Kind.INDICATOR)

    @property
    def parts(self) -> tuple["Node", ...]:
        """What has a heading of its own in a reading: groups, blocks, competencies, units."""
        return tuple(node for node in self.children if node.item.kind in TOP_KINDS)

    @property
    def others(self) -> tuple["Node", ...]:
        """Families of situations and resources."""
        return tuple(node for node in self.children if node.item.kind in OTHERS)

    @property
    def size(self) -> int:
        """How many items there are here, this one included."""
        return 1 + sum(child.size for child in self.children)

    def _of(self, kind: str) -> tuple["Node", ...]:
        return tuple(node for node in self.children if node.item.kind == kind)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Go through a tree from top to bottom."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def tree(version: FrameworkVersion) -> tuple[Node, ...]:
    """Return the competencies of a version with all that is under them, in order (one query)."""
    children: dict[int | None, list[Item]] = defaultdict(list)
    for item in Item.objects.filter(version=version).order_by("rank", "pk"):
        children[item.parent_id].append(item)

    def grow(item: Item) -> Node:
        return Node(item, tuple(grow(child) for child in children[item.pk]))

    return tuple(grow(item) for item in children[None])


def outline_of(version: FrameworkVersion) -> Outline:
    """Return the tree of a version by keys alone (one query)."""
    items = Item.objects.filter(version=version).order_by("rank", "pk")
    return outline(items.values_list("pk", "parent_id", "kind"))


def published_version(school: School, kind: str, on: date) -> FrameworkVersion | None:
    """Return the version of a kind of framework in force in a school on a day.

    A version is in force from the day it is published until the day before it is retired. Where
    several frameworks are, the latest published one answers.
    """
    return (
        FrameworkVersion.objects.filter(
            ~Q(status="draft"), framework__school=school, framework__kind=kind
        )
        .filter(Q(retired_at__isnull=True) | Q(retired_at__date__gt=on), published_at__date__lte=on)
        .select_related("framework__school")
        .order_by("-published_at", "-pk")
        .first()
    )


def frameworks(viewer: Viewer) -> QuerySet[Framework]:
    """Return the frameworks this viewer may see, with what is told of each in a list.

    The version shown is the published one, else the last one that the viewer may read. `draft_pk`
    is the draft, for those who write it.
    """
    seen = READ_VERSION.rows(viewer).filter(framework=OuterRef("pk"))
    order = Case(When(status="published", then=0), When(status="draft", then=1), default=2)
    first = seen.order_by(order, "-number")
    held = Item.objects.filter(version=OuterRef("shown_pk")).order_by().values("version")
    return Framework.objects.filter(pk__in=READ_VERSION.rows(viewer).values("framework")).annotate(
        shown_pk=Subquery(first.values("pk")[:1]),
        shown_number=Subquery(first.values("number")[:1]),
        shown_status=Subquery(first.values("status")[:1]),
        changed_at=Subquery(
            first.values(at=Coalesce("retired_at", "published_at", "created_at"))[:1]
        ),
        draft_pk=Subquery(seen.filter(status="draft").values("pk")[:1]),
        size=Coalesce(Subquery(held.annotate(n=Count("pk")).values("n")), 0),
        competencies=Coalesce(
            Subquery(held.filter(kind=Item.Kind.COMPETENCY).annotate(n=Count("pk")).values("n")),
            0,
        ),
    )


def status_label(status: str) -> str:
    """Say the state of a version."""
    return str(FrameworkVersion.Status(status).label)


def versions(viewer: Viewer, framework: int) -> list[FrameworkVersion]:
    """Return the versions of a framework that this viewer may read, the last first, with counts."""
    return list(
        READ_VERSION.rows(viewer)
        .filter(framework=framework)
        .annotate(
            competencies=Count("items", filter=Q(items__kind=Item.Kind.COMPETENCY)),
            size=Count("items"),
        )
        .order_by("-number")
    )


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits the competency engineer: drafts to publish, a first framework to write."""
    drafts = EDIT_VERSION.rows(viewer).filter(status="draft").select_related("framework")
    waiting = [
        Todo(
            _("Terminer et publier le référentiel"),
            reverse("competencies:show_version", args=[version.pk]),
            "wait",
            _("Brouillon"),
            str(version),
        )
        for version in drafts
    ]
    school = CREATE_FRAMEWORK.rows(viewer).first()
    if school is None or waiting or published_version(school, "school", viewer.today):
        return waiting
    return [
        Todo(
            _("Écrire le référentiel de compétences de l’école"),
            reverse("competencies:create_framework"),
            "stop",
            _("Absent"),
            _("Sans référentiel publié, aucune compétence ne peut être reconnue."),
        )
    ]
