"""What the référent does to hear from units: asked by mail, reminded, no longer asked."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.mail.actions import send
from reseda.people import actions as people
from reseda.people.models import AnswerLink, Person
from reseda.schools.models import School
from reseda.service.actions.offers import PURPOSE
from reseda.service.actions.period import LANGUAGE_OF_UNITS
from reseda.service.domain.offers import LINK_DAYS, Invitation
from reseda.service.models import OfferCall
from reseda.service.permissions import FOLLOW_OFFER_CALL, OFFER_PERIODS
from reseda.ui.templatetags.ui import moment

ASK = Verb("service.ask_offers", _("a demandé à une unité ses périodes"))
REMIND = Verb("service.remind_offers", _("a relancé une unité sur ses périodes"))
CLOSE = Verb("service.close_offers", _("a clos une demande de périodes"))


@dataclass(frozen=True)
class Asked:
    """A request just sent, and the full address of its page, kept nowhere."""

    call: OfferCall
    address: str


@transaction.atomic
def ask_unit(school: School, *, invitation: Invitation, by: Person) -> Asked:
    """Send a unit a link by which it proposes periods, as often as it likes until it expires."""
    OFFER_PERIODS.require(by, school)
    School.objects.select_for_update().get(pk=school.pk)
    same = OfferCall.objects.filter(
        school=school,
        force=invitation.force,
        closed_at__isnull=True,
        expires_at__gt=timezone.now(),
    )
    if any(_is_same(call, invitation) for call in same):
        raise ValidationError(
            {"contact_email": _("Cette unité a déjà un lien ouvert : relancez-la plutôt.")},
            code="already_asked",
        )
    call = OfferCall.objects.create(
        school=school,
        force=invitation.force,
        unit_name=invitation.unit_name,
        contact_name=invitation.contact_name,
        contact_email=invitation.contact_email,
        expires_at=timezone.now() + timedelta(days=invitation.days),
    )
    address = _send(call, invitation.days, by)
    record(ASK, call, by=by, organisation=school.pk)
    return Asked(call, address)


def _is_same(call: OfferCall, invitation: Invitation) -> bool:
    is_same_address = call.contact_email.casefold() == invitation.contact_email.casefold()
    return is_same_address and call.unit_name == invitation.unit_name


@transaction.atomic
def remind(call: OfferCall, *, by: Person, days: int = LINK_DAYS) -> Asked:
    """Send a unit a new link, the former one answering no more; a closed request is open again."""
    FOLLOW_OFFER_CALL.require(by, call)
    held = (
        OfferCall.objects.select_for_update(of=("self",)).select_related("school").get(pk=call.pk)
    )
    held.reminded_at, held.closed_at = timezone.now(), None
    held.expires_at = timezone.now() + timedelta(days=days)
    held.save(update_fields=["reminded_at", "closed_at", "expires_at"])
    address = _send(held, days, by)
    record(REMIND, held, by=by, organisation=held.school_id)
    return Asked(held, address)


@transaction.atomic
def close_call(call: OfferCall, *, by: Person) -> OfferCall:
    """Stop asking a unit: its link answers no more, what it proposed stays."""
    FOLLOW_OFFER_CALL.require(by, call)
    held = OfferCall.objects.select_for_update().get(pk=call.pk)
    if held.closed_at:
        raise ValidationError(_("Cette demande est déjà close."), code="already_closed")
    links = AnswerLink.objects.filter(
        purpose=PURPOSE, subject_key=held.pk, answered_at__isnull=True, revoked_at__isnull=True
    )
    for link in links:
        people.revoke(link, by=by)
    held.closed_at = timezone.now()
    held.save(update_fields=["closed_at"])
    record(CLOSE, held, by=by, organisation=held.school_id)
    return held


def _send(call: OfferCall, days: int, by: Person) -> str:
    address = people.ask(
        call,
        purpose=PURPOSE,
        organisation=call.school,
        email=call.contact_email,
        name=call.contact_name,
        days=days,
        by=by,
    )
    with translation.override(LANGUAGE_OF_UNITS):
        expires = moment(call.expires_at)
    send(
        PURPOSE,
        to=call.contact_email,
        organisation=call.school,
        context={
            "contact": call.contact_name,
            "school": call.school.name,
            "expires": expires,
            "address": address,
        },
        language=LANGUAGE_OF_UNITS,
    )
    return address
