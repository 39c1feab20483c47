"""The file a student hands in, what it holds, and how it is assessed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reseda.recognition.models.evidence import Evidence
from reseda.recognition.models.jury import JurySession
from reseda.recognition.models.regulation import Form, Regulation


class RecognitionFile(models.Model):
    """A student’s request that what service taught be validated; only they open it (D611-7)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("en préparation")
        SUBMITTED = "submitted", _("déposé")
        COMPLEMENT = "complement", _("complément demandé")
        ASSESSED = "assessed", _("évalué")
        DECIDED = "decided", _("décidé")
        WITHDRAWN = "withdrawn", _("retiré")

    reference = models.CharField(_("référence"), max_length=12)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="recognition_files",
        verbose_name=_("élève"),
    )
    school = models.ForeignKey(
        "schools.School", models.PROTECT, related_name="recognition_files", verbose_name=_("école")
    )
    programme = models.ForeignKey(
        "schools.Programme",
        models.PROTECT,
        related_name="recognition_files",
        verbose_name=_("formation"),
    )
    regulation = models.ForeignKey(
        Regulation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("règlement"),
    )
    framework_version = models.ForeignKey(
        "competencies.FrameworkVersion",
        models.PROTECT,
        related_name="recognition_files",
        verbose_name=_("version du référentiel"),
    )
    session = models.ForeignKey(
        JurySession,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("session de jury"),
    )
    status = models.CharField(
        _("état"), max_length=12, choices=Status.choices, default=Status.DRAFT
    )
    wished_form = models.CharField(
        _("forme souhaitée"), max_length=16, choices=Form.choices, blank=True
    )
    created_at = models.DateTimeField(_("ouvert le"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("déposé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("dossier de reconnaissance")
        verbose_name_plural = _("dossiers de reconnaissance")
        ordering = ["-reference"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "reference"], name="file_reference_once_a_school_and_year"
            ),
            models.UniqueConstraint(
                fields=["person", "school"],
                condition=Q(status="draft"),
                name="file_one_draft_a_person",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(submitted_at__isnull=False, regulation__isnull=False),
                name="file_submitted_under_a_regulation",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "draft",
                        "submitted",
                        "complement",
                        "assessed",
                        "decided",
                        "withdrawn",
                    ]
                ),
                name="file_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class FileActivity(models.Model):
    """An activity that a file asks to have recognised."""

    file = models.ForeignKey(RecognitionFile, models.CASCADE, related_name="activities")
    period = models.ForeignKey("service.Period", models.PROTECT, related_name="file_activities")

    class Meta:
        ordering = ["period__starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["file", "period"], name="file_activity_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} · {self.period_id}"


class FileEvidence(models.Model):
    """An evidence as it was put in a file when the file was submitted."""

    file = models.ForeignKey(RecognitionFile, models.CASCADE, related_name="evidence_rows")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="file_rows")

    class Meta:
        ordering = ["evidence__period__starts_at", "evidence_id"]
        constraints = [
            models.UniqueConstraint(fields=["file", "evidence"], name="file_evidence_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} · {self.evidence_id}"


class SelfPosition(models.Model):
    """The level at which the student places themselves in one competency."""

    file = models.ForeignKey(RecognitionFile, models.CASCADE, related_name="positions")
    item = models.ForeignKey("competencies.Item", models.PROTECT, related_name="+")
    level = models.ForeignKey("competencies.Item", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item__rank", "pk"]
        constraints = [models.UniqueConstraint(fields=["file", "item"], name="self_position_once")]

    def __str__(self) -> str:
        return f"{self.file_id} · {self.item_id}"


class Assessment(models.Model):
    """The level one assessor reads in the evidence: a judgement on acts, not on a person."""

    file = models.ForeignKey(RecognitionFile, models.CASCADE, related_name="assessments")
    item = models.ForeignKey("competencies.Item", models.PROTECT, related_name="+")
    level = models.ForeignKey(
        "competencies.Item", models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.TextField(_("commentaire"), max_length=3000)
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="assessments",
        verbose_name=_("évaluateur"),
    )
    at = models.DateTimeField(_("le"))

    class Meta:
        verbose_name = _("évaluation")
        ordering = ["item__rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "item", "assessor"], name="assessment_once_an_assessor"
            ),
            models.CheckConstraint(condition=~Q(comment=""), name="assessment_is_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} · {self.item_id}"


class ComplementRequest(models.Model):
    """An assessor or a jury asks the student for something more before going on."""

    file = models.ForeignKey(RecognitionFile, models.CASCADE, related_name="complements")
    session = models.ForeignKey(
        JurySession, models.PROTECT, null=True, blank=True, related_name="complements"
    )
    message = models.TextField(_("ce qui est demandé"), max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("demandé le"))
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("demande de complément")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(answered_at__isnull=True),
                name="complement_one_open_a_file",
            ),
            models.CheckConstraint(condition=~Q(message=""), name="complement_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} · {self.asked_at:%Y-%m-%d}"
