"""The employer of a reservist, the reactivity clause it agreed to, the rule a school applies."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import SealedTextField
from reseda.schools.models import School
from reseda.service.models.engagement import Engagement


class EmployerKind(models.TextChoices):
    """Which rule of absence an employer follows."""

    PRIVATE = "private", _("entreprise d’au moins 50 salariés")
    SMALL = "small", _("entreprise de moins de 50 salariés")
    PUBLIC = "public", _("employeur public")
    SCHOOL = "school", _("l’école elle-même")
    NONE = "none", _("aucun employeur")


class Employment(models.Model):
    """Who employs a person from a day; its name is sealed. One at a time, the last one open.

    `agreed_days` and `notice_days` say what an agreement gives beyond the law, if it does.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="employments",
        verbose_name=_("personne"),
    )
    kind = models.CharField(_("nature"), max_length=8, choices=EmployerKind.choices)
    name = SealedTextField(_("employeur"), blank=True, default="")
    is_apprenticeship = models.BooleanField(_("contrat d’apprentissage"), default=False)
    agreed_days = models.PositiveSmallIntegerField(
        _("jours accordés par un accord"), null=True, blank=True
    )
    notice_days = models.PositiveSmallIntegerField(
        _("préavis convenu, en jours"), null=True, blank=True
    )
    since_on = models.DateField(_("depuis le"))
    ended_on = models.DateField(_("jusqu’au"), null=True, blank=True)

    class Meta:
        verbose_name = _("employeur")
        ordering = ["person", "-since_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EmployerKind.values), name="employer_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since_on")),
                name="employment_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_on__isnull=True),
                name="one_employer_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"employeur {self.pk}"


class ReactivityClause(models.Model):
    """A reservist agrees to be called at short notice, with the employer’s consent.

    Code de la défense, L4221-1, L4221-4, R4221-11; it lapses when the employer changes (R4221-13),
    hence with each new apprenticeship contract.
    """

    class Lapse(models.TextChoices):
        EMPLOYER = "employer", _("changement d’employeur")
        GIVEN_UP = "given_up", _("renoncement")

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="clauses", verbose_name=_("engagement")
    )
    employment = models.ForeignKey(
        Employment, models.CASCADE, related_name="clauses", verbose_name=_("employeur")
    )
    agreed_on = models.DateField(_("convenue le"))
    consented_on = models.DateField(_("accord de l’employeur"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("préavis d’appel, en jours"))
    lapsed_on = models.DateField(_("tombée le"), null=True, blank=True)
    lapse = models.CharField(_("motif"), max_length=10, choices=Lapse.choices, blank=True)

    class Meta:
        verbose_name = _("clause de réactivité")
        verbose_name_plural = _("clauses de réactivité")
        ordering = ["engagement", "-agreed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(lapsed_on__isnull=True),
                name="one_clause_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(lapsed_on__isnull=True, lapse="")
                | (Q(lapsed_on__isnull=False) & ~Q(lapse="")),
                name="clause_lapsed_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"clause {self.pk}"


class EmployerRule(models.Model):
    """What a school applies, from a day, to the absences of its own staff who are reservists.

    `days` and `notice_days` are the school’s agreement; empty, the law of its kind applies.
    """

    school = models.ForeignKey(
        School, models.CASCADE, related_name="employer_rules", verbose_name=_("école")
    )
    kind = models.CharField(
        _("employeur"),
        max_length=8,
        choices=[one for one in EmployerKind.choices if one[0] in ("private", "small", "public")],
    )
    days = models.PositiveSmallIntegerField(_("jours par année civile"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("préavis, en jours"), null=True, blank=True)
    agreement = models.CharField(_("accord"), max_length=200, blank=True, default="")
    since_on = models.DateField(_("depuis le"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fixée par"),
    )

    class Meta:
        verbose_name = _("règle d’absence de l’employeur")
        verbose_name_plural = _("règles d’absence de l’employeur")
        ordering = ["school", "-since_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "since_on"], name="employer_rule_once_a_day"),
            models.CheckConstraint(
                condition=Q(kind__in=["private", "small", "public"]),
                name="employer_rule_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} · {self.since_on}"
