"""The addresses of frameworks: a published one that all may read, a draft, files to confirm."""

from collections.abc import Callable, Mapping

from django.urls import reverse

from reseda.competencies.models import FrameworkVersion, Item, Removal
from reseda.documents.models import StoredFile
from tests.cast import ENGINEER
from tests.journeys.conftest import World
from tests.journeys.visitor import Attached

Find = Callable[[World], Mapping[str, object] | None]


def _version(world: World, status: str) -> Mapping[str, object] | None:
    rows = FrameworkVersion.objects.filter(framework__school=world.school.pk, status=status)
    found = rows.order_by("pk").last()
    return {"pk": found.pk} if found else None


def published(world: World) -> Mapping[str, object] | None:
    """A framework in force."""
    return _version(world, "published")


def draft(world: World) -> Mapping[str, object] | None:
    """One that is written."""
    return _version(world, "draft")


def item(world: World) -> Mapping[str, object] | None:
    """A line of the one that is written."""
    rows = Item.objects.filter(version__framework__school=world.school.pk, version__status="draft")
    found = rows.order_by("pk").last()
    return {"pk": found.pk} if found else None


def removal(world: World) -> Mapping[str, object] | None:
    """What was taken out of it."""
    rows = Removal.objects.filter(version__framework__school=world.school.pk)
    found = rows.order_by("pk").last()
    return {"pk": found.pk} if found else None


def _awaiting(start: str) -> Mapping[str, object] | None:
    # Names are sealed: no query looks into them.
    files = StoredFile.objects.filter(owner__email=ENGINEER.email)
    return next(({"key": one.pk} for one in files if one.name.startswith(start)), None)


def imported(world: World) -> Mapping[str, object] | None:
    """A file to confirm, of what the draft is to say."""
    found = _awaiting("import-referentiel-")
    return {**(draft(world) or {}), **found} if found else None


def awaited(_world: World) -> Mapping[str, object] | None:
    """A file to confirm, of which a framework is to be made."""
    return _awaiting("import-nouveau-referentiel-")


def _with(find: Find, **more: object) -> Find:
    return lambda world: {**found, **more} if (found := find(world)) else None


# What the whole school reads once it is published.
READ: dict[Find, tuple[str, ...]] = {
    published: (
        "competencies:show_version",
        "competencies:list_items",
        "competencies:show_units",
        "competencies:show_about",
        "competencies:list_versions",
        "competencies:compare",
    ),
    _with(published, kind="csv"): ("competencies:export",),
}
OF_ENGINEER: dict[Find, tuple[str, ...]] = {
    **READ,
    published: (
        *READ[published],
        "competencies:retire",
        "competencies:derive",
        "competencies:derive_framework",
        "competencies:rename",
    ),
    draft: (
        "competencies:publish",
        "competencies:delete_draft",
        "competencies:add_item",
        "competencies:import_items",
    ),
    item: (
        "competencies:edit_item",
        "competencies:delete_item",
        "competencies:duplicate_item",
        "competencies:place_item",
        "competencies:show_branch",
    ),
    _with(item, way="monter"): ("competencies:move_item",),
    removal: ("competencies:restore",),
    imported: (
        "competencies:preview_import",
        "competencies:confirm_import",
        "competencies:cancel_import",
    ),
    awaited: ("competencies:preview_framework", "competencies:cancel_framework"),
}
EVERYBODYS = {
    name: "a published framework is read by the whole school"
    for names in READ.values()
    for name in names
}
# What an address expects besides, to be answered at all; it may name what the address names.
QUERIES = {
    "competencies:add_item": "?nature=competency",
    "competencies:compare": "?depuis={pk}",
}


def furnish(world: World) -> None:
    """Open a draft, take a line out of it, and leave two files to confirm."""
    engineer = world.as_(ENGINEER)
    engineer.open(reverse("competencies:show_version", kwargs=published(world)))
    engineer.send("Nouvelle version")
    engineer.open(reverse("competencies:export", kwargs={**draft(world), "kind": "csv"}))
    same = Attached("referentiel.csv", engineer.answer.content, "text/csv")
    for address in (
        reverse("competencies:import_items", kwargs=draft(world)),
        reverse("competencies:import_framework"),
    ):
        engineer.open(address)
        engineer.send("Voir ce qui changerait", file=same)
    engineer.open(reverse("competencies:edit_item", kwargs=item(world)))
    engineer.send("Retirer")
