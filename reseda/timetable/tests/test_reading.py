"""What a person can count on when a school's feed is read."""

from datetime import UTC, date, datetime

import pytest

from reseda.timetable.domain.events import Reading, UnreadableCalendar
from reseda.timetable.domain.reading import read
from reseda.timetable.domain.text import MAX_BYTES
from reseda.timetable.tests.calendars import (
    ADE_HEAD,
    HP_EVENT,
    HP_HOLIDAY,
    TAIL,
    ade,
    ade_event,
    general,
    hyperplanning,
)


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def starts(reading: Reading) -> list[str]:
    return [event.starts_at.isoformat() for event in reading.events]


def test_an_ade_session_gives_its_time_its_group_its_unit_and_no_name():
    (event,) = read(ade([ade_event()])).events

    assert event.starts_at == datetime(2026, 2, 16, 12, tzinfo=UTC)
    assert event.ends_at == datetime(2026, 2, 16, 13, 30, tzinfo=UTC)
    assert (event.group, event.module, event.kind) == ("INF1 TP1 S2", "R950", "exam")
    assert "DURAND" not in repr(event)


def test_a_hyperplanning_session_gives_its_fields_and_no_name():
    event, holiday = read(hyperplanning(HP_EVENT, HP_HOLIDAY)).events

    assert event.title == "UE 7 TECHNIQUES DE TEST - TP"
    assert (event.kind, event.groups) == ("practical", ("M1-A", "M1-B"))
    assert "Durand" not in repr(event)
    assert (holiday.kind, holiday.is_all_day) == ("holiday", True)
    assert holiday.starts_at == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert holiday.ends_at == datetime(2026, 11, 1, 23, tzinfo=UTC)


def test_the_name_of_a_teacher_of_the_feed_goes_out_of_titles_too():
    feed = ade(
        [ade_event(), ade_event("ADE02", summary="RDV M. DURAND"), ade_event("ADE03", summary="TP")]
    )

    assert {event.title for event in read(feed).events} == {
        "R950 Calcul distribué ctrl",
        "RDV",
        "TP",
    }


def test_the_same_export_taken_twice_has_the_same_digest():
    first = ade([ade_event("A"), ade_event("B", "20260217T080000Z", "20260217T100000Z")])
    second = ade(
        [
            ade_event("B", "20260217T080000Z", "20260217T100000Z", exported="09/02/2026 10:10"),
            ade_event("A", exported="09/02/2026 10:10"),
        ]
    ).replace(b"DTSTAMP:20260201", b"DTSTAMP:20260209")

    assert read(first).digest == read(second).digest
    assert read(first).digest == read(first.replace(b"\r\n", b"\n")).digest


@pytest.mark.parametrize(
    "change",
    [
        {"summary": "R950 Calcul distribué TP"},
        {"end": "20260216T140000Z"},
        {"body": "INF1 TP2 S2"},
        {"uid": "ADE02"},
    ],
)
def test_a_real_change_gives_another_digest(change: dict[str, str]):
    assert read(ade([ade_event()])).digest != read(ade([ade_event(**change)])).digest


def test_the_digest_does_not_depend_on_the_window():
    feed = general("UID:a\r\nDTSTART:20260105T080000Z\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nSUMMARY:CM")

    part = read(feed, window=(date(2026, 1, 10), date(2026, 1, 13)))

    assert starts(part) == ["2026-01-12T08:00:00+00:00"]
    assert part.digest == read(feed).digest


def test_an_empty_feed_raises_the_alarm():
    reading = read(ade([]))

    assert (reading.events, codes(reading)) == ((), ["empty_feed"])


def test_a_broken_event_is_named_with_its_line_and_the_others_are_read():
    feed = ade([ade_event("A"), ade_event("B", start="20261399T250000Z"), ade_event("C")])

    reading = read(feed)

    assert [event.uid for event in reading.events] == ["A", "C"]
    assert ("unreadable_value", "line 18") in [(p.code, p.place) for p in reading.problems]
    assert "missing_start" in codes(reading)


def test_an_event_that_ends_before_it_starts_is_a_problem():
    assert "ends_before_start" in codes(read(ade([ade_event(end="20260216T110000Z")])))


