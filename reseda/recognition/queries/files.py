"""A recognition file as its readers see it: what was lived, what is expected, what is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reseda.competencies.models import FrameworkVersion, Item
from reseda.journal import queries as journal
from reseda.people.models import Person
from reseda.recognition.domain import rules
from reseda.recognition.domain.states import Act, RefusedTransition, after
from reseda.recognition.models import (
    Assessment,
    DecisionLevel,
    Evidence,
    RecognitionFile,
    Regulation,
)
from reseda.recognition.queries.correspondence import Bond, Correspondence, correspondence_of
from reseda.recognition.queries.evidence import Lived, named, with_links
from reseda.recognition.queries.frameworks import (
    Competency,
    Level,
    competency_of,
    expected,
    published_version,
)
from reseda.recognition.queries.reasons import Said, say
from reseda.recognition.queries.regulations import in_force, rules_of

CONSULT = "recognition.consult_file"
LIVE = ("draft", "complement")


@dataclass(frozen=True)
class Line:
    """One competency of a file: what the student says, what assessors read, what is proposed."""

    competency: Competency
    evidence: tuple[Evidence, ...]
    position: Level | None
    ratings: tuple[tuple[Assessment, int], ...]
    proposed: Level | None
    decided: Level | None
    # What the reserve develops of it, and whether the evidence names that ability.
    converging: tuple[tuple[Bond, bool], ...] = ()


@dataclass
class Dossier:
    """Everything a page shows of a file, loaded in a number of queries that does not grow."""

    file: RecognitionFile
    regulation: Regulation | None
    activities: tuple[Lived, ...]
    competencies: tuple[Competency, ...]
    assessments: tuple[Assessment, ...]
    positions: dict[int, int]
    decided: dict[int, int]
    correspondence: Correspondence

    @cached_property
    def claim(self) -> rules.Claim:
        """The file as the rules read it."""
        return rules.Claim(
            activities=tuple(
                rules.Activity(each.period.pk, each.days, each.is_used) for each in self.activities
            ),
            pieces=tuple(
                rules.Piece(each.period.pk, self._touched(told))
                for each in self.activities
                for told in each.evidence
            ),
            ratings=tuple(
                rules.Rating(each.item_id, rank, each.assessor_id)
                for each in self.assessments
                for rank in [self._rank(each.item_id, each.level_id)]
            ),
            positions=frozenset(self.positions),
            expected=frozenset(each.item.pk for each in self.competencies),
            wished_form=self.file.wished_form,
        )

    @cached_property
    def proposal(self) -> rules.Proposal:
        """What the rules suggest; the jury decides."""
        return rules.propose(self.claim, rules_of(self.regulation))

    @cached_property
    def gaps(self) -> list[Said]:
        """What is missing before the file is handed in, in words."""
        return self._said(rules.gaps(self.claim, rules_of(self.regulation)))

    @cached_property
    def missing(self) -> list[Said]:
        """What is missing for a validation to be proposed, in words."""
        return self._said(self.proposal.missing)

    @cached_property
    def remarks(self) -> list[Said]:
        """What the jury should know of the proposal, in words."""
        return self._said(self.proposal.remarks)

    @property
    def is_ready(self) -> bool:
        """Whether nothing blocks the submission."""
        return not any(each.is_blocking for each in self.gaps)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The competencies that the file touches, in the order of the framework."""
        return tuple(line for line in self.every_line if _is_touched(line))

    @cached_property
    def every_line(self) -> tuple[Line, ...]:
        """Every competency of the framework, touched or not."""
        return tuple(self._line(each) for each in self.competencies)

    def _line(self, competency: Competency) -> Line:
        key = competency.item.pk
        ranks = {each.competency: each.rank for each in self.proposal.levels}
        told = [t for each in self.activities for t in each.evidence if key in self._touched(t)]
        given = [each for each in self.assessments if each.item_id == key]
        return Line(
            competency=competency,
            evidence=tuple(told),
            position=competency.level_at(competency.rank_of(self.positions.get(key))),
            ratings=tuple((each, competency.rank_of(each.level_id)) for each in given),
            proposed=competency.level_at(ranks.get(key, rules.NOT_SHOWN)),
            decided=competency.level_at(competency.rank_of(self.decided.get(key))),
            converging=self._converging(competency),
        )

    def _converging(self, competency: Competency) -> tuple[tuple[Bond, bool], ...]:
        """Return what converges with a competency, what the evidence names first."""
        found = [
            (bond, bond.ability.identifier in self.named)
            for bond in self.correspondence.converging(competency.item)
        ]
        return tuple(sorted(found, key=lambda pair: not pair[1]))

    @cached_property
    def named(self) -> frozenset[UUID]:
        """The abilities that the evidence of the file names, in whatever version it was chosen."""
        told = (each for lived in self.activities for each in lived.evidence)
        return frozenset(item.identifier for each in told for item in named(each))

    @property
    def to_supplement(self) -> tuple[Item, ...]:
        """The abilities named that no competency expects and some complete: a proposal."""
        return self.correspondence.to_supplement(self.named)

    def _touched(self, evidence: Evidence) -> frozenset[int]:
        """Return the competencies an evidence bears on; an item of no expected one stands as is."""
        found = (
            competency_of(self.competencies, link.item.identifier) or link.item_id
            for link in evidence.links.all()
        )
        return frozenset(found)

    def _rank(self, item_id: int, level_id: int | None) -> int:
        chosen = next((each for each in self.competencies if each.item.pk == item_id), None)
        return chosen.rank_of(level_id) if chosen else rules.NOT_SHOWN

    def _said(self, reasons: Sequence[rules.Reason]) -> list[Said]:
        return say(
            reasons,
            activities={each.period.pk: each.dates for each in self.activities},
            competencies={each.item.pk: each.item.label for each in self.competencies},
        )


