"""The path of a reservist: ranks, specialities, training, suspensions.

What its holder takes back keeps its row, with `removed_at`, so that the gesture can be undone.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.people.models import SealedTextField
from reseda.service.models.engagement import Engagement

# In uniform before any contract: the trainee is a civilian (Code du service national, L115-2).
BEFORE_CONTRACT = ("pmr", "pmg", "pmip")


class Promotion(models.Model):
    """A rank or a speciality held from a day; sealed, shown to those who open the record alone."""

    class Kind(models.TextChoices):
        RANK = "rank", _("grade")
        SPECIALITY = "speciality", _("spécialité")

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="promotions", verbose_name=_("engagement")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=Kind.choices)
    name = SealedTextField(_("intitulé"))
    since_on = models.DateField(_("depuis le"))
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    class Meta:
        verbose_name = _("grade ou spécialité")
        ordering = ["engagement", "kind", "-since_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["rank", "speciality"]), name="promotion_kind_known"
            ),
            models.UniqueConstraint(
                fields=["engagement", "since_on"],
                condition=Q(kind="rank", removed_at__isnull=True),
                name="one_rank_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class TrainingStep(models.Model):
    """A step of a reservist’s training, from before the contract to the speciality.

    Forces order these steps each in their way: nothing but the dates is checked.
    """

    class Kind(models.TextChoices):
        PMR = "pmr", _("préparation militaire de réserve (PMR)")
        PMG = "pmg", _("préparation militaire Gendarmerie (PMG)")
        PMIP = "pmip", _("période militaire d’initiation ou de perfectionnement (PMIP)")
        INITIAL = "initial", _("formation initiale")
        SPECIALITY = "speciality", _("formation de spécialité")
        OTHER = "other", _("autre formation")

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("training", "prévue")
        DONE = "done", pgettext_lazy("training", "faite")
        ABANDONED = "abandoned", pgettext_lazy("training", "interrompue")

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="training_steps", verbose_name=_("engagement")
    )
    kind = models.CharField(_("nature"), max_length=12, choices=Kind.choices)
    name = SealedTextField(_("intitulé"), blank=True, default="")
    starts_on = models.DateField(_("premier jour"))
    ends_on = models.DateField(_("dernier jour"))
    status = models.CharField(
        _("état"), max_length=12, choices=Status.choices, default=Status.PLANNED
    )
    removed_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("étape de formation")
        verbose_name_plural = _("étapes de formation")
        ordering = ["engagement", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="training_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["pmr", "pmg", "pmip", "initial", "speciality", "other"]),
                name="training_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "done", "abandoned"]),
                name="training_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"formation {self.pk}"

    @property
    def is_civilian(self) -> bool:
        """Tell whether the trainee wears the uniform without being a reservist yet."""
        return self.kind in BEFORE_CONTRACT


class Suspension(models.Model):
    """A stretch during which the contract is suspended at its holder’s request; its end stays put.

    Code de la défense, R4221-18.
    """

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="suspensions", verbose_name=_("engagement")
    )
    starts_on = models.DateField(_("premier jour"))
    ends_on = models.DateField(_("dernier jour"))
    removed_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("suspension du contrat")
        verbose_name_plural = _("suspensions de contrat")
        ordering = ["engagement", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="suspension_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"suspension {self.pk}"