def test_of_a_truncated_file_the_complete_events_are_kept():
    whole = ade([ade_event("A"), ade_event("B")])

    reading = read(whole[: whole.index(b"UID:B")])

    assert [event.uid for event in reading.events] == ["A"]
    assert ("truncated", "line 18") in [(p.code, p.place) for p in reading.problems]


def test_an_event_left_open_does_not_swallow_the_next():
    feed = (
        ADE_HEAD + ade_event("A").removesuffix("END:VEVENT\r\n") + ade_event("B") + TAIL
    ).encode()

    reading = read(feed)

    assert [event.uid for event in reading.events] == ["B"]
    assert codes(reading) == ["unclosed_event"]


def test_a_cancelled_event_is_told_and_left_out():
    reading = read(general("UID:a\r\nDTSTART:20260105T080000Z\r\nSTATUS:CANCELLED"))

    assert reading.events == ()
    assert codes(reading) == ["cancelled", "empty_feed"]


def test_the_same_session_twice_is_kept_once():
    reading = read(ade([ade_event(), ade_event()]))

    assert len(reading.events) == 1
    assert codes(reading) == ["duplicate"]


def test_two_sessions_under_one_uid_are_both_kept_and_told_apart():
    reading = read(ade([ade_event(), ade_event(start="20260216T110000Z")]))

    assert [e.uid for e in reading.events] == ["ADE01#20260216T110000Z", "ADE01#20260216T120000Z"]
    assert {e.source_uid for e in reading.events} == {"ADE01"}


def test_the_export_moment_inside_a_uid_is_removed():
    uid = "Cours-77-2-20261111T101112Z-Index-Education"

    assert read(ade([ade_event(uid)])).events[0].uid == "Cours-77-2-Index-Education"


def test_a_time_without_a_zone_is_that_of_the_school():
    feed = general("UID:a\r\nDTSTART:20260716T080000\r\nDTEND:20260716T090000\r\nSUMMARY:TD")

    assert starts(read(feed)) == ["2026-07-16T06:00:00+00:00"]
    assert starts(read(feed, zone="Indian/Reunion")) == ["2026-07-16T04:00:00+00:00"]


@pytest.mark.parametrize(
    "tzid", ["Europe/Paris", "Romance Standard Time", "/vendor.example/1/Europe/Paris"]
)
def test_a_named_zone_is_understood(tzid: str):
    feed = general(f"UID:a\r\nDTSTART;TZID={tzid}:20260716T080000\r\nDURATION:PT1H")

    assert starts(read(feed)) == ["2026-07-16T06:00:00+00:00"]


def test_a_zone_the_feed_describes_itself_is_understood():
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Campus\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0400\r\nTZOFFSETTO:+0400\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    event = "UID:a\r\nDTSTART;TZID=Campus:20260716T080000\r\nDURATION:PT1H"

    assert starts(read(general(event, before=zone))) == ["2026-07-16T04:00:00+00:00"]
    # Another feed that gives the same name to another zone is not confused with it.
    other = zone.replace("+0400", "+0300")
    assert starts(read(general(event, before=other))) == ["2026-07-16T05:00:00+00:00"]


def test_an_unknown_zone_is_told():
    reading = read(general("UID:a\r\nDTSTART;TZID=Nowhere:20260716T080000\r\nDURATION:PT1H"))

    assert starts(reading) == ["2026-07-16T06:00:00+00:00"]
    assert codes(reading) == ["unknown_timezone"]


def test_a_weekly_lesson_keeps_its_hour_across_the_change_of_clock():
    feed = general(
        "UID:a\r\nDTSTART;TZID=Europe/Paris:20260323T080000\r\nDURATION:PT2H\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;TZID=Europe/Paris:20260406T080000\r\nSUMMARY:CM"
    )

    assert starts(read(feed)) == ["2026-03-23T07:00:00+00:00", "2026-03-30T06:00:00+00:00"]


