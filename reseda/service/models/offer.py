"""Periods that units offer to reservists, and how much each reservist wishes for them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.people.models import AnswerLink, SealedTextField
from reseda.schools.models import School
from reseda.service.models.engagement import Engagement, Force


class OfferCall(models.Model):
    """A unit asked, by a link, to propose periods; it answers as often as it likes while open.

    The link is an `AnswerLink` whose subject is this row; a reminder sends a new one.
    """

    school = models.ForeignKey(
        School, models.PROTECT, related_name="offer_calls", verbose_name=_("école")
    )
    force = models.CharField(_("force"), max_length=16, choices=Force.choices)
    unit_name = SealedTextField(_("unité"), blank=True, default="")
    contact_name = SealedTextField(_("correspondant de l’unité"), blank=True, default="")
    contact_email = SealedTextField(_("son adresse électronique"))
    asked_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    reminded_at = models.DateTimeField(_("relancé le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("le lien expire le"))
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    class Meta:
        verbose_name = _("demande de propositions")
        verbose_name_plural = _("demandes de propositions")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(force__in=Force.values), name="offer_call_force_known"
            )
        ]

    def __str__(self) -> str:
        return f"demande de propositions {self.pk}"


class Offer(models.Model):
    """A period that a unit offers: days, places, the qualifications it requires and grants.

    Entered by the unit’s correspondent through a link, by the référent, or read from a file; `uid`
    names it in that file, so that reading it again changes the offer rather than adding one.
    `call` is the request of the school that a unit’s own offers answer.
    Qualifications are codes as `reseda.service.domain.qualifications` writes them.
    """

    class Origin(models.TextChoices):
        UNIT = "unit", _("unité")
        REFERENT = "referent", _("référent")
        FILE = "file", _("fichier")

    school = models.ForeignKey(
        School, models.PROTECT, related_name="offers", verbose_name=_("école")
    )
    force = models.CharField(_("force"), max_length=16, choices=Force.choices)
    purpose = SealedTextField(pgettext_lazy("period", "objet"))
    unit_name = SealedTextField(_("unité"), blank=True, default="")
    place = SealedTextField(_("lieu"), blank=True, default="")
    contact_name = SealedTextField(_("correspondant de l’unité"), blank=True, default="")
    contact_email = SealedTextField(_("son adresse électronique"), blank=True, default="")
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    capacity = models.PositiveSmallIntegerField(_("places"), default=1)
    requires = models.JSONField(_("qualifications demandées"), default=list, blank=True)
    grants = models.JSONField(_("qualifications acquises"), default=list, blank=True)
    origin = models.CharField(_("origine"), max_length=10, choices=Origin.choices)
    uid = models.CharField(max_length=255, blank=True, default="")
    link = models.ForeignKey(
        AnswerLink, models.SET_NULL, null=True, blank=True, related_name="offers"
    )
    call = models.ForeignKey(
        OfferCall,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=_("demande de propositions"),
    )
    created_at = models.DateTimeField(_("saisie le"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("période proposée")
        verbose_name_plural = _("périodes proposées")
        ordering = ["starts_at", "ends_at", "pk"]
        indexes = [models.Index(fields=["school", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="offer_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="offer_has_a_place"),
            models.CheckConstraint(condition=Q(force__in=Force.values), name="offer_force_known"),
            models.UniqueConstraint(
                fields=["school", "uid"], condition=~Q(uid=""), name="offer_once_a_uid"
            ),
        ]

    def __str__(self) -> str:
        return f"période proposée {self.pk}"


class Wish(models.Model):
    """How much a reservist wishes for an offer; `NEVER` keeps it out of their plans."""

    class Level(models.IntegerChoices):
        NEVER = 0, _("impossible pour moi")
        WHY_NOT = 1, _("pourquoi pas")
        GLADLY = 2, _("volontiers")
        MUCH = 3, _("beaucoup")

    offer = models.ForeignKey(
        Offer, models.CASCADE, related_name="wishes", verbose_name=_("période proposée")
    )
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="wishes", verbose_name=_("engagement")
    )
    level = models.PositiveSmallIntegerField(_("souhait"), choices=Level.choices)
    at = models.DateTimeField(_("moment"), auto_now=True)

    class Meta:
        verbose_name = _("souhait")
        constraints = [
            models.UniqueConstraint(fields=["offer", "engagement"], name="wish_once_an_offer"),
            models.CheckConstraint(condition=Q(level__lte=3), name="wish_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.offer} · {self.level}"
