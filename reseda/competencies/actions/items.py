"""The items of a draft: added, edited."""

from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reseda.competencies import queries
from reseda.competencies.actions.drafts import AT_ONCE, draft, may
from reseda.competencies.domain import outline as outlines
from reseda.competencies.domain.framework import DEEPEST, MAX_CREDITS, UNDER, UNIT
from reseda.competencies.models import FrameworkVersion, Item
from reseda.competencies.permissions import EDIT_ITEM, EDIT_VERSION
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person

ADD = Verb("competencies.add_item", _("a ajouté un élément au référentiel"))
EDIT = Verb("competencies.edit_item", _("a modifié un élément du référentiel"))


class ItemFacts(TypedDict):
    """What is told of an item; credits (ECTS) are of a teaching unit alone."""

    code: str
    statement: str
    statement_en: str
    credits: NotRequired[Decimal | None]
    source_uri: NotRequired[str]


@transaction.atomic
def add_item(
    version: FrameworkVersion,
    *,
    kind: str,
    parent: Item | None = None,
    after: Item | None = None,
    by: Person | System,
    **told: Unpack[ItemFacts],
) -> Item:
    """Add an item to a draft: right after a sibling, or last under its parent."""
    may(EDIT_VERSION, version, by)
    held = draft(version)
    if after is not None:
        parent = after.parent
    if {one.version_id for one in (parent, after) if one is not None} - {held.pk}:
        raise ValidationError(_("Cet élément est d’une autre version."), code="elsewhere")
    if kind not in UNDER.get(parent.kind if parent else "", ()):
        raise ValidationError(_("Cet élément ne peut pas se placer ici."), code="kind_not_allowed")
    tree = queries.outline_of(held)
    above = parent.pk if parent else None
    if len(tree.path(above)) >= DEEPEST:
        raise ValidationError(_("L’arbre est trop profond ici."), code="too_deep")
    siblings = list(tree.under(above))
    item = Item(version=held, parent=parent, kind=kind)
    _say(item, told)
    item.save()
    siblings.insert(siblings.index(after.pk) + 1 if after else len(siblings), item.pk)
    rank(siblings)
    item.refresh_from_db(fields=["rank"])
    record(ADD, item, by=by, organisation=held.framework.school_id, kind=kind)
    return item


@transaction.atomic
def edit_item(
    item: Item, *, kind: str = "", by: Person | System, **told: Unpack[ItemFacts]
) -> Item:
    """Change what an item of a draft says, and its kind where its place allows another."""
    may(EDIT_ITEM, item, by)
    version = draft(item.version)
    held = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if kind and kind != held.kind:
        if kind not in outlines.kinds_for(queries.outline_of(version), held.pk):
            raise ValidationError(
                _("Cet élément ne peut pas changer ainsi de nature, là où il est."),
                code="kind_not_allowed",
            )
        held.kind = kind
    _say(held, told)
    held.save()
    record(EDIT, held, by=by, organisation=version.framework.school_id)
    return held


def rank(siblings: list[int]) -> None:
    """Number siblings from 1, in this order; only those whose rank changes are written."""
    items = {item.pk: item for item in Item.objects.filter(pk__in=siblings).only("pk", "rank")}
    changed = []
    for place, key in enumerate(siblings, start=1):
        if items[key].rank != place:
            items[key].rank = place
            changed.append(items[key])
    Item.objects.bulk_update(changed, ["rank"], batch_size=AT_ONCE)


def _say(item: Item, told: ItemFacts) -> None:
    item.code, item.statement = told["code"], told["statement"]
    item.statement_en = told["statement_en"]
    item.source_uri = told.get("source_uri", item.source_uri)
    item.credits = told.get("credits", item.credits) if item.kind == UNIT else None
    if item.credits is not None and not 0 <= item.credits <= MAX_CREDITS:
        beyond = _("De 0 à %(limit)s crédits.") % {"limit": MAX_CREDITS}
        raise ValidationError({"credits": beyond}, code="credits_out_of_range")
    other = Item.objects.filter(version=item.version_id, code=item.code).exclude(pk=item.pk).first()
    if other is not None:
        known = _("Ce code est déjà celui de « %(label)s » : donnez-en un autre.")
        raise ValidationError({"code": known % {"label": other.label}}, code="repeated_code")
    item.full_clean(validate_unique=False, validate_constraints=False)
