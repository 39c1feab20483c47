"""Crosswalks: opened over two frozen versions, published for good, carried to the next versions."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reseda.competencies.actions.carrying import take
from reseda.competencies.actions.drafts import AT_ONCE, may
from reseda.competencies.models import (
    Crosswalk,
    CrosswalkVersion,
    FrameworkVersion,
    Item,
    Mapping,
    Review,
)
from reseda.competencies.permissions import CREATE_CROSSWALK, EDIT_CROSSWALK
from reseda.journal.actions import System, Verb, record
from reseda.people.models import Person
from reseda.schools.models import School

CREATE = Verb("competencies.create_crosswalk", _("a créé une table de correspondance"))
EDIT = Verb("competencies.edit_crosswalk", _("a réglé une table de correspondance"))
PUBLISH = Verb(
    "competencies.publish_crosswalk",
    _("a publié la version {number} de la table de correspondance ({pairs} couples décidés)"),
)
RETIRE = Verb(
    "competencies.retire_crosswalk", _("a retiré la version {number} de la table de correspondance")
)
DERIVE = Verb(
    "competencies.derive_crosswalk",
    _("a ouvert la version {number} de la table de correspondance ({pairs} couples repris)"),
)
DELETE = Verb(
    "competencies.delete_crosswalk",
    _("a supprimé le brouillon {number} de la table de correspondance ({pairs} couples)"),
)


class CrosswalkFacts(TypedDict, total=False):
    """What is told of a crosswalk: its titles are those of all its versions."""

    title: str
    title_en: str
    source_kinds: Sequence[str]
    target_kinds: Sequence[str]
    reviewers: int
    is_blind: bool
    note: str


DEFAULTS: CrosswalkFacts = {
    "title_en": "",
    "source_kinds": (Item.Kind.COMPETENCY,),
    "target_kinds": (Item.Kind.COMPETENCY,),
    "reviewers": 2,
    "is_blind": True,
    "note": "",
}


def locked(version: CrosswalkVersion) -> CrosswalkVersion:
    """Lock a version and read it again: whoever judges, settles or publishes it takes a turn."""
    return (
        CrosswalkVersion.objects.select_for_update(of=("self",))
        .select_related("crosswalk", "source", "target")
        .get(pk=version.pk)
    )


def draft(version: CrosswalkVersion) -> CrosswalkVersion:
    """Lock a version, and refuse to go on unless opinions may still be given."""
    try:
        held = locked(version)
    except CrosswalkVersion.DoesNotExist as error:
        raise ValidationError(_("Cette table n’existe plus."), code="gone") from error
    if not held.is_draft:
        raise ValidationError(
            _(
                "Cette table de correspondance est publiée : elle ne change plus. "
                "Ouvrez-en une nouvelle version."
            ),
            code="frozen",
        )
    return held


@transaction.atomic
def create(
    school: School,
    *,
    source: FrameworkVersion,
    target: FrameworkVersion,
    by: Person | System,
    **told: Unpack[CrosswalkFacts],
) -> CrosswalkVersion:
    """Open a crosswalk between two frozen versions of frameworks of a school; return its draft.

    `title` is needed; kinds are the items compared (`Item.Kind`), competencies by default.
    """
    may(CREATE_CROSSWALK, school, by)
    for side in (source, target):
        if side.framework.school_id != school.pk:
            raise ValidationError(_("Ce référentiel est d’une autre école."), code="elsewhere")
        if side.is_draft:
            raise ValidationError(
                _("Seules des versions publiées se comparent : publiez d’abord « %(version)s »."),
                code="not_published",
                params={"version": side},
            )
    if source.framework_id == target.framework_id:
        raise ValidationError(_("Choisissez deux référentiels différents."), code="same_framework")
    crosswalk = Crosswalk(school=school, source=source.framework, target=target.framework)
    version = CrosswalkVersion(crosswalk=crosswalk, number=1, source=source, target=target)
    _say(version, {**DEFAULTS, **told})
    crosswalk.save()
    version.save()
    record(CREATE, crosswalk, by=by, organisation=school.pk)
    return version


@transaction.atomic
def edit(
    version: CrosswalkVersion, *, by: Person | System, **told: Unpack[CrosswalkFacts]
) -> CrosswalkVersion:
    """Change what is told of a draft, the rest kept; opinions already given count anew."""
    may(EDIT_CROSSWALK, version, by)
    held = draft(version)
    was = held.reviewers
    if told.get("is_blind") and not held.is_blind and held.mappings.exists():
        raise ValidationError(
            _("Des avis ont déjà été donnés à découvert : la relecture ne peut plus être aveugle."),
            code="not_blind",
        )
    _say(held, told)
    strays = held.mappings.exclude(
        origin__kind__in=held.source_kinds.split(","),
        destination__kind__in=held.target_kinds.split(","),
    ).count()
    if strays:
        raise ValidationError(
            ngettext(
                "%(count)d couple a déjà un avis sur un élément de nature écartée : "
                "retirez d’abord cet avis.",
                "%(count)d couples ont déjà un avis sur un élément de nature écartée : "
                "retirez d’abord ces avis.",
                strays,
            ),
            code="kinds_in_use",
            params={"count": strays},
        )
    held.crosswalk.save()
    held.save()
    if held.reviewers != was:
        _count_again(held)
    record(EDIT, held, by=by, organisation=held.crosswalk.school_id)
    return held


def _say(version: CrosswalkVersion, told: CrosswalkFacts) -> None:
    crosswalk = version.crosswalk
    crosswalk.title = told.get("title", crosswalk.title).strip()
    crosswalk.title_en = told.get("title_en", crosswalk.title_en).strip()
    version.reviewers = told.get("reviewers", version.reviewers)
    version.is_blind = told.get("is_blind", version.is_blind)
    version.note = told.get("note", version.note)
    if "source_kinds" in told:
        version.source_kinds = _kinds(version.source, told["source_kinds"])
    if "target_kinds" in told:
        version.target_kinds = _kinds(version.target, told["target_kinds"])
    crosswalk.full_clean()
    version.clean_fields(exclude=["crosswalk"])


def _kinds(side: FrameworkVersion, kinds: Sequence[str]) -> str:
    chosen = [kind for kind in Item.Kind.values if kind in set(kinds)]
    if set(kinds) - set(chosen) or not side.items.filter(kind__in=chosen).exists():
        raise ValidationError(
            _("« %(version)s » n’a aucun élément de la nature choisie."),
            code="nothing_to_compare",
            params={"version": side},
        )
    return ",".join(chosen)


def _count_again(version: CrosswalkVersion) -> None:
    """Hold pairs with a single opinion for decided when one reviewer is enough, and back."""
    single = version.mappings.annotate(opinions=Count("reviews")).filter(opinions=1)
    states = Mapping.State
    single = single.filter(state__in=(states.PROPOSED, states.AGREED))
    version.mappings.filter(pk__in=list(single.values_list("pk", flat=True))).update(
        state=states.AGREED if version.reviewers == 1 else states.PROPOSED,
        changed_at=timezone.now(),
    )


@transaction.atomic
def publish(version: CrosswalkVersion, *, by: Person | System) -> CrosswalkVersion:
    """Freeze a draft for good, the version in force being retired.

    Refused while nothing is decided, a pair is in conflict, or a pair awaits its second opinion.
    """
    may(EDIT_CROSSWALK, version, by)
    Crosswalk.objects.select_for_update().get(pk=version.crosswalk_id)
    held = draft(version)
    states = Mapping.State
    counts = held.mappings.aggregate(
        pairs=Count("pk"),
        conflict=Count("pk", filter=Q(state=states.CONFLICT)),
        proposed=Count("pk", filter=Q(state=states.PROPOSED)),
    )
    faults = _hindrances(counts)
    if faults:
        raise ValidationError(faults)
    _gather(held)
    now = timezone.now()
    CrosswalkVersion.objects.filter(crosswalk=held.crosswalk, status="published").update(
        status="retired", retired_at=now
    )
    held.status, held.published_at = CrosswalkVersion.Status.PUBLISHED, now
    held.save(update_fields=["status", "published_at"])
    facts = {"number": held.number, "pairs": counts["pairs"]}
    record(PUBLISH, held, by=by, organisation=held.crosswalk.school_id, **facts)
    return held


def _gather(version: CrosswalkVersion) -> None:
    """Write beside each pair that was agreed on what its reviewers said, once each."""
    said: dict[int, dict[str, None]] = defaultdict(dict)
    reviews = Review.objects.filter(mapping__version=version, mapping__state=Mapping.State.AGREED)
    for pair, words in reviews.exclude(rationale="").values_list("mapping_id", "rationale"):
        said[pair][words] = None
    rows = [Mapping(pk=pair, rationale="\n".join(words)) for pair, words in said.items()]
    Mapping.objects.bulk_update(rows, ["rationale"], batch_size=AT_ONCE)


def _hindrances(counts: dict[str, int]) -> list[ValidationError]:
    found = []
    if not counts["pairs"]:
        found.append(
            ValidationError(_("Aucun couple n’est décidé : rien à publier."), code="nothing")
        )
    if counts["conflict"]:
        words = ngettext(
            "%(count)d couple a des avis opposés : tranchez-le d’abord.",
            "%(count)d couples ont des avis opposés : tranchez-les d’abord.",
            counts["conflict"],
        )
        found.append(ValidationError(words, code="conflicts", params={"count": counts["conflict"]}))
    if counts["proposed"]:
        words = ngettext(
            "%(count)d couple attend son second avis.",
            "%(count)d couples attendent leur second avis.",
            counts["proposed"],
        )
        found.append(ValidationError(words, code="awaiting", params={"count": counts["proposed"]}))
    return found


@transaction.atomic
def retire(version: CrosswalkVersion, *, by: Person | System) -> CrosswalkVersion:
    """Take a published version out of force; what was decided with it keeps it."""
    may(EDIT_CROSSWALK, version, by)
    held = locked(version)
    if held.status != CrosswalkVersion.Status.PUBLISHED:
        raise ValidationError(_("Seule une version publiée se retire."), code="not_published")
    held.status, held.retired_at = CrosswalkVersion.Status.RETIRED, timezone.now()
    held.save(update_fields=["status", "retired_at"])
    record(RETIRE, held, by=by, organisation=held.crosswalk.school_id, number=held.number)
    return held


@transaction.atomic
def derive(
    version: CrosswalkVersion,
    *,
    source: FrameworkVersion | None = None,
    target: FrameworkVersion | None = None,
    by: Person | System,
) -> CrosswalkVersion:
    """Open a draft after a published version, perhaps over newer versions of its frameworks.

    Pairs whose two wordings did not change keep their decision and the opinions behind it; the
    others are to be judged again.
    """
    may(EDIT_CROSSWALK, version, by)
    Crosswalk.objects.select_for_update().get(pk=version.crosswalk_id)
    held = locked(version)
    versions = CrosswalkVersion.objects.filter(crosswalk=held.crosswalk_id)
    if held.is_draft or versions.filter(status="draft").exists():
        raise ValidationError(_("Un brouillon est déjà ouvert : continuez-le."), code="has_draft")
    ends = {"source": source or held.source, "target": target or held.target}
    for name, end in ends.items():
        if end.is_draft or end.framework_id != getattr(held.crosswalk, f"{name}_id"):
            raise ValidationError(
                _("Choisissez une version publiée du même référentiel."), code="other_framework"
            )
    last = versions.aggregate(last=models.Max("number"))["last"]
    opened = CrosswalkVersion.objects.create(
        crosswalk=held.crosswalk,
        number=last + 1,
        source_kinds=_kinds(ends["source"], held.source_kinds.split(",")),
        target_kinds=_kinds(ends["target"], held.target_kinds.split(",")),
        reviewers=held.reviewers,
        is_blind=held.is_blind,
        note=held.note,
        **ends,
    )
    facts = {"number": opened.number, "pairs": take(held, opened)}
    record(DERIVE, opened, by=by, organisation=held.crosswalk.school_id, **facts)
    return opened


@transaction.atomic
def delete_draft(version: CrosswalkVersion, *, by: Person | System) -> None:
    """Throw a draft away with its opinions, and the crosswalk if it had nothing else."""
    may(EDIT_CROSSWALK, version, by)
    Crosswalk.objects.select_for_update().get(pk=version.crosswalk_id)
    held = draft(version)
    facts = {"number": held.number, "pairs": held.mappings.count()}
    record(DELETE, held, by=by, organisation=held.crosswalk.school_id, **facts)
    held.delete()
    if not held.crosswalk.versions.exists():
        held.crosswalk.delete()
