"""The addresses of crosswalks: a published one that all may read, its next draft under review."""

from collections.abc import Callable, Mapping

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.models import CrosswalkVersion, FrameworkVersion
from reseda.competencies.queries.crosswalks import axis
from tests.cast import DIRECTOR, ENGINEER
from tests.journeys.conftest import World

Find = Callable[[World], Mapping[str, object] | None]


def _version(world: World, status: str) -> CrosswalkVersion | None:
    rows = CrosswalkVersion.objects.filter(crosswalk__school=world.school.pk, status=status)
    return rows.order_by("pk").last()


def published(world: World) -> Mapping[str, object] | None:
    """The crosswalk in force."""
    found = _version(world, "published")
    return {"pk": found.pk} if found else None


def draft(world: World) -> Mapping[str, object] | None:
    """The one under review."""
    found = _version(world, "draft")
    return {"pk": found.pk} if found else None


def line(world: World) -> Mapping[str, object] | None:
    """A line of the crosswalk in force."""
    found = _version(world, "published")
    return {"pk": found.pk, "origin": axis(found, "source")[0].pk} if found else None


def pair(world: World) -> Mapping[str, object] | None:
    """A pair of the crosswalk in force."""
    found = _version(world, "published")
    end = axis(found, "target")[0].pk if found else 0
    return {**(line(world) or {}), "destination": end} if found else None


def contested(world: World) -> Mapping[str, object] | None:
    """A pair of the draft on which people differ."""
    found = _version(world, "draft")
    row = found.mappings.filter(state="conflict").first() if found else None
    if row is None:
        return None
    return {"pk": row.version_id, "origin": row.origin_id, "destination": row.destination_id}


def as_file(find: Find) -> Find:
    """Ask for it as a file."""
    return lambda world: {**found, "kind": "csv"} if (found := find(world)) else None


# What the whole school reads once it is published.
READ = {
    published: (
        "competencies:show_crosswalk",
        "competencies:show_matrix",
        "competencies:review_list",
        "competencies:show_coverage",
    ),
    line: ("competencies:review_origin",),
    pair: ("competencies:show_pair",),
    as_file(published): ("competencies:export_coverage", "competencies:export_crosswalk"),
}
OF_ENGINEER: dict[Find, tuple[str, ...]] = {
    **READ,
    published: (
        *READ[published],
        "competencies:derive_crosswalk",
        "competencies:retire_crosswalk",
    ),
    draft: (
        "competencies:edit_crosswalk",
        "competencies:publish_crosswalk",
        "competencies:delete_crosswalk",
        "competencies:ask_suggestions",
        "competencies:suggestions_state",
        "competencies:give_reviews",
        "competencies:undo_reviews",
        "competencies:list_conflicts",
    ),
    contested: ("competencies:settle_pair", "competencies:reopen_pair"),
}
EVERYBODYS = {
    name: "a published crosswalk is read by the whole school"
    for names in READ.values()
    for name in names
}


def furnish(world: World) -> None:
    """Publish a crosswalk of the school, open the next version, and have two people differ."""
    engineer, director = world.person(ENGINEER), world.person(DIRECTOR)
    source, target = (
        FrameworkVersion.objects.filter(
            framework__school=world.school.pk, framework__kind=kind, status="published"
        ).latest("pk")
        for kind in ("reserve", "school")
    )
    told = {"source": source, "target": target, "reviewers": 1}
    opened = crosswalks.create(world.school, title="Réserve et diplôme", by=engineer, **told)
    end = axis(opened, "target")[0].pk
    pairs = [(item.pk, end) for item in axis(opened, "source")[:2]]
    reviews.give(opened, pairs[:1], relation="total", by=engineer)
    following = crosswalks.derive(crosswalks.publish(opened, by=engineer), by=engineer)
    for person, relation in ((engineer, "total"), (director, "none")):
        reviews.give(following, pairs[1:], relation=relation, by=person)
