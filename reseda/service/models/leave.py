"""Authorised absences of the school’s own staff who are reservists."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.schools.models import School
from reseda.service.models.period import Period

LIVE = ("informed", "acknowledged", "requested", "granted", "silent")


class Leave(models.Model):
    """A staff member asks the school, their employer, for the absence that a period needs.

    Within the quota and with the notice, it is of right: `informed`, then `acknowledged`. Beyond,
    human resources answer (`granted`, `refused` with a reason); their silence is agreement
    (`silent`). Code du travail, L3142-89 and following; Code de la défense, L4221-4; Code général
    de la fonction publique, L644-1. `counted` holds, for each civil year: `year`, `asked`, `used`
    before, `limit`, in the unit of `law_code`.
    """

    class Status(models.TextChoices):
        INFORMED = "informed", _("de droit, à accuser")
        ACKNOWLEDGED = "acknowledged", _("de droit")
        REQUESTED = "requested", _("à décider")
        GRANTED = "granted", _("accordée")
        REFUSED = "refused", _("refusée")
        SILENT = "silent", _("accordée par silence")
        WITHDRAWN = "withdrawn", _("retirée")

    period = models.ForeignKey(
        Period, models.PROTECT, related_name="leaves", verbose_name=_("période")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="leaves",
        verbose_name=_("personne"),
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("école"))
    starts_at = models.DateTimeField(_("absent à partir de"))
    ends_at = models.DateTimeField(_("absent jusqu’à"))
    counted = models.JSONField(_("jours par année"), default=list)
    days = models.DecimalField(_("jours d’absence"), max_digits=5, decimal_places=1)
    law_code = models.CharField(max_length=60)
    unit = models.CharField(max_length=12)
    is_agreed_quota = models.BooleanField(_("quota de l’accord de l’école"), default=False)
    is_within = models.BooleanField(_("dans le quota"))
    is_notice_kept = models.BooleanField(_("préavis tenu"))
    notice_on = models.DateField(_("à demander avant le"))
    refusal_due_on = models.DateField(_("refus possible jusqu’au"))
    silence_due_on = models.DateField(_("accord par silence après le"), null=True, blank=True)
    status = models.CharField(_("état"), max_length=12, choices=Status.choices)
    former_status = models.CharField(max_length=12, blank=True, default="")
    tells_unit = models.BooleanField(_("prévenir l’unité d’un refus"), default=False)
    unit_told_at = models.DateTimeField(_("unité prévenue le"), null=True, blank=True)
    requested_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("décidée par"),
    )
    reason = models.TextField(_("motif"), max_length=2000, blank=True, default="")

    class Meta:
        verbose_name = _("autorisation d’absence")
        verbose_name_plural = _("autorisations d’absence")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(status__in=LIVE), name="leave_live_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="leave_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""), name="leave_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["acknowledged", "granted", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | Q(status="silent", decided_at__isnull=False, decided_by__isnull=True)
                | Q(
                    status__in=["informed", "requested"],
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                )
                | Q(status="withdrawn"),
                name="leave_decided_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"autorisation d’absence {self.pk}"
