"""A plan computed by a task: once, followed, stopped, given up, watched once published."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from reseda.service.models import Offer
from reseda.timetable import tasks
from reseda.timetable.actions import planning
from reseda.timetable.models import Feed, Plan, PlanLine
from reseda.timetable.queries.planning.drift import drift, known_drift
from reseda.timetable.queries.planning.problems import digest, problem_of
from reseda.timetable.tests import plan_world as make

Status = Plan.Status


@pytest.fixture
def world(db: None) -> make.Little:
    return make.build()


def test_the_same_input_has_the_same_digest_and_the_same_lines(world):
    first, second = make.computed(world), make.computed(world)
    assert first.input_digest == second.input_digest
    lines = [
        list(one.lines.values_list("engagement", "offer", "is_granted", "reason", "days"))
        for one in (first, second)
    ]
    assert lines[0] == lines[1]


def test_another_timetable_has_another_digest(world):
    plan = make.drafted(world)
    before = digest(problem_of(plan).problem)
    make.exam_on(world, world.students[0], world.offers["wide"].starts_at)
    assert digest(problem_of(plan).problem) != before


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_computes():
    plan = make.drafted(make.build())
    start, found = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        found.append(tasks.run_plan.call(plan.pk))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(found) == ["", Status.READY]


def test_a_plan_stopped_before_its_turn_is_not_computed(world):
    plan = make.drafted(world)
    assert planning.ask_stop(plan, by=world.referent).status == Status.CANCELLED
    assert tasks.run_plan.call(plan.pk) == ""
    assert not PlanLine.objects.exists()


def test_a_plan_stopped_while_it_is_computed_keeps_nothing(world):
    plan = planning.claim(make.drafted(world).pk)
    planning.ask_stop(plan, by=world.referent)
    assert planning.note_progress(plan.pk, 50) is True
    done = tasks.computed(plan, tasks.Teller(plan.pk))
    assert done.status == Status.CANCELLED
    assert not PlanLine.objects.exists()
    assert planning.restart(plan, by=world.referent).status == Status.QUEUED


def test_progress_never_goes_back(world):
    plan = planning.claim(make.drafted(world).pk)
    assert planning.note_progress(plan.pk, 60) is False
    planning.note_progress(plan.pk, 20)
    plan.refresh_from_db()
    assert plan.progress == 60


def test_without_offers_or_without_people_the_failure_says_so(world):
    Offer.objects.all().update(withdrawn_at=timezone.now())
    assert make.computed(world).failure == "no_offers"
    Offer.objects.all().update(withdrawn_at=None)
    Feed.objects.all().update(removed_at=timezone.now())
    empty = make.computed(world)
    assert (empty.status, empty.failure) == (Status.FAILED, "no_people")


def test_an_impossible_pin_is_a_failure_that_says_so_and_can_be_mended(world):
    pinned = {"offer": world.offers["exam"], "by": world.referent}
    planning.pin(world.engagements[0], is_granted=True, **pinned)
    plan = make.computed(world)
    assert (plan.status, plan.failure) == (Status.FAILED, "pin")
    planning.unpin(world.engagements[0], **pinned)
    planning.restart(plan, by=world.referent)
    assert tasks.run_plan.call(plan.pk) == Status.READY


def test_a_computation_whose_worker_died_is_given_up(world):
    plan = planning.claim(make.drafted(world).pk)
    assert planning.give_up_lost() == 0
    Plan.objects.filter(pk=plan.pk).update(started_at=timezone.now() - timedelta(hours=1))
    assert planning.give_up_lost() == 1
    plan.refresh_from_db()
    assert (plan.status, plan.failure) == (Status.FAILED, "lost")


def test_whoever_has_no_timetable_is_left_out_and_named(world):
    Feed.objects.filter(person=world.students[0]).update(removed_at=timezone.now())
    plan = make.computed(world)
    assert plan.totals["left_out"] == {str(world.engagements[0].pk): "no_timetable"}
    assert not PlanLine.objects.filter(engagement=world.engagements[0]).exists()


def test_a_timetable_that_moves_breaks_the_line_it_touches(world):
    plan = make.published(world)
    assert drift(plan) == ()
    make.exam_on(world, world.students[0], world.offers["wide"].starts_at + timedelta(hours=2))
    (broken,) = drift(plan)
    assert broken.line == make.line(plan, world.engagements[0], world.offers["wide"])
    assert (broken.rule, broken.facts["events"][0]["kind"]) == ("clash", "exam")
    assert tasks.watch_plan.call(plan.pk) == 1
    plan.refresh_from_db()
    assert list(known_drift(plan)) == [broken.line.pk]


def test_an_offer_withdrawn_or_with_fewer_places_breaks_its_lines(world):
    plan = make.published(world)
    Offer.objects.filter(pk=world.offers["wide"].pk).update(capacity=1)
    assert [one.rule for one in drift(plan)] == ["capacity"]
    Offer.objects.filter(pk=world.offers["wide"].pk).update(withdrawn_at=timezone.now())
    assert [one.rule for one in drift(plan)] == ["withdrawn", "withdrawn"]


def test_an_accepted_period_is_no_obstacle_to_itself(world):
    plan = make.published(world)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    planning.accept(line, by=world.students[0])
    assert drift(plan) == ()


def test_an_accepted_period_that_an_exam_breaks_is_let_go_not_forced(world):
    plan = make.published(world)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    planning.accept(line, by=world.students[0])
    make.exam_on(world, world.students[0], line.offer.starts_at + timedelta(hours=2))
    again = make.replanned(world, plan)
    assert again.status == Status.READY
    assert make.line(again, world.engagements[0], world.offers["wide"]).reason == "clash"


def test_published_plans_are_watched_once_in_a_while(world):
    plan = make.published(world)
    assert tasks.watch_plans.call() == 1
    tasks.watch_plan.call(plan.pk)
    assert tasks.watch_plans.call() == 0
