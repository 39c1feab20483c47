"""What is read of juries: sessions, their agenda, their minutes, and the decisions taken."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from reseda.competencies.models import Item
from reseda.people.models import Person
from reseda.people.policy import Viewer
from reseda.recognition.models import (
    Assessment,
    ComplementRequest,
    Decision,
    DecisionLevel,
    JurySession,
    RecognitionFile,
)
from reseda.recognition.permissions import JUDGE_FILE
from reseda.recognition.queries.frameworks import BY_PLACE
from reseda.schools.models import Enrolment


@dataclass(frozen=True)
class AgendaLine:
    """A file on the agenda; a juror who assessed it, or whose file it is, does not sit for it."""

    file: RecognitionFile
    decision: Decision | None
    may_open: bool
    is_excluded: bool


@dataclass(frozen=True)
class Minute:
    """What the minutes say of one file: the decision, the levels recognised, who did not sit."""

    decision: Decision
    levels: tuple[tuple[Item, Item], ...]
    excluded: tuple[Person, ...]


def with_counts(sessions: QuerySet[JurySession]) -> QuerySet[JurySession]:
    """Count with each session its files, those decided, and its members."""
    decided = Q(files__status=RecognitionFile.Status.DECIDED)
    return sessions.annotate(
        files_count=Count("files", distinct=True),
        decided_count=Count("files", filter=decided, distinct=True),
        members_count=Count("members", distinct=True),
    )


def agenda(session: JurySession, viewer: Viewer) -> list[AgendaLine]:
    """Return the files of a session in order, and what this viewer may do with each."""
    files = session.files.select_related("person", "programme", "decision").order_by("reference")
    open_to = set(JUDGE_FILE.rows(viewer).filter(session=session).values_list("pk", flat=True))
    sits = session.members.filter(pk=viewer.person.pk).exists()
    return [
        AgendaLine(
            file=file,
            decision=getattr(file, "decision", None),
            may_open=file.pk in open_to,
            is_excluded=sits and file.pk not in open_to,
        )
        for file in files
    ]


def to_plan(session: JurySession) -> QuerySet[RecognitionFile]:
    """Return the files of the school that await a session."""
    return RecognitionFile.objects.filter(
        school=session.school_id, session__isnull=True, status__in=("submitted", "assessed")
    ).select_related("person", "programme")


def minutes(session: JurySession) -> list[Minute]:
    """Return what a session decided, file by file (four queries)."""
    decisions = with_levels(Decision.objects.filter(session=session)).order_by("file__reference")
    members = {member.pk: member for member in session.members.all()}
    assessed: dict[int, set[int]] = {}
    for file_id, assessor_id in Assessment.objects.filter(
        file__decision__session=session
    ).values_list("file_id", "assessor_id"):
        assessed.setdefault(file_id, set()).add(assessor_id)
    return [
        Minute(
            decision=each,
            levels=decision_levels(each),
            excluded=_excluded(each, members, assessed.get(each.file_id, set())),
        )
        for each in decisions
    ]


def postponed(session: JurySession) -> QuerySet[ComplementRequest]:
    """Return the complements that a session asked for instead of deciding."""
    return (
        ComplementRequest.objects.filter(session=session)
        .select_related("file__person")
        .order_by("file__reference")
    )


def _excluded(
    decision: Decision, members: dict[int, Person], assessors: Iterable[int]
) -> tuple[Person, ...]:
    parties = {*assessors, decision.file.person_id}
    return tuple(person for key, person in members.items() if key in parties)


def with_levels(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Load with each decision its file, its student and its levels (two queries in all)."""
    levels = DecisionLevel.objects.select_related("item", "level").order_by(*BY_PLACE)
    return rows.select_related(
        "file__person",
        "file__programme",
        "file__school",
        "regulation",
        "session",
        "decided_by",
        "crosswalk_version__crosswalk",
    ).prefetch_related(Prefetch("levels", queryset=levels))


def with_numbers(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Give each decision the `student_number` of its student, from their latest enrolment."""
    enrolled = Enrolment.objects.filter(
        person=OuterRef("file__person"), school=OuterRef("file__school")
    ).order_by("-cohort__year__starts_on")
    return rows.annotate(student_number=Subquery(enrolled.values("student_number")[:1]))


def decision_levels(decision: Decision) -> tuple[tuple[Item, Item], ...]:
    """Return what a decision recognises: (competency, level) in the order of the framework."""
    return tuple((row.item, row.level) for row in decision.levels.all())


def validated(decision: Decision) -> bool:
    """Tell whether a decision recognises something: a credential may then be issued."""
    return decision.outcome == Decision.Outcome.VALIDATED


def validated_decisions(rows: QuerySet[Decision] | None = None) -> QuerySet[Decision]:
    """Return the decisions on which a credential may be issued, loaded with what it must say."""
    chosen = Decision.objects.all() if rows is None else rows
    return with_levels(chosen.filter(outcome=Decision.Outcome.VALIDATED)).select_related(
        "framework_version__framework"
    )
