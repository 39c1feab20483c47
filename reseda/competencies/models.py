"""Frameworks of competencies, their numbered versions, and the items of each version.

The tree (`parent`) says what an item is made of; correspondences between two frameworks are another
thing and never live here. Triggers of the database refuse any change to a published version.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reseda.schools.models import School


class Framework(models.Model):
    """What a school expects of its students, or what service in the reserve develops."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("référentiel de l’école")
        RESERVE = "reserve", _("référentiel de la réserve")

    school = models.ForeignKey(
        School, models.PROTECT, related_name="frameworks", verbose_name=_("école")
    )
    identifier = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("nature"), max_length=8, choices=Kind.choices)
    title = models.CharField(pgettext_lazy("framework", "titre"), max_length=160)
    title_en = models.CharField(_("titre en anglais"), max_length=160, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("référentiel de compétences")
        verbose_name_plural = _("référentiels de compétences")
        ordering = ["kind", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "title"], name="framework_title_once_a_school"
            )
        ]

    def __str__(self) -> str:
        return said(self.title, self.title_en)


class FrameworkVersion(models.Model):
    """One state of a framework: a draft that may change, then a published text that never does."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        PUBLISHED = "published", _("publiée")
        RETIRED = "retired", _("retirée")

    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="versions", verbose_name=_("référentiel")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("état"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("version d’un référentiel")
        verbose_name_plural = _("versions de référentiels")
        ordering = ["framework", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="framework_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["framework"], condition=Q(status="draft"), name="framework_one_draft"
            ),
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(status="published"),
                name="framework_one_published",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True, retired_at__isnull=True)
                | Q(status="published", published_at__isnull=False, retired_at__isnull=True)
                | Q(
                    status="retired",
                    published_at__isnull=False,
                    retired_at__gte=F("published_at"),
                ),
                name="framework_version_dates_follow_status",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework} · v{self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether items may still change."""
        return self.status == self.Status.DRAFT


class Item(models.Model):
    """One line of a version; its `identifier` stays the same from version to version."""

    class Kind(models.TextChoices):
        COMPETENCY = "competency", _("compétence")
        COMPONENT = "component", _("composante essentielle")
        SITUATION_FAMILY = "situation_family", _("famille de situations")
        LEVEL = "level", _("niveau de développement")
        CRITICAL_LEARNING = "critical_learning", _("apprentissage critique")
        RESOURCE = "resource", _("ressource")

    version = models.ForeignKey(
        FrameworkVersion, models.CASCADE, related_name="items", verbose_name=_("version")
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("élément parent"),
    )
    kind = models.CharField(_("nature"), max_length=20, choices=Kind.choices)
    identifier = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    code = models.CharField(_("code"), max_length=40)
    statement = models.TextField(_("énoncé en français"), max_length=600)
    statement_en = models.TextField(_("énoncé en anglais"), max_length=600, blank=True)
    rank = models.PositiveSmallIntegerField(_("rang"), default=1)

    class Meta:
        verbose_name = _("élément de référentiel")
        verbose_name_plural = _("éléments de référentiel")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="item_code_once_a_version"),
            models.UniqueConstraint(
                fields=["version", "identifier"], name="item_identifier_once_a_version"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="item_has_a_code"),
            models.CheckConstraint(condition=~Q(statement=""), name="item_has_a_statement"),
            models.CheckConstraint(
                condition=Q(kind="competency", parent__isnull=True)
                | (~Q(kind="competency") & Q(parent__isnull=False)),
                name="item_competencies_alone_stand_at_the_top",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

    @property
    def label(self) -> str:
        """The statement in the reader's language, in French where it has no translation."""
        return said(self.statement, self.statement_en)


def said(french: str, english: str) -> str:
    """Choose a wording by the language of the page, French where English is missing."""
    return english if english and (get_language() or "fr").startswith("en") else french
