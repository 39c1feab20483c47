"""What a jury may decide, once, and what a regulation allows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from reseda.mail.models import OutgoingMail
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.recognition import actions, queries
from reseda.recognition.actions import regulations
from reseda.recognition.models import ActivityUse, Decision
from reseda.recognition.tests import factories as make
from reseda.recognition.tests.factories import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make.world()


def refused(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.error_list[0].code)


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
