"""Rows turned into what the engine is given: the same lessons, the same days, the same queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reseda.service.models import Offer, Period, Wish
from reseda.service.tests import factories as service
from reseda.timetable.models import Correction, Feed, PlanLine
from reseda.timetable.queries.lessons import timetable
from reseda.timetable.queries.planning.problems import problem_for, problem_of
from reseda.timetable.queries.planning.rules import rules
from reseda.timetable.queries.planning.studies import merge, studies
from reseda.timetable.tests import factories as lessons
from reseda.timetable.tests import plan_world as make

PROBLEM_QUERIES = 14


@pytest.fixture
def world(db: None) -> make.Little:
    return make.build()


def test_the_lessons_are_those_that_their_person_attends(world):
    person = world.students[0]
    events = [
        lessons.lesson("A", lessons.TALK, lessons.at(0, 8), group="INF1 TP1"),
        lessons.lesson("B", lessons.TALK, lessons.at(0, 8), group="INF1 TP2"),
        lessons.lesson("C", lessons.LAB, lessons.at(0, 14), group="INF1"),
    ]
    Feed.objects.filter(person=person).delete()
    feed = make.timetable(person, world.school, events)
    Feed.objects.filter(pk=feed.pk).update(chosen_groups=["INF1 TP1"])
    Correction.objects.create(feed=feed, uid="C", kind="exam")
    window = (lessons.at(0, 0), lessons.at(1, 0))
    found = studies([person.pk], [window])[person.pk]
    known = timetable(person).within(*window)
    assert {(one.uid, one.kind) for one in found.busy} == {(one.uid, one.kind) for one in known}
    assert {(one.uid, one.kind) for one in found.busy} == {("A", "lecture"), ("C", "exam")}


def test_two_people_with_one_timetable_share_it(world):
    window = (lessons.at(0, 0), lessons.at(6, 0))
    first, second = studies([one.pk for one in world.students], [window]).values()
    assert first.busy is second.busy
    assert len(first.busy) == 3


def test_windows_that_touch_become_one():
    day = timedelta(days=1)
    start = lessons.at(0, 0)
    found = merge(
        [(start + 2 * day, start + 3 * day), (start, start + day), (start, start + 2 * day)]
    )
    assert found == [(start, start + 3 * day)]


def test_a_period_already_held_counts_as_days_served_and_keeps_its_rest(world):
    period = service.period(world.engagements[0], lessons.at(20, 12), days=2)
    plan = make.drafted(world)
    first = next(
        one for one in problem_of(plan).problem.reservists if one.id == str(world.engagements[0].pk)
    )
    assert sum(first.served.values()) == 2
    (held,) = (one for one in first.busy if one.kind == "service")
    assert held.uid == f"service:{period.pk}"
    # The rest of a day, less the two hours of travel that the engine adds around an offer.
    assert period.starts_at - held.start == timedelta(hours=22)
    assert not make.line(
        make.computed(world), world.engagements[0], world.offers["wide"]
    ).is_granted


def test_whoever_already_serves_comes_after_whoever_does_not(world):
    Offer.objects.exclude(pk=world.offers["rare"].pk).delete()
    service.period(world.engagements[0], lessons.at(40, 12), days=6)
    plan = make.computed(world)
    winner = PlanLine.objects.get(plan=plan, is_granted=True)
    assert winner.engagement == world.engagements[1]


def test_a_wish_decides_between_equals(world):
    Offer.objects.exclude(pk=world.offers["rare"].pk).delete()
    for one, level in zip(world.engagements, (Wish.Level.WHY_NOT, Wish.Level.MUCH), strict=True):
        Wish.objects.create(engagement=one, offer=world.offers["rare"], level=level)
    assert (
        PlanLine.objects.get(plan=make.computed(world), is_granted=True).engagement
        == (world.engagements[1])
    )


def test_ceilings_are_those_of_the_law_for_each_civil_year(world):
    plan = make.drafted(world)
    today = timezone.localdate()
    ceilings = problem_of(plan).problem.reservists[0].ceilings
    assert ceilings[today.year] == 60
    assert set(ceilings) == set(range(today.year, plan.ends_on.year + 1))


def test_an_exam_is_hard_whatever_is_stored():
    found = rules({"hard": ["practical"], "target_days": 12})
    assert {"exam", "practical", "service"} <= set(found.policy.hard)
    assert "lecture" in found.policy.recoverable
    assert not set(found.policy.hard) & set(found.policy.recoverable)
    assert found.target_days == 12


def test_one_person_alone_is_offered_what_is_made_to_her_force(world):
    Offer.objects.filter(pk=world.offers["wide"].pk).update(force="marine")
    given = problem_for(world.silent, timezone.now())
    assert set(given.offers) == {
        str(one.pk) for name, one in world.offers.items() if name != "wide"
    }
    assert [one.id for one in given.problem.reservists] == [str(world.silent.pk)]
    assert not Period.objects.exists()


@pytest.mark.parametrize("people", [1, 4])
def test_a_problem_costs_as_many_queries_whatever_the_people(people, db, django_assert_num_queries):
    world = make.build(people)
    plan = make.drafted(world)
    with django_assert_num_queries(PROBLEM_QUERIES):
        assert len(problem_of(plan).problem.reservists) == people
