"""What is done with mail: a message written, taken, sent or given up; a template rewritten."""

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import SYSTEM, Verb, record
from reseda.mail import queries
from reseda.mail.domain import retry, templates
from reseda.mail.models import OutgoingMail, StoredTemplate, queued
from reseda.mail.permissions import EDIT_TEMPLATES, READ_MAIL
from reseda.people.models import Organisation, Person

WRITE = Verb("mail.write", _("a écrit un courrier ({template})"))
TAKE = Verb("mail.take", _("a tenté d’envoyer un courrier (essai {attempt})"))
SENT = Verb("mail.sent", _("a envoyé un courrier"))
POSTPONE = Verb("mail.postpone", _("n’a pas pu envoyer un courrier et réessaiera ({error})"))
GIVE_UP = Verb("mail.give_up", _("a renoncé à envoyer un courrier ({error})"))
RETRY = Verb("mail.retry", _("a redemandé l’envoi d’un courrier"))
REWRITE = Verb("mail.rewrite_template", _("a modifié le modèle de courrier {template}"))
RESET = Verb("mail.reset_template", _("a rétabli le texte d’origine du modèle {template}"))


@transaction.atomic
def send(
    template: str,
    *,
    to: str,
    organisation: Organisation | None,
    context: Mapping[str, object],
    language: str = "fr",
) -> OutgoingMail:
    """Write a message in the caller's transaction; it leaves once that transaction is committed.

    The text is the school's own where it wrote one, in French when the language is unknown.
    Raises `KeyError` for a template nobody declared, `UnfilledVariable` for a value not given,
    `ValidationError` for an address that is none.
    """
    validate_email(to)
    chosen = language if language in templates.LANGUAGES else templates.LANGUAGES[0]
    subject, body = queries.text(template, chosen, organisation.pk if organisation else None)
    mail = OutgoingMail.objects.create(
        organisation_id=organisation.pk if organisation else None,
        template=template,
        language=chosen,
        to=to,
        subject=templates.fill_subject(subject, context),
        body=templates.fill_body(body, context),
    )
    record(WRITE, mail, by=SYSTEM, organisation=mail.organisation_id, template=template)
    transaction.on_commit(lambda: _announce(mail), robust=True)
    return mail


def _announce(mail: OutgoingMail) -> None:
    queued.send(OutgoingMail, mail=mail)


@transaction.atomic
def take(key: str) -> OutgoingMail | None:
    """Take a due message for one try, or return None when it is sent, given up, or in other hands.

    Taking moves its next try forward: another worker leaves it alone until then, and if this one
    dies the message is due again.
    """
    can_skip = connection.features.has_select_for_update_skip_locked
    due = OutgoingMail.objects.select_for_update(skip_locked=can_skip)
    now = timezone.now()
    mail = due.filter(pk=key, status=OutgoingMail.Status.QUEUED, next_try_at__lte=now).first()
    if mail is None:
        return None
    mail.attempts += 1
    mail.next_try_at = now + retry.wait(mail.attempts)
    mail.save(update_fields=["attempts", "next_try_at"])
    record(TAKE, mail, by=SYSTEM, organisation=mail.organisation_id, attempt=mail.attempts)
    return mail


@transaction.atomic
def settle(mail: OutgoingMail, *, error: str = "") -> OutgoingMail:
    """Write how a try ended: sent, due again later, or given up after the last one.

    `error` is a short technical cause; it holds neither the body nor the recipient.
    """
    held = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if held.status == OutgoingMail.Status.SENT:
        return held
    held.last_error = error[:200]
    if not error:
        held.status, held.sent_at, verb = OutgoingMail.Status.SENT, timezone.now(), SENT
        held.body = held.body if settings.IS_DEMO else ""
    elif retry.is_last(held.attempts):
        held.status, verb = OutgoingMail.Status.FAILED, GIVE_UP
    else:
        verb = POSTPONE
    held.save(update_fields=["status", "sent_at", "body", "last_error"])
    record(verb, held, by=SYSTEM, organisation=held.organisation_id, error=held.last_error)
    return held


@transaction.atomic
def try_again(mail: OutgoingMail, *, by: Person) -> OutgoingMail:
    """Put a message that was given up back in the outbox, with all its tries."""
    READ_MAIL.require(by, mail)
    held = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if held.status != OutgoingMail.Status.FAILED:
        raise ValidationError(_("Ce courrier n’est pas en échec."), code="not_failed")
    held.status, held.attempts, held.last_error = OutgoingMail.Status.QUEUED, 0, ""
    held.next_try_at = timezone.now() - timedelta(seconds=1)
    held.save(update_fields=["status", "attempts", "last_error", "next_try_at"])
    record(RETRY, held, by=by, organisation=held.organisation_id)
    transaction.on_commit(lambda: _announce(held), robust=True)
    return held


@transaction.atomic
def rewrite(
    school: Organisation, *, template: str, language: str, subject: str, body: str, by: Person
) -> StoredTemplate:
    """Replace a school's text of a template; unknown variables and lost addresses are refused."""
    EDIT_TEMPLATES.require(by, school)
    Organisation.objects.select_for_update().get(pk=school.pk)
    found = templates.faults(templates.get(template), subject, body)
    if found:
        raise ValidationError([queries.fault_message(fault) for fault in found], code="template")
    stored, _is_new = StoredTemplate.objects.update_or_create(
        organisation_id=school.pk,
        code=template,
        language=language,
        defaults={"subject": " ".join(subject.split()), "body": body.replace("\r\n", "\n")},
    )
    record(REWRITE, stored, by=by, organisation=school.pk, template=template, language=language)
    return stored


@transaction.atomic
def reset(school: Organisation, *, template: str, language: str, by: Person) -> bool:
    """Return to the default text; tell whether the school had one of its own."""
    EDIT_TEMPLATES.require(by, school)
    stored = (
        StoredTemplate.objects.select_for_update()
        .filter(organisation_id=school.pk, code=template, language=language)
        .first()
    )
    if stored is None:
        return False
    record(RESET, stored, by=by, organisation=school.pk, template=template, language=language)
    stored.delete()
    return True
