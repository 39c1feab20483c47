"""What keeps a reservist from serving, and how each force counts days, as a plan has them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from reseda.service import actions as service_actions
from reseda.service.models import Engagement, Offer
from reseda.timetable.domain.planning import model
from reseda.timetable.domain.planning.check import check
from reseda.timetable.domain.planning.solve import plan as solve
from reseda.timetable.models import PlanLine
from reseda.timetable.queries.planning.drift import drift
from reseda.timetable.queries.planning.problems import problem_of
from reseda.timetable.queries.planning.service_days import days_counted
from reseda.timetable.templatetags.plan_sentences import Names, told
from reseda.timetable.tests import factories as lessons
from reseda.timetable.tests import plan_world as make

# A Saturday, a Sunday; 11 November 2026 is a Wednesday.
FRIDAY = datetime(2026, 11, 13, 7, tzinfo=UTC)


@pytest.fixture
def world(db: None) -> make.Little:
    return make.build()


def suspend(engagement: Engagement, offer: Offer, *, after: int = 0) -> None:
    first = timezone.localtime(offer.starts_at).date() + timedelta(days=after)
    service_actions.suspend(
        engagement, starts_on=first, ends_on=first + timedelta(days=5), by=engagement.person
    )


def said(line: PlanLine) -> str:
    with override("fr"):
        return told(line.reason, line.facts, line.would_need, Names()).why


def test_nothing_is_granted_while_the_contract_is_suspended(world):
    suspend(world.engagements[0], world.offers["wide"])
    plan = make.computed(world)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    assert (line.is_granted, line.reason) == (False, "clash")
    assert said(line).startswith("Le contrat est suspendu")
    assert make.line(plan, world.engagements[1], world.offers["wide"]).is_granted


def test_one_may_leave_the_day_after_a_suspension_and_serve_until_the_eve(world):
    offer = world.offers["wide"]
    Offer.objects.filter(pk=offer.pk).update(
        starts_at=lessons.at(19, 0), ends_at=lessons.at(20, 0) + timedelta(hours=24)
    )
    suspend(world.engagements[0], offer, after=-6)
    suspend(world.engagements[0], offer, after=2)
    assert make.line(make.computed(world), world.engagements[0], offer).is_granted


def test_a_suspension_taken_back_counts_no_more(world):
    suspend(world.engagements[0], world.offers["wide"])
    held = world.engagements[0].suspensions.get()
    service_actions.remove_item(held, by=world.students[0])
    plan = make.computed(world)
    assert make.line(plan, world.engagements[0], world.offers["wide"]).is_granted


def test_a_published_plan_no_longer_holds_for_who_suspends(world):
    plan = make.published(world)
    assert not drift(plan)
    suspend(world.engagements[0], world.offers["wide"])
    (found,) = drift(plan)
    assert (found.line.engagement_id, found.rule) == (world.engagements[0].pk, "clash")


def test_training_before_the_contract_keeps_its_dates_and_its_rest(world):
    offer = world.offers["wide"]
    day = timezone.localtime(offer.starts_at).date()
    step = service_actions.Step(kind="pmg", name="", starts_on=day, ends_on=day, status="planned")
    service_actions.add_step(world.engagements[0], step=step, by=world.students[0])
    line = make.line(make.computed(world), world.engagements[0], offer)
    assert (line.is_granted, line.reason) == (False, "clash")
    assert said(line).startswith("Une préparation militaire")


def test_a_training_after_the_contract_or_given_up_keeps_nothing(world):
    offer = world.offers["wide"]
    day = timezone.localtime(offer.starts_at).date()
    for kind, status in (("initial", "planned"), ("pmr", "abandoned")):
        step = service_actions.Step(kind=kind, name="", starts_on=day, ends_on=day, status=status)
        service_actions.add_step(world.engagements[0], step=step, by=world.students[0])
    assert make.line(make.computed(world), world.engagements[0], offer).is_granted


@pytest.mark.parametrize(
    ("start", "hours", "working", "halves"),
    [
        (FRIDAY, 9, 1, 1),
        (FRIDAY, 3, 1, 0.5),
        (FRIDAY, 24 * 3, 3, 3.5),
        (FRIDAY + timedelta(days=2), 9, 0, 1),
        (datetime(2026, 11, 10, 7, tzinfo=UTC), 9 + 48, 2, 3),
    ],
)
def test_civil_security_counts_working_days_and_the_others_half_days(start, hours, working, halves):
    end = start + timedelta(hours=hours)
    assert days_counted("securite_civile", start, end) == working
    assert days_counted("terre", start, end) == halves
    assert days_counted("police", start, end) == halves


def test_the_offers_of_civil_security_are_given_in_its_own_days(world):
    Engagement.objects.update(force="securite_civile")
    Offer.objects.update(force="securite_civile")
    given = problem_of(make.drafted(world)).problem
    for one in given.offers:
        assert one.counted is not None
        assert sum(days for _year, days in one.counted) == days_counted(
            "securite_civile", one.start, one.end
        )
    plan = make.computed(world)
    for line in plan.lines.filter(is_granted=True):
        offer = line.offer
        assert float(line.days) == days_counted(offer.force, offer.starts_at, offer.ends_at)
    assert not drift(plan)


def test_days_that_an_offer_says_make_its_worth_and_reach_the_ceiling():
    def offer(name: str, start: datetime, counted: float | None) -> model.Offer:
        said = None if counted is None else ((2026, counted),)
        return model.Offer(name, start, start + timedelta(hours=56), 1, counted=said)

    def answer(counted: float | None, ceiling: float) -> tuple[model.Plan, list]:
        problem = model.Problem(
            offers=(
                offer("a", FRIDAY, counted),
                offer("b", FRIDAY + timedelta(days=14), counted),
            ),
            reservists=(
                model.Reservist(
                    "r",
                    (),
                    model.Contract(FRIDAY.date(), FRIDAY.date() + timedelta(days=90)),
                    target_days=10,
                    ceilings={2026: ceiling},
                ),
            ),
        )
        found = solve(problem)
        return found, check(problem, found)

    working, faults = answer(2.0, 4)
    assert [one.days for one in working.granted] == [2, 2]
    assert not faults
    halves, faults = answer(None, 4)
    assert [one.days for one in halves.granted] == [3]
    assert [one.reason for one in halves.refused] == ["ceiling"]
    assert not faults
    nothing, faults = answer(0.0, 4)
    assert not nothing.granted
    assert {one.reason for one in nothing.refused} == {"no_gain"}
    assert not faults


def test_the_page_of_possibilities_says_that_the_contract_is_suspended(world, client: Client):
    suspend(world.engagements[0], world.offers["wide"])
    client.force_login(world.students[0])
    page = client.get(reverse("timetable:possibilities", args=[world.engagements[0].pk]))
    assert "Le contrat est suspendu" in page.content.decode()
