"""Justified absences follow a timetable that moves; who reads them says so, or takes it back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Person
from reseda.people.policy import Viewer
from reseda.timetable.actions import accommodation as actions
from reseda.timetable.actions import accommodation_absences as following
from reseda.timetable.actions import feeds
from reseda.timetable.models import Absence, AccommodationRequest, Feed
from reseda.timetable.queries.catch_up import changes
from reseda.timetable.queries.thread import todo
from reseda.timetable.tests import factories as make

EXAM = make.lesson("EXAM", make.CTRL, make.at(1, 8))
LAB = make.lesson("LAB", make.LAB, make.at(2, 13))
TO_FOLLOW = "Votre emploi du temps a changé depuis votre demande d’aménagement"


@pytest.fixture
def asked(world: make.World) -> AccommodationRequest:
    make.feed(world)
    return make.asked(world)


def read_again(world: make.World, *events: str) -> None:
    """The school moved its timetable, and the feed was read again."""
    later = make.year()[2:]
    feed = Feed.objects.get()
    feeds.replace(feed, reading=make.reading([*events, *later]), by=world.student)


def told(found: AccommodationRequest) -> list[tuple[str, str]]:
    return [
        (one.what, one.absence.uid if one.absence else one.event.uid if one.event else "")
        for one in changes(found)
    ]


def todos(person: Person) -> list[str]:
    return [str(one.title) for one in todo(Viewer.of(person))]


def mails(template: str) -> list[str]:
    return [one.to for one in OutgoingMail.objects.filter(template=f"timetable.{template}")]


# --- What moved


def test_a_timetable_read_again_unchanged_changes_nothing(
    world: make.World, asked: AccommodationRequest
) -> None:
    read_again(world, EXAM, LAB)

    assert told(asked) == []
    assert TO_FOLLOW not in todos(world.student)
    with pytest.raises(ValidationError, match="à jour"):
        following.follow(asked, by=world.student)


@pytest.mark.parametrize(
    ("lab", "what"),
    [
        ([make.lesson("LAB", make.LAB, make.at(2, 15))], "moved"),
        ([make.lesson("LAB", make.LAB, make.at(4, 15))], "out"),
        ([], "gone"),
    ],
    ids=["within the period", "after it", "no more"],
)
def test_a_lesson_that_moved_is_told_to_the_student(
    world: make.World, asked: AccommodationRequest, lab: list[str], what: str
) -> None:
    read_again(world, EXAM, *lab)

    assert told(asked) == [(what, "LAB")]
    assert TO_FOLLOW in todos(world.student)


def test_a_lesson_put_under_the_period_since_is_told_too(
    world: make.World, asked: AccommodationRequest
) -> None:
    read_again(world, EXAM, LAB, make.lesson("NEW", make.TALK, make.at(2, 8)))

    assert told(asked) == [("added", "NEW")]


def test_a_catch_up_that_moved_is_told(world: make.World, asked: AccommodationRequest) -> None:
    Absence.objects.filter(uid="LAB").update(catch_up_uid="TALK", catch_up_at=make.at(4, 8))
    assert told(asked) == []

    Absence.objects.filter(uid="LAB").update(catch_up_at=make.at(4, 10))
    assert told(asked) == [("catch_up_moved", "LAB")]
    Absence.objects.filter(uid="LAB").update(catch_up_uid="VANISHED")
    assert told(asked) == [("catch_up_gone", "LAB")]


def test_without_any_timetable_nothing_is_said_to_have_moved(
    world: make.World, asked: AccommodationRequest
) -> None:
    feeds.remove(Feed.objects.get(), by=world.student)

    assert told(asked) == []


# --- Followed


def test_a_request_not_decided_takes_the_timetable_as_it_is(
    world: make.World, asked: AccommodationRequest
) -> None:
    read_again(
        world,
        make.lesson("EXAM", make.CTRL, make.at(1, 10)),
        make.lesson("NEW", make.TALK, make.at(2, 8)),
    )
    following.follow(asked, by=world.student)

    kept = {one.uid: one.starts_at for one in make.absences(asked)}
    assert kept == {"EXAM": make.at(1, 10), "NEW": make.at(2, 8)}
    assert told(asked) == []
    assert mails("absence_changed") == []


def test_a_granted_absence_follows_its_lesson_and_its_teacher_is_told_once(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    actions.agree(asked, by=world.student)
    for absence in make.absences(asked):
        following.see(absence, by=world.teacher)
    read_again(world, make.lesson("EXAM", make.CTRL, make.at(1, 10)))
    found = following.follow(asked, by=world.student)

    (exam,) = make.absences(asked)
    assert (exam.starts_at, exam.answer, exam.seen_at) == (make.at(1, 10), "excused", None)
    assert mails("absence_changed") == [world.teacher.email]
    assert found.agreed_at is None
    assert found.contract is not None
    former = found.contract.pk
    assert actions.agree(found, by=world.student).contract.pk != former


def test_a_lesson_added_to_a_granted_absence_waits_for_the_director(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    before = len(mails("request_to_decide"))
    read_again(world, EXAM, LAB, make.lesson("NEW", make.TALK, make.at(2, 8)))
    following.follow(asked, by=world.student)

    assert Absence.objects.get(uid="NEW").answer == ""
    assert len(mails("request_to_decide")) == before + 1
    assert mails("absence_changed") == []


def test_nobody_else_updates_a_request(world: make.World, asked: AccommodationRequest) -> None:
    read_again(world, EXAM)
    for person in (world.director, world.teacher, world.referent, world.stranger):
        with pytest.raises(PermissionDenied):
            following.follow(asked, by=person)


def test_what_is_over_is_left_as_it_was(world: make.World, asked: AccommodationRequest) -> None:
    read_again(world, EXAM)
    over = make.timezone.now() - timedelta(days=3)
    AccommodationRequest.objects.update(starts_at=over - timedelta(days=3), ends_at=over)
    asked.refresh_from_db()

    assert told(asked) == []


# --- Read


def test_an_absence_is_read_then_put_back_and_both_are_written_down(
    world: make.World, asked: AccommodationRequest
) -> None:
    make.granted(world, asked)
    absence = make.absences(asked)[0]

    assert following.see(absence, by=world.teacher).seen_at
    assert following.unsee(absence, by=world.teacher).seen_at is None
    assert Entry.objects.filter(verb="timetable.unsee_absence").count() == 1
    for person in (world.stranger, world.director):
        with pytest.raises(PermissionDenied):
            following.unsee(absence, by=person)
