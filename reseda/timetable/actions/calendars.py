"""What is done with the secret addresses of calendars: one’s own, and what one’s unit may see."""

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.mail.actions import send
from reseda.people.models import Person
from reseda.service.models import Engagement, Period
from reseda.service.permissions import CHANGE_ENGAGEMENT
from reseda.timetable.models import CalendarAccess, UnitCalendar
from reseda.timetable.queries.calendars import digest_of

OPEN = Verb("timetable.open_calendar", _("a ouvert l’adresse de son agenda"))
CHOOSE = Verb("timetable.choose_calendar", _("a choisi ce que contient son agenda"))
CLOSE = Verb("timetable.close_calendar", _("a fermé l’adresse de son agenda"))
SHARE = Verb("timetable.share_availability", _("a partagé ses disponibilités avec son unité"))
RENEW = Verb("timetable.renew_availability", _("a changé l’adresse de ses disponibilités"))
SEND = Verb("timetable.send_availability", _("a envoyé ses disponibilités à son unité"))
STOP = Verb("timetable.stop_availability", _("ne partage plus ses disponibilités"))

# Units of the reserve read French, whatever the language of the person who shares.
LANGUAGE_OF_UNITS = "fr"


@dataclass(frozen=True)
class Content:
    """What a person wants in their own calendar."""

    has_lessons: bool = True
    has_periods: bool = True
    has_catch_ups: bool = True
    has_plan: bool = True


@transaction.atomic
def open_access(person: Person, *, by: Person) -> CalendarAccess:
    """Give the person’s calendar a new secret address; the former one stops working."""
    if person.pk != by.pk:
        raise PermissionDenied(OPEN.code)
    token = secrets.token_urlsafe(32)
    access, _is_new = CalendarAccess.objects.update_or_create(
        person=person, defaults={"token": token, "token_digest": digest_of(token)}
    )
    record(OPEN, access, by=by)
    return access


@transaction.atomic
def choose_content(access: CalendarAccess, *, content: Content, by: Person) -> CalendarAccess:
    """Choose what one’s own calendar contains; its address stays."""
    if access.person_id != by.pk:
        raise PermissionDenied(CHOOSE.code)
    held = CalendarAccess.objects.select_for_update().get(pk=access.pk)
    for name, value in asdict(content).items():
        setattr(held, name, value)
    held.save()
    record(CHOOSE, held, by=by)
    return held


@transaction.atomic
def close_access(access: CalendarAccess, *, by: Person) -> None:
    """Close the calendar’s address."""
    if access.person_id != by.pk:
        raise PermissionDenied(CLOSE.code)
    record(CLOSE, access, by=by)
    access.delete()


@transaction.atomic
def share(
    engagement: Engagement,
    *,
    from_on: date,
    to_on: date,
    periods: Collection[Period] = (),
    by: Person,
) -> UnitCalendar:
    """Let one’s unit see, at a secret address, when one is free between two days, both included.

    `periods` are those that it sees as service; every other is a taken half-day like any. Done
    again, it changes what is shared and keeps the address.
    """
    held = _held(engagement, by)
    _check(held, from_on, to_on)
    kept = Period.objects.filter(engagement=held).exclude(status=Period.Status.CANCELLED)
    chosen = list(kept.filter(pk__in=[period.pk for period in periods]))
    if len(chosen) != len({period.pk for period in periods}):
        raise ValidationError(
            {"periods": _("Une de ces périodes n’est plus dans cet engagement.")}, code="periods"
        )
    token = secrets.token_urlsafe(32)
    days = {"from_on": from_on, "to_on": to_on}
    shared, _is_new = UnitCalendar.objects.update_or_create(
        engagement=held,
        defaults=days,
        create_defaults={**days, "token": token, "token_digest": digest_of(token)},
    )
    shared.periods.set(chosen)
    record(SHARE, held, by=by, organisation=held.school_id)
    return shared


def _held(engagement: Engagement, by: Person) -> Engagement:
    CHANGE_ENGAGEMENT.require(by, engagement)
    return Engagement.objects.select_for_update().get(pk=engagement.pk)


def _check(engagement: Engagement, from_on: date, to_on: date) -> None:
    today = timezone.localdate()
    if engagement.ended_on is not None or engagement.contract_end_on < today:
        raise ValidationError(
            _("Cet engagement est terminé : il n’y a plus rien à partager."), code="ended"
        )
    if to_on < from_on:
        raise ValidationError(
            {"to_on": _("La fin précède le début : vérifiez les dates.")}, code="order"
        )
    if to_on < today:
        raise ValidationError({"to_on": _("Ce jour est déjà passé.")}, code="past")
    if to_on > engagement.contract_end_on:
        sentence = _("Le partage s’arrête au plus tard avec le contrat, le %(day)s.")
        day = date_format(engagement.contract_end_on)
        raise ValidationError({"to_on": sentence % {"day": day}}, code="after_contract")


def address_of(shared: UnitCalendar) -> str:
    """Return the full secret address of what is shared."""
    return settings.PUBLIC_URL + reverse("timetable:unit_agenda", args=[shared.token])


def _shared(shared: UnitCalendar) -> UnitCalendar:
    held = UnitCalendar.objects.select_for_update().filter(pk=shared.pk).first()
    if held is None:
        raise ValidationError(_("Vous ne partagez plus vos disponibilités."), code="stopped")
    return held


@transaction.atomic
def renew(shared: UnitCalendar, *, by: Person) -> UnitCalendar:
    """Give what is shared a new address; the former one answers no more."""
    engagement = _held(shared.engagement, by)
    held = _shared(shared)
    held.token = secrets.token_urlsafe(32)
    held.token_digest, held.sent_at = digest_of(held.token), None
    held.save(update_fields=["token", "token_digest", "sent_at"])
    record(RENEW, engagement, by=by, organisation=engagement.school_id)
    return held


@transaction.atomic
def send_to_unit(shared: UnitCalendar, *, by: Person) -> UnitCalendar:
    """Send the address to the correspondent of the unit, as the engagement names them."""
    engagement = _held(shared.engagement, by)
    if not engagement.contact_email:
        raise ValidationError(
            _("Indiquez d’abord l’adresse du correspondant de votre unité dans l’engagement."),
            code="no_contact",
        )
    held = _shared(shared)
    with translation.override(LANGUAGE_OF_UNITS):
        to_day = date_format(held.to_on)
    send(
        "timetable.unit_calendar",
        to=engagement.contact_email,
        organisation=engagement.school,
        context={
            "contact": engagement.contact_name,
            "person": str(engagement.person),
            "to_day": to_day,
            "address": address_of(held),
        },
        language=LANGUAGE_OF_UNITS,
    )
    held.sent_at = timezone.now()
    held.save(update_fields=["sent_at"])
    record(SEND, engagement, by=by, organisation=engagement.school_id)
    return held


@transaction.atomic
def stop(shared: UnitCalendar, *, by: Person) -> None:
    """Stop sharing: the address answers no more at once."""
    engagement = _held(shared.engagement, by)
    UnitCalendar.objects.filter(pk=shared.pk).delete()
    record(STOP, engagement, by=by, organisation=engagement.school_id)
