"""The engagement: a contract with one force, who may know of it, the notice of rights read."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.people.models import SealedTextField
from reseda.schools.models import School


class Force(models.TextChoices):
    """The five reserves that the Garde nationale coordinates, and civil security."""

    LAND = "terre", _("armée de Terre")
    NAVY = "marine", _("Marine nationale")
    AIR = "air_espace", _("armée de l’Air et de l’Espace")
    GENDARMERIE = "gendarmerie", _("Gendarmerie nationale")
    POLICE = "police", _("Police nationale")
    CIVIL_SECURITY = "securite_civile", _("sécurité civile")


class Training(models.TextChoices):
    """How far the training of the reservist has gone."""

    NOT_STARTED = "not_started", _("formation initiale à venir")
    INITIAL_IN_PROGRESS = "initial_in_progress", _("formation initiale en cours")
    INITIAL_DONE = "initial_done", _("formation initiale faite")
    SPECIALISED = "specialised", _("spécialité acquise")


class Ceiling(models.TextChoices):
    """Which yearly ceiling of days the contract follows; the law lists the cases that raise it."""

    ORDINARY = "ordinary", _("plafond ordinaire")
    FORCES_NEEDS = "forces_needs", _("plafond relevé pour les besoins des forces")
    NATIONAL_INTEREST = "national_interest", _("plafond relevé pour l’intérêt national")


class Audience(models.TextChoices):
    """Who may be allowed to know of an engagement; nobody is, unless its holder says so."""

    REFERENT = "referent", _("référent défense")
    STUDIES_DIRECTOR = "studies_director", _("direction des études")
    JURY = "jury", _("jury de reconnaissance")
    HUMAN_RESOURCES = "human_resources", _("ressources humaines")


AUDIENCES = tuple(Audience.values)


class Engagement(models.Model):
    """A person’s contract with one force, as they declared it; its existence alone is confidential.

    Contract to serve in the operational reserve: Code de la défense, L4221-1; police: Code de la
    sécurité intérieure, L411-11; civil security: L724-4. `former` keeps what the last change
    replaced, for its undo.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="engagements",
        verbose_name=_("personne"),
    )
    school = models.ForeignKey(
        School, models.PROTECT, related_name="engagements", verbose_name=_("école")
    )
    force = models.CharField(_("force"), max_length=16, choices=Force.choices)
    unit_name = SealedTextField(_("unité"), blank=True, default="")
    contact_name = SealedTextField(_("correspondant de l’unité"), blank=True, default="")
    contact_email = SealedTextField(_("son adresse électronique"), blank=True, default="")
    contract_start_on = models.DateField(_("début du contrat"))
    contract_end_on = models.DateField(_("fin du contrat"))
    training = models.CharField(
        pgettext_lazy("reserve", "formation"),
        max_length=20,
        choices=Training.choices,
        default=Training.NOT_STARTED,
    )
    ceiling = models.CharField(
        _("plafond"), max_length=20, choices=Ceiling.choices, default=Ceiling.ORDINARY
    )
    target_days = models.PositiveSmallIntegerField(
        _("jours souhaités par an"), null=True, blank=True
    )
    declared_at = models.DateTimeField(_("déclaré le"), auto_now_add=True)
    ended_on = models.DateField(_("terminé le"), null=True, blank=True)
    former = SealedTextField(default="", blank=True, editable=False)

    class Meta:
        verbose_name = _("engagement")
        ordering = ["-contract_start_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contract_end_on__gt=F("contract_start_on")),
                name="contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("contract_start_on")),
                name="engagement_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(force__in=Force.values), name="engagement_force_known"
            ),
            models.CheckConstraint(
                condition=Q(training__in=Training.values), name="engagement_training_known"
            ),
            models.CheckConstraint(
                condition=Q(ceiling__in=Ceiling.values), name="engagement_ceiling_known"
            ),
            models.UniqueConstraint(
                fields=["person", "force"],
                condition=Q(ended_on__isnull=True),
                name="engagement_open_once_a_force",
            ),
        ]

    def __str__(self) -> str:
        return f"engagement {self.pk}"


class Qualification(models.Model):
    """What a reservist holds beyond the training declared, as the unit names it; some periods
    require it, others grant it.

    `code` is as `reseda.service.domain.qualifications` writes it.
    """

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="qualifications", verbose_name=_("engagement")
    )
    code = models.CharField(_("qualification"), max_length=40)
    obtained_on = models.DateField(_("obtenue le"), null=True, blank=True)

    class Meta:
        verbose_name = _("qualification")
        ordering = ["engagement", "code"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "code"], name="qualification_once")
        ]

    def __str__(self) -> str:
        return self.code


class Disclosure(models.Model):
    """One audience that the holder of an engagement lets know of it; no row, nobody knows."""

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="disclosures", verbose_name=_("engagement")
    )
    audience = models.CharField(_("qui"), max_length=16, choices=Audience.choices)
    since_at = models.DateTimeField(_("depuis"), auto_now_add=True)

    class Meta:
        verbose_name = _("personne informée")
        ordering = ["engagement", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "audience"], name="disclosed_once"),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="disclosure_audience_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement} · {self.audience}"


class RightsNotice(models.Model):
    """The proof that a reservist was told of their rights: which text, in which version, when.

    Code de la défense, L4211-7: a reservist enrolled in higher education is informed of the right
    of article L611-9 of the Code de l’éducation.
    """

    engagement = models.OneToOneField(
        Engagement, models.CASCADE, related_name="notice", verbose_name=_("engagement")
    )
    version = models.CharField(_("version"), max_length=40)
    text = models.TextField(_("texte lu"))
    acknowledged_at = models.DateTimeField(_("lu le"), auto_now_add=True)

    class Meta:
        verbose_name = _("notice des droits lue")

    def __str__(self) -> str:
        return f"{self.engagement} · {self.version}"
