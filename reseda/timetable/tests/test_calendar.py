"""The calendar that a telephone subscribes to: lessons, absences, and no word of service."""

from datetime import timedelta

import icalendar
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from reseda.service import actions as service
from reseda.service.models import Offer
from reseda.timetable.actions import calendars as actions
from reseda.timetable.models import Absence, CalendarAccess, Plan, PlanLine
from reseda.timetable.tests import factories as make
from reseda.timetable.tests.conftest import Login


def address(world: make.World) -> str:
    access = actions.open_access(world.student, by=world.student)
    return reverse("timetable:agenda", args=[access.token])


def titles(body: bytes) -> dict[str, str]:
    calendar = icalendar.Calendar.from_ical(body)
    return {str(one["UID"]): str(one["SUMMARY"]) for one in calendar.walk("VEVENT")}


def test_the_calendar_holds_lessons_and_service_under_discreet_titles(
    world: make.World, client
) -> None:
    make.feed(world)
    answer = client.get(address(world))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    told = titles(answer.content)
    assert len(told) == 13
    assert told["EXAM"] == make.CTRL
    assert told[f"occupation-{world.period.pk}@reseda"] == "Indisponible"
    text = answer.content.decode().lower()
    assert not [word for word in make.SECRETS if word.lower() in text]
    assert "durand" not in text


def test_excused_lessons_are_marked_once_granted_and_no_others(world: make.World, client) -> None:
    make.feed(world)
    path = address(world)
    asked = make.asked(world)
    assert not [one for one in titles(client.get(path).content).values() if "justifiée" in one]

    make.granted(world, asked)
    marked = {uid for uid, one in titles(client.get(path).content).items() if "justifiée" in one}
    assert marked == {"EXAM", "LAB"}


def test_a_lesson_that_moved_since_is_not_excused(world: make.World, client) -> None:
    feed = make.feed(world)
    make.granted(world)
    moved = [make.lesson("EXAM", make.CTRL, make.at(4, 14)), *make.year()[1:]]
    make.feed(world, moved)

    told = titles(client.get(address(world)).content)
    assert feed.lessons.count() == 12
    assert told["EXAM"] == make.CTRL
    assert "justifiée" in told["LAB"]


def test_a_cancelled_period_leaves_the_calendar_with_what_it_excused(
    world: make.World, client
) -> None:
    make.feed(world)
    make.granted(world)
    service.cancel_period(world.period, by=world.student)

    told = " ".join(titles(client.get(address(world)).content).values())
    assert "Indisponible" not in told
    assert "justifiée" not in told


@pytest.mark.parametrize("token", ["x", "0" * 43, "..%2F..%2Fetc"])
def test_an_unknown_token_opens_nothing(token: str, world: make.World, client) -> None:
    address(world)
    assert client.get(f"/agenda/{token}.ics").status_code == 404


def test_a_changed_or_closed_address_answers_no_more(
    world: make.World, client, signed_in: Login
) -> None:
    former = address(world)
    latest = address(world)
    assert [client.get(path).status_code for path in (former, latest)] == [404, 200]

    signed_in(world.student).post(reverse("timetable:close_calendar"))
    assert client.get(latest).status_code == 404
    assert not CalendarAccess.objects.exists()


def test_the_calendar_of_a_closed_account_answers_no_more(world: make.World, client) -> None:
    path = address(world)
    world.student.is_active = False
    world.student.save()

    assert client.get(path).status_code == 404


def test_the_token_is_sealed_in_the_database(world: make.World) -> None:
    token = address(world).split("/")[2].removesuffix(".ics")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM timetable_calendaraccess")
        assert token not in str(cursor.fetchall())


def test_the_page_shows_the_address_to_its_person_alone(
    world: make.World, signed_in: Login
) -> None:
    path = address(world)
    assert path in signed_in(world.student).get("/mon-agenda/").content.decode()
    assert path not in signed_in(world.stranger).get("/mon-agenda/").content.decode()


def test_she_chooses_what_her_calendar_contains(
    world: make.World, client, signed_in: Login
) -> None:
    make.feed(world)
    make.granted(world)
    absence = Absence.objects.get(uid="EXAM")
    absence.catch_up_at = absence.starts_at + timedelta(days=7)
    absence.save()
    path = address(world)
    signed_in(world.student)
    everything = set(titles(client.get(path).content))
    assert {f"occupation-{world.period.pk}@reseda", f"rattrapage-{absence.pk}@reseda"} < everything

    client.post(reverse("timetable:choose_calendar"), {"has_catch_ups": "on"})
    assert set(titles(client.get(path).content)) == {f"rattrapage-{absence.pk}@reseda"}
    client.post(reverse("timetable:choose_calendar"), {"has_periods": "on"})
    assert set(titles(client.get(path).content)) == {f"occupation-{world.period.pk}@reseda"}
    client.post(reverse("timetable:choose_calendar"), {})
    assert titles(client.get(path).content) == {}


def test_what_a_published_plan_keeps_is_to_be_confirmed_until_answered(
    world: make.World, client
) -> None:
    start = world.period.ends_at + timedelta(days=9)
    offer = Offer.objects.create(
        school=world.school,
        force=world.engagement.force,
        purpose=make.SECRETS[0],
        starts_at=start,
        ends_at=start + timedelta(days=1),
        origin=Offer.Origin.REFERENT,
    )
    plan = Plan.objects.create(
        school=world.school,
        name="Printemps",
        starts_on=start,
        ends_on=start,
        created_by=world.referent,
    )
    line = PlanLine.objects.create(
        plan=plan, engagement=world.engagement, offer=offer, is_granted=True
    )
    path = address(world)
    uid = f"plan-{world.engagement.pk}-{offer.pk}@reseda"
    assert uid not in titles(client.get(path).content)

    now = timezone.now()
    Plan.objects.update(status="published", published_at=now, published_by=world.referent)
    assert titles(client.get(path).content)[uid] == "À confirmer"

    PlanLine.objects.filter(pk=line.pk).update(answer="declined", answered_at=now)
    assert uid not in titles(client.get(path).content)


def test_an_address_is_opened_and_closed_by_its_person_alone(world: make.World):
    access = actions.open_access(world.student, by=world.student)
    with pytest.raises(PermissionDenied):
        actions.open_access(world.student, by=world.director)
    with pytest.raises(PermissionDenied):
        actions.close_access(access, by=world.director)
    assert CalendarAccess.objects.filter(pk=access.pk, token_digest=access.token_digest).exists()
    actions.close_access(access, by=world.student)
    assert not CalendarAccess.objects.exists()
