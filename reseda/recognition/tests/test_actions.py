"""What may be done in recognition, and what is refused."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from reseda.competencies.models import Item
from reseda.mail.models import OutgoingMail
from reseda.people.models import Role
from reseda.recognition import actions, queries
from reseda.recognition.actions import Given
from reseda.recognition.models import (
    ActivityUse,
    Assessment,
    Evidence,
    FileEvidence,
    RecognitionFile,
)
from reseda.recognition.tests import factories as make
from reseda.recognition.tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make.world()


def refused(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.error_list[0].code)


# --- Evidence


def test_a_student_tells_a_confirmed_period_of_their_own(world: World) -> None:
    told = make.evidence(world)
    assert [link.item for link in told.links.all()] == [world.competencies[0]]
    assert told.person == world.student


def test_a_critical_learning_may_be_chosen_as_well_as_a_competency(world: World) -> None:
    learning = Item.objects.get(version=world.version, code="C2N1A")
    spot = make.period(world.student, world)
    told = actions.add(spot, told=make.told(learning), by=world.student)
    dossier = queries.dossier(make.draft(world, spot), make.today())
    assert [link.item for link in told.links.all()] == [learning]
    assert dossier.claim.pieces[0].competencies == {world.competencies[1].pk}


def test_the_story_is_unreadable_in_the_database(world: World) -> None:
    told = make.evidence(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT action FROM recognition_evidence WHERE id = %s", [told.pk])
        assert "groupe" not in cursor.fetchone()[0]
    assert "groupe" in Evidence.objects.get(pk=told.pk).action


def test_a_period_of_somebody_else_cannot_be_told(world: World) -> None:
    spot = make.period(world.other_student, world)
    with pytest.raises(PermissionDenied):
        actions.add(spot, told=make.told(world.competencies[0]), by=world.student)
    assert not Evidence.objects.exists()


def test_a_period_not_yet_confirmed_cannot_be_told(world: World) -> None:
    spot = make.period(world.student, world, days=None)
    spot.status, spot.confirmed_at = "planned", None
    spot.save()
    with pytest.raises(ValidationError) as error:
        actions.add(spot, told=make.told(world.competencies[0]), by=world.student)
    assert refused(error) == "period_not_confirmed"


def test_what_the_school_does_not_expect_cannot_be_claimed(world: World) -> None:
    stranger = make.world()
    spot = make.period(world.student, world)
    for items in ([], [stranger.competencies[0]], [world.levels(world.competencies[0])[0]]):
        with pytest.raises(ValidationError) as error:
            actions.add(spot, told=make.told(*items), by=world.student)
        assert refused(error) == "not_expected"


def test_an_evidence_is_revised_deleted_and_taken_back(world: World) -> None:
    told = make.evidence(world)
    actions.revise(told, told=make.told(world.competencies[1], title="Autre"), by=world.student)
    told.refresh_from_db()
    assert told.title == "Autre"
    assert [link.item for link in told.links.all()] == [world.competencies[1]]
    actions.delete(told, by=world.student)
    assert not queries.evidence_of(world.student).exists()
    actions.restore(told, by=world.student)
    assert queries.evidence_of(world.student).get() == told


def test_an_evidence_of_a_file_handed_in_no_longer_changes_until_it_is_taken_back(
    world: World,
) -> None:
    file = make.submitted(world)
    told = Evidence.objects.get()
    for change in (
        lambda: actions.revise(told, told=make.told(world.competencies[1]), by=world.student),
        lambda: actions.delete(told, by=world.student),
    ):
        with pytest.raises(ValidationError) as error:
            change()
        assert refused(error) == "evidence_is_held"
    actions.withdraw(file, by=world.student)
    actions.delete(told, by=world.student)
    assert Evidence.objects.get().deleted_at is not None


# --- The file


def test_references_follow_each_other_in_a_school_and_a_year(world: World) -> None:
    first, second = (
        actions.open_file(world.school, by=who) for who in (world.student, world.other_student)
    )
    elsewhere = make.world()
    third = actions.open_file(elsewhere.school, by=elsewhere.student)
    year = make.today().year
    assert [first.reference, second.reference] == [f"{year}-001", f"{year}-002"]
    assert third.reference == first.reference
    with pytest.raises(IntegrityError), transaction.atomic():
        RecognitionFile.objects.filter(pk=second.pk).update(reference=first.reference)


def test_asking_twice_gives_the_same_draft(world: World) -> None:
    assert actions.open_file(world.school, by=world.student) == actions.open_file(
        world.school, by=world.student
    )


@pytest.mark.parametrize("role", ["studies_director", "assessor", "referent", "staff"])
def test_only_a_student_opens_a_file(world: World, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.open_file(world.school, by=world.people[role])
    assert not RecognitionFile.objects.exists()


def test_a_complete_file_is_submitted_with_its_evidence_and_its_regulation(world: World) -> None:
    file = make.submitted(world)
    assert (file.status, file.regulation) == ("submitted", world.regulation)
    assert FileEvidence.objects.get(file=file).evidence == Evidence.objects.get()
    mail = OutgoingMail.objects.get(template="recognition.submitted")
    assert mail.to == world.student.email
    assert make.UNIT not in mail.body


def test_an_incomplete_file_is_refused_with_all_it_lacks(world: World) -> None:
    file = actions.open_file(world.school, by=world.student)
    with pytest.raises(ValidationError) as error:
        actions.submit(file, by=world.student)
    assert [each.code for each in error.value.error_list] == ["no_activity", "no_wished_form"]
    file.refresh_from_db()
    assert file.status == "draft"


def test_nothing_is_submitted_before_the_regulation_is_published() -> None:
    bare = make.world(is_published=False)
    file = actions.open_file(bare.school, by=bare.student)
    with pytest.raises(ValidationError) as error:
        actions.submit(file, by=bare.student)
    assert refused(error) == "no_regulation"


def test_an_activity_of_somebody_else_cannot_be_chosen(world: World) -> None:
    file = actions.open_file(world.school, by=world.student)
    spot = make.period(world.other_student, world)
    with pytest.raises(ValidationError) as error:
        actions.compose(file, periods=[spot], positions={}, wished_form="", by=world.student)
    assert refused(error) == "activity_not_yours"


def test_a_level_of_another_competency_cannot_be_chosen(world: World) -> None:
    file = actions.open_file(world.school, by=world.student)
    one, other = world.competencies
    with pytest.raises(ValidationError) as error:
        actions.compose(
            file,
            periods=[],
            positions={one.pk: world.levels(other)[0].pk},
            wished_form="",
            by=world.student,
        )
    assert refused(error) == "level_of_another_competency"


def test_an_activity_waits_in_one_file_at_a_time(world: World) -> None:
    spot = make.period(world.student, world)
    make.submitted(world, spot)
    again = actions.open_file(world.school, by=world.student)
    with pytest.raises(ValidationError) as error:
        actions.compose(again, periods=[spot], positions={}, wished_form="", by=world.student)
    assert refused(error) == "activity_in_another_file"


def test_an_activity_already_validated_blocks_another_submission(world: World) -> None:
    spot = make.period(world.student, world)
    make.decided(world, spot)
    again = make.draft(world, spot)
    with pytest.raises(ValidationError) as error:
        actions.submit(again, by=world.student)
    assert refused(error) == "activity_already_used"
    assert "déjà été validée" in error.value.messages[0]


def test_an_activity_refused_by_a_jury_may_be_presented_again(world: World) -> None:
    spot = make.period(world.student, world)
    make.decided(world, spot, outcome="refused")
    assert not ActivityUse.objects.exists()
    assert make.submitted(world, spot).status == "submitted"


def test_a_new_version_of_the_framework_carries_a_draft_along(world: World) -> None:
    file = make.draft(world)
    old = world.version
    new = old.framework.versions.create(number=2)
    for each in old.items.filter(parent=None):
        Item.objects.create(
            version=new,
            kind="competency",
            code=each.code,
            identifier=each.identifier,
            statement=each.statement,
        )
    old.status, old.retired_at = "retired", make.timezone.now()
    old.save()
    new.status, new.published_at = "published", make.timezone.now()
    new.save()
    dossier = queries.dossier(RecognitionFile.objects.get(pk=file.pk), make.today())
    assert {each.item.version_id for each in dossier.competencies} == {new.pk}
    assert dossier.claim.pieces[0].competencies == {new.items.get(code="C1").pk}


# --- Assessment


def test_an_assessor_gives_a_level_and_hands_the_assessment_in(world: World) -> None:
    file = make.assessed(world)
    one = Assessment.objects.get()
    assert (one.assessor, file.status) == (world.assessor, "assessed")
    proposal = queries.dossier(file, make.today()).proposal
    assert (proposal.outcome, proposal.ects) == ("validate", Decimal(1))


def test_saving_again_replaces_what_the_same_assessor_wrote(world: World) -> None:
    file = make.submitted(world)
    competency = world.competencies[0]
    for level in world.levels(competency)[:2]:
        given = Given(competency.pk, level.pk, "Parce que.")
        actions.rate(file, given=[given], by=world.assessor)
    assert Assessment.objects.get().level == world.levels(competency)[1]


def test_a_level_without_a_comment_or_of_another_competency_is_refused(world: World) -> None:
    file = make.submitted(world)
    one, other = world.competencies
    cases = {
        "no_comment": Given(one.pk, world.levels(one)[0].pk, " "),
        "level_of_another_competency": Given(one.pk, world.levels(other)[0].pk, "Parce que."),
    }
    for code, given in cases.items():
        with pytest.raises(ValidationError) as error:
            actions.rate(file, given=[given], by=world.assessor)
        assert refused(error) == code
    assert not Assessment.objects.exists()


def test_an_assessment_is_handed_in_when_every_competency_told_has_a_level(world: World) -> None:
    file = make.submitted(world)
    with pytest.raises(ValidationError) as error:
        actions.conclude(file, by=world.assessor)
    assert refused(error) == "not_assessed"


def test_an_assessor_who_is_the_student_cannot_assess_their_own_file(world: World) -> None:
    make.Mandate.objects.create(
        person=world.student,
        role=Role.ASSESSOR,
        organisation=world.school,
        from_on=make.today(),
    )
    file = make.submitted(world)
    with pytest.raises(PermissionDenied):
        actions.rate(file, given=[], by=world.student)


def test_a_complement_reopens_the_file_for_its_student_and_closes_when_handed_in(
    world: World,
) -> None:
    file = make.submitted(world)
    asked = actions.ask_complement(file, message="Précisez votre rôle.", by=world.assessor)
    file.refresh_from_db()
    assert file.status == "complement"
    told = Evidence.objects.get()
    actions.revise(told, told=make.told(world.competencies[0], title="Précisé"), by=world.student)
    actions.submit(file, by=world.student)
    asked.refresh_from_db()
    file.refresh_from_db()
    assert (file.status, asked.answered_at is not None) == ("submitted", True)
    mail = OutgoingMail.objects.get(template="recognition.complement")
    assert "Précisez" not in mail.body
