"""Feeds, their lessons, what a person or a school says that a lesson is."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import SealedTextField
from reseda.schools.models import School


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


class TypingRule(models.Model):
    """What a school says its own titles or codes mean; read before the general rules, in order.

    A person’s correction of a lesson always wins over it.
    """

    class Target(models.TextChoices):
        TITLE = "title", _("l’intitulé")
        MODULE = "module", _("l’enseignement")
        GROUP = "group", _("le groupe")
        LOCATION = "location", _("la salle")

    class Match(models.TextChoices):
        CONTAINS = "contains", _("contient")
        WORD = "word", _("contient le mot")
        STARTS = "starts", _("commence par")
        IS = "is", _("est exactement")

    school = models.ForeignKey(
        School, models.CASCADE, related_name="typing_rules", verbose_name=_("école")
    )
    rank = models.PositiveSmallIntegerField(_("ordre"))
    target = models.CharField(_("ce qu’on lit"), max_length=10, choices=Target.choices)
    match = models.CharField(_("condition"), max_length=10, choices=Match.choices)
    pattern = models.CharField(_("texte"), max_length=120)
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(_("ajoutée le"), auto_now_add=True)
    removed_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("règle de typage")
        verbose_name_plural = _("règles de typage")
        ordering = ["rank", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(pattern=""), name="typing_rule_has_a_pattern"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="typing_rule_kind"),
            models.UniqueConstraint(
                fields=["school", "target", "match", "pattern"],
                condition=Q(removed_at__isnull=True),
                name="typing_rule_once_a_school",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.match} « {self.pattern} » → {self.kind}"
