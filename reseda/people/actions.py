"""What is done to people: accounts opened, mandates given and ended, ways in offered and taken,
questions put to outsiders and answered.
"""

import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import SYSTEM, Actor, Verb, record
from reseda.people.domain import letters
from reseda.people.http import courier, public_address
from reseda.people.models import AnswerLink, Mandate, Organisation, Person, Role, SignInLink
from reseda.people.permissions import (
    ANSWER_FROM_ACCOUNT,
    END_MANDATE,
    GIVE_MANDATE,
    roles_given,
)
from reseda.people.queries import digest_of, is_expired, is_last_director, may_answer, school_of

ASK = Verb("people.ask_outsider", _("a posé une question par lien à une personne extérieure"))
CLOSE = Verb("people.close_link", _("a répondu par un lien"))
REVOKE = Verb("people.revoke_link", _("a annulé un lien de réponse"))
RESEND = Verb("people.resend_link", _("a demandé un nouveau lien, le sien ayant expiré"))
REISSUE = Verb("people.reissue_link", _("a ouvert depuis son compte une question posée par lien"))
OPEN_ACCOUNT = Verb("people.open_account", _("a ouvert un compte"))
GIVE = Verb("people.give_mandate", _("a donné un mandat ({role})"))
END = Verb("people.end_mandate", _("a mis fin à un mandat ({role})"))
RESTORE = Verb("people.restore_mandate", _("a rétabli un mandat ({role})"))
SET_LANGUAGE = Verb("people.set_language", _("a choisi sa langue ({language})"))
OFFER = Verb("people.offer_sign_in", _("a envoyé un lien de connexion"))
SIGN_IN = Verb("people.sign_in_by_link", _("a utilisé un lien de connexion"))
END_SESSIONS = Verb("people.end_sessions", _("a fermé des sessions ouvertes ({count})"))

SIGN_IN_MINUTES = 15
RESENT_DAYS = 14
# An expired link renews itself for a while; later, the question itself must be put again.
RENEWABLE_DAYS = 60


# --- Answer links


@transaction.atomic
def ask(
    subject: models.Model,
    *,
    purpose: str,
    organisation: Organisation,
    email: str,
    name: str,
    days: int,
    by: Actor,
) -> str:
    """Make a link by which an outsider answers one question within `days`.

    Returns its full address, kept nowhere. A link still open for the same question is cancelled:
    only the latest one answers.
    """
    link, address = _new_link(
        AnswerLink(
            purpose=purpose,
            subject_key=subject.pk,
            organisation=organisation,
            email=email,
            name=name,
            expires_at=timezone.now() + timedelta(days=days),
        )
    )
    record(ASK, link, by=by, organisation=organisation.pk, purpose=purpose)
    return address


def _new_link(link: AnswerLink) -> tuple[AnswerLink, str]:
    AnswerLink.objects.filter(
        purpose=link.purpose,
        subject_key=link.subject_key,
        answered_at__isnull=True,
        revoked_at__isnull=True,
    ).update(revoked_at=timezone.now())
    token = secrets.token_urlsafe(32)
    link.token_digest = digest_of(token)
    link.save(force_insert=True)
    return link, f"{settings.PUBLIC_URL}{reverse('people:answer', args=[token])}"


def _same_question(link: AnswerLink, *, until_days: int | None = None) -> AnswerLink:
    return AnswerLink(
        purpose=link.purpose,
        subject_key=link.subject_key,
        organisation_id=link.organisation_id,
        email=link.email,
        name=link.name,
        expires_at=timezone.now() + timedelta(days=until_days) if until_days else link.expires_at,
    )


@transaction.atomic
def close(link: AnswerLink) -> AnswerLink:
    """Mark the question answered, once.

    A link answered, cancelled or expired in the meantime is refused.
    """
    held = AnswerLink.objects.select_for_update().get(pk=link.pk)
    if not may_answer(held):
        raise ValidationError(_("Ce lien a déjà servi ou n’est plus valable."), code="link_closed")
    held.answered_at = timezone.now()
    held.save(update_fields=["answered_at"])
    record(CLOSE, held, by=held, organisation=held.organisation_id, purpose=held.purpose)
    return held


@transaction.atomic
def revoke(link: AnswerLink, *, by: Actor) -> AnswerLink:
    """Cancel a link that still awaits its answer; the right is that of the room that asked."""
    held = AnswerLink.objects.select_for_update().get(pk=link.pk)
    if held.answered_at or held.revoked_at:
        raise ValidationError(_("Ce lien a déjà servi ou est déjà annulé."), code="link_closed")
    held.revoked_at = timezone.now()
    held.save(update_fields=["revoked_at"])
    record(REVOKE, held, by=by, organisation=held.organisation_id, purpose=held.purpose)
    return held


