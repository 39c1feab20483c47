"""What its holder does with a convocation: notes the answer given, keeps a summary alone."""

import json
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.documents import actions as documents
from reseda.documents.models import StoredFile
from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.service import queries
from reseda.service.actions.period import lock
from reseda.service.models import CallUp, MaskedConvocation, Period
from reseda.service.permissions import CHANGE_PERIOD

NOTE = Verb("service.note_call_up", _("a noté une convocation reçue et sa réponse"))
MASK = Verb("service.mask_convocation", _("n’a gardé d’une convocation que son résumé"))
SUMMARY_NAME = "convocation-resumee.pdf"


def _held(period: Period, by: Person) -> Period:
    CHANGE_PERIOD.require(by, period)
    lock(period.engagement_id)
    return (
        Period.objects.select_for_update(of=("self",))
        .select_related("engagement__person", "engagement__school", "convocation")
        .get(pk=period.pk)
    )


@transaction.atomic
def note_call_up(
    period: Period,
    *,
    received_on: date,
    answer: str = "",
    answered_on: date | None = None,
    by: Person,
) -> CallUp:
    """Note that a convocation came, and whether it was answered; noted again, it is changed."""
    held = _held(period, by)
    if answer and answered_on is None:
        answered_on = timezone.localdate()
    if not answer:
        answered_on = None
    if answered_on and answered_on < received_on:
        raise ValidationError(
            {"answered_on": _("La réponse précède la convocation : vérifiez les dates.")},
            code="answered_before",
        )
    made, _is_new = CallUp.objects.update_or_create(
        period=held,
        defaults={"received_on": received_on, "answer": answer, "answered_on": answered_on},
    )
    record(NOTE, made, by=by, organisation=held.engagement.school_id)
    return made


@transaction.atomic
def mask_convocation(period: Period, *, is_signed: bool, by: Person) -> MaskedConvocation:
    """Replace a convocation by a summary of its dates and digest; the original is erased for good.

    What a former change kept of it is erased too, so that no copy remains.
    """
    held = _held(period, by)
    original = held.convocation
    if original is None:
        raise ValidationError(
            _("Il n’y a pas de convocation à résumer pour cette période."), code="no_file"
        )
    known = MaskedConvocation.objects.filter(period=held).first()
    if known and known.file_id == original.pk:
        raise ValidationError(_("Cette convocation est déjà un résumé."), code="already_masked")
    file = documents.keep(
        queries.summary(held, original, is_signed=is_signed),
        name=SUMMARY_NAME,
        content_type="application/pdf",
        organisation=held.engagement.school,
        owner=held.engagement.person,
        by=by,
    )
    copies = _copies(held, original, known)
    held.convocation, held.former = file, ""
    held.save(update_fields=["convocation", "former"])
    if known:
        known.delete()
    made = MaskedConvocation.objects.create(
        period=held, file=file, original_sha256=original.sha256, is_signed=is_signed
    )
    for copy in copies:
        documents.erase(copy, by=by)
    record(MASK, held, by=by, organisation=held.engagement.school_id)
    return made


def _copies(
    period: Period, original: StoredFile, known: MaskedConvocation | None
) -> list[StoredFile]:
    """Return the original, the summary of a former one, the file that an undo would bring back."""
    kept = json.loads(period.former).get("convocation") if period.former else None
    keys = {original.pk, *([known.file_id] if known else [])}
    if kept:
        keys |= set(
            StoredFile.objects.filter(pk=kept, owner=period.engagement.person_id).values_list(
                "pk", flat=True
            )
        )
    return list(StoredFile.objects.filter(pk__in=keys))
