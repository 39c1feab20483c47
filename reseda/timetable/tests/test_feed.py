"""The calendar that people subscribe to."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest

from reseda.timetable.domain.feed import Entry, write
from reseda.timetable.domain.reading import read

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LESSON = Entry(
    "lesson-1@school.example",
    datetime(2026, 7, 6, 8, tzinfo=PARIS),
    datetime(2026, 7, 6, 10, tzinfo=PARIS),
    "Anglais, groupe 2 ; salle « B »",
    location="B104",
    description="Première ligne\nSeconde ligne",
)
DAYS = Entry(
    "days-1@school.example",
    datetime(2026, 7, 13, 22, tzinfo=UTC),
    datetime(2026, 7, 15, 22, tzinfo=UTC),
    "Indisponible",
    is_all_day=True,
)


def test_what_is_written_is_what_our_reader_and_icalendar_read():
    data = write([DAYS, LESSON], name="Études", now=NOW)

    lesson, days = read(data).events
    assert (lesson.uid, lesson.title) == (LESSON.uid, LESSON.title)
    assert (lesson.starts_at, lesson.ends_at) == (LESSON.starts_at, LESSON.ends_at)
    assert days.is_all_day
    assert (days.starts_at, days.ends_at) == (DAYS.starts_at, DAYS.ends_at)
    calendar = icalendar.Calendar.from_ical(data)
    assert str(calendar["X-WR-CALNAME"]) == "Études"
    assert str(calendar.walk("VEVENT")[0]["DESCRIPTION"]) == LESSON.description


def test_the_uid_stays_when_the_entry_moves():
    moved = replace(LESSON, starts_at=NOW, ends_at=NOW, revision=1)

    for entry in (LESSON, moved):
        assert b"UID:lesson-1@school.example\r\n" in write([entry], name="x", now=NOW)


def test_the_same_entries_in_another_order_give_the_same_bytes():
    assert write([LESSON, DAYS], name="x", now=NOW) == write([DAYS, LESSON], name="x", now=NOW)


def test_a_cancelled_entry_says_so():
    cancelled = replace(LESSON, is_cancelled=True)

    assert b"STATUS:CANCELLED" in write([cancelled], name="x", now=NOW)


def test_a_new_line_in_a_title_cannot_forge_a_property():
    forged = replace(LESSON, title="x\r\nATTENDEE:mailto:a@b.example")

    assert b"\r\nATTENDEE" not in write([forged], name="x", now=NOW)


@pytest.mark.parametrize(
    ("starts_at", "message"),
    [(NOW.replace(tzinfo=None), "no time zone"), (NOW.replace(year=2030), "ends before")],
)
def test_an_entry_that_would_break_the_feed_is_refused(starts_at: datetime, message: str):
    with pytest.raises(ValueError, match=message):
        write([replace(LESSON, starts_at=starts_at)], name="x", now=NOW)
