"""The outbox, and the texts that a school wrote over the default templates."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Organisation, SealedTextField

# Sent once the transaction that wrote a message is committed, with `mail`: the key of the message.
queued = Signal()
# Asks whoever carries the mail to send what is due; each receiver answers how many it tried.
sweep_asked = Signal()


class Language(models.TextChoices):
    """Languages in which messages are written."""

    FRENCH = "fr", _("français")
    ENGLISH = "en", _("anglais")


class OutgoingMail(models.Model):
    """A message to send, written in the transaction that causes it, carried by the task worker.

    `next_try_at` is when it may next be tried: taking a message moves it forward, so that a second
    worker leaves it alone and a worker that dies does not lose it. The Message-ID is made of the
    key: a message sent twice by accident is the same message. The body is emptied once sent, except
    in the demo: it may hold an address that lets an outsider answer.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("en attente")
        SENT = "sent", _("parti")
        FAILED = "failed", _("échoué")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("école"),
    )
    template = models.CharField(_("modèle"), max_length=80)
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices)
    to = models.EmailField(_("destinataire"))
    subject = models.CharField(_("objet"), max_length=200)
    body = SealedTextField(_("texte"), blank=True)
    status = models.CharField(
        _("état"), max_length=8, choices=Status.choices, default=Status.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"), default=timezone.now)
    last_error = models.CharField(_("dernière erreur"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("écrit le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("parti le"), null=True, blank=True)

    class Meta:
        verbose_name = _("courrier")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["status", "next_try_at"], name="mail_due"),
            models.Index(fields=["organisation", "-created_at"], name="mail_of_school"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="mail_sent_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} · {self.to}"

    @property
    def message_id(self) -> str:
        """The Message-ID header, the same at every try."""
        return f"<{self.uuid}@{settings.PUBLIC_URL.split('//')[-1].split(':')[0].split('/')[0]}>"


class StoredTemplate(models.Model):
    """The text a school prefers to the default one of a template, in one language."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("école")
    )
    code = models.CharField(_("modèle"), max_length=80)
    language = models.CharField(_("langue"), max_length=2, choices=Language.choices)
    subject = models.CharField(_("objet"), max_length=200)
    body = models.TextField(_("texte"))
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        verbose_name = _("modèle de courrier")
        verbose_name_plural = _("modèles de courrier")
        ordering = ["code", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "language"], name="stored_template_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.language}"
