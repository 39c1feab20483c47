"""Opinions on pairs: given, changed, withdrawn, undone; conflicts settled by somebody.

Everybody who judges a version takes a turn on its row, so that what is published is never judged
again and each pair has one row, whoever comes first.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.competencies.actions.crosswalks import draft
from reseda.competencies.actions.opinions import (
    Before,
    Pair,
    check,
    held_for,
    opinion,
    opinions_of,
    rows_of,
    wanted,
    write,
)
from reseda.competencies.domain.judgement import Opinion, outcome
from reseda.competencies.models import CrosswalkVersion, Suggestion
from reseda.competencies.models import Mapping as Row
from reseda.competencies.permissions import EDIT_CROSSWALK, REVIEW_CROSSWALK
from reseda.journal.actions import Verb, record
from reseda.people.models import Person

GIVE = Verb("competencies.give_review", _("a donné son avis sur {count} couple(s)"))
WITHDRAW = Verb("competencies.withdraw_review", _("a retiré son avis sur {count} couple(s)"))
UNDO = Verb("competencies.undo_review", _("a rétabli son avis sur {count} couple(s)"))
SETTLE = Verb("competencies.settle_pair", _("a tranché entre des avis opposés"))
REOPEN = Verb("competencies.reopen_pair", _("a rouvert un couple tranché"))


@transaction.atomic
def give(
    version: CrosswalkVersion,
    pairs: Sequence[Pair],
    *,
    relation: str,
    coverage: int | None = None,
    is_within: bool = False,
    rationale: str = "",
    by: Person,
) -> list[Before]:
    """Give one opinion on pairs (keys of origin and destination), all of them or none.

    It takes the place of one’s earlier opinion. Returns what `undo` needs. Refused on a frozen
    version, on a settled pair, on items that are not compared.
    """
    REVIEW_CROSSWALK.require(by, version)
    held = draft(version)
    check(Opinion(relation, coverage, is_within), rationale)
    asked = wanted(held, pairs)
    rows = rows_of(held, asked)
    was = opinions_of(by, rows)
    origins, destinations = zip(*asked, strict=True)
    suggested = set(
        Suggestion.objects.filter(
            version=held, origin__in=set(origins), destination__in=set(destinations)
        ).values_list("origin_id", "destination_id")
    )
    said = {
        pair: Before(
            *(*pair, relation, coverage, is_within, rationale.strip(), pair in suggested, False),
            first_relation=_first(relation, rows.get(pair), by),
            given_at=timezone.now().isoformat(),
        )
        for pair in asked
    }
    write(held, said, rows, by)
    school = held.crosswalk.school_id
    record(GIVE, held, by=by, organisation=school, count=len(asked), relation=relation)
    return [was.get(pair, Before(*pair)) for pair in asked]


def _first(relation: str, row: Row | None, by: Person) -> str:
    """Keep what one thought before one could know what the others do."""
    reviews = list(row.reviews.all()) if row else []
    mine = next((one for one in reviews if one.author_id == by.pk), None)
    return mine.first_relation if mine and len(reviews) > 1 else relation


@transaction.atomic
def withdraw(version: CrosswalkVersion, pairs: Sequence[Pair], *, by: Person) -> list[Before]:
    """Take back one’s opinions on pairs; a pair left without any is undecided again.

    Returns what `undo` needs: the opinions that were taken back.
    """
    REVIEW_CROSSWALK.require(by, version)
    held = draft(version)
    asked = wanted(held, pairs)
    rows = rows_of(held, asked)
    was = opinions_of(by, rows)
    write(held, {pair: Before(*pair) for pair in was}, rows, by)
    record(WITHDRAW, held, by=by, organisation=held.crosswalk.school_id, count=len(was))
    return list(was.values())


@transaction.atomic
def undo(version: CrosswalkVersion, before: Sequence[Before], *, by: Person) -> list[Before]:
    """Give back one’s opinions as they were before an act, whatever the others did meanwhile.

    Returns what undoes this in turn.
    """
    REVIEW_CROSSWALK.require(by, version)
    held = draft(version)
    for one in before:
        if one.relation:
            check(Opinion(one.relation, one.coverage, one.is_within), one.rationale)
    asked = wanted(held, [one.pair for one in before])
    rows = rows_of(held, asked)
    was = opinions_of(by, rows)
    write(held, {one.pair: one for one in before}, rows, by)
    record(UNDO, held, by=by, organisation=held.crosswalk.school_id, count=len(asked))
    return [was.get(pair, Before(*pair)) for pair in asked]


@transaction.atomic
def settle(
    mapping: Row,
    *,
    relation: str,
    coverage: int | None = None,
    is_within: bool = False,
    rationale: str,
    by: Person,
) -> Row:
    """Say what a pair in conflict is held to be, and why; a settled one may be settled again."""
    EDIT_CROSSWALK.require(by, mapping.version)
    version = draft(mapping.version)
    check(Opinion(relation, coverage, is_within), rationale)
    if not rationale.strip():
        words = _("Dites pourquoi : les relecteurs ont des avis opposés.")
        raise ValidationError({"rationale": ValidationError(words, code="rationale_missing")})
    held = _still(mapping)
    if held.state not in (Row.State.CONFLICT, Row.State.SETTLED):
        raise ValidationError(
            _("Seuls des avis opposés se tranchent ; donnez plutôt votre avis."),
            code="not_in_conflict",
        )
    held.state, held.relation = Row.State.SETTLED, relation
    held.coverage, held.is_within = coverage, is_within
    held.rationale, held.settled_by = rationale.strip(), by
    held.changed_at = timezone.now()
    held.save()
    facts = {"relation": relation, "pair": str(held.identifier)}
    record(SETTLE, version, by=by, organisation=version.crosswalk.school_id, **facts)
    return held


@transaction.atomic
def reopen(mapping: Row, *, by: Person) -> Row:
    """Bring a settled pair back to discussion: it stands again where its opinions leave it."""
    EDIT_CROSSWALK.require(by, mapping.version)
    version = draft(mapping.version)
    held = _still(mapping)
    if held.state != Row.State.SETTLED:
        raise ValidationError(_("Seul un couple tranché se rouvre."), code="not_settled")
    opinions = [opinion(review) for review in held.reviews.all()]
    state, found = outcome(opinions, reviewers=version.reviewers, settled=None)
    held.state, held.settled_by, held.rationale = state, None, ""
    held.relation, held.coverage, held.is_within = held_for(found)
    held.changed_at = timezone.now()
    held.save()
    facts = {"pair": str(held.identifier)}
    record(REOPEN, version, by=by, organisation=version.crosswalk.school_id, **facts)
    return held


def _still(mapping: Row) -> Row:
    """Read a pair again, under the lock of its version."""
    held = Row.objects.select_for_update().filter(pk=mapping.pk).first()
    if held is None:
        raise ValidationError(
            _("Les avis sur ce couple ont été retirés : il n’y a plus rien à trancher."),
            code="gone",
        )
    return held
