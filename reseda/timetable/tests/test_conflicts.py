"""The sessions that a reserve period meets."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.timetable.domain.conflicts import (
    AT_ONCE,
    Busy,
    Period,
    busy_of,
    conflicts,
    minutes_by_kind,
    minutes_by_period,
    overlaps,
)
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.typing_rules import KINDS

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def event(uid: str, start: int, end: int, kind: str = "lecture") -> Event:
    return Event(at(start), at(end), uid, kind=kind)


def period(start: int, end: int, name: str = "P1") -> Period:
    return Period(name, at(start), at(end))


def test_an_overlap_is_counted_in_minutes_and_exams_come_first():
    events = [event("a", 0, 90), event("b", 100, 160, "exam"), event("c", 300, 360)]

    found = conflicts(events, [period(60, 130)])

    assert [(c.uid, c.kind, c.minutes) for c in found] == [("b", "exam", 30), ("a", "lecture", 30)]


def test_sessions_that_only_touch_the_period_do_not_conflict():
    assert conflicts([event("a", 0, 60), event("b", 120, 180)], [period(60, 120)]) == ()


def test_the_travel_time_widens_the_period_at_both_ends():
    found = conflicts(
        [event("a", 0, 60), event("b", 120, 180)], [period(60, 120)], travel_minutes=25
    )

    assert [(c.uid, c.minutes) for c in found] == [("a", 25), ("b", 25)]


def test_a_long_placement_hides_neither_the_short_lessons_inside_nor_those_after():
    events = [event("long", 0, 10_000), event("short", 10, 20), event("late", 9_000, 9_060)]

    assert {c.uid for c in conflicts(events, [period(8_000, 9_500)])} == {"long", "late"}


def test_seconds_are_rounded_so_that_no_overlap_is_lost():
    late = Event(at(0), at(60) + timedelta(seconds=5), "a")

    assert [c.minutes for c in conflicts([late], [period(60, 90)])] == [1]


def test_minutes_are_summed_by_period_and_kind_and_a_free_period_is_there_too():
    events = [event("a", 0, 30), event("b", 30, 60), event("c", 0, 60, "exam")]
    periods = [period(0, 60), period(600, 700, "P2")]

    sums = minutes_by_period(conflicts(events, periods), periods)

    assert sums == {"P1": {"lecture": 60, "exam": 60}, "P2": {}}


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="P1"):
        conflicts([], [period(60, 0)])


def test_nothing_conflicts_with_nothing():
    assert conflicts([], [period(0, 60)]) == ()
    assert conflicts([event("a", 0, 60)], []) == ()


spans = st.tuples(st.integers(-3_000, 3_000), st.integers(0, 900))
# With more events than minutes, the engine writes its answers down beforehand.
crowded = st.tuples(st.integers(0, 12), st.integers(0, 6))
people = st.lists(st.lists(spans, max_size=12), min_size=1, max_size=5)
crowds = st.lists(st.lists(crowded, min_size=8, max_size=20), min_size=2, max_size=4)


@given(people | crowds, st.lists(spans | crowded, max_size=6), st.integers(0, 120))
def test_the_batch_finds_exactly_what_comparing_every_pair_finds(
    drawn: list[list[tuple[int, int]]], wanted: list[tuple[int, int]], travel: int
):
    busy = busy_of(
        [[event("x", start, start + length) for start, length in events] for events in drawn]
    )
    origin = int(MONDAY.timestamp()) // 60
    starts = np.array([origin + s - travel for s, _ in wanted], dtype=np.int64)
    ends = np.array([origin + s + length + travel for s, length in wanted], dtype=np.int64)

    pairs = overlaps(busy, starts, ends)

    flat = [span for events in drawn for span in events]
    expected = {
        (e, p): shared
        for e, (start, length) in enumerate(flat)
        for p, (begin, duration) in enumerate(wanted)
        if (shared := min(start + length, begin + duration + travel) - max(start, begin - travel))
        > 0
    }
    found = {(int(e), int(p)): int(m) for e, p, m in zip(*pairs, strict=True)}
    assert found == expected
    assert len(pairs.events) == len(expected)


@pytest.mark.parametrize("span", [5_000, 5_000_000])
def test_a_whole_school_cut_in_parts_gives_what_a_table_of_all_its_pairs_gives(span: int):
    random = np.random.default_rng(20_261_122)
    starts = random.integers(0, span, AT_ONCE + 50_000)
    ends = starts + random.integers(0, 240, len(starts))
    begins = random.integers(0, span, 5)
    overs = begins + random.integers(0, span // 3, 5)
    busy = Busy(starts, ends, np.array([0, len(starts)]))

    found = overlaps(busy, begins, overs)

    shared = np.minimum.outer(ends, overs) - np.maximum.outer(starts, begins)
    events, periods = np.nonzero(shared > 0)
    assert sorted(zip(*map(np.ndarray.tolist, found), strict=True)) == sorted(
        zip(events.tolist(), periods.tolist(), shared[shared > 0].tolist(), strict=True)
    )


@given(st.lists(spans, max_size=12), st.lists(spans, max_size=5))
def test_one_person_is_answered_as_in_the_batch(
    drawn: list[tuple[int, int]], wanted: list[tuple[int, int]]
):
    events = [event(f"e{i}", s, s + length) for i, (s, length) in enumerate(drawn)]
    periods = [period(s, s + length, f"P{i}") for i, (s, length) in enumerate(wanted)]

    found = {(c.uid, c.period_id, c.minutes) for c in conflicts(events, periods)}

    assert found == {
        (e.uid, p.id, int(shared.total_seconds()) // 60)
        for e in events
        for p in periods
        if (shared := min(e.ends_at, p.ends_at) - max(e.starts_at, p.starts_at)) > timedelta()
    }


def test_the_batch_sums_minutes_by_student_period_and_kind():
    busy = Busy(
        np.array([0, 50, 0], dtype=np.int64),
        np.array([60, 80, 30], dtype=np.int64),
        np.array([0, 2, 2, 3], dtype=np.int64),
    )
    kinds = np.array([KINDS.index("exam"), KINDS.index("lecture"), KINDS.index("exam")])
    pairs = overlaps(busy, np.array([20, 500]), np.array([70, 600]))

    sums = minutes_by_kind(pairs, busy, kinds, 2)

    assert sums.shape == (3, 2, len(KINDS))
    assert sums[0, 0, KINDS.index("exam")] == 40
    assert sums[0, 0, KINDS.index("lecture")] == 20
    assert sums[1].sum() == 0
    assert sums[2, 0].sum() == 10
