"""What students do with evidence: told, revised, deleted, taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import FrameworkVersion, Item
from reseda.documents.actions import erase, keep
from reseda.documents.domain.uploads import Upload
from reseda.documents.models import StoredFile
from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.recognition import queries
from reseda.recognition.models import Evidence, EvidenceAbility, EvidenceItem
from reseda.recognition.permissions import ADD_EVIDENCE, WRITE_EVIDENCE
from reseda.recognition.queries.evidence import TELLABLE
from reseda.service.models import Period

ADD = Verb("recognition.add_evidence", _("a ajouté une preuve"))
REVISE = Verb("recognition.revise_evidence", _("a modifié une preuve"))
DELETE = Verb("recognition.delete_evidence", _("a supprimé une preuve"))
RESTORE = Verb("recognition.restore_evidence", _("a repris une preuve supprimée"))

EXPECTED = (Item.Kind.COMPETENCY, Item.Kind.CRITICAL_LEARNING)


@dataclass(frozen=True)
class Told:
    """What the student tells: a title, the three parts of the story, what it bears on and shows."""

    title: str
    situation: str
    action: str
    learning: str
    items: Sequence[Item]
    upload: Upload | None = None
    abilities: Sequence[Item] = ()


@transaction.atomic
def add(period: Period, *, told: Told, by: Person) -> Evidence:
    """Add an evidence to a confirmed period of one's own, on what one's school expects."""
    ADD_EVIDENCE.require(by, period)
    held = (
        Period.objects.select_for_update(of=("self",))
        .select_related("engagement")
        .get(pk=period.pk)
    )
    if held.status not in TELLABLE:
        raise ValidationError(
            _(
                "Cette période n’est pas encore confirmée par l’unité : "
                "la preuve pourra être ajoutée ensuite."
            ),
            code="period_not_confirmed",
        )
    _check(told, held.engagement.school_id)
    evidence = Evidence.objects.create(
        person=by,
        period=held,
        title=told.title,
        situation=told.situation,
        action=told.action,
        learning=told.learning,
        file=_keep(told.upload, held, by),
    )
    _link(evidence, told)
    record(ADD, evidence, by=by, organisation=held.engagement.school_id, items=len(told.items))
    return evidence


@transaction.atomic
def revise(
    evidence: Evidence, *, told: Told, by: Person, is_file_dropped: bool = False
) -> Evidence:
    """Change an evidence that no file handed in holds; a new attachment replaces the former."""
    WRITE_EVIDENCE.require(by, evidence)
    held = _free(evidence)
    school = held.period.engagement.school_id
    _check(told, school)
    former = held.file if told.upload or is_file_dropped else None
    held.title, held.situation = told.title, told.situation
    held.action, held.learning = told.action, told.learning
    if told.upload or is_file_dropped:
        held.file = _keep(told.upload, held.period, by)
    held.save()
    held.links.all().delete()
    held.ability_links.all().delete()
    _link(held, told)
    if former is not None:
        erase(former, by=by)
    record(REVISE, held, by=by, organisation=school, items=len(told.items))
    return held


@transaction.atomic
def delete(evidence: Evidence, *, by: Person) -> Evidence:
    """Delete an evidence that no file handed in holds; it can be taken back."""
    WRITE_EVIDENCE.require(by, evidence)
    held = _free(evidence)
    held.deleted_at = timezone.now()
    held.save(update_fields=["deleted_at"])
    record(DELETE, held, by=by, organisation=held.period.engagement.school_id)
    return held


@transaction.atomic
def restore(evidence: Evidence, *, by: Person) -> Evidence:
    """Take back a deleted evidence; one that is there stays there."""
    WRITE_EVIDENCE.require(by, evidence)
    held = Evidence.objects.select_for_update().get(pk=evidence.pk)
    held.deleted_at = None
    held.save(update_fields=["deleted_at"])
    record(RESTORE, held, by=by, organisation=held.period.engagement.school_id)
    return held


def _free(evidence: Evidence) -> Evidence:
    """Lock an evidence that may still change, or refuse."""
    held = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if queries.is_held(held):
        raise ValidationError(
            _(
                "Cette preuve fait partie d’un dossier déposé : "
                "elle ne change plus, à moins de retirer ce dossier."
            ),
            code="evidence_is_held",
        )
    return held


def _check(told: Told, school_id: int) -> None:
    """Refuse what the published framework of the school does not expect (D611-7)."""
    version = queries.published_version(school_id)
    if version is None or not told.items or not _is_expected(told.items, version):
        raise ValidationError(
            _("Choisissez au moins une compétence du référentiel publié par l’école."),
            code="not_expected",
        )
    if told.abilities:
        offered = {item.pk for item in queries.correspondence(version).abilities}
        if {item.pk for item in told.abilities} - offered:
            raise ValidationError(
                _("Une des capacités choisies n’est pas du référentiel publié de la réserve."),
                code="not_an_ability",
            )


def _is_expected(items: Sequence[Item], version: FrameworkVersion) -> bool:
    return all(item.version_id == version.pk and item.kind in EXPECTED for item in items)


def _link(evidence: Evidence, told: Told) -> None:
    EvidenceItem.objects.bulk_create(
        EvidenceItem(evidence=evidence, item=item) for item in told.items
    )
    EvidenceAbility.objects.bulk_create(
        EvidenceAbility(evidence=evidence, item=item) for item in told.abilities
    )


def _keep(upload: Upload | None, period: Period, by: Person) -> StoredFile | None:
    if upload is None:
        return None
    return keep(
        upload.data,
        name=upload.name,
        content_type=upload.content_type,
        organisation=period.engagement.school,
        owner=by,
        by=by,
    )
