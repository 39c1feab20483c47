"""What is agreed lesson by lesson: proposed, granted in part, completed, accepted as a contract."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pypdf import PdfReader

from reseda.documents.models import StoredFile
from reseda.mail.models import OutgoingMail
from reseda.people.models import Person
from reseda.people.policy import Viewer
from reseda.service import actions as service
from reseda.service.models import Period
from reseda.timetable.actions import accommodation as actions
from reseda.timetable.models import Absence, AccommodationRequest
from reseda.timetable.queries import catch_up, periods
from reseda.timetable.queries.thread import todo
from reseda.timetable.tests import factories as make


@pytest.fixture
def asked(world: make.World) -> AccommodationRequest:
    make.feed(world)
    return make.asked(world)


def decide(world: make.World, found: AccommodationRequest, **given: object) -> AccommodationRequest:
    said = {"is_granted": True, "reason": "", "measures": "", "arranged": {}, "by": world.director}
    return actions.decide(found, **{**said, **given})  # type: ignore[arg-type]


def code(act: object, *args: object, **given: object) -> str:
    with pytest.raises(ValidationError) as refused:
        act(*args, **given)  # type: ignore[operator]
    return str(refused.value.code)


def todos(person: Person) -> list[str]:
    return [str(one.title) for one in todo(Viewer.of(person))]


def two_groups(world: make.World) -> None:
    """The lab of the student's group in the period, and that of the other group the week after."""
    feed = make.feed(
        world,
        [
            make.lesson("MINE", "M314 TP Mesures RT1 TP1", make.at(2, 13), group="RT1 TP1"),
            make.lesson("OTHER", "M314 TP Mesures RT1 TP2", make.at(9, 13), group="RT1 TP2"),
        ],
    )
    feed.chosen_groups = ["RT1 TP1"]
    feed.save()


# --- Proposed


def test_a_lesson_is_recovered_with_the_other_group_of_the_feed(world: make.World) -> None:
    two_groups(world)
    (found,) = catch_up.recovered(periods.meeting(world.period))

    assert [one.event.uid for one in found.recoveries] == ["OTHER"]
    assert found.recoveries[0].is_sure


def test_no_session_is_proposed_during_another_period_unless_it_is_cancelled(
    world: make.World,
) -> None:
    two_groups(world)
    other = make.spell(world.engagement, weeks=1)

    def proposed() -> int:
        (found,) = catch_up.recovered(periods.meeting(world.period))
        return len(found.recoveries)

    assert proposed() == 0
    service.cancel_period(other, by=world.student)
    assert proposed() == 1


def test_a_request_carries_what_the_student_chose(world: make.World) -> None:
    two_groups(world)
    (one,) = catch_up.recovered(periods.meeting(world.period))
    event = one.recoveries[0].event
    wanted = {one.clash.key: actions.Wanted(event.title, event.uid, event.starts_at)}
    found = actions.request(world.period, wish="Rattraper.", by=world.student, wanted=wanted)

    (absence,) = make.absences(found)
    assert (absence.catch_up_uid, absence.catch_up_at) == ("OTHER", event.starts_at)


def test_the_way_there_and_back_counts_when_asked(world: make.World) -> None:
    make.feed(world, [make.lesson("EVE", make.TALK, make.at(0, 15))])
    found = actions.request(world.period, wish="x", by=world.student, travel_minutes=120)

    assert [one.uid for one in make.absences(found)] == ["EVE"]
    assert make.absences(decide_none(world)) == []


def decide_none(world: make.World) -> AccommodationRequest:
    """The same request without any travel, on another period."""
    period = make.spell(world.engagement, weeks=2)
    return actions.request(period, wish="x", by=world.student)


def test_a_text_that_names_the_unit_or_the_place_is_refused(world: make.World) -> None:
    Period.objects.filter(pk=world.period.pk).update(place="Larzac")
    make.feed(world)
    world.period.refresh_from_db()

    said = {"wish": "Je suis au larzac.", "by": world.student}
    assert code(actions.request, world.period, **said) == "names_unit"
    assert actions.request(world.period, wish="Je suis absent.", by=world.student)


# --- Granted, in part too


def test_measures_are_kept_lesson_by_lesson(world: make.World, asked: AccommodationRequest) -> None:
    exam, lab = make.absences(asked)
    arranged = {
        exam.pk: actions.Arrangement(world.teacher, "B12", "substitute", make.at(8, 9)),
        lab.pk: actions.Arrangement(world.teacher, "", "waiver"),
    }
    decide(world, asked, arranged=arranged)

    exam.refresh_from_db()
    lab.refresh_from_db()
    assert (exam.measure, exam.catch_up_at, exam.answer) == ("substitute", make.at(8, 9), "excused")
    assert (lab.measure, lab.catch_up_at, lab.answer) == ("waiver", None, "excused")


def test_a_lesson_that_is_not_granted_needs_a_reason_and_justifies_nothing(
    world: make.World, asked: AccommodationRequest
) -> None:
    exam, lab = make.absences(asked)
    arranged = {
        exam.pk: actions.Arrangement(world.teacher, is_excused=False),
        lab.pk: actions.Arrangement(world.teacher),
    }
    assert code(decide, world, asked, arranged=arranged) == "reason_missing"

    decide(world, asked, arranged=arranged, reason="L’examen ne peut être déplacé.")
    exam.refresh_from_db()
    assert (exam.answer, exam.teacher) == ("attend", None)
    (told,) = OutgoingMail.objects.filter(template="timetable.absence_justified")
    assert make.LAB in told.body
    assert make.CTRL not in told.body


