"""Periods of service, what the unit answered about them, and what it attested."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.documents.models import StoredFile
from reseda.people.models import AnswerLink, SealedTextField
from reseda.service.models.engagement import Engagement

# Sent with `period` once a confirmation is committed: its attestation is asked when it is over.
unit_confirmed = Signal()

UNIT_SAID_YES = ("confirmed", "done")


class Period(models.Model):
    """A stretch of service announced by a convocation, to the minute, the end excluded (R4221-9).

    `planned`: entered by its holder; `confirmed`: the unit says it will take or took place;
    `done`: the unit attested it; `cancelled`: it does not take place. Periods of one engagement
    that are not cancelled never overlap (constraint of the database). `former` keeps what the
    last change replaced, for its undo.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("prévue")
        CONFIRMED = "confirmed", _("confirmée")
        DONE = "done", _("attestée")
        CANCELLED = "cancelled", _("annulée")

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="periods", verbose_name=_("engagement")
    )
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    purpose = SealedTextField(pgettext_lazy("period", "objet"), blank=True, default="")
    place = SealedTextField(_("lieu"), blank=True, default="")
    convocation = models.ForeignKey(
        StoredFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("convocation"),
    )
    status = models.CharField(
        _("état"), max_length=12, choices=Status.choices, default=Status.PLANNED
    )
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    confirmed_by_name = SealedTextField(_("confirmée par"), blank=True, default="")
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    asked_at = models.DateTimeField(_("confirmation demandée le"), null=True, blank=True)
    created_at = models.DateTimeField(_("saisie le"), auto_now_add=True)
    former = SealedTextField(default="", blank=True, editable=False)

    class Meta:
        verbose_name = _("période")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["engagement", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="period_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "confirmed", "done", "cancelled"]),
                name="period_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNIT_SAID_YES, confirmed_at__isnull=False)
                | (~Q(status__in=UNIT_SAID_YES) & Q(confirmed_at__isnull=True)),
                name="period_confirmed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled", cancelled_at__isnull=False)
                | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
                name="period_cancelled_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"période {self.pk}"


class UnitAnswer(models.Model):
    """What a unit answered about a period, by whom and when; the dates are those it spoke of.

    The answers are kept one after the other: a later one does not erase an earlier one.
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("a confirmé la période")
        CORRECTED = "corrected", _("a confirmé en corrigeant les dates")
        DECLINED = "declined", _("a répondu que la période n’a pas lieu")

    period = models.ForeignKey(
        Period, models.CASCADE, related_name="answers", verbose_name=_("période")
    )
    link = models.OneToOneField(
        AnswerLink, models.SET_NULL, null=True, blank=True, related_name="service_answer"
    )
    kind = models.CharField(_("réponse"), max_length=12, choices=Kind.choices)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    name = SealedTextField(_("nom"))
    at = models.DateTimeField(_("moment"), auto_now_add=True)

    class Meta:
        verbose_name = _("réponse de l’unité")
        ordering = ["period", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["confirmed", "corrected", "declined"]),
                name="unit_answer_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="unit_answer_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} · {self.kind}"


class Attestation(models.Model):
    """What the unit attests of a period in plain words: days served, what was done, capacities.

    Exists only for a period that the unit confirmed (constraint of the database), once.
    """

    period = models.OneToOneField(
        Period, models.PROTECT, related_name="attestation", verbose_name=_("période")
    )
    link = models.OneToOneField(
        AnswerLink, models.SET_NULL, null=True, blank=True, related_name="service_attestation"
    )
    days = models.DecimalField(_("jours servis"), max_digits=5, decimal_places=1)
    activities = SealedTextField(_("ce qui a été fait"))
    capacities = SealedTextField(_("capacités montrées"), blank=True, default="")
    signed_name = SealedTextField(_("nom"))
    signed_title = SealedTextField(_("fonction"), blank=True, default="")
    signed_at = models.DateTimeField(_("signée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("attestation")
        constraints = [
            models.CheckConstraint(
                condition=Q(days__gte=Decimal("0.5")), name="attestation_half_a_day_at_least"
            ),
        ]

    def __str__(self) -> str:
        return f"attestation {self.pk}"
