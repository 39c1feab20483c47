"""What recognition stores: regulations, evidence, files, assessments, juries, decisions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import SealedTextField


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
    title = models.CharField(_("titre"), max_length=160)
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
    title = models.CharField(_("titre"), max_length=120)
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


class Decision(models.Model):
    """What the jury decided of a file, once, with the rules and framework of that day."""

    class Outcome(models.TextChoices):
        VALIDATED = "validated", _("validé")
        REFUSED = "refused", _("refusé")

    file = models.OneToOneField(RecognitionFile, models.PROTECT, related_name="decision")
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
