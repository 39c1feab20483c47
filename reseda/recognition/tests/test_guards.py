"""What the database refuses by itself, and what the journal keeps."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from reseda.journal.models import Entry
from reseda.recognition.models import (
    ActivityUse,
    Assessment,
    Decision,
    Evidence,
    FileActivity,
    FileEvidence,
    RecognitionFile,
    SelfPosition,
)
from reseda.recognition.tests import factories as make
from reseda.recognition.tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make.world()


def test_the_database_refuses_to_use_an_activity_twice(world: World) -> None:
    decision = make.decided(world)
    use = ActivityUse.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityUse.objects.create(period=use.period, decision=decision)


def test_the_database_refuses_a_decision_out_of_bounds_or_changed_afterwards(world: World) -> None:
    decision = make.decided(world)
    rows = Decision.objects.filter(pk=decision.pk)
    for change in ({"ects": 9}, {"motivation": "Autre"}, {"outcome": "refused"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    other = make.to_judge(world, make.period(world.student, world, ago=40))
    for faults in ({"ects": Decimal("3.5")}, {"form": "bonus"}, {"max_ects": Decimal(9)}):
        fields = {
            "file": other,
            "session": other.session,
            "outcome": "validated",
            "form": "ects",
            "ects": Decimal(1),
            "max_ects": Decimal(3),
            "motivation": "x",
            "framework_version": world.version,
            "regulation": world.regulation,
            "decided_by": world.jury_member,
            "decided_at": make.timezone.now(),
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.create(**{**fields, **faults})


def test_the_database_refuses_a_level_of_another_competency(world: World) -> None:
    file = make.draft(world)
    one, other = world.competencies
    with pytest.raises(DatabaseError), transaction.atomic():
        SelfPosition.objects.filter(file=file).update(level=world.levels(other)[0])
    with pytest.raises(DatabaseError), transaction.atomic():
        Assessment.objects.create(
            file=file,
            item=one,
            level=world.levels(other)[0],
            comment="x",
            assessor=world.assessor,
            at=make.timezone.now(),
        )


def test_the_database_refuses_what_belongs_to_somebody_else(world: World) -> None:
    file = make.draft(world)
    theirs = make.evidence(world, make.period(world.other_student, world))
    for attach in (
        lambda: FileActivity.objects.create(file=file, period=theirs.period),
        lambda: FileEvidence.objects.create(file=file, evidence=theirs),
        lambda: Evidence.objects.filter(pk=theirs.pk).update(person=world.student),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attach()


def test_the_database_freezes_a_decided_file(world: World) -> None:
    decision = make.decided(world)
    with pytest.raises(DatabaseError), transaction.atomic():
        RecognitionFile.objects.filter(pk=decision.file_id).update(status="assessed")


def test_every_step_is_journaled_without_a_word_of_the_service(world: World) -> None:
    make.decided(world)
    verbs = set(
        Entry.objects.filter(verb__startswith="recognition.").values_list("verb", flat=True)
    )
    assert verbs == {
        f"recognition.{name}"
        for name in (
            "add_evidence",
            "open_file",
            "compose_file",
            "submit_file",
            "rate_file",
            "conclude_assessment",
            "open_session",
            "plan_file",
            "decide",
        )
    }
    written = str(list(Entry.objects.values_list("facts", "subject")))
    assert make.UNIT not in written
    assert "terre" not in written