@transaction.atomic
def resend(link: AnswerLink) -> AnswerLink:
    """Send a new link, for the same question and to the same address, when the old one expired."""
    held = AnswerLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    too_old = held.expires_at + timedelta(days=RENEWABLE_DAYS) <= timezone.now()
    if not is_expired(held) or too_old:
        raise ValidationError(
            _("Ce lien ne peut plus être renouvelé : demandez-en un à qui vous a écrit."),
            code="link_closed",
        )
    renewed, address = _new_link(_same_question(held, until_days=RESENT_DAYS))
    courier()(
        letters.ANSWER_LINK.code,
        to=renewed.email,
        organisation=renewed.organisation,
        context={"school": str(renewed.organisation), "url": address, "days": RESENT_DAYS},
    )
    record(RESEND, renewed, by=held, organisation=held.organisation_id, purpose=held.purpose)
    return renewed


@transaction.atomic
def reissue(link: AnswerLink, *, by: Person) -> str:
    """Give somebody signed in a fresh address for a question sent to their e-mail address.

    The link they received by e-mail closes; the day it would have expired does not change.
    """
    ANSWER_FROM_ACCOUNT.require(by, link)
    held = AnswerLink.objects.select_for_update().get(pk=link.pk)
    if not may_answer(held):
        raise ValidationError(_("Cette question n’attend plus de réponse."), code="link_closed")
    renewed, address = _new_link(_same_question(held))
    record(REISSUE, renewed, by=by, organisation=held.organisation_id, purpose=held.purpose)
    return address


# --- Accounts and mandates


@transaction.atomic
def open_account(
    email: str, *, first_name: str, last_name: str, school: Organisation, by: Actor
) -> Person:
    """Return the person of an e-mail address, with a new account and a letter if there is none.

    The name of somebody who already has an account is left as it is.
    """
    if isinstance(by, Person):
        GIVE_MANDATE.require(by, school)
    known = Person.objects.filter(email__iexact=email.strip()).first()
    if known is not None:
        return known
    person = Person.objects.create_user(email, first_name=first_name, last_name=last_name)
    courier()(
        letters.WELCOME.code,
        to=person.email,
        organisation=school,
        context={
            "name": person.first_name,
            "school": str(school),
            "url": public_address("people:request_link"),
        },
        language=person.language,
    )
    record(OPEN_ACCOUNT, person, by=by, organisation=school.pk)
    return person


@transaction.atomic
def give(
    person: Person,
    *,
    role: Role,
    organisation: Organisation,
    from_on: date,
    to_on: date | None = None,
    by: Actor,
) -> Mandate:
    """Give a person a role in a school; the same mandate given twice is one mandate.

    A programme given as the organisation limits the mandate to that programme of its school. A
    person gives only the roles hers allow, in her own school; the system gives any.
    """
    is_limited = organisation.kind == Organisation.Kind.PROGRAMME and organisation.parent
    school = organisation.parent if is_limited and organisation.parent else organisation
    if isinstance(by, Person) and Role(role) not in roles_given(
        GIVE_MANDATE.require(by, school), school
    ):
        raise PermissionDenied(GIVE_MANDATE.code)
    mandate, is_new = Mandate.objects.select_for_update().get_or_create(
        person=person,
        role=role,
        organisation_id=school.pk,
        scope_id=organisation.pk if is_limited else None,
        from_on=from_on,
        defaults={"to_on": to_on},
    )
    if not is_new and mandate.ended_at:
        mandate.ended_at, mandate.to_on = None, to_on
        mandate.save(update_fields=["ended_at", "to_on"])
    record(GIVE, mandate, by=by, organisation=school.pk, role=str(role))
    return mandate


@transaction.atomic
def end(mandate: Mandate, *, by: Person) -> Mandate:
    """End a mandate at once; a school keeps at least one director of studies."""
    END_MANDATE.require(by, mandate)
    # Two directors ending each other's mandate must not both find the other still there.
    Organisation.objects.select_for_update().get(pk=mandate.organisation_id)
    held = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if held.ended_at:
        raise ValidationError(_("Ce mandat est déjà terminé."), code="already_ended")
    if is_last_director(held, timezone.localdate()):
        raise ValidationError(
            _("C’est le dernier mandat de direction des études : donnez-en d’abord un autre."),
            code="last_director",
        )
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    record(END, held, by=by, organisation=held.organisation_id, role=held.role)
    return held


