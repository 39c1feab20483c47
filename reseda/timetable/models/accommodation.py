"""Requests for accommodation, the absences they justify, their review each semester."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.documents.models import StoredFile
from reseda.people.models import SealedTextField
from reseda.schools.models import School
from reseda.service.models import Period
from reseda.timetable.models.feeds import Kind


class AccommodationRequest(models.Model):
    """A student asks that studies be arranged around a period; the school decides, with its reason.

    Code de l’éducation, D611-9: accommodations in the organisation of studies and of assessment.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("demandé")
        GRANTED = "granted", _("accordé")
        REFUSED = "refused", _("refusé")
        WITHDRAWN = "withdrawn", _("retiré")

    period = models.ForeignKey(
        Period, models.PROTECT, related_name="accommodation_requests", verbose_name=_("période")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="accommodation_requests",
        verbose_name=_("élève"),
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("école"))
    programme = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("formation"),
    )
    starts_at = models.DateTimeField(_("absent à partir de"))
    ends_at = models.DateTimeField(_("absent jusqu’à"))
    travel_minutes = models.PositiveSmallIntegerField(
        _("trajet compté avant et après, en minutes"), default=0
    )
    wish = models.TextField(_("ce que l’élève demande"), max_length=2000)
    status = models.CharField(
        _("état"), max_length=10, choices=Status.choices, default=Status.REQUESTED
    )
    requested_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("décidé par"),
    )
    reason = models.TextField(_("motif de la décision"), max_length=2000, blank=True, default="")
    measures = models.TextField(_("mesures"), max_length=4000, blank=True, default="")
    agreed_at = models.DateTimeField(_("mesures acceptées le"), null=True, blank=True)
    contract = models.ForeignKey(
        StoredFile,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contrat d’aménagement"),
    )

    class Meta:
        verbose_name = _("demande d’aménagement")
        verbose_name_plural = _("demandes d’aménagement")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(status__in=["requested", "granted"]),
                name="accommodation_live_once_a_period",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["granted", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | (
                    Q(status__in=["requested", "withdrawn"])
                    & Q(decided_at__isnull=True, decided_by__isnull=True)
                ),
                name="accommodation_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(reason=""),
                name="accommodation_refused_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="accommodation_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"demande {self.pk}"


class Absence(models.Model):
    """One lesson that a request touches, as it was when asked; justified once it is excused.

    Its teacher reads "absence justifiée, engagement reconnu", never why (Code de la défense,
    L4211-7). Without `answer` it awaits the director of studies: a lesson that the timetable put
    under the period after the decision does so too. `catch_up_uid` names the session of the
    student's timetable that was chosen, as long as it stays at `catch_up_at`.
    """

    class Answer(models.TextChoices):
        EXCUSED = "excused", _("excusée")
        ATTEND = "attend", _("à suivre")

    class Measure(models.TextChoices):
        CATCH_UP = "catch_up", _("séance de rattrapage")
        SUBSTITUTE = "substitute", _("examen de remplacement")
        NOTES = "notes", _("notes et supports transmis")
        WAIVER = "waiver", _("dispense d’assiduité")

    request = models.ForeignKey(
        AccommodationRequest, models.CASCADE, related_name="absences", verbose_name=_("demande")
    )
    uid = models.CharField(max_length=255)
    title = models.CharField(_("intitulé"), max_length=300)
    module = models.CharField(_("enseignement"), max_length=200, blank=True, default="")
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="absences_of_students",
        verbose_name=_("enseignant"),
    )
    answer = models.CharField(
        _("réponse"), max_length=8, choices=Answer.choices, blank=True, default=""
    )
    measure = models.CharField(
        _("mesure"), max_length=10, choices=Measure.choices, blank=True, default=""
    )
    catch_up = models.CharField(_("rattrapage"), max_length=300, blank=True, default="")
    catch_up_uid = models.CharField(max_length=255, blank=True, default="")
    catch_up_at = models.DateTimeField(_("rattrapage le"), null=True, blank=True)
    seen_at = models.DateTimeField(_("vu par l’enseignant le"), null=True, blank=True)

    class Meta:
        verbose_name = _("absence justifiée")
        verbose_name_plural = _("absences justifiées")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "uid", "starts_at"], name="absence_once_a_lesson"
            ),
            models.CheckConstraint(
                condition=~Q(answer="attend") | Q(measure=""),
                name="absence_attended_has_no_measure",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AccommodationReview(models.Model):
    """The look back on a granted accommodation, due each semester: kept, changed, or ended."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("maintenu")
        CHANGED = "changed", _("modifié")
        ENDED = "ended", _("terminé")

    request = models.ForeignKey(
        AccommodationRequest,
        models.CASCADE,
        related_name="reviews",
        verbose_name=_("aménagement"),
    )
    due_on = models.DateField(_("à faire avant le"))
    outcome = models.CharField(
        _("bilan"), max_length=8, choices=Outcome.choices, blank=True, default=""
    )
    note = models.TextField(_("ce qui a été constaté"), max_length=2000, blank=True, default="")
    word = models.TextField(_("le mot de l’élève"), max_length=2000, blank=True, default="")
    word_at = models.DateTimeField(_("mot écrit le"), null=True, blank=True)
    held_at = models.DateTimeField(_("fait le"), null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("fait par"),
    )

    class Meta:
        verbose_name = _("bilan d’aménagement")
        verbose_name_plural = _("bilans d’aménagement")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "due_on"], name="review_once_a_day"),
            models.CheckConstraint(
                condition=Q(outcome="", held_at__isnull=True, held_by__isnull=True)
                | (~Q(outcome="") & Q(held_at__isnull=False, held_by__isnull=False)),
                name="review_held_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} · {self.due_on}"


class Concern(models.Model):
    """A student says that a measure was harmful to their studies because of an absence.

    Code de la défense, L4211-7: no such measure may be taken. `audience` is who was told, as the
    student read it when writing: the référent whom the student told, else the director of
    studies. The measure itself is recorded nowhere else.
    """

    class Audience(models.TextChoices):
        REFERENT = "referent", _("référent défense")
        STUDIES_DIRECTOR = "studies_director", _("direction des études")

    request = models.ForeignKey(
        AccommodationRequest,
        models.CASCADE,
        related_name="concerns",
        verbose_name=_("aménagement"),
    )
    audience = models.CharField(_("adressé à"), max_length=16, choices=Audience.choices)
    text = SealedTextField(_("ce qui s’est passé"))
    reported_at = models.DateTimeField(_("signalé le"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    read_at = models.DateTimeField(_("lu le"), null=True, blank=True)
    answer = SealedTextField(_("réponse"), blank=True, default="")
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("répondu par"),
    )

    class Meta:
        verbose_name = _("signalement")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="concern_answered_has_its_moment",
            )
        ]

    def __str__(self) -> str:
        return f"signalement {self.pk}"


class ModuleTeacher(models.Model):
    """Who teaches a module, as last chosen in a decision: proposed the next time."""

    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name=_("école"))
    module = models.CharField(_("enseignement"), max_length=200)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="modules_taught",
        verbose_name=_("enseignant"),
    )

    class Meta:
        verbose_name = _("enseignant d’un module")
        constraints = [
            models.UniqueConstraint(fields=["school", "module"], name="one_teacher_a_module")
        ]

    def __str__(self) -> str:
        return f"{self.module} · {self.teacher}"
