"""Suggestions of a crosswalk: asked for, computed by a worker, stored whole or not at all."""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.competencies.actions.crosswalks import draft, locked
from reseda.competencies.actions.drafts import AT_ONCE, may
from reseda.competencies.domain.crosswalk import Suggestion as Found
from reseda.competencies.models import CrosswalkVersion, Suggestion
from reseda.competencies.permissions import REVIEW_CROSSWALK
from reseda.competencies.queries.suggestions import Given
from reseda.journal.actions import SYSTEM, System, Verb, record
from reseda.people.models import Person

ASK = Verb(
    "competencies.ask_suggestions", _("a demandé les suggestions d’une table de correspondance")
)
STORE = Verb(
    "competencies.store_suggestions",
    _("a calculé {count} suggestions d’après {pairs} couples validés et {texts} textes"),
)
FAIL = Verb(
    "competencies.fail_suggestions",
    _("n’a pas pu calculer les suggestions d’une table de correspondance"),
)
# Heard by the tasks of the room: `version` is to be computed.
asked = Signal()
States = CrosswalkVersion.Suggesting


@transaction.atomic
def ask(version: CrosswalkVersion, *, by: Person | System) -> CrosswalkVersion:
    """Have the suggestions of a draft computed by a worker; asking twice computes them once.

    Those of before stay until the new ones are there. A published version is refused.
    """
    may(REVIEW_CROSSWALK, version, by)
    held = draft(version)
    if held.suggesting != States.QUEUED:
        held.suggesting = States.QUEUED
        held.save(update_fields=["suggesting"])
        asked.send(CrosswalkVersion, version=held)
        record(ASK, held, by=by, organisation=held.crosswalk.school_id)
    return held


@transaction.atomic
def store(
    version: CrosswalkVersion,
    suggestions: Iterable[Found],
    *,
    given: Given,
    by: System = SYSTEM,
) -> CrosswalkVersion:
    """Put what was computed from `given` in place of what was suggested before.

    Nothing is written when the version was published, or its suggestions stored, meanwhile.
    """
    held = locked(version)
    if not held.is_draft or held.suggesting != States.QUEUED:
        return held
    rows = [
        Suggestion(
            version=held,
            origin_id=given.source_keys[one.source],
            destination_id=given.target_keys[one.target],
            rank=one.rank,
            score=one.score,
            band=one.band,
            words=list(one.words),
            scorers=list(one.scorers),
        )
        for one in suggestions
    ]
    held.suggestions.all().delete()
    Suggestion.objects.bulk_create(rows, batch_size=AT_ONCE)
    held.suggesting, held.suggested_at = States.DONE, timezone.now()
    held.learned_pairs, held.learned_texts = len(given.learned), len(given.corpus)
    held.save(update_fields=["suggesting", "suggested_at", "learned_pairs", "learned_texts"])
    record(
        STORE,
        held,
        by=by,
        organisation=held.crosswalk.school_id,
        count=len(rows),
        pairs=held.learned_pairs,
        texts=held.learned_texts,
    )
    return held


@transaction.atomic
def fail(version: CrosswalkVersion, *, by: System = SYSTEM) -> CrosswalkVersion:
    """Note that a computation was interrupted; it can be asked again, and nothing is lost."""
    held = locked(version)
    if held.is_draft and held.suggesting == States.QUEUED:
        held.suggesting = States.FAILED
        held.save(update_fields=["suggesting"])
        record(FAIL, held, by=by, organisation=held.crosswalk.school_id)
    return held
