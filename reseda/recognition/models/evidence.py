"""What a student tells of an activity."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.people.models import SealedTextField


class Evidence(models.Model):
    """What a person tells of one activity and learned there, tied to what the school expects."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="evidence",
        verbose_name=_("personne"),
    )
    period = models.ForeignKey(
        "service.Period", models.PROTECT, related_name="evidence", verbose_name=_("période")
    )
    title = models.CharField(pgettext_lazy("evidence", "titre"), max_length=120)
    situation = SealedTextField(_("la situation"), max_length=3000)
    action = SealedTextField(_("ce que j’ai fait"), max_length=3000)
    learning = SealedTextField(_("ce que j’ai appris"), max_length=3000)
    file = models.ForeignKey(
        "documents.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pièce jointe"),
    )
    items = models.ManyToManyField(
        "competencies.Item",
        through="EvidenceItem",
        related_name="evidence",
        verbose_name=_("compétences"),
    )
    created_at = models.DateTimeField(_("ajoutée le"), auto_now_add=True)
    deleted_at = models.DateTimeField(_("supprimée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("preuve")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class EvidenceItem(models.Model):
    """An evidence bears on a competency, or on one critical learning of it."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="links")
    item = models.ForeignKey("competencies.Item", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item__rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "item"], name="evidence_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} · {self.item_id}"


class EvidenceAbility(models.Model):
    """An ability of the reserve framework that, its author says, an evidence shows."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="ability_links")
    item = models.ForeignKey("competencies.Item", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item__rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "item"], name="evidence_ability_once")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} · {self.item_id}"
