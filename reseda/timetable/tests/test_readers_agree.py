"""The two readers, and icalendar, say the same of the same file; no file makes them fail."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.timetable.domain.events import UnreadableCalendar
from reseda.timetable.domain.reading import read, sessions_by
from reseda.timetable.tests.calendars import HP_EVENT, HP_HOLIDAY, ade, ade_event, test_data

PARIS = ZoneInfo("Europe/Paris")


# Local times, often around a change of clock, when some do not exist or come twice.
changes = st.sampled_from(
    [(2026, 3, 29), (2026, 10, 25), (2026, 3, 8), (2026, 11, 1), (2026, 4, 5)]
)
moments = st.one_of(
    st.integers(0, 4 * 366 * 86_400).map(lambda seconds: _local(2024, 1, 1, seconds)),
    st.tuples(changes, st.integers(0, 5 * 3_600)).map(lambda drawn: _local(*drawn[0], drawn[1])),
)
zones = st.sampled_from(["Europe/Paris", "America/New_York", "Pacific/Auckland", "UTC"])


@given(
    st.lists(st.tuples(moments, st.integers(0, 5_000), zones), min_size=1, max_size=8),
    st.booleans(),
)
def test_any_generated_calendar_is_read_as_icalendar_reads_it(
    drawn: list[tuple[datetime, int, str]], is_utc: bool
):
    calendar = icalendar.Calendar()
    for number, (moment, minutes, zone) in enumerate(drawn):
        start = moment.replace(tzinfo=UTC if is_utc else ZoneInfo(zone))
        event = icalendar.Event()
        event.add("uid", f"e{number}")
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(minutes=minutes))
        event.add("summary", "TD, test; « fin »\nsuite")
        calendar.add_component(event)
    data = calendar.to_ical()

    again = icalendar.Calendar.from_ical(data)
    expected = {
        (str(e["UID"]), e.start.astimezone(UTC), e.end.astimezone(UTC))
        for e in again.walk("VEVENT")
        if e.end.astimezone(UTC) >= e.start.astimezone(UTC)
    }

    assert {(e.uid, e.starts_at, e.ends_at) for e in read(data).events} == expected


@given(st.lists(st.tuples(moments, st.integers(0, 500), st.text(max_size=40)), max_size=8))
def test_the_two_readers_agree_on_every_file_the_fast_one_accepts(
    drawn: list[tuple[datetime, int, str]],
):
    events = []
    for number, (moment, minutes, text) in enumerate(drawn):
        end = moment + timedelta(minutes=minutes)
        summary = icalendar.vText("".join(filter(str.isprintable, text))).to_ical().decode()
        events.append(
            ade_event(f"u{number}", f"{moment:%Y%m%dT%H%M%SZ}", f"{end:%Y%m%dT%H%M%SZ}", summary)
        )
    data = ade(events)
    fast, general_reader = sessions_by("fast", data), sessions_by("general", data)

    assert fast is not None
    assert general_reader is not None
    assert fast.sessions == [s._replace(place="") for s in general_reader.sessions]


@given(st.sampled_from([ade_event(), HP_EVENT, HP_HOLIDAY]), st.randoms(), st.booleans())
def test_the_order_in_which_a_program_writes_an_event_does_not_matter(
    event: str, random: Random, is_cancelled: bool
):
    lines = event.replace("\r\n ", "").split("\r\n")[1:-2]
    if is_cancelled:
        lines = [*(line for line in lines if "CATEGORIES" not in line), "CATEGORIES:Cours annulé"]
    random.shuffle(lines)
    shuffled = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
    fast, plain = sessions_by("fast", ade([shuffled])), sessions_by("fast", ade([event]))

    assert fast is not None
    assert plain is not None
    assert fast.sessions == [one._replace(is_cancelled=is_cancelled) for one in plain.sessions]


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail_otherwise_than_by_refusing(noise: bytes):
    data = ade([ade_event("A"), ade_event("B")])
    for feed in (noise, data[:200] + noise + data[200:], data[: len(noise)] + noise):
        try:
            read(feed)
        except UnreadableCalendar as refusal:
            assert refusal.code  # noqa: PT017 - both outcomes are right


REAL = [
    ("ade_enseeiht_2019_apprentis_515ev.ics", 515),
    ("ade_iut_rt_but1_2023_1432ev.ics", 1432),
    ("hp_avignon_ceri_m1_2024_369ev.ics", 369),
]


@pytest.mark.parametrize(("name", "count"), REAL)
def test_the_two_readers_and_icalendar_agree_on_the_real_files(name: str, count: int):
    data = test_data("timetables", name).read_bytes()
    fast, general_reader = sessions_by("fast", data), sessions_by("general", data)
    assert fast is not None
    assert general_reader is not None
    assert fast.sessions == [s._replace(place="") for s in general_reader.sessions]

    oracle = {
        (str(e["UID"]), _utc(e.start), _utc(e.end), str(e["SUMMARY"]))
        for e in icalendar.Calendar.from_ical(data).walk("VEVENT")
    }
    assert {(s.uid, s.starts_at, s.ends_at, s.summary) for s in fast.sessions} == oracle
    assert len(read(data).events) == count


def _local(year: int, month: int, day: int, seconds: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC).replace(tzinfo=None) + timedelta(0, seconds)


def _utc(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime(moment.year, moment.month, moment.day, tzinfo=PARIS).astimezone(UTC)


@pytest.mark.parametrize(("name", "count"), REAL)
def test_no_line_that_names_a_teacher_is_left_in_a_real_feed(name: str, count: int):
    data = test_data("timetables", name).read_bytes()
    text = repr([(e.title, e.group, e.location) for e in read(data).events]).casefold()
    lines = {
        name.casefold()
        for session in (sessions_by("fast", data) or pytest.fail("not fast")).sessions
        for name in _persons(session.description)
    }
    assert lines
    assert [line for line in lines if line in text] == []
    assert count


def _persons(description: str) -> list[str]:
    """Independent of the reader: two words, no figure, in the place where names are written."""
    if "Matière" in description:
        line = next((x for x in description.split("\n") if x.startswith("Enseignant")), ":")
        return [name.strip() for name in line.split(":", 1)[1].split(",") if name.strip()]
    lines = [x.strip() for x in description.split("\n") if " " in x.strip()]
    return [x for x in lines if x.replace(" ", "").isalpha() and x != "TOUS Etudiants"]
