"""Persons, organisations they act in, their mandates, and links by which outsiders answer."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is for the scheme; a mandate says where and from when to when."""

    STUDENT = "student", _("élève")
    STAFF = "staff", _("membre du personnel")
    REFERENT = "referent", _("référent défense")
    STUDIES_DIRECTOR = "studies_director", _("direction des études")
    COMPETENCY_ENGINEER = "competency_engineer", _("ingénierie pédagogique")
    TEACHER = "teacher", _("enseignant")
    ASSESSOR = "assessor", _("évaluateur")
    JURY_MEMBER = "jury_member", _("membre du jury")
    REGISTRY = "registry", _("scolarité")
    HUMAN_RESOURCES = "human_resources", _("ressources humaines")
    DATA_PROTECTION = "data_protection", _("protection des données")
    UNIT_CORRESPONDENT = "unit_correspondent", _("correspondant d’unité")


class Organisation(models.Model):
    """Where a mandate is held: a school, one of its programmes, or an outside body (a unit)."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("école")
        PROGRAMME = "programme", _("formation")
        OUTSIDE = "outside", _("organisme extérieur")

    kind = models.CharField(_("nature"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("nom"), max_length=160)
    slug = models.SlugField(_("nom dans les adresses"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        verbose_name = _("organisation")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Makes persons; e-mail addresses are compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        """Create a person who may sign in, with an unusable password when none is given."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find a person by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who has an account; rights come from mandates alone, never from a flag."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    language = models.CharField(
        _("langue"), max_length=2, default="fr", choices=[("fr", "français"), ("en", "English")]
    )
    is_active = models.BooleanField(_("compte ouvert"), default=True)
    joined_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("personne")
        ordering = ["last_name", "first_name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_whatever_case")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def journal_name(self) -> str:
        """How the journal names this person: never by their name."""
        return f"person:{self.pk}"


class Mandate(models.Model):
    """A person is something (role), somewhere (organisation, perhaps one programme of it), from a
    day to a day.
    """

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="mandates", verbose_name=_("personne")
    )
    role = models.CharField(_("rôle"), max_length=24, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates", verbose_name=_("école")
    )
    scope = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("limité à"),
    )
    from_on = models.DateField(_("à partir du"))
    to_on = models.DateField(_("jusqu’au"), null=True, blank=True)
    # Set when somebody puts an end to it at once; emptied when that is undone.
    ended_at = models.DateTimeField(_("arrêté le"), null=True, blank=True)

    class Meta:
        verbose_name = _("mandat")
        ordering = ["organisation", "role", "from_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")),
                name="mandate_ends_after_it_starts",
            ),
            # Two of them, as SQLite takes two empty scopes for different ones.
            models.UniqueConstraint(
                fields=["person", "role", "organisation", "from_on"],
                condition=Q(scope__isnull=True),
                name="mandate_once_in_school",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "scope", "from_on"],
                condition=Q(scope__isnull=False),
                name="mandate_once_in_programme",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()} · {self.organisation}"


def in_force(day: date, path: str = "") -> Q:
    """Select mandates that hold on a day, ends included; `path` (`mandates__`) leads to them."""
    ends = Q(**{f"{path}to_on__isnull": True}) | Q(**{f"{path}to_on__gte": day})
    begun = Q(**{f"{path}from_on__lte": day})
    return begun & ends & Q(**{f"{path}ended_at__isnull": True})


class AnswerLink(models.Model):
    """One question put to an outsider: the token is sent by e-mail and only its digest is kept."""

    purpose = models.CharField(_("objet"), max_length=80)
    subject_key = models.PositiveBigIntegerField()
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("école")
    )
    email = models.EmailField(_("adresse électronique"))
    name = models.CharField(_("nom"), max_length=160, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("envoyé le"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expire le"))
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("annulé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lien de réponse")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["purpose", "subject_key"])]

    def __str__(self) -> str:
        return f"{self.purpose} · {self.email}"

    @property
    def journal_name(self) -> str:
        """How the journal names the outsider who answers through this link."""
        return f"link:{self.pk}"


class SignInLink(models.Model):
    """A way in by e-mail, once, for a quarter of an hour: only the digest of its token is kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("envoyé le"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expire le"))
    used_at = models.DateTimeField(_("utilisé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("lien de connexion")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.created_at}"
