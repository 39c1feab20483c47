"""Whole branches of a draft: moved, copied, taken out, put back exactly as they were."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.actions.drafts import AT_ONCE, draft, may
from reseda.competencies.actions.items import rank
from reseda.competencies.domain import codes
from reseda.competencies.domain import outline as outlines
from reseda.competencies.domain.framework import DEEPEST, UNDER
from reseda.competencies.domain.outline import Outline, Place
from reseda.competencies.models import Association, FrameworkVersion, Item, Removal
from reseda.competencies.permissions import EDIT_ITEM, EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person

DELETE = Verb("competencies.delete_item", _("a retiré {count} élément(s) du référentiel"))
RESTORE = Verb("competencies.restore_items", _("a remis {count} élément(s) dans le référentiel"))
MOVE = Verb("competencies.move_item", _("a déplacé un élément du référentiel"))
COPY = Verb("competencies.duplicate_item", _("a copié {count} élément(s) dans le référentiel"))

# How many removals a draft remembers.
REMEMBERED = 50
ITEM_FIELDS = (
    *("id", "parent_id", "kind", "identifier", "parent_link", "code", "statement"),
    *("statement_en", "rank", "credits", "source_uri", "extra"),
)
LINK_FIELDS = (
    *("id", "identifier", "kind", "origin_id", "destination_id", "outside", "rank", "extra"),
)


@transaction.atomic
def move_item(item: Item, *, way: str, by: Person | System) -> Place | None:
    """Move an item of a draft one step (`outline.WAYS`); return where it was, None if it stays."""
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    tree = queries.outline_of(version)
    place = outlines.target(tree, _known(tree, item), way)
    if place is None:
        return None
    _put(tree, item, place)
    record(MOVE, item, by=by, organisation=version.framework.school_id)
    return tree.place(item.pk)


@transaction.atomic
def place_item(item: Item, *, place: Place, by: Person | System) -> Place:
    """Put an item of a draft, and what it holds, at another place; return where it was."""
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    tree = queries.outline_of(version)
    if place.parent not in outlines.allowed(tree, _known(tree, item)):
        raise ValidationError(_("Cet élément ne peut pas se placer ici."), code="kind_not_allowed")
    _put(tree, item, place)
    record(MOVE, item, by=by, organisation=version.framework.school_id)
    return tree.place(item.pk)


def _known(tree: Outline, item: Item) -> int:
    """Refuse an item that somebody else has just taken out."""
    if item.pk not in tree.kinds:
        raise ValidationError(_("Cet élément n’est plus dans le brouillon."), code="gone")
    return item.pk


def _put(tree: Outline, item: Item, place: Place) -> None:
    was = tree.place(item.pk)
    now = outlines.put(tree, item.pk, place)
    if place.parent != was.parent:
        Item.objects.filter(pk=item.pk).update(parent=place.parent)
    for parent in {was.parent, place.parent}:
        rank(list(now.under(parent)))
    item.refresh_from_db()


@transaction.atomic
def delete_item(item: Item, *, by: Person | System) -> Removal:
    """Take an item out of a draft with all that is under it; what is returned puts it back."""
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    tree = queries.outline_of(version)
    branch = list(tree.branch(_known(tree, item)))
    content = {
        "position": tree.place(item.pk).position,
        "items": _rows(Item.objects.filter(pk__in=branch), branch, ITEM_FIELDS),
        "links": [
            _plain(row)
            for row in version.associations.filter(
                Q(origin__in=branch) | Q(destination__in=branch)
            ).values(*LINK_FIELDS)
        ],
    }
    removal = Removal.objects.create(version=version, content=content)
    old = version.removals.order_by("-pk").values_list("pk", flat=True)[REMEMBERED:]
    Removal.objects.filter(pk__in=list(old)).delete()
    subject = Item.objects.get(pk=item.pk)
    Item.objects.filter(pk=item.pk).delete()
    count = len(branch)
    record(DELETE, subject, by=by, organisation=version.framework.school_id, count=count)
    return removal


@transaction.atomic
def restore(removal: Removal, *, by: Person | System) -> Item:
    """Put a branch back where it was, with its identifiers and its links; return its root.

    Refused where its place or one of its codes has gone meanwhile. A link whose other end has gone
    does not come back.
    """
    may(EDIT_VERSION, removal.version, by)
    version = draft(removal.version)
    held = version.removals.select_for_update().filter(pk=removal.pk).first()
    if held is None:
        raise ValidationError(_("Ces éléments ont déjà été remis."), code="already_restored")
    told = held.content["items"]
    tree = queries.outline_of(version)
    _check_room(version, tree, told)
    items = [Item(**row, version=version) for row in map(_typed, told)]
    Item.objects.bulk_create(items, batch_size=AT_ONCE)
    root = items[0]
    siblings = list(tree.under(root.parent_id))
    siblings.insert(min(held.content["position"], len(siblings)), root.pk)
    rank(siblings)
    _link_again(version, held.content["links"])
    held.delete()
    record(RESTORE, root, by=by, organisation=version.framework.school_id, count=len(items))
    return root


def _check_room(version: FrameworkVersion, tree: Outline, told: Sequence[dict[str, Any]]) -> None:
    parent = told[0]["parent_id"]
    around = tree.kinds.get(parent, "-") if parent else ""
    if told[0]["kind"] not in UNDER.get(around, ()):
        raise ValidationError(
            _("L’élément qui les contenait n’est plus là : ils ne peuvent pas revenir."),
            code="place_gone",
        )
    taken = set(version.items.values_list("code", flat=True))
    again = [row["code"] for row in told if row["code"] in taken]
    if again:
        message = _("Le code %(code)s a été repris : changez-le d’abord.") % {"code": again[0]}
        raise ValidationError(message, code="repeated_code")
    known = version.items.filter(identifier__in=[row["identifier"] for row in told])
    if known.exists():
        raise ValidationError(_("Ces éléments sont déjà là."), code="already_restored")


def _link_again(version: FrameworkVersion, told: Sequence[dict[str, Any]]) -> None:
    here = set(version.items.values_list("pk", flat=True)) | {None}
    Association.objects.bulk_create(
        [
            Association(**row, version=version)
            for row in map(_typed, told)
            if {row["origin_id"], row["destination_id"]} <= here
        ],
        batch_size=AT_ONCE,
    )


@transaction.atomic
def duplicate_item(item: Item, *, by: Person | System) -> Item:
    """Copy an item and what it holds right after it, with fresh codes and identifiers.

    Links that start from the branch are copied, those between two items of it from copy to copy.
    """
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    tree = queries.outline_of(version)
    branch = list(tree.branch(_known(tree, item)))
    found = Item.objects.in_bulk(branch)
    taken = set(version.items.values_list("code", flat=True))
    fresh = codes.copied([found[key].code for key in branch], taken)
    copies: dict[int, Item] = {}
    for floor in _floors(tree, item.pk):
        made = [_copy(found[key], copies, fresh) for key in floor]
        Item.objects.bulk_create(made, batch_size=AT_ONCE)
        copies |= dict(zip(floor, made, strict=True))
    links = version.associations.filter(origin__in=branch)
    Association.objects.bulk_create([_copied_link(link, copies) for link in links])
    copy = copies[item.pk]
    siblings = list(tree.under(copy.parent_id))
    siblings.insert(siblings.index(item.pk) + 1, copy.pk)
    rank(siblings)
    copy.refresh_from_db()
    record(COPY, copy, by=by, organisation=version.framework.school_id, count=len(branch))
    return copy


def _floors(tree: Outline, key: int) -> list[list[int]]:
    floors: list[list[int]] = []
    floor = [key]
    while floor and len(floors) <= DEEPEST:
        floors.append(floor)
        floor = [child for one in floor for child in tree.under(one)]
    return floors


def _copy(item: Item, copies: dict[int, Item], fresh: dict[str, str]) -> Item:
    above = copies.get(item.parent_id or 0)
    return Item(
        version_id=item.version_id,
        parent_id=above.pk if above else item.parent_id,
        kind=item.kind,
        code=fresh[item.code],
        statement=item.statement,
        statement_en=item.statement_en,
        rank=item.rank,
        credits=item.credits,
        source_uri=item.source_uri,
        extra=item.extra,
    )


def _copied_link(link: Association, copies: dict[int, Item]) -> Association:
    end = copies.get(link.destination_id or 0)
    return Association(
        version_id=link.version_id,
        kind=link.kind,
        origin=copies[link.origin_id or 0],
        destination_id=end.pk if end else link.destination_id,
        outside=link.outside,
        rank=link.rank,
        extra=link.extra,
    )


def _rows(found: Any, order: Sequence[int], names: Sequence[str]) -> list[dict[str, Any]]:
    rows = {row["id"]: _plain(row) for row in found.values(*names)}
    return [rows[key] for key in order]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Write identifiers and credits as texts, as JSON takes them."""
    return {
        name: str(value) if isinstance(value, uuid.UUID | Decimal) else value
        for name, value in row.items()
    }


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """Read back what `_plain` wrote."""
    made = dict(row)
    for name in ("identifier", "parent_link"):
        if made.get(name):
            made[name] = uuid.UUID(made[name])
    if made.get("credits") is not None:
        made["credits"] = Decimal(made["credits"])
    return made
