"""How missed lessons are recovered, in cases that a référent can read, and in what always holds."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.timetable.domain.catch_up import HARD, Recovery, Sum, recoveries, sums
from reseda.timetable.domain.conflicts import Period
from reseda.timetable.domain.events import Event

PARIS = ZoneInfo("Europe/Paris")
MINE, OTHER = "RT1 TP1", "RT1 TP2"
NUMBERS = count()


def session(when: str, kind: str = "practical", *, group: str = MINE, **given: object) -> Event:
    """A session of Mesures by default, on a day of November 2026 such as "12 8:00-10:00"."""
    day, _space, hours = when.partition(" ")
    start, _dash, end = hours.partition("-")
    moments = [
        datetime(2026, 11, int(day), *map(int, clock.split(":")), tzinfo=PARIS).astimezone(UTC)
        for clock in (start, end)
    ]
    title = f"M314 TP Mesures {group}"
    return Event(
        *moments,
        f"u{next(NUMBERS)}",
        **{"title": title, "module": "M314", "group": group, "kind": kind, **given},
    )


def away(first: int, last: int) -> Period:
    """A period from the morning of a day of November to the evening of another."""
    return Period(
        "p",
        datetime(2026, 11, first, 7, tzinfo=PARIS),
        datetime(2026, 11, last, 18, tzinfo=PARIS),
    )


def recovered(missed: Event, *others: Event, mine: tuple[Event, ...] = ()) -> Recovery:
    """What is proposed for a lesson when a period takes Tuesday 10 to Thursday 12 November."""
    own = (missed, *mine)
    (found,) = recoveries([missed], [*own, *others], own, [away(10, 12)])
    return found


def proposed(found: Recovery) -> list[Event]:
    return [one.event for one in found.proposals if one.is_recovery]


MISSED = session("11 8:00-10:00")


def test_the_same_practical_given_to_another_group_later_recovers_it():
    later = session("16 8:00-10:00", group=OTHER)
    found = recovered(MISSED, later)

    assert proposed(found) == [later]
    assert (found.proposals[0].likeness, found.proposals[0].is_sure) == ("same", True)
    assert found.is_recoverable


def test_another_group_earlier_in_the_same_week_recovers_it_but_not_the_week_before():
    monday = session("9 8:00-10:00", group=OTHER)
    before = session("6 8:00-10:00", group=OTHER)
    found = recovered(MISSED, before, monday)

    assert proposed(found) == [monday]
    assert found.proposals[0].is_same_week


def test_the_same_place_in_the_series_is_sure_and_another_is_only_alike():
    mine = tuple(session(f"{day} 14:00-16:00") for day in (2, 4))
    theirs = [session(f"{day} 8:00-10:00", group=OTHER) for day in (3, 16, 18)]
    found = recovered(MISSED, *theirs, mine=mine)

    told = [(one.event, one.likeness, one.place, one.missed_place) for one in found.proposals]
    assert told == [(theirs[2], "same", 3, 3), (theirs[1], "alike", 2, 3)]


def test_another_length_or_another_title_of_the_same_unit_is_only_near():
    longer = session("16 8:00-11:00", group=OTHER)
    other = session("17 8:00-10:00", group=OTHER, title="M314 TP Oscilloscope")
    found = recovered(MISSED, longer, other)

    assert [one.likeness for one in found.proposals] == ["near", "near"]
    assert proposed(found) == [longer, other]


def test_another_unit_or_another_kind_of_session_recovers_nothing():
    found = recovered(
        MISSED,
        session("16 8:00-10:00", group=OTHER, module="M315"),
        session("17 8:00-10:00", "tutorial", group=OTHER),
    )
    assert (proposed(found), found.is_recoverable) == ([], False)


def test_without_a_module_the_title_without_its_groups_names_the_unit():
    missed = session("11 8:00-10:00", title="TP Mesures TP1", module="")
    later = session("16 8:00-10:00", title="TP Mesures TP2", module="", group=OTHER)

    assert proposed(recovered(missed, later)) == [later]


@pytest.mark.parametrize(
    "taken",
    [
        session("16 9:00-11:00", "exam", module="M1"),
        session("16 9:00-11:00", "project", module="M1"),
        session("16 9:00-11:00", "unknown", module="M1"),
        session("16 9:00-11:00"),
    ],
    ids=["exam", "project", "unknown", "own session of the unit"],
)
def test_what_may_not_be_left_is_never_left_to_recover_something_else(taken):
    assert proposed(recovered(MISSED, session("16 8:00-10:00", group=OTHER), mine=(taken,))) == []


def test_a_lecture_at_the_same_time_is_said_and_comes_after_a_free_hour():
    lecture = session("16 9:00-11:00", "lecture", module="M1", title="Optique")
    over = session("16 8:00-10:00", group=OTHER)
    free = session("18 8:00-10:00", group=OTHER)
    found = recovered(MISSED, over, free, mine=(lecture,))

    assert [(one.event, one.over) for one in found.proposals] == [(free, ()), (over, ("Optique",))]


def test_another_period_of_the_student_hides_what_it_covers():
    later, after = (session(f"{day} 8:00-10:00", group=OTHER) for day in (18, 25))
    (found,) = recoveries([MISSED], [MISSED, later, after], [MISSED], [away(10, 12), away(18, 19)])
    assert proposed(found) == [after]


def test_an_exam_is_never_proposed_and_asks_for_a_substitute():
    exam = session("11 8:00-10:00", "exam")
    found = recovered(exam, session("16 8:00-10:00", "exam", group=OTHER))

    assert (found.proposals, found.needs_substitute) == ((), True)


def test_a_lecture_given_once_is_not_recovered_but_its_teacher_is_met_next_time():
    missed = session("11 8:00-10:00", "lecture", group="RT1 promo")
    following = session("18 8:00-10:00", "lecture", group="RT1 promo")
    found = recovered(missed, mine=(following,))

    assert [(one.event, one.likeness) for one in found.proposals] == [(following, "own")]
    assert not found.is_recoverable


def test_the_nearest_come_first_and_no_more_than_asked():
    others = [session(f"{day} 8:00-10:00", group=f"RT1 TP{day}") for day in (27, 16, 20, 9, 24)]
    found = recovered(MISSED, *others)

    days = [one.starts_at.astimezone(PARIS).day for one in proposed(found)]
    assert days == [9, 16, 20]


def test_what_stays_lost_is_added_up_kind_by_kind():
    exam = session("10 8:00-10:00", "exam")
    found = recoveries(
        [exam, MISSED],
        [exam, MISSED, session("16 8:00-10:00", group=OTHER)],
        [exam, MISSED],
        [away(10, 12)],
    )
    assert sums(found) == (Sum("exam", 1, 120, 1, 120), Sum("practical", 1, 120, 0, 0))


@st.composite
def timetables(draw: st.DrawFn) -> tuple[list[Event], list[Event], list[Period]]:
    """A small promotion of two groups, and periods of one of its students."""
    start = datetime(2026, 10, 19, 6, tzinfo=UTC)
    slot = st.tuples(st.integers(0, 27), st.integers(0, 8), st.integers(1, 4))
    whole = [
        Event(
            begins := start + timedelta(days=day, hours=hour),
            begins + timedelta(hours=length),
            f"s{number}",
            title="Mesures",
            module=draw(st.sampled_from(["A", "B"])),
            kind=draw(st.sampled_from(["practical", "lecture", "tutorial", "exam"])),
            group=draw(st.sampled_from([MINE, OTHER])),
        )
        for number, (day, hour, length) in enumerate(draw(st.lists(slot, max_size=25)))
    ]
    spells = draw(st.lists(st.tuples(st.integers(0, 27), st.integers(1, 5)), max_size=3))
    periods = [
        Period(
            str(number),
            start + timedelta(days=day),
            start + timedelta(days=day + days),
        )
        for number, (day, days) in enumerate(spells)
    ]
    return whole, [one for one in whole if one.group == MINE], periods


def touches(one: Event, start: datetime, end: datetime) -> bool:
    return one.starts_at < end and one.ends_at > start


@given(timetables())
def test_a_proposal_is_of_the_same_unit_and_the_student_is_free_to_go(drawn):
    whole, own, periods = drawn
    for found in recoveries(own, whole, own, periods):
        for one in found.proposals:
            missed, other = found.missed, one.event
            assert missed.kind != "exam"
            assert (other.module, other.kind) == (missed.module, missed.kind)
            assert other.uid != missed.uid
            assert not [p for p in periods if touches(other, p.starts_at, p.ends_at)]
            if one.is_recovery:
                assert other not in own
                held = [o for o in own if touches(o, other.starts_at, other.ends_at)]
                assert not [o for o in held if o.kind in HARD]
                assert sorted(o.title for o in held) == sorted(one.over)
            assert other.starts_at >= missed.ends_at or one.is_same_week


@given(timetables())
def test_one_more_period_never_adds_a_proposal(drawn):
    whole, own, periods = drawn
    free = recoveries(own, whole, own, periods[1:], most=99)
    held = recoveries(own, whole, own, periods, most=99)

    for before, after in zip(free, held, strict=True):
        assert {one.uid for one in proposed(after)} <= {one.uid for one in proposed(before)}
