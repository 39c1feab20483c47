"""Sittings of the jury, what they decide, and the activities that a decision uses up."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.recognition.models.regulation import Form, Regulation


class JurySession(models.Model):
    """A sitting of a school’s recognition jury, with those who sit."""

    school = models.ForeignKey(
        "schools.School", models.PROTECT, related_name="jury_sessions", verbose_name=_("école")
    )
    name = models.CharField(_("nom"), max_length=120)
    held_on = models.DateField(_("date"))
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="jury_sessions", verbose_name=_("membres")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("session de jury")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name", "held_on"], name="jury_session_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Decision(models.Model):
    """What the jury decided of a file, once, with rules, framework and crosswalk of that day."""

    class Outcome(models.TextChoices):
        VALIDATED = "validated", _("validé")
        REFUSED = "refused", _("refusé")

    file = models.OneToOneField(
        "recognition.RecognitionFile", models.PROTECT, related_name="decision"
    )
    session = models.ForeignKey(JurySession, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("décision"), max_length=12, choices=Outcome.choices)
    form = models.CharField(_("forme"), max_length=16, choices=Form.choices, blank=True)
    ects = models.DecimalField(
        _("crédits ECTS"), max_digits=3, decimal_places=1, null=True, blank=True
    )
    # A copy of the regulation's ceiling, so that the database itself can compare.
    max_ects = models.DecimalField(max_digits=3, decimal_places=1)
    detail = models.CharField(_("enseignement ou élément concerné"), max_length=200, blank=True)
    motivation = models.TextField(_("motivation"), max_length=4000)
    framework_version = models.ForeignKey(
        "competencies.FrameworkVersion", models.PROTECT, related_name="decisions"
    )
    # The published crosswalk towards that framework, when there was one that day.
    crosswalk_version = models.ForeignKey(
        "competencies.CrosswalkVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("table de correspondance"),
    )
    regulation = models.ForeignKey(Regulation, models.PROTECT, related_name="decisions")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions"
    )
    decided_at = models.DateTimeField(_("décidé le"))

    class Meta:
        verbose_name = _("décision")
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(motivation=""), name="decision_is_explained"),
            models.CheckConstraint(
                condition=Q(form="ects", ects__isnull=False, ects__gt=0, ects__lte=F("max_ects"))
                | (~Q(form="ects") & Q(ects__isnull=True)),
                name="decision_ects_only_and_within_the_maximum",
            ),
            models.CheckConstraint(
                condition=(Q(outcome="validated") & ~Q(form="")) | Q(outcome="refused", form=""),
                name="decision_form_only_when_validated",
            ),
            models.CheckConstraint(
                condition=Q(form__in=["", *Form.values]), name="decision_form_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} · {self.get_outcome_display()}"


class DecisionLevel(models.Model):
    """The level that the jury recognises in one competency."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="levels")
    item = models.ForeignKey("competencies.Item", models.PROTECT, related_name="+")
    level = models.ForeignKey("competencies.Item", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item__rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "item"], name="decision_level_once")
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} · {self.item_id}"


class ActivityUse(models.Model):
    """The lock of D611-7: the same activity gives rise to one validation only, whoever asks."""

    period = models.OneToOneField("service.Period", models.PROTECT, related_name="recognition_use")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="activity_uses")

    class Meta:
        verbose_name = _("activité déjà validée")

    def __str__(self) -> str:
        return f"{self.period_id} · {self.decision_id}"