def _is_touched(line: Line) -> bool:
    return bool(line.evidence or line.position or line.ratings or line.decided)


def dossier(file: RecognitionFile, on: date) -> Dossier:
    """Load a file whole; before it is handed in, under the regulation in force that day."""
    version = version_of(file)
    competencies = expected(version)
    return Dossier(
        file=file,
        regulation=file.regulation or in_force(file.school_id, on),
        activities=_activities(file),
        competencies=competencies,
        assessments=tuple(
            Assessment.objects.filter(file=file).select_related("assessor", "level", "item")
        ),
        positions=dict(file.positions.values_list("item_id", "level_id")),
        decided=dict(
            DecisionLevel.objects.filter(decision__file=file).values_list("item_id", "level_id")
        ),
        correspondence=correspondence_of(file, version, competencies),
    )


def _activities(file: RecognitionFile) -> tuple[Lived, ...]:
    rows = file.activities.select_related(
        "period__attestation", "period__recognition_use__decision"
    )
    periods = [row.period for row in rows]
    told: dict[int, list[Evidence]] = {}
    for each in with_links(_evidence(file, [period.pk for period in periods])):
        told.setdefault(each.period_id, []).append(each)
    return tuple(
        Lived(
            period,
            tuple(told.get(period.pk, ())),
            hasattr(period, "recognition_use")
            and period.recognition_use.decision.file_id != file.pk,
        )
        for period in periods
    )


def _evidence(file: RecognitionFile, periods: Sequence[int]) -> QuerySet[Evidence]:
    """Return the evidence as handed in, or while it can still change, as it stands now."""
    rows = Evidence.objects.order_by("created_at", "pk")
    if file.status in LIVE:
        return rows.filter(person_id=file.person_id, period__in=periods, deleted_at__isnull=True)
    return rows.filter(file_rows__file=file)


def version_of(file: RecognitionFile) -> FrameworkVersion:
    """Return the framework a file is read with: the published one until it is handed in."""
    current = published_version(file.school_id) if file.status == "draft" else None
    return current or file.framework_version


def hold(file: RecognitionFile, act: Act) -> RecognitionFile:
    """Lock a file and put it, unsaved, in the state that follows an act; or refuse the act."""
    held = (
        RecognitionFile.objects.select_for_update(of=("self",))
        .select_related("framework_version")
        .get(pk=file.pk)
    )
    try:
        held.status = after(held.status, act)
    except RefusedTransition as refused:
        message = (
            _("Ce dossier est clos : plus rien n’y change.")
            if refused.code == "file_is_final"
            else _("Ce dossier n’est pas dans l’état qui permet cela ; rechargez la page.")
        )
        raise ValidationError(message, code=refused.code) from refused
    return held


def file_of(person: Person) -> QuerySet[RecognitionFile]:
    """Return the files of a person, latest first."""
    return (
        RecognitionFile.objects.filter(person=person)
        .select_related("decision", "session", "regulation", "programme")
        .order_by("-created_at", "-pk")
    )


def has_consulted(person: Person, file: RecognitionFile) -> bool:
    """Tell whether a person opened this file through the journal, as whoever reads it must."""
    return journal.history(file).filter(verb=CONSULT, actor=person.journal_name).exists()


@dataclass(frozen=True)
class Consultation:
    """Somebody opened the file; its student may know who and when."""

    person: Person | None
    at: object


def consultations(file: RecognitionFile) -> list[Consultation]:
    """Return who opened a file and when, latest first (two queries)."""
    entries = list(journal.history(file).filter(verb=CONSULT)[:20])
    keys = {entry.actor: int(entry.actor.partition(":")[2]) for entry in entries}
    people = Person.objects.in_bulk(set(keys.values()))
    return [Consultation(people.get(keys[entry.actor]), entry.at) for entry in entries]