def test_a_moved_occurrence_replaces_the_one_it_moves():
    feed = general(
        "UID:a\r\nDTSTART:20260105T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=2",
        "UID:a\r\nRECURRENCE-ID:20260112T080000Z\r\nDTSTART:20260113T100000Z\r\nDURATION:PT1H",
    )

    reading = read(feed)

    assert starts(reading) == ["2026-01-05T08:00:00+00:00", "2026-01-13T10:00:00+00:00"]
    assert reading.events[1].uid == "a#20260112T080000Z"


def test_an_endless_series_is_cut_at_two_years_and_said_so():
    reading = read(general("UID:a\r\nDTSTART:20260105T080000Z\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:CM"))

    assert len(reading.events) == 105
    assert codes(reading) == ["recurrence_cut"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=300",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=HOURLY;BYSETPOS=400",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=" + ",".join(map(str, range(60))),
        "FREQ=YEARLY;INTERVAL=0",
    ],
)
def test_a_hostile_rule_gives_its_first_occurrence_and_a_problem(rule: str):
    reading = read(general(f"UID:a\r\nDTSTART:20260105T080000Z\r\nRRULE:{rule}"))

    assert starts(reading) == ["2026-01-05T08:00:00+00:00"]
    assert "recurrence_refused" in codes(reading)


def test_a_feed_full_of_rules_that_never_match_is_not_searched_to_the_end_of_time():
    rule = "RRULE:FREQ=MONTHLY;INTERVAL=12;BYMONTH=3"
    events = [f"UID:{n}\r\nDTSTART:20260105T080000Z\r\n{rule}" for n in range(40)]

    reading = read(general(*events))

    # Expanded or refused, each keeps its first occurrence.
    assert len(reading.events) == 40
    assert codes(reading).count("recurrence_refused") > 20


def test_too_many_occurrences_are_refused():
    event = "UID:{}\r\nDTSTART:20260105T080000Z\r\nRRULE:FREQ=DAILY"
    with pytest.raises(UnreadableCalendar, match="too_many_events"):
        read(general(*(event.format(number) for number in range(30))))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\x7fELF\x00\x01\x02", "binary"),
        (b"\xff\xfe\x00", "binary"),
        (b"<!DOCTYPE html><title>Connexion</title>", "web_page"),
        (b"nom;prenom\nA;B\n", "not_a_calendar"),
        (b"BEGIN:VCALENDAR\n" + b"X" * MAX_BYTES, "too_large"),
        (b"BEGIN:VCALENDAR\n" + b"\n" * 1_000_001, "too_many_lines"),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 20_001, "too_many_events"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_a_calendar_is_refused_with_the_reason(data: bytes, code: str):
    with pytest.raises(UnreadableCalendar) as caught:
        read(data)
    assert caught.value.code == code


def test_deep_nesting_and_very_long_lines_cost_nothing():
    nested = "BEGIN:VALARM\r\n" * 100_000
    long = "(Updated :" * 50_000
    feed = general(
        f"UID:a\r\nDTSTART:20260105T080000Z\r\nSUMMARY:{'x' * 1_000_000}\r\nDESCRIPTION:{long}",
        f"UID:b\r\nDTSTART:20260106T080000Z\r\n{nested}",
    )

    reading = read(feed)

    assert [event.uid for event in reading.events] == ["a", "b"]
    assert len(reading.events[0].title) == 1_000


def test_a_feed_in_windows_letters_is_read_and_told():
    feed = ade([ade_event(summary="Contrôle d’anglais")]).decode().encode("cp1252")

    reading = read(feed)

    assert reading.events[0].kind == "exam"
    assert codes(reading) == ["not_utf8"]


def test_an_endless_uid_and_an_endless_list_of_groups_are_bounded():
    body = "\\n".join(f"Groupe {n}" for n in range(100))
    (event,) = read(ade([ade_event("x" * 5_000, body=body)])).events

    assert len(event.uid) < 200
    # Everybody is concerned: no group at all, so that the session is kept for everybody.
    assert event.group == ""


def test_an_event_without_uid_gets_one_that_does_not_move():
    feed = general("DTSTART:20260105T080000Z\r\nSUMMARY:TD")

    assert read(feed).events[0].uid == read(feed).events[0].uid != ""
    assert codes(read(feed)) == ["missing_uid"]
