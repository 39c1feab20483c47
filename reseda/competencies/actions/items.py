"""The items of a draft: added, edited, removed, moved."""

from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from reseda.competencies.actions.drafts import draft, may
from reseda.competencies.domain import framework as rules
from reseda.competencies.models import FrameworkVersion, Item
from reseda.competencies.permissions import EDIT_ITEM, EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person

ADD = Verb("competencies.add_item", _("a ajouté un élément au référentiel"))
EDIT = Verb("competencies.edit_item", _("a modifié un élément du référentiel"))
DELETE = Verb("competencies.delete_item", _("a retiré {count} élément(s) du référentiel"))
MOVE = Verb("competencies.move_item", _("a déplacé un élément du référentiel"))


class ItemFacts(TypedDict):
    """What is told of an item."""

    code: str
    statement: str
    statement_en: str


@transaction.atomic
def add_item(
    version: FrameworkVersion,
    *,
    kind: str,
    parent: Item | None = None,
    by: Person | System,
    **told: Unpack[ItemFacts],
) -> Item:
    """Add an item to a draft, after those that already stand under the same parent."""
    may(EDIT_VERSION, version, by)
    held = draft(version)
    if kind not in rules.UNDER.get(parent.kind if parent else "", ()):
        raise ValidationError(_("Cet élément ne peut pas se placer ici."), code="kind_not_allowed")
    if parent is not None and parent.version_id != held.pk:
        raise ValidationError(_("Cet élément est d’une autre version."), code="elsewhere")
    siblings = Item.objects.filter(version=held, parent=parent)
    last = siblings.aggregate(last=models.Max("rank"))["last"] or 0
    item = Item(version=held, parent=parent, kind=kind, rank=last + 1, **told)
    item.full_clean()
    item.save()
    record(ADD, item, by=by, organisation=held.framework.school_id, kind=kind)
    return item


@transaction.atomic
def edit_item(item: Item, *, by: Person | System, **told: Unpack[ItemFacts]) -> Item:
    """Change the code and the wordings of an item of a draft."""
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    held = Item.objects.select_for_update().get(pk=item.pk)
    held.code, held.statement, held.statement_en = (
        told["code"],
        told["statement"],
        told["statement_en"],
    )
    held.full_clean()
    held.save()
    record(EDIT, held, by=by, organisation=version.framework.school_id)
    return held


@transaction.atomic
def delete_item(item: Item, *, by: Person | System) -> int:
    """Remove an item of a draft with all that is under it; return how many were removed."""
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    record_of = Item.objects.select_for_update().get(pk=item.pk)
    count, _by_model = Item.objects.filter(pk=item.pk).delete()
    record(DELETE, record_of, by=by, organisation=version.framework.school_id, count=count)
    return count


@transaction.atomic
def move_item(item: Item, *, is_up: bool, by: Person | System) -> Item:
    """Move an item of a draft one place among its siblings; at an end, nothing moves."""
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    siblings = list(
        Item.objects.select_for_update()
        .filter(version=version, parent=item.parent_id)
        .order_by("rank", "pk")
    )
    place = next(rank for rank, one in enumerate(siblings) if one.pk == item.pk)
    other = place - 1 if is_up else place + 1
    if 0 <= other < len(siblings):
        siblings[place], siblings[other] = siblings[other], siblings[place]
    for rank, one in enumerate(siblings, start=1):
        one.rank = rank
    Item.objects.bulk_update(siblings, ["rank"])
    record(MOVE, item, by=by, organisation=version.framework.school_id)
    return item
