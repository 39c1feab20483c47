"""What is done to people: mandates given and ended, questions put to outsiders and answered."""

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Actor, Verb, record
from reseda.people.models import AnswerLink, Mandate, Organisation, Person, Role
from reseda.people.queries import digest_of

ASK = Verb("people.ask_outsider", _("a posé une question par lien à une personne extérieure"))
CLOSE = Verb("people.close_link", _("a répondu par un lien"))
REVOKE = Verb("people.revoke_link", _("a annulé un lien de réponse"))
GIVE = Verb("people.give_mandate", _("a donné un mandat ({role})"))
END = Verb("people.end_mandate", _("a mis fin à un mandat"))


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
    """Make a link by which an outsider answers one question within `days`; return its full
    address, kept nowhere.

    A link still open for the same question is cancelled: only the latest one answers.
    """
    now = timezone.now()
    AnswerLink.objects.filter(
        purpose=purpose, subject_key=subject.pk, answered_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    link = AnswerLink.objects.create(
        purpose=purpose,
        subject_key=subject.pk,
        organisation=organisation,
        email=email,
        name=name,
        token_digest=digest_of(token),
        expires_at=now + timedelta(days=days),
    )
    record(ASK, link, by=by, organisation=organisation.pk, purpose=purpose)
    return f"{settings.PUBLIC_URL}{reverse('people:answer', args=[token])}"


@transaction.atomic
def close(link: AnswerLink) -> AnswerLink:
    """Mark the question answered, once: a link answered, cancelled or expired in the meantime is
    refused.
    """
    held = AnswerLink.objects.select_for_update().get(pk=link.pk)
    if held.answered_at or held.revoked_at or held.expires_at <= timezone.now():
        raise ValidationError(_("Ce lien a déjà servi ou n’est plus valable."), code="link_closed")
    held.answered_at = timezone.now()
    held.save(update_fields=["answered_at"])
    record(CLOSE, held, by=held, organisation=held.organisation_id, purpose=held.purpose)
    return held


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
    """Give a person a role in an organisation; the same mandate given twice is one mandate."""
    mandate, _is_new = Mandate.objects.get_or_create(
        person=person,
        role=role,
        organisation=organisation,
        scope=None,
        from_on=from_on,
        defaults={"to_on": to_on},
    )
    record(GIVE, mandate, by=by, organisation=organisation.pk, role=str(role))
    return mandate
