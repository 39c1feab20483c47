"""The regulation of a year, and the forms that a validation may take."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Form(models.TextChoices):
    """The forms of a validation; D611-7 names the first three, the school decides the others."""

    ECTS = "ects", _("crédits ECTS")
    UNIT_ELEMENT = "unit_element", _("élément d’une unité d’enseignement")
    DISPENSE = "dispense", _("dispense d’enseignement ou de stage")
    BONUS = "bonus", _("bonification")
    SUPPLEMENT = "supplement", _("mention au supplément au diplôme")


class Regulation(models.Model):
    """How a school validates engagement in an academic year; frozen once published (D611-7)."""

    school = models.ForeignKey(
        "schools.School", models.PROTECT, related_name="regulations", verbose_name=_("école")
    )
    year = models.ForeignKey(
        "schools.AcademicYear",
        models.PROTECT,
        related_name="regulations",
        verbose_name=_("année universitaire"),
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(pgettext_lazy("regulation", "titre"), max_length=160)
    text = models.TextField(_("texte"))
    adopted_by = models.CharField(_("instance qui l’a adopté"), max_length=160, blank=True)
    appeal = models.TextField(_("voies de recours"))
    forms = models.JSONField(_("formes admises"), default=list)
    max_ects = models.DecimalField(_("ECTS au plus"), max_digits=3, decimal_places=1)
    min_days = models.DecimalField(_("jours attestés au moins"), max_digits=4, decimal_places=1)
    days_per_ects = models.DecimalField(
        _("jours attestés pour un ECTS"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    published_on = models.DateField(_("publié le"), null=True, blank=True)
    late_reason = models.TextField(_("raison du retard"), blank=True)

    class Meta:
        verbose_name = _("règlement")
        ordering = ["-year__starts_on", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year", "number"], name="regulation_number_once_a_year"
            ),
            models.UniqueConstraint(
                fields=["school", "year"],
                condition=Q(published_on__isnull=True),
                name="regulation_one_draft_a_year",
            ),
            models.CheckConstraint(
                condition=Q(max_ects__gte=0) & Q(min_days__gte=0), name="regulation_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(days_per_ects__isnull=True) | Q(days_per_ects__gt=0),
                name="regulation_days_per_ects_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.number}"
