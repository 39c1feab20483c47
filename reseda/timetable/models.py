"""What is stored of studies: feeds and their lessons, requests for accommodation, absences."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import SealedTextField
from reseda.schools.models import School
from reseda.service.models import Period


class Kind(models.TextChoices):
    """What a lesson is for conciliation; an unknown one is compulsory until a person says."""

    EXAM = "exam", _("examen")
    PROJECT = "project", _("projet")
    PRACTICAL = "practical", _("travaux pratiques")
    TUTORIAL = "tutorial", _("travaux dirigés")
    LECTURE = "lecture", _("cours")
    PLACEMENT = "placement", _("entreprise")
    HOLIDAY = "holiday", _("congés")
    ADMIN = "admin", _("vie de l’école")
    OTHER = "other", _("autre")
    UNKNOWN = "unknown", _("à préciser")


class Feed(models.Model):
    """A timetable as its person gave it: a file, or an address that is read again regularly.

    `digest` is that of the canonical content; `problems` are codes and facts of the last reading.
    The file itself is not kept: it holds the names of teachers, which nobody needs here. The
    address is sealed: those of ADE and HyperPlanning let anybody read the timetable.
    """

    class Origin(models.TextChoices):
        FILE = "file", _("fichier")
        ADDRESS = "address", _("adresse")

    class State(models.TextChoices):
        FRESH = "fresh", _("à jour")
        FAILING = "failing", _("illisible")
        ALARM = "alarm", _("à vérifier")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="feeds",
        verbose_name=_("personne"),
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("école"))
    name = models.CharField(_("nom"), max_length=80)
    origin = models.CharField(_("origine"), max_length=8, choices=Origin.choices)
    address = SealedTextField(_("adresse"), blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    etag = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.FRESH)
    problems = models.JSONField(_("problèmes"), default=list, blank=True)
    chosen_groups = models.JSONField(_("mes groupes"), default=list, blank=True)
    created_at = models.DateTimeField(_("ajouté le"), auto_now_add=True)
    removed_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    read_at = models.DateTimeField(_("lu le"))
    failures = models.PositiveSmallIntegerField(default=0)
    next_read_at = models.DateTimeField(_("prochaine lecture"), null=True, blank=True)

    class Meta:
        verbose_name = _("emploi du temps")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Lesson(models.Model):
    """One session of a feed, as typed by a rule; never a teacher’s name."""

    feed = models.ForeignKey(
        Feed, models.CASCADE, related_name="lessons", verbose_name=_("emploi du temps")
    )
    uid = models.CharField(max_length=255)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    is_all_day = models.BooleanField(_("journée entière"), default=False)
    title = models.CharField(_("intitulé"), max_length=300)
    location = models.CharField(_("salle"), max_length=200, blank=True, default="")
    group = models.CharField(_("groupes"), max_length=500, blank=True, default="")
    module = models.CharField(_("enseignement"), max_length=200, blank=True, default="")
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices)
    is_sure = models.BooleanField(_("type certain"), default=False)
    rule = models.CharField(_("règle"), max_length=60, blank=True, default="")
    is_for_whole_promotion = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("séance")
        ordering = ["starts_at", "ends_at", "uid"]
        indexes = [models.Index(fields=["feed", "starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["feed", "uid"], name="lesson_once_a_feed"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")), name="lesson_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Correction(models.Model):
    """A person said what a lesson really is; kept beside the feed: a new reading keeps it."""

    feed = models.ForeignKey(
        Feed, models.CASCADE, related_name="corrections", verbose_name=_("emploi du temps")
    )
    uid = models.CharField(max_length=255)
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices)
    corrected_at = models.DateTimeField(_("corrigé le"), auto_now=True)

    class Meta:
        verbose_name = _("correction de type")
        constraints = [
            models.UniqueConstraint(fields=["feed", "uid"], name="correction_once_a_lesson")
        ]

    def __str__(self) -> str:
        return f"{self.feed} · {self.kind}"


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


class CalendarAccess(models.Model):
    """The secret address of a person’s calendar feed; only the digest of its token is compared."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="calendar_access",
        verbose_name=_("personne"),
    )
    token = SealedTextField(_("jeton"))
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("créé le"), auto_now=True)

    class Meta:
        verbose_name = _("accès à l’agenda")

    def __str__(self) -> str:
        return f"agenda {self.pk}"
