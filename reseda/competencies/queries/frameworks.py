"""What is read of frameworks: the version in force, its items, its tree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_VERSION, READ_VERSION
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.ui.domain.parts import Todo


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
    def others(self) -> tuple["Node", ...]:
        """Families of situations and resources."""
        shown = {Item.Kind.LEVEL, Item.Kind.CRITICAL_LEARNING, Item.Kind.COMPONENT}
        return tuple(node for node in self.children if node.item.kind not in shown)

    @property
    def size(self) -> int:
        """How many items there are here, this one included."""
        return 1 + sum(child.size for child in self.children)

    def _of(self, kind: str) -> tuple["Node", ...]:
        return tuple(node for node in self.children if node.item.kind == kind)


def tree(version: FrameworkVersion) -> tuple[Node, ...]:
    """Return the competencies of a version with all that is under them, in order (one query)."""
    children: dict[int | None, list[Item]] = defaultdict(list)
    for item in Item.objects.filter(version=version).order_by("rank", "pk"):
        children[item.parent_id].append(item)

    def grow(item: Item) -> Node:
        return Node(item, tuple(grow(child) for child in children[item.pk]))

    return tuple(grow(item) for item in children[None])


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


def competencies_of(version: FrameworkVersion) -> QuerySet[Item]:
    """Return the competencies of a version, in order."""
    return version.items.filter(kind=Item.Kind.COMPETENCY).order_by("rank", "pk")


def levels_of(item: Item) -> QuerySet[Item]:
    """Return the levels of development of a competency, from the first to pass to the last."""
    return item.children.filter(kind=Item.Kind.LEVEL).order_by("rank", "pk")


def learnings_of(item: Item) -> QuerySet[Item]:
    """Return the critical learnings of a level, in order."""
    return item.children.filter(kind=Item.Kind.CRITICAL_LEARNING).order_by("rank", "pk")


def frameworks(viewer: Viewer) -> list[tuple[Framework, list[FrameworkVersion]]]:
    """Return the frameworks this viewer may see, each with its versions (one query)."""
    versions = (
        READ_VERSION.rows(viewer)
        .select_related("framework")
        .annotate(
            competencies=Count("items", filter=Q(items__kind=Item.Kind.COMPETENCY)),
            size=Count("items"),
        )
        .order_by("framework__kind", "framework__title", "-number")
    )
    found: dict[int, tuple[Framework, list[FrameworkVersion]]] = {}
    for version in versions:
        framework = version.framework
        found.setdefault(framework.pk, (framework, []))[1].append(version)
    # The school's own comes first.
    return sorted(found.values(), key=lambda pair: pair[0].kind != Framework.Kind.SCHOOL)


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
