"""What its holder does with a period: entered, changed, cancelled, undone, put to the unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from reseda.documents.models import StoredFile
from reseda.journal.actions import SYSTEM, Actor, System, Verb, record
from reseda.mail.actions import send
from reseda.people import actions as people
from reseda.people.models import AnswerLink, Person
from reseda.service.actions.undoing import put_back, snapshot
from reseda.service.domain.counters import Contract
from reseda.service.domain.rules import Refusal, period_refusal
from reseda.service.models import Engagement, Period
from reseda.service.permissions import CHANGE_ENGAGEMENT, CHANGE_PERIOD
from reseda.ui.templatetags.ui import moment, span

ADD = Verb("service.add_period", _("a saisi une période"))
EDIT = Verb("service.edit_period", _("a modifié une période"))
CANCEL = Verb("service.cancel_period", _("a annulé une période"))
UNDO = Verb("service.undo_period", _("a annulé la dernière modification d’une période"))
ASK = Verb("service.ask_confirmation", _("a demandé à l’unité de confirmer une période"))
ASK_ATTESTATION = Verb("service.ask_attestation", _("a demandé à l’unité d’attester une période"))

CONFIRM_PURPOSE = "service.confirm_period"
ATTEST_PURPOSE = "service.attest_period"
LINK_DAYS = 45
# Units of the reserve read French, whatever the language of the person who asks.
LANGUAGE_OF_UNITS = "fr"
FIELDS = (
    "starts_at",
    "ends_at",
    "purpose",
    "place",
    "convocation",
    "status",
    "confirmed_at",
    "confirmed_by_name",
    "cancelled_at",
)


@dataclass(frozen=True)
class Details:
    """What a convocation says besides its dates; sealed in the database."""

    purpose: str = ""
    place: str = ""
    convocation: StoredFile | None = None


@transaction.atomic
def add_period(
    engagement: Engagement,
    *,
    starts_at: datetime,
    ends_at: datetime,
    details: Details | None = None,
    by: Person,
) -> Period:
    """Enter a period of one’s engagement, to the minute.

    Refused when it ends before it starts, is not covered by the contract, or overlaps another
    period of the same person; a ceiling exceeded is shown, not refused.
    """
    CHANGE_ENGAGEMENT.require(by, engagement)
    held = lock(engagement.pk)
    said = details or Details()
    period = Period(
        engagement=held,
        starts_at=to_the_minute(starts_at),
        ends_at=to_the_minute(ends_at),
        purpose=said.purpose,
        place=said.place,
        convocation=said.convocation,
    )
    check(period)
    period.save()
    record(ADD, period, by=by, organisation=held.school_id)
    return period


def to_the_minute(moment_at: datetime) -> datetime:
    """Drop seconds: a convocation has none, and halves are counted by the minute."""
    return moment_at.replace(second=0, microsecond=0)


def lock(engagement_id: int) -> Engagement:
    """Lock every engagement of a person: two periods of theirs are never checked at once."""
    person_id = Engagement.objects.values_list("person_id", flat=True).get(pk=engagement_id)
    held = Engagement.objects.select_for_update().filter(person=person_id).order_by("pk")
    return next(one for one in held if one.pk == engagement_id)


def check(period: Period) -> None:
    """Raise the refusal of a period in its holder’s words."""
    engagement = period.engagement
    last = engagement.contract_end_on
    contract = Contract(engagement.contract_start_on, min(engagement.ended_on or last, last))
    refusal = period_refusal(period.starts_at, period.ends_at, contract, _taken(period))
    if refusal:
        raise ValidationError(_words(refusal), code=refusal.code)
    _check_not_suspended(period)


def _check_not_suspended(period: Period) -> None:
    """Refuse a period while its contract is suspended (Code de la défense, R4221-18)."""
    first = timezone.localtime(period.starts_at).date()
    last = timezone.localtime(period.ends_at).date()
    suspended = period.engagement.suspensions.filter(
        removed_at__isnull=True, starts_on__lte=last, ends_on__gte=first
    ).first()
    if suspended:
        sentence = _("Votre contrat est suspendu %(dates)s : retirez d’abord cette suspension.")
        told = {"dates": span(suspended.starts_on, suspended.ends_on)}
        raise ValidationError({"starts_on": sentence % told}, code="suspended")


def _taken(period: Period) -> Iterable[tuple[datetime, datetime]]:
    rivals = Period.objects.filter(engagement__person=period.engagement.person_id).exclude(
        status=Period.Status.CANCELLED
    )
    return rivals.exclude(pk=period.pk).values_list("starts_at", "ends_at")


def _words(refusal: Refusal) -> dict[str, object]:
    facts = refusal.facts
    if refusal.code == "ends_before_start":
        return {"ends_on": _("La fin précède le début : vérifiez les dates et les heures.")}
    if refusal.code == "too_long":
        return {"ends_on": _("Cette période dure plus d’un an : vérifiez l’année de la fin.")}
    if refusal.code == "outside_contract":
        sentence = _(
            "Cette période sort de votre contrat (%(dates)s). Corrigez les dates ou, si le contrat "
            "a été prolongé, modifiez d’abord l’engagement."
        )
        return {"starts_on": sentence % {"dates": span(facts["start"], facts["end"])}}  # type: ignore[arg-type]  # dates, by this code
    sentence = _("Vous avez déjà une période à ces dates (%(dates)s) : deux ne peuvent se couvrir.")
    return {"starts_on": sentence % {"dates": span(facts["start"], facts["end"])}}  # type: ignore[arg-type]  # dates, by this code


def _held(period: Period, by: Person) -> Period:
    CHANGE_PERIOD.require(by, period)
    lock(period.engagement_id)
    return (
        Period.objects.select_for_update(of=("self",))
        .select_related("engagement__person")
        .get(pk=period.pk)
    )


def _refuse_attested(period: Period) -> None:
    if period.status == Period.Status.DONE:
        raise ValidationError(
            _("L’unité a attesté cette période : elle ne peut plus être modifiée."),
            code="attested",
        )


@transaction.atomic
def edit_period(
    period: Period, *, starts_at: datetime, ends_at: datetime, details: Details, by: Person
) -> Period:
    """Change a period; when its dates change, a confirmation already given no longer holds."""
    held = _held(period, by)
    _refuse_attested(held)
    if held.status == Period.Status.CANCELLED:
        raise ValidationError(_("Cette période est annulée : rétablissez-la."), code="cancelled")
    held.former = snapshot(held, FIELDS)
    start, end = to_the_minute(starts_at), to_the_minute(ends_at)
    if (start, end) != (held.starts_at, held.ends_at):
        held.status, held.confirmed_at, held.confirmed_by_name = Period.Status.PLANNED, None, ""
        held.asked_at = None
    held.starts_at, held.ends_at = start, end
    held.purpose, held.place = details.purpose, details.place
    held.convocation = details.convocation or held.convocation
    check(held)
    held.save()
    record(EDIT, held, by=by, organisation=held.engagement.school_id)
    return held


@transaction.atomic
def cancel_period(period: Period, *, by: Person) -> Period:
    """Say that a period does not take place: its days no longer count; `undo_period` restores."""
    held = _held(period, by)
    _refuse_attested(held)
    if held.status == Period.Status.CANCELLED:
        raise ValidationError(_("Cette période est déjà annulée."), code="already_cancelled")
    held.former = snapshot(held, FIELDS)
    held.status, held.cancelled_at = Period.Status.CANCELLED, timezone.now()
    held.confirmed_at, held.confirmed_by_name = None, ""
    held.save()
    record(CANCEL, held, by=by, organisation=held.engagement.school_id)
    return held


@transaction.atomic
def undo_period(period: Period, *, by: Person) -> Period:
    """Put back what the last change replaced, unless another period took its place meanwhile."""
    held = _held(period, by)
    _refuse_attested(held)
    if not held.former:
        raise ValidationError(_("Il n’y a rien à annuler."), code="nothing_to_undo")
    former = held.former
    held.former = snapshot(held, FIELDS)
    put_back(held, FIELDS, former)
    if held.status != Period.Status.CANCELLED:
        check(held)
    held.save()
    record(UNDO, held, by=by, organisation=held.engagement.school_id)
    return held


@transaction.atomic
def ask_confirmation(period: Period, *, by: Person) -> Period:
    """Send the unit’s correspondent a link by which they confirm, correct or decline the period."""
    held = _held(period, by)
    if held.status != Period.Status.PLANNED:
        raise ValidationError(
            _("Il n’y a pas de confirmation à demander pour cette période."), code="not_planned"
        )
    _send_link(held, CONFIRM_PURPOSE, by)
    held.asked_at = timezone.now()
    held.save(update_fields=["asked_at"])
    record(ASK, held, by=by, organisation=held.engagement.school_id)
    return held


@transaction.atomic
def ask_attestation(period: Period, *, by: Person | AnswerLink | System = SYSTEM) -> str:
    """Send the unit a link by which it attests a confirmed period that is over; return its address.

    Asked by the holder, by the unit itself when it confirms a past period, or by the site.
    """
    if isinstance(by, Person):
        CHANGE_PERIOD.require(by, period)
    lock(period.engagement_id)
    held = Period.objects.select_for_update().get(pk=period.pk)
    if held.status != Period.Status.CONFIRMED:
        raise ValidationError(
            _("L’attestation se demande une fois la période confirmée."), code="not_confirmed"
        )
    if held.ends_at > timezone.now():
        raise ValidationError(
            _("L’attestation se demande une fois la période terminée."), code="not_over"
        )
    address = _send_link(held, ATTEST_PURPOSE, by)
    record(ASK_ATTESTATION, held, by=by, organisation=held.engagement.school_id)
    return address


def _send_link(period: Period, purpose: str, by: Actor) -> str:
    engagement = period.engagement
    if not engagement.contact_email:
        raise ValidationError(
            _("Indiquez d’abord l’adresse du correspondant de votre unité dans l’engagement."),
            code="no_contact",
        )
    address = people.ask(
        period,
        purpose=purpose,
        organisation=engagement.school,
        email=engagement.contact_email,
        name=engagement.contact_name,
        days=LINK_DAYS,
        by=by,
    )
    with translation.override(LANGUAGE_OF_UNITS):
        dates = span(period.starts_at, period.ends_at)
        expires = moment(timezone.now() + timedelta(days=LINK_DAYS))
    send(
        purpose,
        to=engagement.contact_email,
        organisation=engagement.school,
        context={
            "contact": engagement.contact_name,
            "person": str(engagement.person),
            "school": engagement.school.name,
            "dates": dates,
            "expires": expires,
            "address": address,
        },
        language=LANGUAGE_OF_UNITS,
    )
    return address


def check_link(link: AnswerLink, period: Period, purpose: str) -> None:
    """Refuse a link that was made for another question."""
    if (link.purpose, link.subject_key) != (purpose, period.pk):
        raise PermissionDenied(purpose)
