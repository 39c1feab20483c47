"""When somebody is taken, by half-days: joined, bounded, and telling nothing else."""

import itertools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reseda.service.domain.days import halves
from reseda.timetable.domain.availability import blocks

PARIS = ZoneInfo("Europe/Paris")
FIRST, LAST = date(2026, 10, 19), date(2026, 11, 1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=PARIS)


def told(*taken: tuple[datetime, datetime], **given: object) -> list[tuple[datetime, datetime]]:
    found = blocks(taken, first=FIRST, last=LAST, **given)  # type: ignore[arg-type]
    return [(one.starts_at, one.ends_at) for one in found]


def test_a_lesson_is_the_whole_half_day_that_it_touches() -> None:
    assert told((at(20, 8), at(20, 9))) == [(at(20, 0), at(20, 12))]
    assert told((at(20, 13), at(20, 14))) == [(at(20, 12), at(21, 0))]


def test_half_days_that_follow_one_another_are_one_block() -> None:
    lessons = [(at(20, 14), at(20, 16)), (at(21, 8), at(21, 10)), (at(21, 10), at(21, 12))]
    assert told(*lessons) == [(at(20, 12), at(21, 12))]


def test_the_day_on_which_clocks_change_has_its_own_length() -> None:
    (block,) = told((at(25, 1), at(25, 23)))
    assert block == (at(25, 0), at(26, 0))
    assert block[1].timestamp() - block[0].timestamp() == 25 * 3600


def test_what_is_out_of_the_days_or_said_otherwise_is_left_out() -> None:
    assert told((at(18, 8), at(18, 9))) == []
    assert told((at(18, 20), at(19, 9))) == [(at(19, 0), at(19, 12))]
    assert told((at(20, 8), at(20, 16)), apart_from=[(at(20, 12), at(22, 12))]) == [
        (at(20, 0), at(20, 12))
    ]


SPANS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 2_000)).map(
        lambda pair: (
            at(17, 0) + timedelta(hours=pair[0]),
            at(17, 0) + timedelta(hours=pair[0], minutes=pair[1]),
        )
    ),
    max_size=12,
)


@given(SPANS)
def test_blocks_are_the_half_days_touched_no_more_no_less(
    taken: list[tuple[datetime, datetime]],
) -> None:
    found = blocks(taken, first=FIRST, last=LAST)
    said = [half for one in found for half in halves(one.starts_at, one.ends_at)]
    touched = {half for start, end in taken for half in halves(start, end)}
    assert said == sorted(half for half in touched if FIRST <= half.day <= LAST)
    assert all(one.ends_at < other.starts_at for one, other in itertools.pairwise(found))


@given(SPANS)
def test_neither_hours_nor_the_number_of_lessons_can_be_read_again(
    taken: list[tuple[datetime, datetime]],
) -> None:
    doubled = [*taken, *taken]
    assert blocks(doubled, first=FIRST, last=LAST) == blocks(taken, first=FIRST, last=LAST)
    for one in blocks(taken, first=FIRST, last=LAST):
        assert {one.starts_at.hour, one.ends_at.hour} <= {0, 12}
