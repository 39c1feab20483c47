"""What the journal stores; triggers of the database refuse any change to a written entry."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act, by one actor, on one subject; never a name or a sensitive word, only references and
    plain facts.
    """

    number = models.PositiveBigIntegerField(_("numéro"), unique=True)
    at = models.DateTimeField(_("moment"), db_index=True)
    verb = models.CharField(_("verbe"), max_length=80)
    actor = models.CharField(_("acteur"), max_length=80, db_index=True)
    subject = models.CharField(_("objet"), max_length=120, db_index=True)
    organisation = models.PositiveBigIntegerField(_("établissement"), null=True, db_index=True)
    facts = models.JSONField(_("faits"), default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("entrées du journal")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.subject}"


class Head(models.Model):
    """The end of the chain: the single row that a writer locks, so that two writers never share a
    predecessor.
    """

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="journal_one_head")]

    def __str__(self) -> str:
        return f"{self.number}"
