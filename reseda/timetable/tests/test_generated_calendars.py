"""Calendars drawn at random, with all that RFC 5545 lets a series do: we read what icalendar reads.

What is drawn is written twice: plainly for icalendar, and for us with its lines folded anywhere,
between two bytes of a letter too, and its ends of line of several kinds.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.timetable.domain.reading import read
from reseda.timetable.tests import oracle

DAYS = date(2025, 1, 1), date(2027, 12, 31)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CAMPUS = (
    "BEGIN:VTIMEZONE\nTZID:Campus\n"
    "BEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0500\nTZOFFSETTO:+0400\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nTZOFFSETFROM:+0400\nTZOFFSETTO:+0500\n"
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
)
# How a moment is written: its parameters, and what follows its figures.
FORMS = {
    "utc": ("", "Z"),
    "paris": (";TZID=Europe/Paris", ""),
    "new york": (";TZID=America/New_York", ""),
    "campus": (";TZID=Campus", ""),
    "floating": ("", ""),
    "day": (";VALUE=DATE", ""),
}
# Some days before each change of clock of the two years, and any other day.
CHANGES = [date(2026, 3, 26), date(2026, 10, 22), date(2026, 3, 5), date(2026, 10, 29)]


@dataclass(frozen=True)
class Drawn:
    """A series: how its moments are written, its first one, its length, and the rest."""

    form: str
    starts_at: datetime
    minutes: int
    step: timedelta
    rule: str
    skipped: tuple[int, ...]
    added: tuple[int, ...]
    moved: tuple[tuple[int, int], ...]
    is_duration: bool
    sequence: int
    title: str

    def moment(self, at: datetime) -> str:
        """Write a moment of this series: figures and mark, without parameters."""
        if self.form == "day":
            return f"{at:%Y%m%d}"
        return f"{at:%Y%m%dT%H%M%S}{FORMS[self.form][1]}"

    def line(self, name: str, *moments: datetime) -> str:
        return f"{name}{FORMS[self.form][0]}:{','.join(map(self.moment, moments))}\n"

    def end(self, at: datetime) -> str:
        length = timedelta(days=self.minutes // 600 + 1)
        if self.form != "day":
            length = timedelta(minutes=self.minutes)
        if not self.is_duration:
            return self.line("DTEND", at + length)
        return (
            f"DURATION:P{length.days}D\n" if self.form == "day" else f"DURATION:PT{self.minutes}M\n"
        )

    def event(self, uid: str) -> str:
        """Write the master of the series and the occurrences it moves."""
        text = "".join(c if c.isalnum() else f"\\{c}" if c in ",;\\" else " " for c in self.title)
        head = f"BEGIN:VEVENT\nUID:{uid}\nSEQUENCE:{self.sequence}\nSUMMARY:{text}\n"
        body = self.line("DTSTART", self.starts_at) + self.end(self.starts_at)
        if self.rule:
            body += f"RRULE:{self.rule}\n"
        if self.skipped:
            body += self.line("EXDATE", *(self.starts_at + n * self.step for n in self.skipped))
        if self.added:
            body += self.line(
                "RDATE", *(self.starts_at + timedelta(hours=25 * n) for n in self.added)
            )
        moved = ""
        for n, hours in self.moved if self.rule else ():
            was = self.starts_at + n * self.step
            now = was + timedelta(hours=hours)
            moved += f"{head}{self.line('RECURRENCE-ID', was)}{self.line('DTSTART', now)}"
            moved += f"{self.end(now)}END:VEVENT\n"
        return f"{head}{body}END:VEVENT\n{moved}"


@st.composite
def series(draw: st.DrawFn) -> Drawn:
    """Draw one event, repeated or not."""
    form = draw(st.sampled_from(list(FORMS)))
    on = draw(st.sampled_from(CHANGES) | st.dates(date(2025, 6, 1), date(2026, 12, 1)))
    minute = 0 if form == "day" else draw(st.integers(0, 24 * 12 - 1)) * 5
    starts_at = datetime.combine(on, time()) + timedelta(minutes=minute)
    frequency, days = draw(
        st.sampled_from([("DAILY", 1), ("WEEKLY", 7), ("MONTHLY", 28), ("YEARLY", 365)])
    )
    interval = draw(st.integers(1, 3))
    rule = draw(st.just("") | rules(form, starts_at, frequency, interval))
    few = st.lists(st.integers(0, 6), max_size=2, unique=True).map(tuple)
    return Drawn(
        form=form,
        starts_at=starts_at,
        minutes=draw(st.integers(0, 24 * 60)),
        step=timedelta(days=days * interval),
        rule=rule,
        skipped=draw(few) if rule else (),
        added=draw(few) if rule else (),
        moved=draw(
            st.lists(
                st.tuples(st.integers(1, 6), st.integers(1, 90)),
                max_size=2,
                unique_by=lambda pair: pair[0],
            ).map(tuple)
        ),
        is_duration=form in ("utc", "day") and draw(st.booleans()),
        sequence=draw(st.integers(-5, 5)),
        title=draw(st.text("aéœ€𝄞,;\\ ", max_size=30)),
    )


@st.composite
def rules(draw: st.DrawFn, form: str, starts_at: datetime, frequency: str, interval: int) -> str:
    """Draw a rule that a person could have asked of a calendar program."""
    parts = [f"FREQ={frequency}", f"INTERVAL={interval}"]
    if frequency == "WEEKLY" and draw(st.booleans()):
        chosen = draw(st.sets(st.sampled_from(WEEKDAYS), max_size=3)) | {
            WEEKDAYS[starts_at.weekday()]
        }
        parts.append(f"BYDAY={','.join(day for day in WEEKDAYS if day in chosen)}")
    if frequency == "MONTHLY" and draw(st.booleans()):
        rank = draw(st.sampled_from([1, 2, 3, -1]))
        parts.append(f"BYDAY={rank}{WEEKDAYS[starts_at.weekday()]}")
    limit = draw(st.sampled_from(["count", "until"]))
    if limit == "count":
        parts.append(f"COUNT={draw(st.integers(1, 12))}")
    else:
        until = starts_at + timedelta(days=draw(st.integers(0, 300)))
        mark = "" if form in ("floating", "day") else "Z"
        written = f"{until:%Y%m%d}" if form == "day" else f"{until:%Y%m%dT%H%M%S}{mark}"
        parts.append(f"UNTIL={written}")
    return ";".join(parts)


def written(drawn: list[Drawn]) -> str:
    events = "".join(one.event(f"série-{number}") for number, one in enumerate(drawn))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{CAMPUS}{events}END:VCALENDAR\n"


def mangled(text: str, cuts: list[int], ends: list[bytes]) -> bytes:
    """Fold lines at any byte, and end them with whichever end of line comes next."""
    folded = bytearray()
    data = text.encode()
    places = {cut % len(data) for cut in cuts}
    turn = 0
    for place, byte in enumerate(data):
        # A fold just before the end of a line would make a line of one blank: left out.
        if place in places and byte != 0x0A and place:
            folded += ends[turn % len(ends)] + b" "
            turn += 1
        folded += ends[(turn := turn + 1) % len(ends)] if byte == 0x0A else bytes([byte])
    return bytes(folded)


@settings(max_examples=100)
@given(
    st.lists(series(), min_size=1, max_size=4),
    st.lists(st.integers(0, 5_000), max_size=40),
    st.lists(st.sampled_from([b"\r\n", b"\n"]), min_size=1, max_size=5),
)
def test_whatever_is_drawn_is_read_as_icalendar_reads_it(
    drawn: list[Drawn], cuts: list[int], ends: list[bytes]
):
    text = written(drawn)

    ours = read(mangled(text, cuts, ends), window=DAYS)

    theirs = oracle.occurrences(oracle.calendars(text.encode()), DAYS)
    assert {(event.source_uid, *event[:2]) for event in ours.events} == theirs
    assert {problem.code for problem in ours.problems} <= {
        "recurrence_cut",
        "duplicate",
        "empty_feed",
        "nothing_in_window",
    }


@given(st.lists(series(), min_size=1, max_size=3), st.lists(st.integers(0, 5_000), max_size=40))
def test_how_a_calendar_is_folded_changes_nothing_of_what_it_says(
    drawn: list[Drawn], cuts: list[int]
):
    text = written(drawn)

    folded, plain = (
        read(data, window=DAYS) for data in (mangled(text, cuts, [b"\r\n"]), text.encode())
    )

    # The places of problems are lines of the file, which are no longer the same.
    assert (folded.events, folded.digest) == (plain.events, plain.digest)


@pytest.mark.parametrize("form", ["paris", "floating"])
def test_a_weekly_series_of_the_school_keeps_its_hour_all_year(form: str):
    first = datetime.combine(date(2026, 9, 7), time(8))
    one = Drawn(
        form, first, 90, timedelta(days=7), "FREQ=WEEKLY;COUNT=40", (), (), (), False, 0, "CM"
    )

    found = read(written([one]).encode()).events

    assert {event.starts_at.astimezone(oracle.PARIS).hour for event in found} == {8}
    assert len(found) == 40
