"""Requests for accommodation, the absences they justify, their review each semester."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.documents.models import StoredFile
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
    """One lesson that a request touches, as it was when asked; justified once granted.

    Its teacher reads "absence justifiée, engagement reconnu", never why (Code de la défense,
    L4211-7).
    """

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
            )
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
