"""The drawing of a week: everything inside its day, nothing over anything, words that fit."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.timetable.domain.conflicts import Period, conflicts
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.picture import Picture, clock, cut, draw
from reseda.timetable.domain.week import week

MONDAY = date(2026, 1, 5)
START = datetime(2026, 1, 4, 23, tzinfo=UTC)


def event(uid: str, hours: float, length: float = 2, **given: object) -> Event:
    """Hours since Monday at midnight in Paris."""
    begin = START + timedelta(hours=hours)
    return Event(begin, begin + timedelta(hours=length), uid, **given)


def drawn(events: list[Event], hours: tuple[float, float] | None = None, **how: bool) -> Picture:
    periods = []
    if hours:
        first, last = (START + timedelta(hours=hour) for hour in hours)
        periods = [Period("P", first, last)]
    return draw(week(events, periods, conflicts(events, periods), MONDAY), **how)


def test_a_week_without_a_weekend_has_five_days_and_stops_at_the_last_that_holds_something():
    assert len(drawn([event("a", 8)]).columns) == 5
    assert len(drawn([event("a", 5 * 24 + 9)]).columns) == 6
    assert [one.is_weekend for one in drawn([event("a", 6 * 24 + 9)]).columns][4:] == [
        False,
        True,
        True,
    ]


def test_what_a_period_touches_stands_out_and_an_exam_has_a_sign():
    events = [event("a", 8, kind="exam"), event("b", 24 + 8, kind="project"), event("c", 60)]
    boxes = [box for day in drawn(events, (0, 30)).columns for box in day.boxes]

    assert [box.look for box in boxes] == ["exam touched", "firm", "firm"]
    assert [box.is_exam for box in boxes] == [True, False, False]


def test_the_narrow_drawing_shows_the_days_of_the_period_alone():
    events = [event("a", 8), event("b", 24 + 8), event("c", 48 + 8)]
    narrow = drawn(events, (30, 40), is_narrow=True)

    assert [one.on for one in narrow.columns] == [date(2026, 1, 6)]
    assert narrow.width < drawn(events, (30, 40)).width
    assert narrow.columns[0].service == ((360, 960),)


def test_lessons_of_a_whole_day_stand_above_the_hours():
    (strip,) = drawn([event("a", 0, 24, is_all_day=True, title="Forum")]).columns[0].boxes

    first_hour = drawn([event("a", 0, 24, is_all_day=True)]).hours[0][1]
    assert strip.lines == ("Forum",)
    assert strip.area.y + strip.area.height < first_hour


@given(
    st.lists(st.tuples(st.integers(0, 167), st.integers(0, 5), st.text(max_size=60)), max_size=12),
    st.booleans(),
)
def test_everything_stays_inside_its_day(given_: list[tuple[int, int, str]], is_narrow: bool):
    events = [event(f"e{i}", h, n, title=text) for i, (h, n, text) in enumerate(given_)]
    picture = drawn(events, (20, 90), is_narrow=is_narrow)

    for day in picture.columns:
        left, right = day.area.x, day.area.x + day.area.width
        for area in (*day.bands, *(box.area for box in day.boxes)):
            assert left <= area.x
            assert area.x + area.width <= right + 0.2
            assert area.y + area.height <= picture.height + 0.2
        assert right <= picture.width + 0.5


@given(st.text(max_size=80), st.integers(2, 30), st.integers(1, 4))
def test_a_cut_text_never_passes_its_room(text: str, room: int, count: int):
    lines = cut(text, room, count)

    assert len(lines) <= count
    assert all(len(line) <= room for line in lines)


@pytest.mark.parametrize(("minute", "words"), [(495, "8:15"), (0, "0:00"), (1440, "24:00")])
def test_minutes_are_written_as_a_clock(minute: int, words: str):
    assert clock(minute) == words


def test_the_way_there_and_back_is_drawn_beside_the_period_and_explained():
    period = Period("P", START + timedelta(hours=34), START + timedelta(hours=40))
    picture = draw(week([], [period], [], MONDAY, travel_minutes=60))
    tuesday = picture.columns[1]

    (band,) = tuesday.bands
    there, back = tuesday.travels
    assert (there.y + there.height, back.y) == pytest.approx((band.y, band.y + band.height))
    assert tuesday.service == ((600, 960),)
    assert "travel" in picture.looks
    assert "travel" not in draw(week([], [period], [], MONDAY)).looks


def test_a_session_that_another_recovers_has_a_sign_only_where_it_is_touched():
    events = [event("a", 8, kind="practical"), event("b", 24 + 8, kind="practical")]
    period = Period("P", START, START + timedelta(hours=20))
    met = conflicts(events, [period])
    picture = draw(week(events, [period], met, MONDAY, recoverable={"a", "b"}))
    boxes = [box for day in picture.columns for box in day.boxes]

    assert [(box.look, box.is_saved) for box in boxes] == [
        ("firm touched saved", True),
        ("firm", False),
    ]
