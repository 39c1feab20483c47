"""The secret addresses of calendar feeds: a person’s own, and what they share with their unit."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.people.models import SealedTextField
from reseda.service.models import Engagement, Period


class CalendarAccess(models.Model):
    """The secret address of a person’s calendar feed, and what the person wants in it.

    Only the digest of its token is compared.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="calendar_access",
        verbose_name=_("personne"),
    )
    token = SealedTextField(_("jeton"))
    token_digest = models.CharField(max_length=64, unique=True)
    has_lessons = models.BooleanField(_("mes séances"), default=True)
    has_periods = models.BooleanField(
        _("mes périodes, sous le titre « Indisponible »"), default=True
    )
    has_catch_ups = models.BooleanField(_("les rattrapages convenus"), default=True)
    has_plan = models.BooleanField(_("ce qu’un plan publié me propose, à confirmer"), default=True)
    created_at = models.DateTimeField(_("créé le"), auto_now=True)

    class Meta:
        verbose_name = _("accès à l’agenda")

    def __str__(self) -> str:
        return f"agenda {self.pk}"


class UnitCalendar(models.Model):
    """What the holder of an engagement lets the unit see of their time, at a secret address.

    Half-days taken between two days, never by what; the `periods` chosen are said to be service.
    It answers no more once the contract is over. Only the digest of its token is compared.
    """

    engagement = models.OneToOneField(
        Engagement,
        models.CASCADE,
        related_name="unit_calendar",
        verbose_name=_("engagement"),
    )
    token = SealedTextField(_("jeton"))
    token_digest = models.CharField(max_length=64, unique=True)
    from_on = models.DateField(_("du"))
    to_on = models.DateField(_("au"))
    periods = models.ManyToManyField(
        Period, blank=True, related_name="+", verbose_name=_("périodes montrées")
    )
    opened_at = models.DateTimeField(_("ouvert le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("disponibilités partagées avec l’unité")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="unit_calendar_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"disponibilités {self.pk}"