def test_granting_nothing_is_a_refusal_that_must_be_said(
    world: make.World, asked: AccommodationRequest
) -> None:
    nothing = {one.pk: actions.Arrangement(is_excused=False) for one in make.absences(asked)}

    assert code(decide, world, asked, arranged=nothing, reason="x") == "nothing_granted"


def test_a_catch_up_is_not_set_while_the_student_is_away(
    world: make.World, asked: AccommodationRequest
) -> None:
    exam, _lab = make.absences(asked)
    away = {exam.pk: actions.Arrangement(measure="substitute", at=make.at(2, 9))}
    assert code(decide, world, asked, arranged=away) == "absent_then"

    back = {exam.pk: actions.Arrangement(measure="substitute", at=make.at(7, 9))}
    assert decide(world, asked, arranged=back).status == "granted"


def test_each_teacher_has_one_message_whatever_the_lessons_with_what_is_agreed(
    world: make.World, asked: AccommodationRequest
) -> None:
    other = make.service.person(world.school, "teacher", first_name="Ada")
    exam, lab = make.absences(asked)
    again = Absence.objects.create(
        request=asked,
        uid="LAB2",
        title="M399 Autre TP",
        kind="practical",
        starts_at=make.at(1, 15),
        ends_at=make.at(1, 17),
    )
    arranged = {
        exam.pk: actions.Arrangement(world.teacher, "secret", "substitute", make.at(8, 9)),
        lab.pk: actions.Arrangement(world.teacher),
        again.pk: actions.Arrangement(other),
    }
    decide(world, asked, arranged=arranged)

    told = {one.to: one.body for one in OutgoingMail.objects.filter(template__contains="absence")}
    assert set(told) == {world.teacher.email, other.email}
    mine = told[world.teacher.email]
    assert make.CTRL in mine
    assert make.LAB in mine
    assert "M399" not in mine
    assert "examen de remplacement" in mine
    # Free text may hold anything: it is read on the page alone.
    assert "secret" not in mine


# --- Agreed


def test_the_student_agrees_and_both_keep_the_same_contract(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    assert "Les mesures de votre aménagement attendent votre accord" in todos(world.student)
    found = actions.agree(asked, by=world.student)

    assert found.agreed_at
    stored = found.contract
    assert stored.owner == world.student
    assert stored.content_type == "application/pdf"
    assert hashlib.sha256(stored.read()).hexdigest() == stored.sha256
    assert "Les mesures de votre aménagement attendent votre accord" not in todos(world.student)
    assert code(actions.agree, asked, by=world.student) == "agreed"


def test_only_the_student_agrees_and_only_to_what_is_granted(
    world: make.World, asked: AccommodationRequest
) -> None:
    assert code(actions.agree, asked, by=world.student) == "not_granted"
    make.granted(world, asked)
    for person in (world.director, world.teacher, world.referent, world.registry, world.stranger):
        with pytest.raises(PermissionDenied):
            actions.agree(asked, by=person)
    assert actions.agree(asked, by=world.student).agreed_at


def test_the_contract_says_the_measures_and_nothing_of_the_engagement(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    found = actions.agree(asked, by=world.student)
    pages = PdfReader(BytesIO(found.contract.read())).pages
    said = " ".join(" ".join(page.extract_text().split()) for page in pages)

    for words in (make.CTRL, "Examen reporté.", str(world.student), str(world.director)):
        assert words in said
    assert not [word for word in make.SECRETS if word.lower() in said.lower()]


def test_a_sign_that_cannot_be_printed_is_said_and_nothing_is_kept(
    world: make.World, asked: AccommodationRequest
) -> None:
    decide(world, asked, measures="Bravo \U0001f389")
    files = StoredFile.objects.count()

    assert code(actions.agree, asked, by=world.student) == "unprintable"
    asked.refresh_from_db()
    assert (asked.agreed_at, asked.contract) == (None, None)
    assert StoredFile.objects.count() == files


# --- Completed


def test_a_lesson_added_after_the_decision_is_answered_alone(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    added = Absence.objects.create(
        request=asked,
        uid="NEW",
        title="M320 Anglais",
        kind="tutorial",
        starts_at=make.at(1, 15),
        ends_at=make.at(1, 17),
    )
    assert "Des séances se sont ajoutées à un aménagement accordé" in todos(world.director)
    assert code(actions.agree, asked, by=world.student) == "unanswered"

    kept = {added.pk: actions.Arrangement(is_excused=False)}
    said = {"arranged": kept, "by": world.director}
    assert code(actions.complete, asked, reason="", **said) == "reason_missing"
    actions.complete(asked, reason="Trop d’anglais manqué.", **said)

    added.refresh_from_db()
    assert added.answer == "attend"
    assert {one.answer for one in make.absences(asked)} == {"excused", "attend"}
    assert code(actions.complete, asked, reason="", **said) == "closed"
    assert actions.agree(asked, by=world.student).contract


def test_only_who_decides_completes(world: make.World, asked: AccommodationRequest) -> None:
    make.granted(world, asked)
    for person in (world.student, world.teacher, world.referent, world.stranger):
        with pytest.raises(PermissionDenied):
            actions.complete(asked, arranged={}, reason="", by=person)


def test_a_granted_absence_of_yesterday_asks_nothing_of_the_home_page(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    over = make.timezone.now() - timedelta(days=9)
    AccommodationRequest.objects.filter(pk=asked.pk).update(
        starts_at=over, ends_at=over + timedelta(days=2)
    )
    assert "Les mesures de votre aménagement attendent votre accord" not in todos(world.student)
