"""What becomes of a convocation: whether it was answered, and the version that hides the rest."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reseda.documents.models import StoredFile
from reseda.service.models.period import Period


class CallUp(models.Model):
    """A convocation received for a period, and what its holder answered to the unit, if anything.

    Three in a row left unanswered allow the contract to be ended: Code de la défense, R4221-19.
    """

    class Answer(models.TextChoices):
        YES = "yes", _("présent")
        NO = "no", _("indisponible")

    period = models.OneToOneField(
        Period, models.CASCADE, related_name="call_up", verbose_name=_("période")
    )
    received_on = models.DateField(_("reçue le"))
    answer = models.CharField(_("réponse"), max_length=4, choices=Answer.choices, blank=True)
    answered_on = models.DateField(_("répondu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("convocation reçue")
        verbose_name_plural = _("convocations reçues")
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True)
                | Q(answer__in=["yes", "no"], answered_on__isnull=False),
                name="call_up_answered_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("received_on")),
                name="call_up_answered_after_received",
            ),
        ]

    def __str__(self) -> str:
        return f"convocation {self.pk}"


class MaskedConvocation(models.Model):
    """The summary that took the place of a convocation: dates, signature, digest of the original.

    The original is erased; whoever holds a copy of it can be told, by its digest, whether it is
    the one that was summarised.
    """

    period = models.OneToOneField(
        Period, models.CASCADE, related_name="masked", verbose_name=_("période")
    )
    file = models.OneToOneField(
        StoredFile, models.CASCADE, related_name="+", verbose_name=_("résumé")
    )
    original_sha256 = models.CharField(_("empreinte de l’original"), max_length=64)
    is_signed = models.BooleanField(_("l’original est signé"), default=False)
    at = models.DateTimeField(_("masquée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("convocation masquée")
        verbose_name_plural = _("convocations masquées")

    def __str__(self) -> str:
        return f"convocation masquée {self.pk}"
