"""What reservists share with their unit: half-days, by consent, until they or the contract end."""

from datetime import timedelta

import icalendar
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Role
from reseda.service import actions as service
from reseda.service.models import Engagement, Period
from reseda.service.tests import factories as people
from reseda.timetable.actions import calendars as actions
from reseda.timetable.models import UnitCalendar
from reseda.timetable.tests import factories as make
from reseda.timetable.tests.conftest import Login

PAGE = "/mon-agenda/"


def shared(world: make.World, *periods: Period, **days: object) -> UnitCalendar:
    today = timezone.localdate()
    window = {"from_on": today, "to_on": today + timedelta(days=120), **days}
    return actions.share(world.engagement, periods=periods, by=world.student, **window)  # type: ignore[arg-type]


def path(found: UnitCalendar) -> str:
    return reverse("timetable:unit_agenda", args=[found.token])


def events(client: Client, found: UnitCalendar) -> list[icalendar.Event]:
    answer = client.get(path(found))
    assert answer.status_code == 200
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def local(event: icalendar.Event) -> tuple[str, str]:
    start, end = (event[name].dt.astimezone(make.PARIS) for name in ("DTSTART", "DTEND"))
    return f"{start:%a %H:%M}", f"{end:%a %H:%M}"


def test_a_unit_sees_taken_half_days_and_not_what_takes_them(
    world: make.World, client: Client
) -> None:
    make.feed(world)
    service.cancel_period(world.period, by=world.student)
    found = events(client, shared(world))
    # The exam of Tuesday morning and the lab of Wednesday afternoon; lectures can be recovered.
    assert [local(one) for one in found] == [("Tue 00:00", "Tue 12:00"), ("Wed 12:00", "Thu 00:00")]
    assert {str(one["SUMMARY"]) for one in found} == {"Indisponible"}
    assert {name for one in found for name in one} == {
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "DTSTAMP",
        "UID",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
    }


def test_nothing_of_the_timetable_nor_of_service_can_be_read(
    world: make.World, client: Client
) -> None:
    make.feed(world)
    body = client.get(path(shared(world, world.period))).content.decode()
    secrets = (*make.SECRETS, make.CTRL, make.LAB, make.TALK, "M307", "EXAM", "LAB", "Durand")
    assert not [word for word in secrets if word.lower() in body.lower()]
    assert str(world.student.last_name) not in body


def test_a_period_is_said_to_be_one_only_where_she_shows_it(
    world: make.World, client: Client
) -> None:
    hidden = events(client, shared(world))
    assert [str(one["SUMMARY"]) for one in hidden] == ["Indisponible"]
    told = events(client, shared(world, world.period))
    assert [str(one["SUMMARY"]) for one in told] == ["Période prévue"]
    assert told[0]["DTSTART"].dt == world.period.starts_at
    service.cancel_period(world.period, by=world.student)
    assert events(client, shared(world)) == []


def test_an_excused_exam_no_longer_takes_its_half_day(world: make.World, client: Client) -> None:
    make.feed(world)
    make.granted(world)
    told = events(client, shared(world, world.period))
    assert [str(one["SUMMARY"]) for one in told] == ["Période prévue"]


def test_the_feed_is_what_rfc_5545_asks_and_stays_the_same(
    world: make.World, client: Client
) -> None:
    make.feed(world)
    found = shared(world)
    body = client.get(path(found)).content
    calendar = icalendar.Calendar.from_ical(body)
    assert calendar["X-WR-CALNAME"] == "Disponibilités"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert {str(one["TRANSP"]) for one in calendar.walk("VEVENT")} == {"OPAQUE"}
    again = icalendar.Calendar.from_ical(client.get(path(found)).content)
    names = [[str(one["UID"]) for one in each.walk("VEVENT")] for each in (calendar, again)]
    assert names[0] == names[1]
    assert len(set(names[0])) == len(names[0])


def test_the_address_answers_no_more_once_changed_or_closed(
    world: make.World, client: Client
) -> None:
    found = shared(world)
    former = path(found)
    latest = path(actions.renew(found, by=world.student))
    assert [client.get(one).status_code for one in (former, latest)] == [404, 200]
    actions.stop(UnitCalendar.objects.get(), by=world.student)
    assert client.get(latest).status_code == 404


def test_the_address_answers_no_more_once_the_contract_is_over(
    world: make.World, client: Client
) -> None:
    found = shared(world)
    today, day = timezone.localdate(), timedelta(days=1)
    held = Engagement.objects.filter(pk=world.engagement.pk)
    for over in ({"contract_end_on": today - day}, {"ended_on": today}):
        assert client.get(path(found)).status_code == 200
        before = held.values(*over).get()
        held.update(**over)
        assert client.get(path(found)).status_code == 404
        held.update(**before)
    UnitCalendar.objects.update(from_on=today - 2 * day, to_on=today - day)
    assert client.get(path(found)).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 43, "..%2Fetc"])
