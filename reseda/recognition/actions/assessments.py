"""What assessors do: a level and a comment for each competency, and what more they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.recognition import queries
from reseda.recognition.actions.files import _tell
from reseda.recognition.models import Assessment, ComplementRequest, JurySession, RecognitionFile
from reseda.recognition.permissions import ASSESS_FILE, JUDGE_FILE

RATE = Verb("recognition.rate_file", _("a évalué {competencies} compétences d’un dossier"))
CONCLUDE = Verb("recognition.conclude_assessment", _("a rendu l’évaluation d’un dossier"))
ASK = Verb("recognition.ask_complement", _("a demandé un complément"))


@dataclass(frozen=True)
class Given:
    """What an assessor says of one competency: keys of the items; no level when none is shown."""

    competency: int
    level: int | None
    comment: str


@transaction.atomic
def rate(file: RecognitionFile, *, given: Sequence[Given], by: Person) -> RecognitionFile:
    """Write the levels of one assessor, each with its comment; those left out are taken off."""
    ASSESS_FILE.require(by, file)
    held = queries.hold(file, "rate")
    known = {each.item.pk: each for each in queries.expected(held.framework_version)}
    for each in given:
        _check(each, known)
    held.assessments.filter(assessor=by).delete()
    now = timezone.now()
    Assessment.objects.bulk_create(
        Assessment(
            file=held,
            item_id=each.competency,
            level_id=each.level,
            comment=each.comment.strip(),
            assessor=by,
            at=now,
        )
        for each in given
    )
    record(RATE, held, by=by, organisation=held.school_id, competencies=len(given))
    return held


@transaction.atomic
def conclude(file: RecognitionFile, *, by: Person) -> RecognitionFile:
    """Hand the assessment in, once every competency that has evidence was given a level."""
    viewer = ASSESS_FILE.require(by, file)
    held = queries.hold(file, "conclude")
    proposal = queries.dossier(held, viewer.today).proposal
    left = [each for each in proposal.missing if each.code == "not_assessed"]
    if left or not held.assessments.exists():
        raise ValidationError(
            _("Il reste une compétence à évaluer : donnez un niveau, ou « non montré »."),
            code="not_assessed",
        )
    held.save(update_fields=["status"])
    record(CONCLUDE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def ask_complement(
    file: RecognitionFile, *, message: str, by: Person, session: JurySession | None = None
) -> ComplementRequest:
    """Give the file back to its student with what is asked by its assessor, or by its jury."""
    if session is None:
        ASSESS_FILE.require(by, file)
    else:
        JUDGE_FILE.require(by, file)
    held = queries.hold(file, "ask_complement")
    if not message.strip():
        raise ValidationError(_("Dites ce qui est demandé à l’élève."), code="no_message")
    if session is not None and held.session_id != session.pk:
        raise ValidationError(
            _("Ce dossier n’est plus à l’ordre du jour de cette session."), code="not_on_agenda"
        )
    held.save(update_fields=["status"])
    asked = ComplementRequest.objects.create(
        file=held,
        session=session,
        message=message.strip(),
        asked_by=by,
        asked_at=timezone.now(),
    )
    _tell(held, "recognition.complement")
    record(ASK, held, by=by, organisation=held.school_id)
    return asked


def _check(given: Given, known: dict[int, queries.Competency]) -> None:
    competency = known.get(given.competency)
    if competency is None or (given.level is not None and not competency.rank_of(given.level)):
        raise ValidationError(
            _("Un des niveaux choisis n’est pas de cette compétence."),
            code="level_of_another_competency",
        )
    if not given.comment.strip():
        raise ValidationError(
            _("« %(competency)s » : dites en une phrase ce qui fonde ce niveau."),
            code="no_comment",
            params={"competency": competency.item.label},
        )
