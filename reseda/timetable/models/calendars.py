"""The secret addresses of calendar feeds."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reseda.people.models import SealedTextField


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
