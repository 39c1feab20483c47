"""Conciliation plans of a school: what was asked of the planner, and its answer pair by pair."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.people.models import Organisation
from reseda.schools.models import School
from reseda.service.models import Engagement, Offer, Period


class Plan(models.Model):
    """One run of the planner over the offers of some days, for the reservists that it may know of.

    `policy` is the school’s choice as the engine reads it; `input_digest` is that of the whole
    input, so that the same digest means the same plan. One plan of a scope is published at a time.
    One that nobody was told of may be removed: it can be restored for a month, then is forgotten.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("en attente")
        RUNNING = "running", _("en calcul")
        READY = "ready", pgettext_lazy("plan", "prêt")
        CANCELLED = "cancelled", pgettext_lazy("plan", "interrompu")
        FAILED = "failed", _("en échec")
        PUBLISHED = "published", pgettext_lazy("plan", "publié")
        REPLACED = "replaced", pgettext_lazy("plan", "remplacé")

    school = models.ForeignKey(
        School, models.PROTECT, related_name="plans", verbose_name=_("école")
    )
    programme = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("formation"),
    )
    name = models.CharField(_("nom"), max_length=80)
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    policy = models.JSONField(_("règles du plan"), default=dict)
    based_on = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("plan de départ"),
    )
    status = models.CharField(
        _("état"), max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    progress = models.PositiveSmallIntegerField(_("avancement"), default=0)
    stop_asked_at = models.DateTimeField(_("arrêt demandé le"), null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True, default="")
    input_digest = models.CharField(max_length=64, blank=True, default="")
    is_proven = models.BooleanField(_("optimum prouvé"), default=False)
    value = models.FloatField(_("valeur"), null=True, blank=True)
    bound = models.FloatField(_("borne"), null=True, blank=True)
    totals = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("demandé par")
    )
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    started_at = models.DateTimeField(_("commencé le"), null=True, blank=True)
    finished_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    removed_at = models.DateTimeField(_("supprimé le"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("publié par"),
    )

    class Meta:
        verbose_name = _("plan de conciliation")
        verbose_name_plural = _("plans de conciliation")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="plan_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="plan_progress_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=(
                    Q(status__in=["published", "replaced"])
                    & Q(published_at__isnull=False, published_by__isnull=False)
                )
                | (
                    ~Q(status__in=["published", "replaced"])
                    & Q(published_at__isnull=True, published_by__isnull=True)
                ),
                name="plan_published_has_its_moment",
            ),
            models.UniqueConstraint(
                fields=["school", "programme"],
                condition=Q(status="published"),
                name="plan_published_once_a_programme",
            ),
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(status="published", programme__isnull=True),
                name="plan_published_once_a_school",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlanLine(models.Model):
    """One reservist and one offer in a plan: granted with its days, or refused with its reason.

    `facts` and `would_need` are those of the engine: codes and figures, sentences are the page’s.
    The person answers a granted line once the plan is published; accepting makes the period.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("acceptée")
        DECLINED = "declined", _("déclinée")

    plan = models.ForeignKey(
        Plan, models.CASCADE, related_name="lines", verbose_name=_("plan de conciliation")
    )
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="+", verbose_name=_("engagement")
    )
    offer = models.ForeignKey(
        Offer, models.CASCADE, related_name="+", verbose_name=_("période proposée")
    )
    is_granted = models.BooleanField(_("retenue"))
    days = models.DecimalField(_("jours"), max_digits=5, decimal_places=1, default=0)
    minutes = models.PositiveIntegerField(_("minutes à rattraper"), default=0)
    recoverable = models.JSONField(default=list, blank=True)
    reason = models.CharField(_("raison"), max_length=20, blank=True, default="")
    facts = models.JSONField(default=dict, blank=True)
    would_need = models.JSONField(default=dict, blank=True)
    answer = models.CharField(
        _("réponse"), max_length=10, choices=Answer.choices, blank=True, default=""
    )
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    period = models.ForeignKey(
        Period,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("période"),
    )

    class Meta:
        verbose_name = _("ligne de plan")
        verbose_name_plural = _("lignes de plan")
        ordering = ["plan", "engagement", "offer"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "engagement", "offer"], name="plan_line_once_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(is_granted=True, reason="") | (Q(is_granted=False) & ~Q(reason="")),
                name="plan_line_refused_has_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, is_granted=True)),
                name="plan_line_answered_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.engagement_id} · {self.offer_id}"


class Pin(models.Model):
    """A person settled a pair before the planner: granted whatever the value, or excluded."""

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="+", verbose_name=_("engagement")
    )
    offer = models.ForeignKey(
        Offer, models.CASCADE, related_name="pins", verbose_name=_("période proposée")
    )
    is_granted = models.BooleanField(_("retenue"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("décidé par")
    )
    at = models.DateTimeField(_("moment"), auto_now_add=True)

    class Meta:
        verbose_name = _("choix fait à la main")
        verbose_name_plural = _("choix faits à la main")
        constraints = [
            models.UniqueConstraint(fields=["engagement", "offer"], name="pin_once_a_pair")
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} · {self.offer_id}"
