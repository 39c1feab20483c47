"""What juries do: a session and its agenda, and one decision for each file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.mail.actions import send
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.recognition import queries
from reseda.recognition.actions.files import _tell
from reseda.recognition.models import (
    ActivityUse,
    Decision,
    DecisionLevel,
    FileActivity,
    Form,
    JurySession,
    RecognitionFile,
    Regulation,
)
from reseda.recognition.permissions import CHANGE_SESSION, JUDGE_FILE, OPEN_SESSION, PLAN_FILE
from reseda.schools.models import School
from reseda.schools.queries import holders

OPEN = Verb("recognition.open_session", _("a créé une session de jury"))
CHANGE = Verb("recognition.change_session", _("a modifié une session de jury"))
PLAN = Verb("recognition.plan_file", _("a inscrit un dossier à une session de jury"))
UNPLAN = Verb("recognition.unplan_file", _("a retiré un dossier d’une session de jury"))
DECIDE = Verb("recognition.decide", _("a décidé d’un dossier"))

VALIDATED = Decision.Outcome.VALIDATED


@dataclass(frozen=True)
class Verdict:
    """What the jury decides; `levels` gives for each competency recognised (item key) its level."""

    outcome: str
    motivation: str
    form: str = ""
    ects: Decimal | None = None
    detail: str = ""
    levels: Mapping[int, int] = field(default_factory=dict)


@transaction.atomic
def open_session(
    school: School, *, name: str, held_on: date, members: Sequence[Person], by: Person
) -> JurySession:
    """Create a session and tell its members; each is a jury member of the school."""
    viewer = OPEN_SESSION.require(by, school)
    _check_members(school, members, viewer)
    if JurySession.objects.filter(school=school, name=name, held_on=held_on).exists():
        raise ValidationError(
            _("Une session de ce nom existe déjà ce jour-là."), code="session_exists"
        )
    session = JurySession.objects.create(school=school, name=name, held_on=held_on)
    session.members.set(members)
    for member in members:
        _convene(session, member)
    record(OPEN, session, by=by, organisation=school.pk, members=len(members))
    return session


@transaction.atomic
def change_session(
    session: JurySession, *, name: str, held_on: date, members: Sequence[Person], by: Person
) -> JurySession:
    """Change the name, the day or the members of a session that has decided nothing yet."""
    viewer = CHANGE_SESSION.require(by, session)
    held = JurySession.objects.select_for_update().get(pk=session.pk)
    if held.decisions.exists():
        raise ValidationError(
            _("Cette session a déjà décidé d’un dossier : elle ne change plus."),
            code="session_has_decided",
        )
    _check_members(held.school, members, viewer)
    former = {member.pk for member in held.members.all()}
    is_moved = held.held_on != held_on
    held.name, held.held_on = name, held_on
    held.save(update_fields=["name", "held_on"])
    held.members.set(members)
    for member in members:
        if is_moved or member.pk not in former:
            _convene(held, member)
    record(CHANGE, held, by=by, organisation=held.school_id, members=len(members))
    return held


@transaction.atomic
def plan(session: JurySession, *, file: RecognitionFile, by: Person) -> RecognitionFile:
    """Put a file handed in on the agenda of a session of the same school."""
    CHANGE_SESSION.require(by, session)
    PLAN_FILE.require(by, file)
    held = queries.hold(file, "plan")
    if held.school_id != session.school_id:
        raise ValidationError(_("Ce dossier est d’une autre école."), code="another_school")
    held.session = session
    held.save(update_fields=["session"])
    record(PLAN, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def unplan(file: RecognitionFile, *, by: Person) -> RecognitionFile:
    """Take a file off the agenda of its session."""
    PLAN_FILE.require(by, file)
    held = queries.hold(file, "plan")
    held.session = None
    held.save(update_fields=["session"])
    record(UNPLAN, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def decide(file: RecognitionFile, *, verdict: Verdict, by: Person) -> Decision:
    """Decide of a file, once, for its session; rules, framework and crosswalk are frozen with it.

    A validation uses the activities up: the database refuses a second one (D611-7).
    """
    JUDGE_FILE.require(by, file)
    held = queries.hold(file, "decide")
    regulation = held.regulation
    if held.session is None or regulation is None:
        raise ValidationError(
            _("Ce dossier n’est à l’ordre du jour d’aucune session."), code="not_on_agenda"
        )
    _check_verdict(verdict, regulation, held)
    is_validated = verdict.outcome == VALIDATED
    decision = Decision.objects.create(
        file=held,
        session=held.session,
        outcome=verdict.outcome,
        form=verdict.form if is_validated else "",
        ects=verdict.ects if is_validated and verdict.form == Form.ECTS else None,
        max_ects=regulation.max_ects,
        detail=verdict.detail.strip() if is_validated else "",
        motivation=verdict.motivation.strip(),
        framework_version=held.framework_version,
        crosswalk_version=queries.crosswalk_in_force(held.framework_version_id),
        regulation=regulation,
        decided_by=by,
        decided_at=timezone.now(),
    )
    if is_validated:
        _recognise(decision, verdict.levels)
    held.save(update_fields=["status"])
    _tell(held, "recognition.decided", appeal=regulation.appeal)
    record(DECIDE, held, by=by, organisation=held.school_id, outcome=verdict.outcome)
    return decision


def _recognise(decision: Decision, levels: Mapping[int, int]) -> None:
    DecisionLevel.objects.bulk_create(
        DecisionLevel(decision=decision, item_id=item, level_id=level)
        for item, level in levels.items()
    )
    periods = FileActivity.objects.filter(file=decision.file).values_list("period_id", flat=True)
    try:
        with transaction.atomic():
            ActivityUse.objects.bulk_create(
                ActivityUse(period_id=period, decision=decision) for period in periods
            )
    except IntegrityError as error:
        raise ValidationError(
            _("Une activité de ce dossier a déjà été validée : elle ne peut l’être deux fois."),
            code="activity_already_used",
        ) from error


def _check_verdict(verdict: Verdict, regulation: Regulation, file: RecognitionFile) -> None:
    if verdict.outcome not in Decision.Outcome.values:
        raise ValidationError(_("Choisissez une décision."), code="no_outcome")
    if not verdict.motivation.strip():
        raise ValidationError(_("Toute décision est motivée."), code="no_motivation")
    if verdict.outcome == VALIDATED:
        _check_form(verdict, regulation)
        _check_levels(verdict.levels, file)


def _check_form(verdict: Verdict, regulation: Regulation) -> None:
    if verdict.form not in regulation.forms:
        raise ValidationError(
            _("Le règlement n’admet pas cette forme de validation."), code="form_not_allowed"
        )
    if verdict.form != Form.ECTS:
        if verdict.ects is not None:
            raise ValidationError(
                _("Le nombre d’ECTS ne va qu’avec la forme « crédits ECTS »."), code="ects_alone"
            )
        return
    if verdict.ects is None or not 0 < verdict.ects <= regulation.max_ects:
        raise ValidationError(
            _("Donnez un nombre d’ECTS supérieur à 0 et d’au plus %(max)s."),
            code="ects_out_of_range",
            params={"max": floatformat(regulation.max_ects)},
        )


def _check_levels(levels: Mapping[int, int], file: RecognitionFile) -> None:
    if not levels:
        raise ValidationError(
            _("Une validation reconnaît au moins un niveau d’une compétence."), code="no_level"
        )
    known = {each.item.pk: each for each in queries.expected(file.framework_version)}
    for item, level in levels.items():
        if item not in known or not known[item].rank_of(level):
            raise ValidationError(
                _("Un des niveaux choisis n’est pas de cette compétence."),
                code="level_of_another_competency",
            )


def _check_members(school: School, members: Sequence[Person], viewer: Viewer) -> None:
    if not members:
        raise ValidationError(_("Une session a au moins un membre."), code="no_member")
    known = set(holders(school, Role.JURY_MEMBER, viewer.today).values_list("pk", flat=True))
    if {member.pk for member in members} - known:
        raise ValidationError(
            _("Un des membres choisis n’est pas membre du jury de l’école."), code="not_a_juror"
        )


def _convene(session: JurySession, member: Person) -> None:
    page = reverse("recognition:read_session", args=[session.pk])
    send(
        "recognition.convened",
        to=member.email,
        organisation=session.school,
        context={"day": f"{session.held_on:%d/%m/%Y}", "url": f"{settings.PUBLIC_URL}{page}"},
        language=member.language,
    )
