"""The drawings of the planner, and its sentences: nothing overlaps, nothing is left unsaid."""

from datetime import date, timedelta

import pytest

from reseda.service.models import Offer
from reseda.timetable.domain import planner_picture as picture
from reseda.timetable.domain.planner_picture import Mark
from reseda.timetable.domain.planning.model import REASONS
from reseda.timetable.templatetags.plan_sentences import Names, broken, failure, told, word
from reseda.timetable.tests import factories as make

FIRST, LAST = date(2026, 9, 1), date(2027, 7, 16)
EXAM = {
    "uid": "E1",
    "kind": "exam",
    "minutes": 120,
    "start": "2026-11-10T07:00:00+00:00",
    "end": "2026-11-10T09:00:00+00:00",
}


def mark(day: date, days: int, look: str = "granted") -> Mark:
    return Mark(day, day + timedelta(days=days - 1), look, str(days))


def test_the_weeks_of_a_plan_are_whole_and_named_by_their_mondays():
    paper = picture.frame(FIRST, LAST)
    assert (paper.mondays[0], paper.mondays[-1]) == (date(2026, 8, 31), date(2027, 7, 12))
    assert paper.width == pytest.approx(paper.week * len(paper.mondays), abs=0.1)
    assert [first.month for _x, _width, first in paper.months][:3] == [8, 9, 10]


def test_a_school_year_fits_a_desk_and_a_short_plan_does_not_spread():
    assert picture.frame(FIRST, LAST).width <= picture.FULL + 20
    assert picture.frame(FIRST, FIRST).week == picture.BROADEST


def test_a_mark_covers_the_weeks_it_touches():
    paper = picture.frame(FIRST, LAST)
    row = picture.draw(paper, [mark(date(2026, 11, 5), 8)])
    (box,) = row.boxes
    assert box.width == pytest.approx(2 * paper.week - 2 * picture.INSET, abs=0.2)
    assert [cell.monday for cell in row.cells] == [date(2026, 11, 2), date(2026, 11, 9)]


def test_what_falls_in_one_week_shares_its_height_and_the_granted_one_is_on_top():
    paper = picture.frame(FIRST, LAST)
    day = date(2026, 11, 4)
    marks = [mark(day, 2, "studies"), mark(day, 2), mark(day, 2, "barred")]
    row = picture.draw(paper, marks)
    assert sorted(box.mark.look for box in row.boxes) == ["granted", "studies"]
    top, bottom = sorted(row.boxes, key=lambda box: box.y)
    assert top.mark.look == "granted"
    assert top.y + top.height <= bottom.y
    assert len(row.cells[0].marks) == 3


def test_weeks_with_exams_without_lessons_and_unknown_are_told_apart():
    paper = picture.frame(FIRST, LAST)
    monday = date(2027, 1, 11)
    row = picture.draw(paper, [], exams={monday}, idle={FIRST}, known_until=date(2027, 1, 29))
    assert row.exams == (paper.left(paper.rank(monday)),)
    assert row.idle == ()
    assert row.unknown == paper.left(paper.rank(date(2027, 2, 1)))
    assert picture.draw(paper, []).unknown == 0


def test_a_mark_outside_the_plan_is_not_drawn():
    row = picture.draw(picture.frame(FIRST, LAST), [mark(date(2026, 8, 1), 3)])
    assert (row.boxes, row.cells) == ((), ())


def test_the_trade_off_rises_to_the_right_and_stays_inside():
    drawn = picture.trade_off([(2, 0), (5, 120), (9, 600)], [(4, 300)])
    first, second, third, beside = drawn.dots
    assert first.x < second.x < third.x
    assert first.y > second.y > third.y
    assert (beside.rank, beside.days) == (3, 4)
    assert drawn.path.count("V") == 2
    assert all(
        0 < dot.x < picture.PLOT_WIDTH and 0 < dot.y < picture.PLOT_HEIGHT for dot in drawn.dots
    )


def test_a_trade_off_without_hours_nor_days_is_still_drawn():
    assert len(picture.trade_off([(0, 0)]).dots) == 1
    assert picture.ticks(0.5)[0] == 0


FACTS = {
    "clash": ({"events": [EXAM]}, {}),
    "travel": ({"events": [EXAM]}, {}),
    "contract": (
        {"contract": {"start": "2026-01-01", "end": "2026-12-31"}},
        {"contract": {"from": "2027-01-02T08:00:00", "until": "2027-01-05T18:00:00"}},
    ),
    "requires": ({"missing": ["FORMATION INITIALE"], "granted_by": ["7"]}, {}),
    "ceiling": (
        {"year": 2026, "ceiling": 60, "served": 55.5, "granted": 4, "days": 3},
        {"year": 2026, "days": 2.5},
    ),
    "recoverable_limit": ({"limit": 1200, "granted": 1100, "minutes": 240}, {"minutes": 140}),
    "overlap": ({"offers": ["7"]}, {"drop": ["7"], "cost": 12.3}),
    "full": ({"capacity": 12, "higher_claims": 3}, {"places": 1}),
}


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_word_and_a_sentence(reason):
    names = Names({"7": Offer(starts_at=make.at(0, 8), ends_at=make.at(2, 18))})
    said = told(reason, *FACTS.get(reason, ({}, {})), names)
    assert said.why.endswith((".", ")"))
    assert "%(" not in said.why + said.need
    assert word(reason) != reason


def test_titles_are_said_to_their_student_alone():
    to_others = told("clash", {"events": [EXAM]}, {}, Names()).why
    assert (
        to_others
        == "Un examen tombe pendant la période\u00a0: examen, mardi 10 novembre, 8 h – 10 h."
    )
    own = told("clash", {"events": [EXAM]}, {}, Names(lessons={"E1": "Optique"})).why
    assert "Optique (examen)" in own


def test_a_period_already_held_is_not_called_studies():
    held = {**EXAM, "kind": "service"}
    assert "déjà prévue" in told("clash", {"events": [held]}, {}, Names()).why
    assert "repos" in told("travel", {"events": [held]}, {}, Names()).why


@pytest.mark.parametrize("rule", ["withdrawn", "days", "rest", "capacity", "left", "no_timetable"])
def test_what_broke_is_said(rule):
    assert broken(rule, {}, Names()) != broken("odd", {}, Names())


def test_a_failure_says_what_to_do():
    assert "Relancez" in failure("lost")
    assert "Relancez" in failure("anything")