def test_an_unknown_token_opens_nothing(token: str, world: make.World, client: Client) -> None:
    shared(world)
    assert client.get(f"/agenda/unite/{token}.ics").status_code == 404


def test_the_address_of_ones_own_calendar_is_not_that_of_the_unit(
    world: make.World, client: Client
) -> None:
    found = shared(world)
    own = actions.open_access(world.student, by=world.student)
    assert client.get(f"/agenda/{found.token}.ics").status_code == 404
    assert client.get(f"/agenda/unite/{own.token}.ics").status_code == 404


def test_what_is_shared_stays_inside_the_contract(world: make.World) -> None:
    today, last = timezone.localdate(), world.engagement.contract_end_on
    shared(world, to_on=last)
    for days in (
        {"to_on": last + timedelta(days=1)},
        {"from_on": today, "to_on": today - timedelta(days=1)},
        {"from_on": today + timedelta(days=9), "to_on": today},
    ):
        with pytest.raises(ValidationError):
            shared(world, **days)
    assert UnitCalendar.objects.get().to_on == last


def test_only_its_holder_shares_changes_sends_and_stops(world: make.World) -> None:
    found = shared(world)
    for other in (world.referent, world.director, world.stranger):
        for act in (actions.renew, actions.send_to_unit, actions.stop):
            with pytest.raises(PermissionDenied):
                act(found, by=other)
        with pytest.raises(PermissionDenied):
            actions.share(world.engagement, from_on=found.from_on, to_on=found.to_on, by=other)
    theirs = people.engagement(people.person(world.school, Role.STUDENT), world.school)
    period = make.spell(theirs)
    with pytest.raises(ValidationError):
        shared(world, period)


def test_sharing_is_written_in_the_journal_and_opening_is_not(
    world: make.World, client: Client
) -> None:
    found = shared(world)
    count = Entry.objects.count()
    assert Entry.objects.filter(verb="timetable.share_availability").count() == 1
    client.get(path(found))
    assert Entry.objects.count() == count


def test_the_token_is_sealed_in_the_database(world: make.World) -> None:
    token = shared(world).token
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM timetable_unitcalendar")
        assert token not in str(cursor.fetchall())


def test_the_unit_receives_the_address_when_she_sends_it(
    world: make.World, client: Client, signed_in: Login
) -> None:
    found = shared(world)
    assert not OutgoingMail.objects.filter(to=world.engagement.contact_email).exists()
    signed_in(world.student).post(
        reverse("timetable:send_availability", args=[found.engagement_id])
    )
    mail = OutgoingMail.objects.get(to=world.engagement.contact_email)
    assert path(found) in mail.body
    assert not [word for word in make.SECRETS if word.lower() in (mail.subject + mail.body).lower()]
    found.refresh_from_db()
    assert found.sent_at


def test_she_shares_changes_and_stops_by_the_page(
    world: make.World, client: Client, signed_in: Login
) -> None:
    signed_in(world.student)
    assert client.get(PAGE).status_code == 200
    pk = world.engagement.pk
    day = timezone.localdate()
    sent = {
        f"engagement-{pk}-from_on": str(day),
        f"engagement-{pk}-to_on": str(day + timedelta(days=90)),
        f"engagement-{pk}-periods": [str(world.period.pk)],
    }
    door = reverse("timetable:share_availability", args=[pk])
    assert client.post(door, sent).status_code == 302
    found = UnitCalendar.objects.get()
    assert list(found.periods.all()) == [world.period]
    assert path(found) in client.get(PAGE).content.decode()
    wrong = client.post(door, {**sent, f"engagement-{pk}-to_on": "2199-01-01"})
    assert wrong.status_code == 422
    assert "contrat" in wrong.content.decode()
    client.post(reverse("timetable:renew_availability", args=[pk]))
    client.post(reverse("timetable:stop_availability", args=[pk]))
    assert not UnitCalendar.objects.exists()
    assert client.post(reverse("timetable:renew_availability", args=[pk])).status_code == 404


def test_strangers_find_no_door(world: make.World, signed_in: Login) -> None:
    found = shared(world)
    names = ("share", "renew", "send", "stop")
    doors = [reverse(f"timetable:{one}_availability", args=[world.engagement.pk]) for one in names]
    for other in (world.stranger, world.referent, world.director, world.teacher):
        client = signed_in(other)
        assert [client.post(door).status_code for door in doors] == [404] * 4
        assert path(found) not in client.get(PAGE).content.decode()
    assert UnitCalendar.objects.exists()
