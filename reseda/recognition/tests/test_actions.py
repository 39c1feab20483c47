"""What may be done in recognition, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from reseda.competencies.models import Item
from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.recognition import actions, queries
from reseda.recognition.actions import Given, regulations
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


# --- The jury


def test_the_jury_validates_and_the_decision_is_frozen_with_its_rules(world: World) -> None:
    decision = make.decided(world)
    decision.file.refresh_from_db()
    assert decision.file.status == "decided"
    assert (decision.regulation, decision.framework_version) == (world.regulation, world.version)
    assert ActivityUse.objects.get().decision == decision
    level = world.levels(world.competencies[0])[1]
    assert queries.decision_levels(decision) == ((world.competencies[0], level),)
    assert queries.validated(decision)
    assert list(queries.validated_decisions()) == [decision]
    mail = OutgoingMail.objects.get(template="recognition.decided")
    assert "Recours gracieux" in mail.body
    for word in (make.UNIT, make.PLACE, "réserve", "Terre", "validé"):
        assert word not in mail.subject + mail.body


def test_a_refusal_is_explained_and_uses_nothing_up(world: World) -> None:
    decision = make.decided(world, outcome="refused")
    assert (decision.form, decision.ects) == ("", None)
    assert not ActivityUse.objects.exists()
    assert not queries.validated(decision)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"motivation": " "}, "no_motivation"),
        ({"outcome": "maybe"}, "no_outcome"),
        ({"form": "bonus", "ects": None}, "form_not_allowed"),
        ({"ects": Decimal("3.5")}, "ects_out_of_range"),
        ({"ects": Decimal(0)}, "ects_out_of_range"),
        ({"ects": None}, "ects_out_of_range"),
        ({"form": "supplement"}, "ects_alone"),
        ({"levels": {}}, "no_level"),
    ],
)
def test_a_decision_outside_the_regulation_is_refused_and_leaves_nothing(
    world: World, changes: dict[str, object], code: str
) -> None:
    file = make.to_judge(world)
    with pytest.raises(ValidationError) as error:
        actions.decide(file, verdict=make.verdict(world, **changes), by=world.jury_member)
    assert refused(error) == code
    file.refresh_from_db()
    assert (file.status, Decision.objects.count()) == ("assessed", 0)


def test_a_file_is_decided_once(world: World) -> None:
    decision = make.decided(world)
    with pytest.raises(ValidationError) as error:
        actions.decide(decision.file, verdict=make.verdict(world), by=world.jury_member)
    assert refused(error) == "file_is_final"
    assert Decision.objects.count() == 1


def test_a_file_not_yet_assessed_or_not_on_an_agenda_is_not_decided(world: World) -> None:
    file = make.submitted(world)
    with pytest.raises(PermissionDenied):
        actions.decide(file, verdict=make.verdict(world), by=world.jury_member)
    actions.plan(make.session(world), file=file, by=world.studies_director)
    with pytest.raises(ValidationError) as error:
        actions.decide(file, verdict=make.verdict(world), by=world.jury_member)
    assert refused(error) == "not_in_this_state"


def conflicted(world: World) -> list[Person]:
    """The assessor and the student of the file, both jury members and both sitting."""
    return [world.assessor, world.student]


def test_neither_the_assessor_nor_the_student_of_a_file_decides_it(world: World) -> None:
    for who in conflicted(world):
        make.Mandate.objects.create(
            person=who, role=Role.JURY_MEMBER, organisation=world.school, from_on=make.today()
        )
    make.session(world, world.jury_member, *conflicted(world))
    file = make.to_judge(world)
    for who in conflicted(world):
        with pytest.raises(PermissionDenied):
            actions.decide(file, verdict=make.verdict(world), by=who)
    agenda = queries.agenda(file.session, Viewer.of(world.assessor))
    assert [(line.may_open, line.is_excluded) for line in agenda] == [(False, True)]
    actions.decide(file, verdict=make.verdict(world), by=world.jury_member)
    [minute] = queries.minutes(file.session)
    assert set(minute.excluded) == set(conflicted(world))


def test_a_jury_member_who_does_not_sit_decides_nothing(world: World) -> None:
    file = make.to_judge(world)
    with pytest.raises(PermissionDenied):
        actions.decide(file, verdict=make.verdict(world), by=world.second_juror)


def test_the_jury_may_ask_for_a_complement_instead_of_deciding(world: World) -> None:
    file = make.to_judge(world)
    actions.ask_complement(
        file, message="Quel était votre rôle ?", by=world.jury_member, session=file.session
    )
    file.refresh_from_db()
    assert (file.status, Decision.objects.count()) == ("complement", 0)
    assert [each.file for each in queries.postponed(file.session)] == [file]


def test_a_session_has_members_of_the_jury_alone_and_no_longer_changes_once_it_decided(
    world: World,
) -> None:
    with pytest.raises(ValidationError) as error:
        make.session(world, world.teacher)
    assert refused(error) == "not_a_juror"
    decision = make.decided(world)
    with pytest.raises(ValidationError) as error:
        actions.change_session(
            decision.session,
            name="Autre",
            held_on=make.today(),
            members=[world.jury_member],
            by=world.studies_director,
        )
    assert refused(error) == "session_has_decided"


def test_a_file_of_another_school_is_not_put_on_an_agenda(world: World) -> None:
    stranger = make.world()
    file = make.assessed(stranger)
    with pytest.raises(PermissionDenied):
        actions.plan(make.session(world), file=file, by=world.studies_director)


# --- The regulation


def terms(**changes: object) -> regulations.Terms:
    return regulations.Terms(
        **{
            "title": "Règlement",
            "text": "Texte.",
            "appeal": "Recours.",
            "forms": ["ects"],
            "max_ects": Decimal(2),
            "min_days": Decimal(5),
            **changes,
        }
    )


def test_a_regulation_is_drafted_published_in_time_and_then_frozen() -> None:
    world = make.world(is_published=False)
    director = world.studies_director
    made = regulations.draft(world.school, year=world.year, terms=terms(), by=director)
    regulations.publish(made, on=make.today(), by=director)
    made.refresh_from_db()
    assert queries.in_force(world.school, make.today()) == made
    with pytest.raises(ValidationError) as error:
        regulations.revise(made, terms=terms(title="Autre"), by=director)
    assert refused(error) == "published"
    with pytest.raises(DatabaseError), transaction.atomic():
        type(made).objects.filter(pk=made.pk).update(title="Autre")
    second = regulations.draft(world.school, year=world.year, terms=terms(), by=director)
    assert second.number == 2


def test_a_late_regulation_says_why(world: World) -> None:
    world.year.starts_on = make.today() - timedelta(days=120)
    world.year.save()
    made = regulations.draft(
        world.school, year=world.year, terms=terms(), by=world.studies_director
    )
    with pytest.raises(ValidationError) as error:
        regulations.publish(made, on=make.today(), by=world.studies_director)
    assert refused(error) == "late_without_reason"
    regulations.publish(
        made, on=make.today(), late_reason="Conseil reporté.", by=world.studies_director
    )
    made.refresh_from_db()
    assert made.published_on == make.today()


def test_a_regulation_with_ects_has_a_maximum_and_at_least_a_form(world: World) -> None:
    for changes, code in [({"forms": []}, "no_form"), ({"max_ects": Decimal(0)}, "no_ects")]:
        with pytest.raises(ValidationError) as error:
            regulations.draft(
                world.school, year=world.year, terms=terms(**changes), by=world.studies_director
            )
        assert refused(error) == code


# --- What the database refuses by itself


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
