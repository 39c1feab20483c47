"""The planner’s engine on cases small enough for the right answer to be argued in a line."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from reseda.timetable.domain.planning.instants import half_days
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
from reseda.timetable.domain.planning.solve import plan

PARIS = ZoneInfo("Europe/Paris")
POLICY = Policy(travel_minutes=60, rest_days=1, max_recoverable_minutes=600, minute_cost=0.5)
LONG = Contract(date(2020, 1, 1), date(2035, 12, 31))


def at(day, hour=8, minute=0):
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), PARIS) + timedelta(
        hours=hour, minutes=minute
    )


def offer(id_, first, last=None, *, capacity=1, requires=(), grants=()):
    return Offer(id_, at(first), at(last or first, 18), capacity, tuple(requires), tuple(grants))


def reservist(id_="R1", **changes):
    given = {"busy": (), "contract": LONG, "target_days": 10.0}
    return Reservist(id=id_, **(given | changes))


def problem(offers, people=None, **changes):
    given = {"policy": POLICY} | changes
    return Problem(tuple(offers), tuple(people or [reservist()]), **given)


def granted(answer):
    return {(grant.reservist, grant.offer) for grant in answer.granted}


def reasons(answer):
    return {(refusal.reservist, refusal.offer): refusal.reason for refusal in answer.refused}


def test_one_free_offer_is_granted_and_worth_its_share_of_the_target():
    answer = plan(problem([offer("A", "2026-03-02", "2026-03-06")]))
    assert granted(answer) == {("R1", "A")}
    # 5 of 10 days: 1000 (2 × 0.5 − 0.25).
    assert answer.value == pytest.approx(750)
    assert (answer.status, answer.gap, answer.bound) == ("optimal", 0, answer.value)


def test_without_anybody_or_without_offers_the_plan_is_empty_and_optimal():
    nobody = plan(Problem((offer("A", "2026-03-02"),), (), POLICY))
    nothing = plan(Problem((), (reservist(),), POLICY))
    neither = plan(Problem((), (), POLICY))
    for answer in (nobody, nothing, neither):
        assert (answer.status, answer.value, answer.granted, answer.refused) == (
            "optimal",
            0,
            (),
            (),
        )


def test_a_last_place_goes_to_whoever_it_is_worth_most_to():
    people = [reservist("near", target_days=5.0), reservist("far", target_days=30.0)]
    answer = plan(problem([offer("A", "2026-03-02", "2026-03-06")], people))
    assert granted(answer) == {("near", "A")}
    refusal = answer.refused[0]
    assert refusal.reason == "full"
    assert refusal.facts["higher_claims"] == 1
    assert refusal.would_need == {"places": 1}


def test_the_total_objective_ignores_who_is_furthest_from_the_target():
    offers = [offer("A", "2026-03-02", "2026-03-06"), offer("B", "2026-04-06", "2026-04-10")]
    people = [reservist("x", wishes={"A": 1.0, "B": 1.0}), reservist("y")]
    fair = plan(problem(offers, people))
    total = plan(problem(offers, people, policy=replace(POLICY, objective="total")))
    assert {grant.reservist for grant in fair.granted} == {"x", "y"}
    assert {grant.reservist for grant in total.granted} == {"x"}
    assert total.value == pytest.approx(502)


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        (at("2026-03-02", 18), at("2026-03-02", 19), "travel"),
        (at("2026-03-02", 19), at("2026-03-02", 20), None),
        (at("2026-03-02", 17, 59), at("2026-03-02", 19), "clash"),
        (at("2026-03-02", 6), at("2026-03-02", 7), None),
        (at("2026-03-02", 6), at("2026-03-02", 7, 1), "travel"),
    ],
)
def test_an_exam_forbids_the_offer_and_the_hour_of_travel_on_each_side(start, end, reason):
    person = reservist(busy=(Busy("e", start.astimezone(UTC), end.astimezone(UTC), "exam"),))
    answer = plan(problem([offer("A", "2026-03-02")], [person]))
    assert reasons(answer).get(("R1", "A")) == reason
    if reason:
        assert answer.refused[0].would_need == {"events": ["e"]}


def test_lessons_are_lost_with_their_travel_time_and_other_kinds_do_not_count():
    lessons = (
        Busy("late", at("2026-03-02", 18), at("2026-03-02", 20), "lecture"),
        Busy("sport", at("2026-03-02", 10), at("2026-03-02", 12), "sport"),
        Busy("noon", at("2026-03-02", 12), at("2026-03-02", 13), "tutorial"),
    )
    answer = plan(problem([offer("A", "2026-03-02")], [reservist(busy=lessons)]))
    assert (answer.granted[0].recoverable, answer.granted[0].minutes) == (("noon", "late"), 120)
    # One day of ten: 190 points, less 120 minutes at half a point.
    assert answer.value == pytest.approx(190 - 60)


def test_the_limit_of_minutes_holds_over_the_whole_plan():
    days = ("2026-03-02", "2026-03-09", "2026-03-16")
    busy = tuple(Busy(day, at(day, 10), at(day, 15), "lecture") for day in days)
    policy = replace(POLICY, minute_cost=0.0)
    answer = plan(problem([offer(day, day) for day in days], [reservist(busy=busy)], policy=policy))
    assert len(answer.granted) == 2
    (refusal,) = answer.refused
    assert refusal.reason == "recoverable_limit"
    assert refusal.facts == {"limit": 600, "granted": 600, "minutes": 300}
    assert refusal.would_need == {"minutes": 300}


def test_an_offer_across_new_year_counts_in_both_civil_years():
    across = offer("A", "2026-12-30", "2027-01-02")
    person = reservist(ceilings={2026: 2.0, 2027: 1.5})
    answer = plan(problem([across], [person]))
    assert answer.refused[0].reason == "ceiling"
    assert answer.refused[0].facts["year"] == 2027
    assert answer.refused[0].would_need == {"year": 2027, "days": 0.5}
    assert granted(plan(problem([across], [replace(person, ceilings={2026: 2, 2027: 2})])))


def test_a_ceiling_reached_exactly_is_not_passed_and_years_are_apart():
    offers = [offer("A", "2026-11-02", "2026-11-06"), offer("B", "2027-01-11", "2027-01-15")]
    person = reservist(ceilings={2026: 10.5, 2027: 5}, served={2026: 5.5})
    assert len(plan(problem(offers, [person])).granted) == 2
    tighter = replace(person, served={2026: 6})
    assert granted(plan(problem(offers, [tighter]))) == {("R1", "B")}


def test_a_year_already_over_its_ceiling_refuses_its_offers_only():
    offers = [offer("A", "2026-11-02"), offer("B", "2027-01-11")]
    person = reservist(ceilings={2026: 30}, served={2026: 40})
    assert granted(plan(problem(offers, [person]))) == {("R1", "B")}


def test_two_offers_need_their_days_of_rest_and_none_is_enough_without_rest():
    offers = [
        Offer("A", at("2026-03-02"), at("2026-03-03"), 1),
        Offer("B", at("2026-03-03"), at("2026-03-04"), 1),
    ]
    tight = plan(problem(offers))
    assert len(tight.granted) == 1
    assert list(reasons(tight).values()) == ["overlap"]
    assert tight.refused[0].would_need["drop"] == [tight.granted[0].offer]
    assert len(plan(problem(offers, policy=replace(POLICY, rest_days=0))).granted) == 2


def test_the_rest_is_counted_in_hours_across_the_change_to_summer_time():
    # From Saturday 18:00 to Sunday 18:00 only 23 hours pass on 29 March 2026.
    offers = [
        Offer("A", at("2026-03-28"), at("2026-03-28", 18), 1),
        Offer(
            "B", datetime(2026, 3, 29, 18, tzinfo=PARIS), datetime(2026, 3, 29, 23, tzinfo=PARIS), 1
        ),
    ]
    assert len(plan(problem(offers)).granted) == 1


def test_the_initial_training_opens_what_requires_it_later_but_not_before():
    offers = [
        offer("early", "2026-03-02", requires=["FMIR"]),
        offer("training", "2026-04-06", "2026-04-08", grants=["FMIR"]),
        offer("late", "2026-05-04", "2026-05-05", requires=["FMIR"]),
    ]
    answer = plan(problem(offers))
    assert granted(answer) == {("R1", "training"), ("R1", "late")}
    (refusal,) = answer.refused
    assert refusal.reason == "requires"
    assert refusal.would_need == {"qualifications": ["FMIR"]}


def test_a_training_worth_nothing_is_granted_for_what_it_opens():
    offers = [
        offer("training", "2026-04-06", grants=["FMIR"]),
        offer("late", "2026-05-04", "2026-05-22", requires=["FMIR"]),
    ]
    person = reservist(target_days=19.0, wishes={"training": -200.0})
    assert len(plan(problem(offers, [person])).granted) == 2


def test_a_qualification_that_no_offer_grants_must_be_held():
    needing = [offer("A", "2026-03-02", requires=["diver"])]
    assert reasons(plan(problem(needing))) == {("R1", "A"): "requires"}
    assert plan(problem(needing, [reservist(holds=("diver",))])).granted


def test_a_contract_covers_its_last_day_whole():
    person = reservist(contract=Contract(date(2026, 3, 2), date(2026, 3, 6)))
    midnight = Offer("A", at("2026-03-02", 0), at("2026-03-07", 0), 1)
    assert plan(problem([midnight], [person])).granted
    beyond = replace(midnight, end=at("2026-03-07", 0, 1))
    assert reasons(plan(problem([beyond], [person]))) == {("R1", "A"): "contract"}


def test_a_wish_against_refuses_without_gain_and_says_the_loss():
    answer = plan(problem([offer("A", "2026-03-02")], [reservist(wishes={"A": -200.0})]))
    assert answer.refused[0].reason == "no_gain"
    assert answer.refused[0].facts["loss"] == pytest.approx(10)


def test_without_target_nothing_is_worth_a_day_but_a_wish_still_is():
    person = reservist(target_days=0.0, wishes={"A": 1.0})
    answer = plan(problem([offer("A", "2026-03-02"), offer("B", "2026-04-02")], [person]))
    assert granted(answer) == {("R1", "A")}
    assert answer.value == pytest.approx(1)


def test_an_offer_without_places_is_full():
    assert reasons(plan(problem([offer("A", "2026-03-02", capacity=0)]))) == {("R1", "A"): "full"}


def test_a_replan_stays_near_the_published_plan_unless_the_gain_pays_the_change():
    offers = [offer("A", "2026-03-02", "2026-03-04"), offer("B", "2026-03-03", "2026-03-06")]
    free = plan(problem(offers))
    assert granted(free) == {("R1", "B")}
    published = {"published": (Pair("R1", "A"),)}
    # B instead of A brings 640 − 510 = 130 points for two changes.
    near = plan(problem(offers, change_cost=66.0, **published))
    assert (granted(near), near.value) == ({("R1", "A")}, pytest.approx(510))
    far = plan(problem(offers, change_cost=64.0, **published))
    assert (granted(far), far.value) == ({("R1", "B")}, pytest.approx(640 - 128))
    assert far.totals["changes"] == 2


def test_pins_are_kept_and_what_stands_in_their_way_is_refused():
    offers = [offer("A", "2026-03-02"), offer("B", "2026-03-02", "2026-03-06")]
    pinned = plan(problem(offers, granted=(Pair("R1", "A"),)))
    assert granted(pinned) == {("R1", "A")}
    assert reasons(pinned) == {("R1", "B"): "overlap"}
    barred = plan(problem(offers, excluded=(Pair("R1", "B"),)))
    assert granted(barred) == {("R1", "A")}
    assert reasons(barred) == {("R1", "B"): "excluded"}


def test_a_pin_brings_the_training_it_needs_whatever_it_costs():
    offers = [
        offer("training", "2026-04-06", grants=["FMIR"]),
        offer("late", "2026-05-04", requires=["FMIR"]),
    ]
    person = reservist(wishes={"training": -900.0})
    assert plan(problem(offers, [person])).granted == ()
    assert len(plan(problem(offers, [person], granted=(Pair("R1", "late"),))).granted) == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"contract": Contract(date(2020, 1, 1), date(2021, 1, 1))}, "contract"),
        ({"ceilings": {2026: 0}}, "ceiling"),
        ({"busy": (Busy("e", at("2026-03-02", 9), at("2026-03-02", 10), "exam"),)}, "clash"),
    ],
)
def test_an_illegal_pin_is_refused_with_the_pair_and_the_reason(changes, reason):
    asked = problem([offer("A", "2026-03-02")], [reservist(**changes)], granted=(Pair("R1", "A"),))
    with pytest.raises(PinError) as raised:
        plan(asked)
    assert (raised.value.pair, raised.value.reason) == (Pair("R1", "A"), reason)


def test_a_pin_whose_qualification_nothing_brings_or_without_place_is_refused():
    needing = offer("A", "2026-03-02", requires=["FMIR"])
    teaching = offer("B", "2026-04-02", grants=["FMIR"])
    with pytest.raises(PinError, match="requires"):
        plan(problem([needing, teaching], granted=(Pair("R1", "A"),)))
    with pytest.raises(PinError, match="full"):
        plan(problem([replace(needing, requires=(), capacity=0)], granted=(Pair("R1", "A"),)))


def test_days_are_halves_cut_at_noon_local_whatever_the_season():
    paris = ZoneInfo("Europe/Paris")
    assert half_days(at("2026-03-02", 8), at("2026-03-02", 12), paris) == {2026: 1}
    assert half_days(at("2026-03-02", 8), at("2026-03-02", 12, 1), paris) == {2026: 2}
    one_second = at("2026-03-02", 12) + timedelta(seconds=59)
    assert half_days(at("2026-03-02", 8), one_second, paris) == {2026: 1}
    summer = datetime(2026, 3, 29, 10, 30, tzinfo=UTC)
    assert half_days(summer - timedelta(hours=1), summer, paris) == {2026: 2}
    assert half_days(at("2026-12-31", 13), at("2027-01-01", 11), paris) == {2026: 1, 2027: 1}
    assert half_days(at("2026-12-31", 0), at("2028-01-01", 0), paris) == {2026: 2, 2027: 730}
