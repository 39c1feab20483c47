"""The picture of a week."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.timetable.domain.conflicts import Period, conflicts
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.week import Block, Day, week

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 1, 5)


def event(uid: str, day: int, start: str, end: str, *, is_all_day: bool = False) -> Event:
    """Start and end in Paris time, on the day of January 2026."""
    moments = [
        datetime(2026, 1, day, *map(int, clock.split(":")), tzinfo=PARIS).astimezone(UTC)
        for clock in (start, end)
    ]
    return Event(moments[0], moments[1], uid, is_all_day=is_all_day)


def spots(day: Day) -> list[tuple[str, int, int]]:
    return [(block.event.uid, block.column, block.columns) for block in day.blocks]


def test_blocks_stand_at_their_minute_of_the_day_in_local_time():
    (block,) = week([event("a", 6, "8:15", "9:45")], [], [], MONDAY).days[1].blocks

    assert (block.start_minute, block.end_minute, block.minutes) == (495, 585, 90)


def test_the_picture_runs_from_seven_to_twenty_and_further_when_needed():
    usual = week([event("a", 5, "8:00", "9:00")], [], [], MONDAY)
    late = week([event("a", 5, "6:30", "7:00"), event("b", 6, "20:00", "21:30")], [], [], MONDAY)

    assert (usual.start_minute, usual.end_minute) == (420, 1200)
    assert (late.start_minute, late.end_minute) == (360, 1320)
    assert (late.hours[0], late.hours[-1]) == (6, 22)


def test_overlapping_sessions_share_the_width_and_the_next_takes_it_all():
    events = [
        event("a", 5, "8:00", "10:00"),
        event("b", 5, "9:00", "11:00"),
        event("c", 5, "10:00", "11:00"),
        event("d", 5, "11:00", "12:00"),
    ]

    assert spots(week(events, [], [], MONDAY).days[0]) == [
        ("a", 0, 2),
        ("b", 1, 2),
        ("c", 0, 2),
        ("d", 0, 1),
    ]


def test_a_session_over_midnight_appears_on_both_days():
    night = Event(
        datetime(2026, 1, 5, 21, tzinfo=UTC), datetime(2026, 1, 6, 1, tzinfo=UTC), "night"
    )

    days = week([night], [], [], MONDAY).days

    assert [(b.start_minute, b.end_minute) for day in days[:2] for b in day.blocks] == [
        (1320, 1440),
        (0, 120),
    ]


def test_a_whole_day_is_kept_apart_and_does_not_spill_over_the_next():
    free = Event(
        datetime(2026, 1, 6, 23, tzinfo=UTC), datetime(2026, 1, 7, 23, tzinfo=UTC), "x", True
    )

    days = week([free], [], [], MONDAY).days

    assert [len(day.all_day) for day in days] == [0, 0, 1, 0, 0, 0, 0]
    assert not any(day.blocks for day in days)


def test_periods_are_bands_and_the_sessions_they_meet_are_marked():
    events = [event("a", 6, "8:00", "9:00"), event("b", 8, "8:00", "9:00")]
    period = Period(
        "P1", datetime(2026, 1, 5, 17, tzinfo=UTC), datetime(2026, 1, 7, 11, tzinfo=UTC)
    )

    days = week(events, [period], conflicts(events, [period]), MONDAY).days

    bands = [(band.start_minute, band.end_minute) for day in days for band in day.bands]
    assert bands == [(1080, 1440), (0, 1440), (0, 720)]
    assert days[1].blocks[0].conflicting_periods == ("P1",)
    assert not days[3].blocks[0].is_conflict


def test_a_week_without_anything_on_saturday_says_so():
    assert not week([event("a", 6, "8:00", "9:00")], [], [], MONDAY).has_weekend
    assert week([event("a", 10, "8:00", "9:00")], [], [], MONDAY).has_weekend


def test_another_day_than_monday_is_refused():
    with pytest.raises(ValueError, match="not a Monday"):
        week([], [], [], date(2026, 1, 6))


starts = st.integers(0, 7 * 24 * 60)


@given(st.lists(st.tuples(starts, st.integers(0, 300)), max_size=15))
def test_no_two_blocks_ever_cover_each_other(drawn: list[tuple[int, int]]):
    begin = datetime(2026, 3, 23, tzinfo=PARIS).astimezone(UTC)  # the clock changes on the Sunday
    events = [
        Event(begin + timedelta(minutes=s), begin + timedelta(minutes=s + length), f"e{i}")
        for i, (s, length) in enumerate(drawn)
    ]

    for day in week(events, [], [], date(2026, 3, 23)).days:
        for i, one in enumerate(day.blocks):
            assert 0 <= one.column < one.columns
            assert 0 <= one.start_minute <= one.end_minute <= 1440
            for other in day.blocks[i + 1 :]:
                assert one.column != other.column or not touch(one, other)


def touch(one: Block, other: Block) -> bool:
    return one.start_minute < other.end_minute and other.start_minute < one.end_minute
