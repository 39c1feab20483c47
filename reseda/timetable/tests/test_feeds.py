"""A timetable is given, read again and corrected; nothing ever silently frees somebody’s year."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from reseda.journal.actions import SYSTEM
from reseda.timetable import tasks
from reseda.timetable.actions import feeds as actions
from reseda.timetable.models import Feed, Kind, Lesson
from reseda.timetable.queries.lessons import timetable
from reseda.timetable.tests import factories as make
from reseda.timetable.tests.calendars import ade
from reseda.timetable.tests.conftest import Login, SchoolServer

FEEDS = "/mon-emploi-du-temps/"
GROUPS = ("RT1 TP1", "RT1 TP2")


def upload(data: bytes) -> dict[str, object]:
    return {"name": "Mon année", "file": SimpleUploadedFile("edt.ics", data)}


def split() -> list[str]:
    """A lecture for all, and a lab for each of two groups at the same time."""
    labs = [make.lesson(f"TP{n}", make.LAB, make.at(2, 13), group=g) for n, g in enumerate(GROUPS)]
    return [make.lesson("ALL", make.TALK, make.at(4, 8), group="RT1 promo"), *labs]


# --- Given


def test_a_file_is_read_whole_and_leads_to_its_page(world: make.World, signed_in: Login) -> None:
    answer = signed_in(world.student).post(FEEDS, upload(ade(make.year(12))))

    feed = Feed.objects.get()
    assert answer.url == reverse("timetable:feed", args=[feed.pk])
    assert (feed.origin, feed.state, feed.lessons.count()) == ("file", "fresh", 12)
    assert feed.lessons.get(uid="EXAM").kind == Kind.EXAM
    assert feed.next_read_at is None


def test_an_address_is_read_now_and_again_later_and_stays_secret(
    world: make.World, signed_in: Login, server: SchoolServer
) -> None:
    client = signed_in(world.student)
    client.post(FEEDS, {"address": server.address})

    feed = Feed.objects.get()
    assert (feed.origin, feed.address, feed.lessons.count()) == ("address", server.address, 12)
    assert feed.next_read_at > timezone.now()
    assert "secrete" not in client.get(reverse("timetable:feed", args=[feed.pk])).content.decode()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1/edt.ics", "réseau interne"),
        ("http://169.254.169.254/latest/meta-data", "réseau interne"),
        ("http://[::1]/edt.ics", "réseau interne"),
        ("webcal://127.0.0.1/edt.ics", "réseau interne"),
        ("http://127.0.0.1:8000/edt.ics", "port inhabituel"),
        ("file:///etc/passwd", "doit commencer par https"),
        ("https://camille:secret@example.org/edt.ics", "mot de passe"),
        ("https://", "mal écrite"),
    ],
)
def test_an_address_that_leads_inside_or_nowhere_is_refused_in_clear_words(
    address: str, words: str, world: make.World, signed_in: Login
) -> None:
    answer = signed_in(world.student).post(FEEDS, {"address": address})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Feed.objects.exists()


BROKEN = {
    "empty": (b"", "vide"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00" * 9, "fichier de calendrier"),
    "page": (b"<!doctype html><title>Connexion</title>", "page de site"),
    "text": (b"Bonjour, voici mon emploi du temps.", "calendrier iCalendar"),
    "bomb": (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 20_001, "trop d’événements"),
    "large": (b"BEGIN:VCALENDAR\r\n" + b"X" * 11_000_000, "trop gros"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_timetable_is_refused_in_clear_words(
    name: str, world: make.World, signed_in: Login
) -> None:
    data, words = BROKEN[name]
    answer = signed_in(world.student).post(FEEDS, upload(data))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Feed.objects.exists()


def test_a_truncated_file_keeps_its_complete_lessons_and_says_so(
    world: make.World, signed_in: Login
) -> None:
    whole = ade(make.year(12))
    client = signed_in(world.student)
    page = client.post(FEEDS, upload(whole[: len(whole) - 180]), follow=True).content.decode()

    assert Feed.objects.get().lessons.count() == 11
    assert "Le fichier est coupé" in page


def test_what_a_malicious_calendar_says_stays_text(world: make.World, signed_in: Login) -> None:
    evil = make.lesson("E", "<script>alert(1)</script>", make.at(1, 8))
    page = signed_in(world.student).post(FEEDS, upload(ade([evil])), follow=True)

    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert" in page.content.decode()


def test_the_same_timetable_is_not_kept_twice(world: make.World, signed_in: Login) -> None:
    make.feed(world)
    answer = signed_in(world.student).post(FEEDS, upload(ade(make.year())))

    assert answer.status_code == 422
    assert "Vous avez déjà cet emploi du temps" in answer.content.decode()
    assert Feed.objects.count() == 1


def test_the_same_timetable_that_was_removed_is_taken_up_again(world: make.World) -> None:
    feed = make.feed(world)
    actions.correct(feed, uid="TALK", kind=Kind.EXAM, by=world.student)
    actions.remove(feed, by=world.student)

    assert make.feed(world).pk == feed.pk
    exams = {one.uid for one in timetable(world.student).events if one.kind == "exam"}
    assert exams == {"EXAM", "TALK"}


def test_a_newer_export_takes_the_place_of_the_former(world: make.World) -> None:
    feed = make.feed(world)
    actions.choose_groups(feed, groups=["RT1 TP1"], by=world.student)
    newer = make.feed(world, [*make.year(), make.lesson("NEW", make.TALK, make.at(3, 8))])

    assert (newer.pk, newer.chosen_groups) == (feed.pk, ["RT1 TP1"])
    assert newer.lessons.count() == 13


def test_an_export_of_half_the_year_does_not_take_the_place_of_the_whole(world: make.World) -> None:
    feed = make.feed(world)
    make.feed(world, make.year()[:3])

    assert Feed.objects.count() == 2
    assert len(timetable(world.student).events) == feed.lessons.count()


def test_the_same_address_is_not_kept_twice_even_when_its_content_changed(
    world: make.World, signed_in: Login, server: SchoolServer
) -> None:
    client = signed_in(world.student)
    client.post(FEEDS, {"address": server.address})
    server.body = ade(make.year(5))
    answer = client.post(FEEDS, {"address": server.address})

    assert answer.status_code == 422
    assert Feed.objects.count() == 1


def test_only_students_and_staff_give_a_timetable(world: make.World, signed_in: Login) -> None:
    answer = signed_in(world.director).post(FEEDS, upload(ade(make.year())))

    assert (answer.status_code, Feed.objects.count()) == (422, 0)
    with pytest.raises(PermissionDenied):
        actions.add(
            world.director,
            school=world.school,
            name="x",
            reading=make.reading(),
            by=world.director,
        )


def test_an_empty_timetable_does_not_say_that_one_is_free(world: make.World) -> None:
    assert make.feed(world, []).state == "alarm"


# --- Read again


def read_again(world: make.World, server: SchoolServer) -> Feed:
    feed = Feed.objects.filter(person=world.student).first()
    feed = feed or make.feed(world, address=server.address)
    return tasks.refresh(feed)


def test_a_correction_outlives_the_next_readings(world: make.World, server: SchoolServer) -> None:
    feed = make.feed(world, address=server.address)
    actions.correct(feed, uid="TALK", kind=Kind.EXAM, by=world.student)
    server.body = ade([*make.year(), make.lesson("NEW", make.TALK, make.at(3, 8))])
    read_again(world, server)

    events = {one.uid: one for one in timetable(world.student).events}
    assert (events["TALK"].kind, events["TALK"].is_sure) == ("exam", True)
    assert "NEW" in events


def test_a_correction_may_hold_for_every_lesson_of_the_same_title(world: make.World) -> None:
    feed = make.feed(world)

    alike = Lesson.objects.filter(title=make.TALK).count()
    assert (
        actions.correct(feed, uid="TALK", kind=Kind.PLACEMENT, by=world.student, is_for_all=True)
        == alike
    )
    assert sum(one.kind == "placement" for one in timetable(world.student).events) == alike


def test_a_lesson_that_is_not_there_cannot_be_corrected(world: make.World) -> None:
    feed = make.feed(world)

    with pytest.raises(ValidationError, match="n’est plus"):
        actions.correct(feed, uid="GONE", kind=Kind.EXAM, by=world.student)


@pytest.mark.parametrize("left", [0, 3])
def test_an_empty_or_shrunken_reading_raises_an_alarm_and_keeps_the_lessons(
    left: int, world: make.World, server: SchoolServer
) -> None:
    make.feed(world, address=server.address)
    server.body = ade(make.year()[:left])
    held = read_again(world, server)

    assert (held.state, held.lessons.count()) == ("alarm", 12)
    # The server must be able to give that content again.
    assert held.etag == ""


def test_an_accepted_reading_is_taken_at_once_however_short(
    world: make.World, signed_in: Login, server: SchoolServer
) -> None:
    make.feed(world, address=server.address)
    server.body = ade(make.year()[:3])
    held = read_again(world, server)
    signed_in(world.student).post(reverse("timetable:accept", args=[held.pk]))

    held.refresh_from_db()
    assert (held.state, held.lessons.count()) == ("fresh", 3)


def test_what_awaits_no_check_cannot_be_accepted(world: make.World) -> None:
    with pytest.raises(ValidationError, match="n’attend pas"):
        actions.accept(make.feed(world), by=world.student)


def test_an_unchanged_feed_is_asked_for_by_its_tag_and_not_read_again(
    world: make.World, server: SchoolServer
) -> None:
    make.feed(
        world, [*make.year(), make.lesson("OLD", make.TALK, make.at(3, 8))], address=server.address
    )
    first, second = read_again(world, server), read_again(world, server)

    assert server.asked_with == ["", '"one"']
    assert (first.state, second.state) == ("fresh", "fresh")


def test_a_feed_that_fails_keeps_its_lessons_and_waits_longer_each_time(
    world: make.World, server: SchoolServer
) -> None:
    make.feed(world, address=server.address)
    server.status = 503
    waits = []
    for _time in range(5):
        held = read_again(world, server)
        waits.append(round((held.next_read_at - timezone.now()) / timedelta(hours=1)))

    assert (held.state, held.lessons.count()) == ("failing", 12)
    assert held.problems[0]["code"] == "status"
    assert waits == [12, 24, 48, 48, 48]


def test_a_feed_that_recovers_is_fresh_again(world: make.World, server: SchoolServer) -> None:
    make.feed(world, address=server.address)
    server.status = 503
    failing = read_again(world, server)
    server.status = 200
    held = read_again(world, server)

    assert failing.failures == 1
    assert (held.state, held.failures, held.problems) == ("fresh", 0, [])


def test_what_is_due_is_claimed_once_and_the_rest_is_left(
    world: make.World, server: SchoolServer
) -> None:
    feed = make.feed(world, address=server.address)
    assert tasks.refresh_due.call() == 0

    Feed.objects.update(next_read_at=timezone.now() - timedelta(minutes=1))
    assert tasks.refresh_due.call() == 1
    assert tasks.refresh_due.call() == 0
    assert tasks.refresh_one.call(feed.pk) == "fresh"


def test_a_removed_feed_is_not_read_again(world: make.World, server: SchoolServer) -> None:
    feed = make.feed(world, address=server.address)
    actions.remove(feed, by=world.student)
    Feed.objects.update(next_read_at=timezone.now() - timedelta(minutes=1))

    assert tasks.refresh_due.call() == 0
    assert tasks.refresh_one.call(feed.pk) == ""
    assert server.asked_with == []


def test_a_tag_too_long_to_keep_is_forgotten(world: make.World) -> None:
    feed = actions.replace(make.feed(world), reading=make.reading(), by=SYSTEM, etag="x" * 300)

    assert feed.etag == ""


# --- Groups


def test_until_groups_are_chosen_every_lesson_counts(world: make.World) -> None:
    feed = make.feed(world, split())
    studies = timetable(world.student)
    assert (len(studies.events), studies.unsorted) == (3, (feed,))

    actions.choose_groups(feed, groups=["RT1 TP1"], by=world.student)
    studies = timetable(world.student)
    assert {one.uid for one in studies.events} == {"ALL", "TP0"}
    assert studies.unsorted == ()


def test_the_groups_of_the_enrolment_are_proposed(world: make.World, signed_in: Login) -> None:
    make.programme_of(world, world.student, "RT", groups=("rt1  tp2", "autre"))
    feed = make.feed(world, split())
    page = signed_in(world.student).get(reverse("timetable:feed", args=[feed.pk]))

    assert page.context["suggested"] == ("RT1 TP2",)
    assert page.content.decode().count("checked") == 1
    assert feed.chosen_groups == []


def test_a_group_that_the_timetable_does_not_have_is_refused(
    world: make.World, signed_in: Login
) -> None:
    feed = make.feed(world, split())
    choose = reverse("timetable:choose_groups", args=[feed.pk])
    client = signed_in(world.student)
    client.post(choose, {"groups": ["RT1 TP9"]})
    feed.refresh_from_db()
    assert feed.chosen_groups == []

    client.post(choose, {"groups": ["RT1 TP1"]})
    feed.refresh_from_db()
    assert feed.chosen_groups == ["RT1 TP1"]


# --- Removed


def test_a_removed_timetable_counts_no_more_and_the_message_takes_it_back(
    world: make.World, signed_in: Login
) -> None:
    feed = make.feed(world)
    client, remove = signed_in(world.student), reverse("timetable:remove", args=[feed.pk])
    page = client.post(remove, follow=True).content.decode()

    assert timetable(world.student).events == ()
    assert f'action="{remove}"' in page
    assert 'name="undo" value="1"' in page
    client.post(remove, {"undo": "1"})
    assert len(timetable(world.student).events) == 12
