"""Accommodation is asked, withdrawn and decided; the teacher learns of an absence, never why."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Mandate, Person, Role
from reseda.people.policy import Viewer
from reseda.schools.tests.hands import together
from reseda.service import actions as service
from reseda.timetable.actions import accommodation as actions
from reseda.timetable.actions import accommodation_absences as absence_actions
from reseda.timetable.models import Absence, AccommodationRequest, ModuleTeacher
from reseda.timetable.queries.thread import todo
from reseda.timetable.tests import factories as make


@pytest.fixture
def asked(world: make.World) -> AccommodationRequest:
    make.feed(world)
    return make.asked(world)


def mails(template: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template=f"timetable.{template}"))


def decide(world: make.World, found: AccommodationRequest, **given: object) -> object:
    said = {"is_granted": True, "reason": "", "measures": "", "arranged": {}, "by": world.director}
    return actions.decide(found, **{**said, **given})  # type: ignore[arg-type]


def todos(person: Person) -> list[str]:
    return [str(one.title) for one in todo(Viewer.of(person))]


# --- Asked


def test_a_request_copies_the_lessons_that_the_period_touches(
    asked: AccommodationRequest,
) -> None:
    assert [(one.uid, one.kind) for one in make.absences(asked)] == [
        ("EXAM", "exam"),
        ("LAB", "practical"),
    ]
    assert asked.status == "requested"


def test_only_the_directors_who_may_decide_are_told(world: make.World) -> None:
    mine = make.programme_of(world, world.student, "RT")
    other = make.make_programme(world.school, "GC")
    for programme in (mine, other):
        scoped = make.service.person(world.school)
        Mandate.objects.create(
            person=scoped,
            role=Role.STUDIES_DIRECTOR,
            organisation=world.school,
            scope=programme,
            from_on=make.service.START,
        )
    make.asked(world)

    told = {mail.to for mail in mails("request_to_decide")}
    assert len(told) == 2
    assert scoped.email not in told


def test_a_period_has_one_live_request_at_a_time(
    world: make.World, asked: AccommodationRequest
) -> None:
    with pytest.raises(ValidationError, match="existe déjà"):
        make.asked(world)

    decide(world, asked, is_granted=False, reason="Trop tard.")
    assert make.asked(world).status == "requested"


def test_nothing_is_asked_for_a_cancelled_period(world: make.World) -> None:
    service.cancel_period(world.period, by=world.student)

    with pytest.raises(ValidationError, match="annulée"):
        make.asked(world)


def test_nobody_asks_for_somebody_else(world: make.World) -> None:
    for person in (world.director, world.stranger, world.referent):
        with pytest.raises(PermissionDenied):
            actions.request(world.period, wish="x", by=person)


def test_studies_are_arranged_for_students_alone(world: make.World) -> None:
    Mandate.objects.filter(person=world.student).update(role=Role.STAFF)

    with pytest.raises(ValidationError, match="pour un élève"):
        make.asked(world)


def test_two_copies_of_a_timetable_touch_each_lesson_once(world: make.World) -> None:
    make.feed(world)
    make.feed(world, make.year()[:3], name="Semestre 1")

    assert len(make.absences(make.asked(world))) == 2


# --- Withdrawn


def test_a_request_is_withdrawn_put_back_and_no_more_once_decided(
    world: make.World, asked: AccommodationRequest
) -> None:
    assert actions.withdraw(asked, by=world.student).status == "withdrawn"
    assert actions.reopen(asked, by=world.student).status == "requested"
    decide(world, asked)
    for act in (actions.withdraw, actions.reopen):
        with pytest.raises(ValidationError):
            act(asked, by=world.student)


def test_a_withdrawn_request_gives_way_to_the_next(
    world: make.World, asked: AccommodationRequest
) -> None:
    actions.withdraw(asked, by=world.student)
    make.asked(world)

    with pytest.raises(ValidationError, match="ne peut plus être rétablie"):
        actions.reopen(asked, by=world.student)


# --- Decided


def test_a_grant_tells_the_student_and_each_teacher_once(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)

    assert [mail.to for mail in mails("request_decided")] == [world.student.email]
    assert [mail.to for mail in mails("absence_justified")] == [world.teacher.email]
    assert {one.teacher for one in make.absences(asked)} == {world.teacher}
    assert Entry.objects.filter(verb="timetable.grant_accommodation").count() == 1


def test_no_mail_says_why_nor_more_than_the_teacher_s_own_lessons(
    world: make.World, asked: AccommodationRequest
) -> None:
    lab = make.absences(asked)[1]
    decide(world, asked, arranged={lab.pk: actions.Arrangement(world.teacher)})

    for mail in OutgoingMail.objects.filter(template__startswith="timetable."):
        text = f"{mail.subject} {mail.body}".lower()
        assert not [word for word in make.SECRETS if word.lower() in text], mail.template
    (told,) = mails("absence_justified")
    day = timezone.localtime(lab.starts_at).day
    # From, to, and the lesson itself.
    assert told.body.count(f" {day} ") == 3
    assert f" {timezone.localtime(asked.starts_at).day} " not in told.body


def test_a_refusal_needs_a_reason_and_a_grant_none(
    world: make.World, asked: AccommodationRequest
) -> None:
    for reason in ("", "  "):
        with pytest.raises(ValidationError, match="dire pourquoi"):
            decide(world, asked, is_granted=False, reason=reason)
    asked.refresh_from_db()
    assert asked.status == "requested"

    decide(world, asked, reason="")
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("granted", world.director)


def test_a_refusal_with_its_reason_justifies_no_absence(
    world: make.World, asked: AccommodationRequest
) -> None:
    arranged = {one.pk: actions.Arrangement(world.teacher) for one in make.absences(asked)}
    decide(world, asked, is_granted=False, reason="Un jury ce jour-là.", arranged=arranged)

    assert mails("absence_justified") == []
    assert {one.teacher for one in make.absences(asked)} == {None}


def test_nobody_decides_their_own_request(world: make.World, asked: AccommodationRequest) -> None:
    Mandate.objects.create(
        person=world.student,
        role=Role.STUDIES_DIRECTOR,
        organisation=world.school,
        from_on=make.service.START,
    )
    with pytest.raises(ValidationError, match="sa propre demande"):
        decide(world, asked, by=world.student)

    decide(world, asked)


def test_only_a_director_of_studies_of_the_school_decides(
    world: make.World, asked: AccommodationRequest
) -> None:
    for person in (world.teacher, world.referent, world.registry, world.stranger, world.student):
        with pytest.raises(PermissionDenied):
            decide(world, asked, by=person)
    decide(world, asked)


def test_a_teacher_who_is_not_of_the_school_is_not_told(
    world: make.World, asked: AccommodationRequest
) -> None:
    lessons = make.absences(asked)
    decide(world, asked, arranged={one.pk: actions.Arrangement(world.stranger) for one in lessons})

    assert mails("absence_justified") == []


def test_the_teacher_of_a_module_is_proposed_the_next_time(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    next_lab = make.lesson("LAB2", make.LAB, make.at(2, 13) + make.timedelta(weeks=1))
    later = [*make.year(), next_lab]
    make.feed(world, later)
    found = make.asked(world, make.spell(world.engagement, weeks=1))

    assert ModuleTeacher.objects.count() == 2
    assert Absence.objects.get(request=found, uid="LAB2").teacher == world.teacher


def test_a_teacher_reads_an_absence_once_and_nobody_reads_it_instead(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    absence = make.absences(asked)[0]
    for person in (world.stranger, world.referent):
        with pytest.raises(PermissionDenied):
            absence_actions.see(absence, by=person)
    with pytest.raises(ValidationError, match="pas la vôtre"):
        absence_actions.see(absence, by=world.registry)

    first = absence_actions.see(absence, by=world.teacher).seen_at
    assert absence_actions.see(absence, by=world.teacher).seen_at == first


def test_what_awaits_each_person_follows_the_thread(world: make.World) -> None:
    assert todos(world.student) == ["Donnez votre emploi du temps"]
    make.feed(world)
    assert todos(world.student) == ["Une période tombe sur un examen"]
    asked = make.asked(world)
    assert todos(world.student) == []
    assert todos(world.director) == ["Une demande d’aménagement attend votre décision"]
    make.granted(world, asked)
    assert todos(world.director) == []
    assert todos(world.teacher) == ["2 absences justifiées"]
    assert todos(world.stranger) == []


# --- Together


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_thirty_submissions_of_the_same_decision_leave_one() -> None:
    world = make.world()
    make.feed(world)
    found = make.asked(world)
    lessons = make.absences(found)
    arranged = {one.pk: actions.Arrangement(world.teacher) for one in lessons}

    def hand(number: int) -> str:
        is_granted = bool(number % 2)
        decide(world, found, is_granted=is_granted, reason="Voilà.", arranged=arranged)
        return "decided"

    told = together(hand)
    assert sorted(set(told)) == ["closed", "decided"]
    assert told.count("decided") == 1
    assert len(mails("request_decided")) == 1
    decisions = Entry.objects.filter(
        verb__in=["timetable.grant_accommodation", "timetable.refuse_accommodation"]
    )
    assert decisions.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_thirty_requests_and_thirty_uploads_at_once_leave_one_of_each() -> None:
    world = make.world()

    def give(_number: int) -> str:
        make.feed(world)
        return "added"

    def ask(_number: int) -> str:
        make.asked(world)
        return "asked"

    given, told = together(give), together(ask)
    assert (given.count("added"), set(given)) == (1, {"added", "already_added"})
    assert (told.count("asked"), set(told)) == (1, {"asked", "already_requested"})
    assert AccommodationRequest.objects.count() == 1
