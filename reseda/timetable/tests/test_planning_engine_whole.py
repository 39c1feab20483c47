"""The planner’s engine over whole schools: its proof, its bound, its repeatability, its choices."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise
from random import Random

import pytest

from reseda.timetable.domain.planning.model import (
    Busy,
    Contract,
    Offer,
    Pair,
    PinError,
    Policy,
    Problem,
    Reservist,
)
from reseda.timetable.domain.planning.possibilities import possibilities
from reseda.timetable.domain.planning.solve import plan

FIRST = datetime(2026, 9, 7, 6, tzinfo=UTC)


def school(seed, *, people=40, offers=12, **policy):
    """Draw a school: two civil years, a training that opens some offers, few places."""
    draw = Random(seed)  # noqa: S311  # drawn test data, no secret
    periods = []
    for number in range(offers):
        start = FIRST + timedelta(days=draw.randrange(240))
        end = start + timedelta(days=draw.choice((0, 1, 2, 4, 11)), hours=draw.choice((5, 10)))
        grants = ("FMIR",) if number < 3 else ()
        requires = ("FMIR",) if number % 4 == 3 else ()
        periods.append(Offer(f"P{number:02}", start, end, draw.randrange(7), requires, grants))
    return Problem(
        tuple(periods),
        tuple(_person(f"R{number:03}", draw) for number in range(people)),
        Policy(**({"max_recoverable_minutes": 400} | policy)),
    )


def _person(id_, draw):
    busy = []
    for number in range(draw.randrange(60)):
        start = FIRST + timedelta(days=draw.randrange(240), hours=draw.randrange(11))
        kind = draw.choice(("lecture", "lecture", "tutorial", "tutorial", "exam", "sport"))
        busy.append(Busy(f"{id_}-{number}", start, start + timedelta(minutes=105), kind))
    return Reservist(
        id_,
        tuple(busy),
        Contract(date(2026, 1, 1), date(2027, draw.choice((2, 12)), 28)),
        draw.choice(((), ("FMIR",))),
        draw.choice((0, 5, 7.3, 15, 30)),
        {2026: draw.choice((4, 30)), 2027: 60},
        {2026: draw.choice((0, 1.5))},
        {f"P{draw.randrange(12):02}": draw.choice((-30, 5, 40)) for _ in range(3)},
    )


@pytest.mark.parametrize("objective", ["fair", "total"])
def test_every_pair_is_granted_or_refused_once_and_the_value_is_its_own_sum(objective):
    asked = school(1, objective=objective)
    answer = plan(asked)
    pairs = [(one.reservist, one.offer) for one in (*answer.granted, *answer.refused)]
    assert len(pairs) == len(set(pairs)) == len(asked.reservists) * len(asked.offers)
    assert answer.status == "optimal"
    assert answer.bound >= answer.value
    assert answer.value == pytest.approx(_value(asked, answer.granted), rel=1e-9)


def _value(asked, grants):
    total = 0.0
    for person in asked.reservists:
        own = [grant for grant in grants if grant.reservist == person.id]
        days = sum(grant.days for grant in own)
        if asked.policy.objective == "total":
            total += 50 * min(days, person.target_days)
        elif person.target_days:
            share = min(days / person.target_days, 1)
            total += 1000 * (2 * share - share**2)
        total -= asked.policy.minute_cost * sum(grant.minutes for grant in own)
        total += sum(person.wishes.get(grant.offer, 0) for grant in own)
    return total


def test_no_choice_of_whole_plans_is_better_than_the_answer():
    for seed in range(4):
        asked = school(seed, people=3, offers=5)
        answer = plan(asked)
        assert answer.value == pytest.approx(_best_by_hand(asked), abs=1e-6)


def _best_by_hand(asked):
    """Give each person in turn each set of offers that stands alone, within the places."""
    alone = {
        person.id: [
            (offers, value)
            for size in range(len(asked.offers) + 1)
            for offers in combinations(asked.offers, size)
            for value in [_alone(asked, person, offers)]
            if value is not None
        ]
        for person in asked.reservists
    }
    best = {tuple(offer.capacity for offer in asked.offers): 0.0}
    for person in asked.reservists:
        reached = {}
        for places, value in best.items():
            for offers, more in alone[person.id]:
                left = tuple(
                    count - (offer in offers)
                    for count, offer in zip(places, asked.offers, strict=True)
                )
                if min(left) >= 0:
                    reached[left] = max(reached.get(left, -1e9), value + more)
        best = reached
    return max(best.values())


def _alone(asked, person, offers):
    """Value a set for one person through pins on a school of one; None when it is not legal."""
    pins = tuple(Pair(person.id, offer.id) for offer in offers)
    others = tuple(Pair(person.id, offer.id) for offer in asked.offers if offer not in offers)
    wide = tuple(replace(offer, capacity=1) for offer in asked.offers)
    try:
        alone = replace(asked, offers=wide, reservists=(person,), granted=pins, excluded=others)
        return plan(alone).value
    except PinError:
        return None


def test_the_same_problem_in_any_order_has_the_same_answer_to_the_last_figure():
    asked = school(3)
    shuffled = replace(
        asked,
        offers=tuple(reversed(asked.offers)),
        reservists=tuple(
            replace(person, busy=tuple(reversed(person.busy)))
            for person in reversed(asked.reservists)
        ),
    )
    assert repr(plan(asked)) == repr(plan(asked)) == repr(plan(shuffled))


def test_one_more_place_never_lowers_the_value():
    asked = school(4, people=12, offers=7)
    before = plan(asked).value
    for position, offer in enumerate(asked.offers):
        offers = list(asked.offers)
        offers[position] = replace(offer, capacity=offer.capacity + 1)
        assert plan(replace(asked, offers=tuple(offers))).value >= before - 1e-6


def test_people_with_the_same_data_share_out_the_places_without_any_fuss():
    person = school(5, people=1).reservists[0]
    twins = tuple(replace(person, id=f"T{number:02}") for number in range(30))
    answer = plan(replace(school(5), reservists=twins))
    assert answer.status == "optimal"
    assert all(offer["taken"] <= offer["capacity"] for offer in answer.totals["offers"])


@pytest.mark.parametrize("patience", [0, 1, 3])
def test_told_to_stop_it_gives_a_legal_plan_with_a_true_bound(patience):
    asked = school(6)
    proved = plan(asked).value
    asked_times = []

    def should_stop():
        asked_times.append(1)
        return len(asked_times) > patience

    answer = plan(asked, should_stop=should_stop)
    assert answer.value <= proved + 1e-6
    assert answer.bound >= proved - 1e-6
    assert answer.status == ("optimal" if answer.gap <= 1e-6 else "bounded")
    free = {
        offer["offer"] for offer in answer.totals["offers"] if offer["taken"] < offer["capacity"]
    }
    gains = [one for one in answer.refused if one.reason == "no_gain" and one.offer in free]
    assert all(one.facts["loss"] >= -1e-5 for one in gains)


def test_progress_is_told_with_a_bound_never_below_the_value():
    told = []
    plan(school(7), tell=told.append)
    assert [step.step for step in told][-1] == "explaining"
    assert all(step.bound >= step.value - 1e-6 for step in told)


def test_possibilities_force_each_offer_at_its_true_cost():
    asked = school(8, people=1)
    (person,) = asked.reservists
    answer = possibilities(asked, person.id)
    wide = tuple(replace(o, capacity=min(o.capacity, 1)) for o in asked.offers)
    alone = replace(asked, offers=wide)
    assert answer.best.points == pytest.approx(plan(alone).value, abs=1e-5)
    for one in answer.offers:
        assert (one.grant is None) != (one.refusal is None)
        if one.forced is not None:
            pinned = plan(replace(alone, granted=(Pair(person.id, one.offer),)))
            assert one.offer in one.forced.plan.offers
            assert answer.best.points - one.forced.cost == pytest.approx(pinned.value, abs=1e-5)
            assert set(one.forced.drops) == set(answer.best.offers) - set(one.forced.plan.offers)


def test_the_frontier_trades_days_for_minutes_and_starts_with_what_costs_nothing():
    for seed in range(9, 15):
        asked = school(seed, people=1, offers=14, max_recoverable_minutes=1200)
        frontier = possibilities(asked, "R000").frontier
        assert frontier[0].minutes == 0
        for fewer, more in pairwise(frontier):
            assert (fewer.days, fewer.minutes) < (more.days, more.minutes)
            assert fewer.minutes < more.minutes


def test_the_next_best_plans_are_different_legal_and_in_order():
    answer = possibilities(school(16, people=1), "R000")
    assert answer.plans[0].points == answer.best.points
    assert len({one.offers for one in answer.plans}) == len(answer.plans)
    assert [one.points for one in answer.plans] == sorted(
        (one.points for one in answer.plans), reverse=True
    )


def test_prices_make_a_scarce_offer_give_way_to_a_free_one():
    start = FIRST
    offers = (
        Offer("scarce", start, start + timedelta(days=2), 1),
        Offer("free", start + timedelta(days=1), start + timedelta(days=2), 9),
    )
    person = Reservist("R", (), Contract(date(2026, 1, 1), date(2027, 1, 1)), target_days=3)
    asked = Problem(offers, (person,))
    assert possibilities(asked, "R").best.offers == ("scarce",)
    assert possibilities(asked, "R", prices={"scarce": 900.0}).best.offers == ("free",)


def test_somebody_who_may_be_granted_nothing_has_an_empty_best_plan_and_every_reason():
    asked = school(1, people=1)
    ended = replace(asked.reservists[0], contract=Contract(date(2020, 1, 1), date(2021, 1, 1)))
    answer = possibilities(replace(asked, reservists=(ended,)), "R000")
    assert answer.best.offers == ()
    assert [one.days for one in answer.frontier] == [0]
    assert {one.refusal.reason for one in answer.offers} == {"contract"}
    assert possibilities(replace(asked, offers=()), "R000").offers == ()


def test_an_unknown_reservist_has_no_possibilities():
    with pytest.raises(KeyError):
        possibilities(school(1), "nobody")
