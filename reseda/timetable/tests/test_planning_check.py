"""The check finds each planted mistake, and nothing in a right plan.

The plan is written by hand, so that neither planner nor check decides what is right.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reseda.timetable.domain.planning.check import check, recompute
from reseda.timetable.domain.planning.check_ground import days_of
from reseda.timetable.domain.planning.model import (
    Busy,
    Contract,
    Grant,
    Offer,
    Pair,
    Plan,
    Policy,
    Problem,
    Refusal,
    Reservist,
)

PARIS_WINTER = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    """An instant of 2027, by the clocks of Paris in winter."""
    return datetime(2027, month, day, hour, minute, tzinfo=UTC) - PARIS_WINTER


def offer(name: str, day: int, days: int = 2, **more: Any) -> Offer:
    """From 8:00 to 18:00 of the last day, one place."""
    return Offer(name, at(day, 8), at(day + days - 1, 18), more.pop("capacity", 1), **more)


OFFERS = (
    offer("T", 1, capacity=2, grants=("FMIR",)),
    offer("A", 6, requires=("FMIR",)),
    offer("B", 8),
    offer("C", 12, requires=("FMIR",)),
    offer("I", 15, days=1),
    offer("D", 17),
    offer("E", 21),
    offer("F", 24, days=3, capacity=0),
    offer("H", 25, days=1, requires=("PARA",)),
    Offer("G", at(1, 8, month=3), at(1, 18, month=3), 1),
)
BUSY = (
    Busy("lesson", at(6, 6, 30), at(6, 9), "lecture"),
    Busy("day off", at(12, 8), at(12, 12), "holiday"),
    Busy("long lesson", at(15, 9), at(15, 12), "tutorial"),
    Busy("exam", at(17, 9), at(17, 11), "exam"),
    Busy("early exam", at(21, 5), at(21, 7), "exam"),
)
ANNE = Reservist(
    "anne",
    BUSY,
    Contract(date(2026, 1, 1), date(2027, 2, 28)),
    target_days=8,
    ceilings={2027: 9},
    served={2027: 2.5},
    wishes={"A": 10},
)
BRUNO = Reservist("bruno", (), Contract(date(2020, 1, 1), date(2030, 1, 1)), ("FMIR",), 2)
PROBLEM = Problem(OFFERS, (ANNE, BRUNO), Policy(max_recoverable_minutes=300))
GRANTED = (
    Grant("anne", "T", 2.0, (), 0),
    Grant("anne", "A", 2.0, ("lesson",), 150),
    Grant("bruno", "C", 2.0, (), 0),
)
REASONS = {
    "anne": {
        "B": "overlap",
        "C": "full",
        "I": "recoverable_limit",
        "D": "clash",
        "E": "travel",
        "F": "ceiling",
        "H": "requires",
        "G": "contract",
    },
    "bruno": {
        "T": "no_gain",
        "A": "full",
        "B": "no_gain",
        "I": "no_gain",
        "D": "no_gain",
        "E": "no_gain",
        "F": "full",
        "H": "requires",
        "G": "no_gain",
    },
}
REFUSED = tuple(
    Refusal(who, name, reason, {}, {})
    for who, reasons in REASONS.items()
    for name, reason in reasons.items()
)
# Anne serves half of what she wants, Bruno all of it: 750 + a wish − the lesson, and 1,000.
VALUE = 750 + 10 - 0.05 * 150 + 1000
TOTALS = {"granted": 3, "days": 6.0, "recoverable_minutes": 150, "refused": {"full": 2}}
RIGHT = Plan("optimal", VALUE, VALUE, 0.0, GRANTED, REFUSED, TOTALS)


def found(plan: Plan, problem: Problem = PROBLEM) -> set[tuple[str, str | None, str | None]]:
    return {(fault.rule, fault.reservist, fault.offer) for fault in check(problem, plan)}


def granting(who: str, name: str, days: float = 2.0, minutes: int = 0, *uids: str) -> Plan:
    """The right plan with one refusal turned into a grant, and its value along."""
    grant = Grant(who, name, days, uids, minutes)
    refused = tuple(r for r in REFUSED if (r.reservist, r.offer) != (who, name))
    return valued(replace(RIGHT, granted=(*GRANTED, grant), refused=refused, totals={}))


def refusing(who: str, name: str, reason: str) -> Plan:
    """The right plan with one grant turned into a refusal, and its value along."""
    granted = tuple(g for g in GRANTED if (g.reservist, g.offer) != (who, name))
    refused = (*REFUSED, Refusal(who, name, reason, {}, {}))
    return valued(replace(RIGHT, granted=granted, refused=refused, totals={}))


def valued(plan: Plan, problem: Problem = PROBLEM) -> Plan:
    value = recompute(problem, plan)
    return replace(plan, value=value, bound=value)


def because(who: str, name: str, reason: str) -> Plan:
    """The right plan with another reason for one refusal."""
    refused = tuple(
        replace(r, reason=reason) if (r.reservist, r.offer) == (who, name) else r for r in REFUSED
    )
    return replace(RIGHT, refused=refused)


def test_a_right_plan_breaks_nothing():
    assert check(PROBLEM, RIGHT) == ()
    assert recompute(PROBLEM, RIGHT) == pytest.approx(VALUE)


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (granting("anne", "G", 1.0), ("contract", "anne", "G")),
        (granting("bruno", "H", 1.0), ("requires", "bruno", "H")),
        (refusing("anne", "T", "no_gain"), ("requires", "anne", "A")),
        (granting("anne", "D"), ("clash", "anne", "D")),
        (granting("anne", "E"), ("travel", "anne", "E")),
        (granting("anne", "F", 3.0), ("ceiling", "anne", None)),
        (granting("anne", "I", 1.0, 180, "long lesson"), ("recoverable_limit", "anne", None)),
        (granting("anne", "B"), ("rest", "anne", "B")),
        (granting("anne", "C"), ("capacity", None, "C")),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_a_grant_against_a_rule_is_found(plan: Plan, fault: tuple[str, str | None, str | None]):
    assert fault in found(plan)


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        (
            replace(RIGHT, granted=(*GRANTED, Grant("carl", "T", 2.0, (), 0)), totals={}),
            ("unknown_reservist", "carl", "T"),
        ),
        (
            replace(RIGHT, refused=(*REFUSED, Refusal("anne", "Z", "full", {}, {}))),
            ("unknown_offer", "anne", "Z"),
        ),
        (replace(RIGHT, refused=REFUSED[1:]), ("pair_missing", "anne", "B")),
        (replace(RIGHT, refused=(*REFUSED, REFUSED[3])), ("pair_twice", "anne", "D")),
        (
            replace(RIGHT, refused=(*REFUSED, Refusal("anne", "T", "full", {}, {}))),
            ("pair_twice", "anne", "T"),
        ),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_every_pair_comes_once_and_exists(plan: Plan, fault: tuple[str, str, str]):
    assert found(plan) == {fault}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"days": 2.5}, "days"),
        ({"days": float("nan")}, "days"),
        ({"minutes": 149}, "minutes"),
        ({"recoverable": ()}, "recoverable"),
        ({"recoverable": ("lesson", "lesson")}, "recoverable"),
        ({"recoverable": ("day off",)}, "recoverable"),
    ],
)
def test_the_figures_of_a_grant_are_counted_again(changes: dict[str, Any], rule: str):
    granted = (GRANTED[0], replace(GRANTED[1], **changes), GRANTED[2])

    assert found(replace(RIGHT, granted=granted, totals={})) == {(rule, "anne", "A")}


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"value": VALUE + 1, "bound": VALUE + 1}, {"value"}),
        ({"value": float("nan")}, {"value", "bound"}),
        ({"bound": VALUE - 1}, {"bound"}),
        ({"gap": 0.5}, {"gap"}),
        ({"bound": 2 * VALUE}, {"gap", "status"}),
        ({"bound": 2 * VALUE, "gap": 0.5}, {"status"}),
        ({"bound": 2 * VALUE, "gap": 0.5, "status": "bounded"}, set()),
        ({"status": "best"}, {"status"}),
        ({"totals": {"granted": 4}}, {"totals"}),
        ({"totals": {"days": 6.5}}, {"totals"}),
        ({"totals": {"anything else": 6.5}}, set()),
    ],
)
def test_the_figures_of_a_plan_agree(changes: dict[str, Any], rules: set[str]):
    assert {rule for rule, _, _ in found(replace(RIGHT, **changes))} == rules


@pytest.mark.parametrize(
    ("who", "name", "false"),
    [
        ("anne", "B", "full"),  # It overlaps first.
        ("anne", "C", "clash"),  # A day off is not compulsory.
        ("anne", "D", "travel"),
        ("anne", "E", "clash"),  # Only on the way.
        ("anne", "F", "no_gain"),
        ("anne", "G", "ceiling"),
        ("anne", "I", "overlap"),
        ("anne", "H", "contract"),
        ("bruno", "B", "full"),  # A place is free.
        ("bruno", "B", "recoverable_limit"),
        ("bruno", "B", "excluded"),
        ("bruno", "B", "because"),
    ],
)
def test_a_false_reason_is_found(who: str, name: str, false: str):
    rule = "unknown_reason" if false == "because" else "reason"

    assert found(because(who, name, false)) == {(rule, who, name)}


def test_no_gain_is_false_where_one_more_offer_would_bring_points():
    assert found(refusing("bruno", "C", "no_gain")) == {
        ("reason", "bruno", "C"),
        # Without C, every other offer would bring him points too; and C is no longer full.
        *(("reason", "bruno", name) for name in ("T", "B", "I", "D", "E", "G")),
        ("reason", "anne", "C"),
    }


def test_a_bound_under_a_plan_at_hand_is_false():
    """Anne would gain by serving B instead of A: no lesson lost, and a wish."""
    anne = replace(ANNE, wishes={"B": 20})
    problem = replace(PROBLEM, reservists=(anne, BRUNO))
    plan = valued(RIGHT, problem)

    assert found(plan, problem) == {("bound", "anne", "B")}
    higher = replace(plan, bound=plan.value + 30, gap=30 / (plan.value + 30), status="bounded")
    assert found(higher, problem) == set()
    # A wish so low that serving costs more than it brings.
    problem = replace(PROBLEM, reservists=(replace(ANNE, wishes={"A": -900}), BRUNO))
    assert ("bound", "anne", "A") in found(valued(RIGHT, problem), problem)


def test_what_a_person_settled_must_be_followed():
    settled = replace(
        PROBLEM, granted=(Pair("anne", "C"),), excluded=(Pair("anne", "A"), Pair("bruno", "A"))
    )

    assert found(RIGHT, settled) == {
        ("pin_granted", "anne", "C"),
        ("pin_excluded", "anne", "A"),
        ("reason", "bruno", "A"),
    }
    assert found(because("bruno", "A", "excluded"), settled) == {
        ("pin_granted", "anne", "C"),
        ("pin_excluded", "anne", "A"),
    }


def test_leaving_a_published_plan_costs_each_change():
    known = (Pair("anne", "T"), Pair("anne", "C"), Pair("bruno", "C"))
    moved = replace(PROBLEM, published=known, change_cost=10)

    # Anne gains A and loses C.
    assert recompute(moved, RIGHT) == pytest.approx(VALUE - 20)
    assert found(RIGHT, moved) == {("value", None, None)}
    # Serving a day that everybody expects is a gain, even beyond the target.
    expected = replace(moved, published=(*known, Pair("bruno", "G")))
    assert ("reason", "bruno", "G") in found(valued(RIGHT, expected), expected)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-12-31T12:00", "2027-01-01T12:00", {2026: 0.5, 2027: 0.5}),
        ("2026-12-31T11:59", "2027-01-01T12:01", {2026: 1.0, 2027: 1.0}),
        ("2026-12-31T11:59:01", "2027-01-01T00:00:59", {2026: 0.5}),
        ("2026-12-31T08:00", "2027-01-01T00:00", {2026: 1.0}),
        ("2026-03-29T00:00", "2026-03-30T00:00", {2026: 1.0}),
        ("2026-10-25T11:59", "2026-10-25T12:00", {2026: 0.5}),
        ("2028-02-28T13:00", "2028-03-01T09:00", {2028: 2.0}),
        ("2026-05-04T12:00", "2026-05-04T12:00:30", {}),
    ],
)
def test_half_days_are_cut_at_noon_and_at_midnight(start: str, end: str, days: dict[int, float]):
    zone = ZoneInfo("Europe/Paris")
    ends = [datetime.fromisoformat(text).replace(tzinfo=zone) for text in (start, end)]

    assert days_of(Offer("P", ends[0], ends[1], 1), zone) == days


def test_clocks_that_change_do_not_shorten_the_rest():
    """From 18:00 on the eve to 18:00 after the change in spring, 23 hours pass."""
    zone = ZoneInfo("Europe/Paris")

    def on(day: int, hour: int) -> datetime:
        return datetime(2027, 3, day, hour, tzinfo=zone)

    offers = (Offer("eve", on(27, 8), on(27, 18), 1), Offer("day", on(28, 18), on(28, 23), 1))
    person = Reservist("anne", (), BRUNO.contract, target_days=10)
    grants = (Grant("anne", "eve", 1.0, (), 0), Grant("anne", "day", 0.5, (), 0))
    problem = Problem(offers, (person,))
    plan = valued(Plan("optimal", 0, 0, 0.0, grants, (), {}), problem)

    assert found(plan, problem) == {("rest", "anne", "day")}
    assert found(plan, replace(problem, policy=Policy(rest_days=23 / 24))) == set()
