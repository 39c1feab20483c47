"""Crosswalks: what people decide between the items of two frozen frameworks.

Origin is what the reserve develops, destination what the school expects. Reviewers give their
opinion pair by pair (`Review`); a `Mapping` says where a pair stands, and holds its outcome.
Triggers refuse any change to a published version, and any pair that is not of its frameworks.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reseda.competencies.domain.judgement import COVERAGES
from reseda.competencies.models.frameworks import Framework, FrameworkVersion, Item, said
from reseda.schools.models import School


class Relation(models.TextChoices):
    """What one item is to another; nothing is written for a pair that is undecided."""

    TOTAL = "total", _("convergente, totale")
    PARTIAL = "partial", _("convergente, partielle")
    COMPLEMENTARY = "complementary", _("complémentaire")
    NONE = "none", _("aucune correspondance")


class Crosswalk(models.Model):
    """The correspondence between a framework of the reserve and a framework of the school."""

    school = models.ForeignKey(
        School, models.PROTECT, related_name="crosswalks", verbose_name=_("école")
    )
    identifier = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(pgettext_lazy("framework", "titre"), max_length=160)
    title_en = models.CharField(_("titre en anglais"), max_length=160, blank=True)
    source = models.ForeignKey(
        Framework, models.PROTECT, related_name="+", verbose_name=_("référentiel d’origine")
    )
    target = models.ForeignKey(
        Framework, models.PROTECT, related_name="+", verbose_name=_("référentiel d’arrivée")
    )
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("table de correspondance")
        verbose_name_plural = _("tables de correspondance")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "title"], name="crosswalk_title_once_a_school"
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="crosswalk_joins_two_frameworks"
            ),
        ]

    def __str__(self) -> str:
        return said(self.title, self.title_en)


class CrosswalkVersion(models.Model):
    """One state of a crosswalk, over two frozen versions: a draft under review, then frozen."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("en cours de relecture")
        PUBLISHED = "published", _("publiée")
        RETIRED = "retired", _("retirée")

    class Suggesting(models.TextChoices):
        NONE = "none", _("pas encore calculées")
        QUEUED = "queued", _("en cours de calcul")
        DONE = "done", _("calculées")
        FAILED = "failed", _("calcul interrompu")

    crosswalk = models.ForeignKey(
        Crosswalk, models.PROTECT, related_name="versions", verbose_name=_("correspondance")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    source = models.ForeignKey(
        FrameworkVersion, models.PROTECT, related_name="+", verbose_name=_("version d’origine")
    )
    target = models.ForeignKey(
        FrameworkVersion, models.PROTECT, related_name="+", verbose_name=_("version d’arrivée")
    )
    # The kinds of items that are compared, separated by commas.
    source_kinds = models.CharField(_("lignes"), max_length=120, default="competency")
    target_kinds = models.CharField(_("colonnes"), max_length=120, default="competency")
    reviewers = models.PositiveSmallIntegerField(
        _("relecteurs par couple"), choices=[(1, _("un")), (2, _("deux"))], default=2
    )
    is_blind = models.BooleanField(
        _("à l’aveugle"),
        default=True,
        help_text=_("Un relecteur ne voit l’avis de l’autre qu’après avoir donné le sien."),
    )
    note = models.TextField(_("présentation"), max_length=2000, blank=True)
    status = models.CharField(_("état"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retirée le"), null=True, blank=True)
    suggesting = models.CharField(
        _("suggestions"), max_length=6, choices=Suggesting.choices, default=Suggesting.NONE
    )
    suggested_at = models.DateTimeField(_("suggérées le"), null=True, blank=True)
    # How many validated pairs and how many texts the suggestions learned from.
    learned_pairs = models.PositiveIntegerField(default=0)
    learned_texts = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("version d’une table de correspondance")
        verbose_name_plural = _("versions de tables de correspondance")
        ordering = ["crosswalk", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["crosswalk", "number"], name="crosswalk_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["crosswalk"], condition=Q(status="draft"), name="crosswalk_one_draft"
            ),
            models.UniqueConstraint(
                fields=["crosswalk"],
                condition=Q(status="published"),
                name="crosswalk_one_published",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True, retired_at__isnull=True)
                | Q(status="published", published_at__isnull=False, retired_at__isnull=True)
                | Q(
                    status="retired",
                    published_at__isnull=False,
                    retired_at__gte=F("published_at"),
                ),
                name="crosswalk_version_dates_follow_status",
            ),
            models.CheckConstraint(
                condition=Q(reviewers__in=(1, 2)), name="crosswalk_version_one_or_two_reviewers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crosswalk} · v{self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether opinions may still be given."""
        return self.status == self.Status.DRAFT


def _judged(prefix: str) -> models.CheckConstraint:
    """A partial convergence says how much is covered; nothing else does."""
    return models.CheckConstraint(
        condition=Q(relation="partial", coverage__in=COVERAGES)
        | (~Q(relation="partial") & Q(coverage__isnull=True, is_within=False)),
        name=f"{prefix}_coverage_is_of_partial",
    )


class Mapping(models.Model):
    """Where a pair stands: its outcome, or that its reviewers differ. No row: nobody looked yet."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("à relire")
        AGREED = "agreed", _("d’accord")
        CONFLICT = "conflict", _("avis opposés")
        SETTLED = "settled", _("tranchée")

    version = models.ForeignKey(
        CrosswalkVersion, models.CASCADE, related_name="mappings", verbose_name=_("version")
    )
    # The same from version to version of a crosswalk: CASE 1.1 `CFAssociation.identifier`.
    identifier = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    origin = models.ForeignKey(
        Item, models.PROTECT, related_name="+", verbose_name=_("élément d’origine")
    )
    destination = models.ForeignKey(
        Item, models.PROTECT, related_name="+", verbose_name=_("élément d’arrivée")
    )
    state = models.CharField(_("état"), max_length=8, choices=State.choices)
    # Empty while reviewers differ.
    relation = models.CharField(
        _("relation"), max_length=13, choices=Relation.choices, blank=True, default=""
    )
    # The share of the destination that the origin covers, in percent.
    coverage = models.PositiveSmallIntegerField(_("part couverte"), null=True, blank=True)
    # The origin stands whole within the destination: its narrower part, not a mere overlap.
    is_within = models.BooleanField(_("contenue tout entière"), default=False)
    rationale = models.TextField(_("justification"), max_length=1000, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tranchée par"),
    )
    changed_at = models.DateTimeField(_("changée le"))

    class Meta:
        verbose_name = _("correspondance")
        verbose_name_plural = _("correspondances")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "origin", "destination"], name="mapping_pair_once_a_version"
            ),
            models.UniqueConstraint(
                fields=["version", "identifier"], name="mapping_identifier_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(state="conflict", relation="")
                | (~Q(state="conflict") & ~Q(relation="")),
                name="mapping_outcome_unless_conflict",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_by__isnull=False)
                | (~Q(state="settled") & Q(settled_by__isnull=True)),
                name="mapping_settled_by_somebody",
            ),
            _judged("mapping"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.destination_id}: {self.relation or self.state}"


class Review(models.Model):
    """What one person thinks of a pair, and why."""

    mapping = models.ForeignKey(
        Mapping, models.CASCADE, related_name="reviews", verbose_name=_("correspondance")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("relecteur")
    )
    relation = models.CharField(_("relation"), max_length=13, choices=Relation.choices)
    coverage = models.PositiveSmallIntegerField(_("part couverte"), null=True, blank=True)
    is_within = models.BooleanField(_("contenue tout entière"), default=False)
    rationale = models.TextField(_("justification"), max_length=1000, blank=True)
    # Whether the pair stood among the suggestions when this was given.
    was_suggested = models.BooleanField(default=False)
    # What they thought before they could know what the others do: agreement is measured on it.
    first_relation = models.CharField(
        max_length=13, choices=Relation.choices, blank=True, default="", editable=False
    )
    # Given on the wording of an earlier version that did not change since.
    is_carried = models.BooleanField(default=False)
    given_at = models.DateTimeField(_("donné le"))

    class Meta:
        verbose_name = _("avis d’un relecteur")
        verbose_name_plural = _("avis des relecteurs")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mapping", "author"], name="review_once_a_pair_and_author"
            ),
            _judged("review"),
        ]

    def __str__(self) -> str:
        return f"{self.mapping_id}: {self.relation}"


class Suggestion(models.Model):
    """A destination worth a look for an origin: never a decision, never shown as a figure."""

    class Band(models.TextChoices):
        STRONG = "strong", _("piste sérieuse")
        POSSIBLE = "possible", _("piste possible")
        WEAK = "weak", _("piste faible")

    version = models.ForeignKey(
        CrosswalkVersion, models.CASCADE, related_name="suggestions", verbose_name=_("version")
    )
    origin = models.ForeignKey(
        Item, models.CASCADE, related_name="+", verbose_name=_("élément d’origine")
    )
    destination = models.ForeignKey(
        Item, models.CASCADE, related_name="+", verbose_name=_("élément d’arrivée")
    )
    rank = models.PositiveSmallIntegerField(_("rang"))
    score = models.FloatField()
    band = models.CharField(
        pgettext_lazy("suggestion", "force"), max_length=8, choices=Band.choices
    )
    words = models.JSONField(_("mots partagés"), default=list, blank=True)
    scorers = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("suggestion de correspondance")
        verbose_name_plural = _("suggestions de correspondance")
        ordering = ["origin", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "origin", "destination"], name="suggestion_pair_once_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.destination_id} ({self.band})"