@transaction.atomic
def restore(mandate: Mandate, *, by: Person) -> Mandate:
    """Undo the end of a mandate: it holds again from and to the days it was given for."""
    END_MANDATE.require(by, mandate)
    held = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if held.ended_at is None:
        raise ValidationError(_("Ce mandat n’est pas terminé."), code="not_ended")
    held.ended_at = None
    held.save(update_fields=["ended_at"])
    record(RESTORE, held, by=by, organisation=held.organisation_id, role=held.role)
    return held


@transaction.atomic
def set_language(person: Person, *, language: str, by: Person) -> Person:
    """Choose the language of one's own pages and letters."""
    if by.pk != person.pk:
        raise PermissionDenied("people.set_language")
    held = Person.objects.select_for_update().get(pk=person.pk)
    held.language = language
    held.save(update_fields=["language"])
    record(SET_LANGUAGE, held, by=by, language=language)
    return held


# --- Ways in


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="people.sign_in_link")


@transaction.atomic
def offer_sign_in(email: str, *, next_url: str = "") -> None:
    """Send a way in to whoever has an account open at this address; say nothing when nobody has."""
    token = _signer().sign(secrets.token_urlsafe(24))
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        return
    link = SignInLink.objects.create(
        person=person,
        token_digest=digest_of(token),
        expires_at=timezone.now() + timedelta(minutes=SIGN_IN_MINUTES),
    )
    address = public_address("people:use_link", token)
    courier()(
        letters.SIGN_IN_LINK.code,
        to=person.email,
        organisation=school_of(person),
        context={
            "name": person.first_name,
            "url": f"{address}?{urlencode({'next': next_url})}" if next_url else address,
            "minutes": SIGN_IN_MINUTES,
        },
        language=person.language,
    )
    record(OFFER, link, by=SYSTEM)


@transaction.atomic
def use_sign_in(token: str) -> Person:
    """Return the person a sign-in link lets in, once; a link forged, old or used is refused."""
    refusal = ValidationError(
        _("Ce lien a déjà servi, a plus de 15 minutes, ou n’est pas complet."), code="link_closed"
    )
    try:
        _signer().unsign(token, max_age=timedelta(minutes=SIGN_IN_MINUTES))
    except BadSignature as error:
        raise refusal from error
    now = timezone.now()
    fresh = SignInLink.objects.select_for_update(of=("self",)).select_related("person")
    link = fresh.filter(
        token_digest=digest_of(token), used_at__isnull=True, expires_at__gt=now
    ).first()
    if link is None or not link.person.is_active:
        raise refusal
    link.used_at = now
    link.save(update_fields=["used_at"])
    record(SIGN_IN, link, by=link.person)
    return link.person


@transaction.atomic
def end_sessions(person: Person, *, keys: list[str], by: Person) -> int:
    """Close sessions of one's own account; return how many were open."""
    if by.pk != person.pk:
        raise PermissionDenied("people.end_sessions")
    closing = list(
        UserSession.objects.select_for_update().filter(user=person, session_key__in=keys)
    )
    for session in closing:
        session.end()
    record(END_SESSIONS, person, by=by, count=len(closing))
    return len(closing)


OPEN_MANY = Verb(
    "people.open_many", _("a ouvert {accounts} compte(s) et donné {mandates} mandat(s)")
)
RENAME = Verb("people.rename", _("a corrigé le nom d’une personne"))


@transaction.atomic
def open_many(
    people: Iterable[Person], *, mandates: Iterable[Mandate], organisation: Organisation, by: Actor
) -> list[Person]:
    """Open accounts and give mandates at once, unsaved rows that an import made; no letter leaves.

    The right to do so, and which roles an import may give, are the calling room’s.
    """
    opened = list(people)
    for person in opened:
        person.email = person.email.strip().lower()
        person.set_unusable_password()
    Person.objects.bulk_create(opened, batch_size=500)
    given = Mandate.objects.bulk_create(mandates, batch_size=500)
    counts = {"accounts": len(opened), "mandates": len(given)}
    record(OPEN_MANY, organisation, by=by, organisation=organisation.pk, **counts)
    return opened


@transaction.atomic
def rename(
    person: Person, *, first_name: str, last_name: str, organisation: Organisation, by: Actor
) -> Person:
    """Write the name of a person as a school’s record has it; the right is the calling room’s."""
    held = Person.objects.select_for_update().get(pk=person.pk)
    held.first_name, held.last_name = first_name, last_name
    held.save(update_fields=["first_name", "last_name"])
    record(RENAME, held, by=by, organisation=organisation.pk)
    return held
