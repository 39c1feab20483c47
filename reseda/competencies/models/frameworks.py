"""Frameworks of competencies, their numbered versions, and what each version holds.

The tree (`parent`) says what an item is made of; an `Association` links items of one framework, or
an item to something outside, as its author wrote it (CASE 1.1). What people decide between two
frameworks is another thing: see `crosswalks`. Triggers refuse any change to a published version.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reseda.competencies.domain.framework import MAX_STATEMENT, TOP_KINDS
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
    # What a version says of itself: the fields of `domain.framework.About`, checked when written.
    about = models.JSONField(_("présentation"), default=dict, blank=True)
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
        GROUP = "group", _("regroupement")
        BLOCK = "block", _("bloc de compétences")
        TEACHING_UNIT = "teaching_unit", _("unité d’enseignement")
        COMPETENCY = "competency", _("compétence")
        COMPONENT = "component", _("composante essentielle")
        SITUATION_FAMILY = "situation_family", _("famille de situations")
        LEVEL = "level", _("niveau de développement")
        CRITICAL_LEARNING = "critical_learning", _("apprentissage critique")
        INDICATOR = "indicator", _("indicateur")
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
    # Of the CASE association that puts it under its parent, where its author gave one.
    parent_link = models.UUIDField(null=True, blank=True, editable=False, db_index=True)
    code = models.CharField(_("code"), max_length=40)
    statement = models.TextField(_("énoncé en français"), max_length=MAX_STATEMENT)
    statement_en = models.TextField(_("énoncé en anglais"), max_length=MAX_STATEMENT, blank=True)
    rank = models.PositiveSmallIntegerField(_("rang"), default=1)
    credits = models.DecimalField(
        _("crédits ECTS"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    source_uri = models.CharField(_("adresse d’origine"), max_length=500, blank=True)
    # What else its author says of it: fields of CASE 1.1 `CFItem` that have no column of their own.
    extra = models.JSONField(default=dict, blank=True, editable=False)

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
                condition=Q(parent__isnull=False) | Q(kind__in=TOP_KINDS),
                name="item_inner_kinds_have_a_parent",
            ),
            models.CheckConstraint(
                condition=Q(credits__isnull=True) | Q(kind="teaching_unit", credits__gte=0),
                name="item_credits_are_of_teaching_units",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

    @property
    def label(self) -> str:
        """The statement in the reader's language, in French where it has no translation."""
        return said(self.statement, self.statement_en)


class Association(models.Model):
    """A link that the author of a framework wrote, other than the tree: one end may be outside.

    `kind` is a type of CASE 1.1 (`isRelatedTo`, `precedes`, …, or `ext:…`); a teaching unit that
    develops a competency is an `isRelatedTo`.
    """

    version = models.ForeignKey(
        FrameworkVersion, models.CASCADE, related_name="associations", verbose_name=_("version")
    )
    identifier = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    kind = models.CharField(_("nature"), max_length=60)
    origin = models.ForeignKey(
        Item, models.CASCADE, null=True, blank=True, related_name="links", verbose_name=_("origine")
    )
    destination = models.ForeignKey(
        Item,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="linked_from",
        verbose_name=_("destination"),
    )
    # The end that is no item here: title, identifier, uri, and targetType if there is one.
    outside = models.JSONField(_("élément extérieur"), default=dict, blank=True)
    rank = models.PositiveIntegerField(_("rang"), null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("lien entre éléments")
        verbose_name_plural = _("liens entre éléments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "identifier"], name="association_identifier_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(origin__isnull=False) | Q(destination__isnull=False),
                name="association_has_an_end_here",
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")), name="association_links_two_items"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}"


class Definition(models.Model):
    """A term that a framework defines for itself: CASE 1.1 `CFDefinitions`, and rubrics."""

    class Kind(models.TextChoices):
        ITEM_TYPE = "item_type", _("type d’élément")
        CONCEPT = "concept", _("concept")
        SUBJECT = "subject", _("domaine")
        LICENSE = "license", _("licence")
        GROUPING = "grouping", _("groupe de liens")
        RUBRIC = "rubric", _("grille critériée")

    version = models.ForeignKey(
        FrameworkVersion, models.CASCADE, related_name="definitions", verbose_name=_("version")
    )
    kind = models.CharField(_("nature"), max_length=9, choices=Kind.choices)
    identifier = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    title = models.CharField(pgettext_lazy("framework", "titre"), max_length=400, blank=True)
    # The other fields of the CASE 1.1 object, checked when written; neither uri nor date of change.
    content = models.JSONField(_("contenu"), default=dict, blank=True)

    class Meta:
        verbose_name = _("définition")
        verbose_name_plural = _("définitions")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "identifier"], name="definition_identifier_once_a_version"
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.identifier)


class Removal(models.Model):
    """A branch taken out of a draft, with its links and its place: what it takes to put it back."""

    version = models.ForeignKey(
        FrameworkVersion, models.CASCADE, related_name="removals", verbose_name=_("version")
    )
    content = models.JSONField(_("contenu"))
    removed_at = models.DateTimeField(_("retirée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("branche retirée d’un brouillon")
        verbose_name_plural = _("branches retirées de brouillons")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.version} · {self.removed_at:%Y-%m-%d %H:%M}"


def said(french: str, english: str) -> str:
    """Choose a wording by the language of the page, French where English is missing."""
    return english if english and (get_language() or "fr").startswith("en") else french
