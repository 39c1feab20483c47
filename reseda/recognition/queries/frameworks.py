"""What the school expects: the competencies of a framework version, their levels and learnings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Coalesce

from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.schools.models import School


@dataclass(frozen=True)
class Level:
    """A level of one competency; `rank` counts from 1, `learnings` must be acquired to pass it."""

    item: Item
    rank: int
    learnings: tuple[Item, ...]


@dataclass(frozen=True)
class Competency:
    """A competency expected by the school, its levels in order, and what it is made of."""

    item: Item
    levels: tuple[Level, ...]
    components: tuple[Item, ...]
    members: frozenset[UUID]

    def rank_of(self, level_id: int | None) -> int:
        """Return the rank of one of its levels, 0 for none."""
        return next((level.rank for level in self.levels if level.item.pk == level_id), 0)

    def level_at(self, rank: int) -> Level | None:
        """Return the level of a rank, or None."""
        return next((level for level in self.levels if level.rank == rank), None)


# The rows of a table that names a competency as `item`, in the order of its framework: by the block
# where it stands, then by its own place. Deeper groups are told in full by `expected`.
BY_PLACE = (Coalesce("item__parent__rank", "item__rank"), "item__rank", "pk")


def published_version(school: School | int) -> FrameworkVersion | None:
    """Return the version of the school's own framework that is published now, or None."""
    return (
        FrameworkVersion.objects.filter(
            framework__school=school,
            framework__kind=Framework.Kind.SCHOOL,
            status=FrameworkVersion.Status.PUBLISHED,
        )
        .select_related("framework")
        .order_by("-published_at")
        .first()
    )


def expected(version: FrameworkVersion | int) -> tuple[Competency, ...]:
    """Return the competencies of a version in order, each with its levels (one query)."""
    children: dict[int | None, list[Item]] = {}
    for item in Item.objects.filter(version=version).order_by("rank", "pk"):
        children.setdefault(item.parent_id, []).append(item)
    return tuple(
        _competency(item, children)
        for item in _in_order(None, children)
        if item.kind == Item.Kind.COMPETENCY
    )


def _in_order(parent: int | None, children: Mapping[int | None, list[Item]]) -> Iterator[Item]:
    """Go through the tree: the competencies of a first block come before those of a second."""
    for item in children.get(parent, ()):
        yield item
        yield from _in_order(item.pk, children)


def competency_of(competencies: Sequence[Competency], identifier: UUID) -> int | None:
    """Return the key of the competency an item is part of, in whatever version it was chosen."""
    return next((each.item.pk for each in competencies if identifier in each.members), None)


def _competency(item: Item, children: Mapping[int | None, list[Item]]) -> Competency:
    below = children.get(item.pk, [])
    levels = [each for each in below if each.kind == Item.Kind.LEVEL]
    return Competency(
        item=item,
        levels=tuple(
            Level(level, rank, _learnings(level, children)) for rank, level in enumerate(levels, 1)
        ),
        components=tuple(each for each in below if each.kind == Item.Kind.COMPONENT),
        members=frozenset(_descent(item, children)),
    )


def _learnings(level: Item, children: Mapping[int | None, list[Item]]) -> tuple[Item, ...]:
    kind = Item.Kind.CRITICAL_LEARNING
    return tuple(each for each in children.get(level.pk, []) if each.kind == kind)


def _descent(item: Item, children: Mapping[int | None, list[Item]]) -> list[UUID]:
    found = [item.identifier]
    for child in children.get(item.pk, []):
        found += _descent(child, children)
    return found
