"""Files of offered periods: dates as people write them, tables, calendars, what is wrong there."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.schools.domain.workbooks import Unreadable
from reseda.service.domain import moments
from reseda.service.domain.offer_calendars import read_calendar
from reseda.service.domain.offer_files import Found, is_calendar, read_table

PARIS = ZoneInfo("Europe/Paris")
HEAD = "début;fin;places;objet;lieu;force;unité;qualifications demandées;qualifications acquises;id"


def table(*lines: str, head: str = HEAD, encoding: str = "utf-8", force: str = "terre") -> Found:
    return read_table("\n".join((head, *lines)).encode(encoding), force=force)


def codes(found: Found) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.code) for fault in found.faults]


def event(*lines: str, uid: str = "one") -> str:
    return "\r\n".join(
        ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20300101T000000Z", *lines, "END:VEVENT")
    )


def calendar(*events: str, force: str = "terre") -> Found:
    whole = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//FR", *events))
    return read_calendar(f"{whole}\r\nEND:VCALENDAR\r\n".encode(), force=force)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("9/11/2030", (0, 0), (23, 59)),
        ("09/11/30", (0, 0), (23, 59)),
        ("9.11.2030", (0, 0), (23, 59)),
        ("2030-11-09", (0, 0), (23, 59)),
        ("samedi 9 novembre 2030", (0, 0), (23, 59)),
        ("9 nov. 2030", (0, 0), (23, 59)),
        ("09/11/2030 matin", (0, 0), (12, 0)),
        ("09/11/2030 (matin)", (0, 0), (12, 0)),
        ("09/11/2030 après-midi", (12, 0), (23, 59)),
        ("09/11/2030 14h30", (14, 30), (14, 30)),
        ("9 novembre 2030 à 14 h 30", (14, 30), (14, 30)),
        ("2030-11-09T08:00:00", (8, 0), (8, 0)),
        ("2030-11-09T07:00Z", (8, 0), (8, 0)),
        ("2030-11-09 08:00+01:00", (8, 0), (8, 0)),
    ],
)
def test_a_day_is_read_as_people_write_it(
    text: str, start: tuple[int, int], end: tuple[int, int]
) -> None:
    read = moments.read(text)
    assert read.starts_at == datetime(2030, 11, 9, *start, tzinfo=PARIS)
    assert read.ends_at == datetime(2030, 11, 9, *end, tzinfo=PARIS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "demain",
        "31/02/2030",
        "2030-13-01",
        "9/11/2030 25h",
        "9/11/2030 à voir",
        "9 brumaire 2030",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        moments.read(text)


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_is_refused(text: str) -> None:
    try:
        read = moments.read(text)
    except ValueError:
        return
    assert read.starts_at <= read.ends_at


def test_a_line_says_everything_of_a_period() -> None:
    found = table(
        "9/11/2030;13/11/2030 midi;12;Franchissement;Larzac;Marine;CIN;fmir, Permis b;BREVET;A1"
    )
    said = found.drafts[0].proposal
    assert not found.faults
    assert found.drafts[0].uid == "A1"
    assert (said.force, said.unit_name, said.capacity) == ("marine", "CIN", 12)
    assert (said.requires, said.grants) == (("FMIR", "PERMIS B"), ("BREVET",))
    assert said.ends_at == datetime(2030, 11, 13, 12, tzinfo=PARIS)


def test_what_a_line_leaves_unsaid_has_its_usual_value() -> None:
    said = table("9/11/2030 matin;;;Tir;;;;;;").drafts[0].proposal
    assert (said.force, said.capacity) == ("terre", 1)
    assert said.ends_at == datetime(2030, 11, 9, 12, tzinfo=PARIS)


def test_headings_in_english_and_in_any_order_are_understood() -> None:
    found = table("Tir,2030-11-09,2030-11-10,navy,3", head="title,start,end,branch,seats")
    said = found.drafts[0].proposal
    assert (said.purpose, said.force, said.capacity) == ("Tir", "marine", 3)


def test_a_table_of_a_french_spreadsheet_keeps_its_accents() -> None:
    said = table("9/11/2030;;;Été à Besançon;;;;;;", encoding="cp1252").drafts[0].proposal
    assert said.purpose == "Été à Besançon"


def test_each_wrong_cell_is_named_with_its_line_and_the_others_are_read() -> None:
    found = table(
        "9/11/2030;;;Tir;;;;;;",
        ";;;Tir;;;;;;",
        "demain;;;Tir;;;;;;",
        "9/11/2030 8h;;;Tir;;;;;;",
        "9/11/2030;8/11/2030;;Tir;;;;;;",
        "9/11/2030;;beaucoup;Tir;;;;;;",
        "9/11/2030;;0;Tir;;;;;;",
        "9/11/2030;;;;;;;;;X",
        "9/11/2030;;;Tir;;Légion;;;;",
        "9/11/2030;;;Tir;;;;FMIR;fmir;",
        f"9/11/2030;;;Tir;;;;{'A' * 41};;",
    )
    assert len(found.drafts) == 1
    assert codes(found) == [
        (3, "starts_at", "missing"),
        (4, "starts_at", "not_a_date"),
        (5, "ends_at", "no_end"),
        (6, "ends_at", "ends_before_start"),
        (7, "capacity", "not_a_number"),
        (8, "capacity", "capacity"),
        (9, "purpose", "no_purpose"),
        (10, "force", "unknown_force"),
        (11, "grants", "requires_what_it_grants"),
        (12, "requires", "long_code"),
    ]


def test_a_name_that_stands_twice_is_refused_at_its_second_line() -> None:
    found = table("9/11/2030;;;Tir;;;;;;A", "10/11/2030;;;Tir;;;;;;A")
    assert codes(found) == [(3, "uid", "repeated")]
    assert found.faults[0].facts == {"first": 2}


def test_a_file_without_force_asks_for_one() -> None:
    assert codes(table("9/11/2030;;;Tir;;;;;;", force="")) == [(2, "force", "no_force")]


def test_a_line_without_name_keeps_the_same_one_when_read_again() -> None:
    line = "9/11/2030;;;Tir;;;;;;"
    assert table(line).drafts[0].uid == table("10/11/2030;;;Autre;;;;;;", line).drafts[1].uid


def test_more_lines_than_a_file_may_have_are_refused_as_such() -> None:
    lines = (f"9/11/2030;;;Tir {n};;;;;;N{n}" for n in range(2_001))
    found = table(*lines)
    assert codes(found) == [(2_002, "uid", "too_many")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"a;b\n1;2\n", "no_header"),
        (HEAD.encode(), "no_rows"),
        (b"fin;places\n9/11/2030;2\n", "missing_columns"),
        (b"%PDF-1.7", "binary"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_whole(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_table(data)
    assert refused.value.code == code


def test_an_event_is_a_period_and_its_description_says_the_rest() -> None:
    found = calendar(
        event(
            "DTSTART;VALUE=DATE:20301109",
            "DTEND;VALUE=DATE:20301112",
            "SUMMARY:Camp",
            "LOCATION:Larzac",
            "DESCRIPTION:Places : 4\\nQualifications demandées : FMIR\\nVenez nombreux",
        )
    )
    said = found.drafts[0].proposal
    assert (said.purpose, said.place, said.capacity, said.requires) == (
        "Camp",
        "Larzac",
        4,
        ("FMIR",),
    )
    assert said.starts_at == datetime(2030, 11, 9, tzinfo=PARIS)
    assert said.ends_at == datetime(2030, 11, 11, 23, 59, tzinfo=PARIS)


def test_a_series_gives_each_of_its_periods_moved_and_removed_ones_as_said() -> None:
    found = calendar(
        event(
            "DTSTART;TZID=Europe/Paris:20301019T080000",
            "DTEND;TZID=Europe/Paris:20301019T180000",
            "RRULE:FREQ=WEEKLY;COUNT=4",
            "EXDATE;TZID=Europe/Paris:20301102T080000",
            "SUMMARY:Samedi",
        ),
        event(
            "RECURRENCE-ID;TZID=Europe/Paris:20301026T080000",
            "DTSTART;TZID=Europe/Paris:20301027T080000",
            "DTEND;TZID=Europe/Paris:20301027T180000",
            "SUMMARY:Dimanche",
        ),
    )
    starts = [one.proposal.starts_at.astimezone(PARIS) for one in found.drafts]
    assert not found.faults
    assert [(one.month, one.day, one.hour) for one in starts] == [
        (10, 19, 8),
        (10, 27, 8),
        (11, 9, 8),
    ]
    assert len({one.uid for one in found.drafts}) == 3


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=DAILY;COUNT=100000",
        "FREQ=DAILY;UNTIL=20991231",
        "FREQ=DAILY;COUNT=9;BYHOUR=1,2,3",
        "FREQ=YEARLY;BYYEARDAY=366;COUNT=9",
    ],
)
def test_a_series_without_a_near_end_is_refused_and_the_others_read(rule: str) -> None:
    found = calendar(
        event("DTSTART;VALUE=DATE:20301109", f"RRULE:{rule}", "SUMMARY:Sans fin"),
        event("DTSTART;VALUE=DATE:20301109", "SUMMARY:Seule", uid="two"),
    )
    assert codes(found) == [(1, "starts_at", "recurrence")]
    assert [one.proposal.purpose for one in found.drafts] == ["Seule"]


def test_a_cancelled_event_is_left_aside() -> None:
    found = calendar(
        event("DTSTART;VALUE=DATE:20301109", "SUMMARY:Annulé", "STATUS:CANCELLED"),
        event("DTSTART;VALUE=DATE:20301109", "SUMMARY:Gardé", uid="two"),
    )
    assert [one.proposal.purpose for one in found.drafts] == ["Gardé"]


def test_an_event_without_start_or_without_end_is_named() -> None:
    found = calendar(
        event("SUMMARY:Quand ?"),
        event("DTSTART:20301109T080000Z", "SUMMARY:Jusque ?", uid="two"),
    )
    assert codes(found) == [(1, "starts_at", "missing"), (2, "ends_at", "no_end")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "no_events"),
        (b"BEGIN:VCALENDAR\r\nnot a line\r\n", "broken_calendar"),
        (b"BEGIN:VCALENDAR" + b"x" * 3_000_000, "too_big"),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused_whole(data: bytes, code: str) -> None:
    assert is_calendar(data)
    with pytest.raises(Unreadable) as refused:
        read_calendar(data, force="terre")
    assert refused.value.code == code


@given(
    st.lists(
        st.sampled_from(
            [
                "BEGIN:VEVENT",
                "END:VEVENT",
                "DTSTART:x",
                "DTSTART:20301109T08",
                "RRULE:FREQ=",
                "RRULE:COUNT=x",
                "DTEND;VALUE=DATE:2030",
                "UID:",
                "SUMMARY",
                "DURATION:P",
                "RDATE:20301109",
                "EXDATE:z",
                "RECURRENCE-ID:y",
                "DTSTART;TZID=Nowhere:20301109T080000",
                "DTSTART;VALUE=DATE:20301109",
                "RRULE:FREQ=DAILY;COUNT=2",
            ]
        ),
        max_size=12,
    )
)
def test_a_torn_calendar_is_read_or_refused_never_worse(lines: list[str]) -> None:
    try:
        found = calendar(*lines)
    except Unreadable:
        return
    assert all(fault.code for fault in found.faults)
