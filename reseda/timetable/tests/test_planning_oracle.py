"""The planner beside every plan there is, tried one by one, on small schools where all rules bite.

The trial is written from the rules alone, on the input as a program gives it; it shares nothing
with the planner nor with the check. RESEDA_PLANNER_INSTANCES raises the number of schools.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations
from math import ceil
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reseda.timetable.domain.planning.check import check
from reseda.timetable.domain.planning.model import Grant, Plan, Problem
from reseda.timetable.domain.planning.possibilities import possibilities
from reseda.timetable.domain.planning.solve import plan
from reseda.timetable.management import plans
from reseda.timetable.tests.planning_instances import permuted, small, write

INSTANCES = int(os.environ.get("RESEDA_PLANNER_INSTANCES", "480"))
BATCHES = 12
POINTS = 1e-6
OF_A_PERSON = {"contract", "requires", "clash", "travel", "ceiling", "recoverable_limit", "rest"}
OF_A_PERSON |= {"pin_excluded"}

Json = Mapping[str, Any]


class Trial:
    """Every legal plan of every reservist, then every way to share the places."""

    def __init__(self, school: Json) -> None:
        self.school, self.policy = school, school["policy"]
        self.zone = ZoneInfo(school["zone"])
        self.offers = {offer["id"]: offer for offer in school["offers"]}
        self.spans = {name: self.span(offer) for name, offer in self.offers.items()}
        self.days = {name: self.halves(*span) for name, span in self.spans.items()}
        self.published = {(p["reservist"], p["offer"]) for p in school.get("published", ())}
        self.change = self.policy.get("change_cost", 0) if "published" in school else 0
        pins = school.get("pins", {})
        self.excluded = {(p["reservist"], p["offer"]) for p in pins.get("excluded", ())}
        self.settled = {(p["reservist"], p["offer"]) for p in pins.get("granted", ())}

    def span(self, row: Json) -> tuple[datetime, datetime]:
        ends = [datetime.fromisoformat(row[name]) for name in ("start", "end")]
        ends = [end if end.tzinfo else end.replace(tzinfo=self.zone) for end in ends]
        return ends[0].astimezone(UTC), ends[1].astimezone(UTC)

    def halves(self, start: datetime, end: datetime) -> dict[int, float]:
        found: dict[int, float] = {}
        on = start.astimezone(self.zone).date() - timedelta(days=1)
        while on <= end.astimezone(self.zone).date():
            cuts = [self.clock(on, 0), self.clock(on, 12), self.clock(on + timedelta(days=1), 0)]
            for first, last in ((cuts[0], cuts[1]), (cuts[1], cuts[2])):
                if shared((start, end), (first, last)) >= 60:
                    found[on.year] = found.get(on.year, 0) + 0.5
            on += timedelta(days=1)
        return found

    def clock(self, on: date, hour: int) -> datetime:
        return datetime(on.year, on.month, on.day, hour, tzinfo=self.zone).astimezone(UTC)

    def minutes(self, who: Json, name: str) -> int:
        """Recoverable minutes of an offer; a negative number when a hard event forbids it."""
        way = timedelta(minutes=self.policy["travel_minutes"])
        start, end = self.spans[name]
        lost = 0
        for event in who["busy"]:
            seconds = shared(self.span(event), (start - way, end + way))
            if seconds > 0 and event["kind"] in self.policy["hard"]:
                return -1
            if seconds > 0 and event["kind"] in self.policy["recoverable"]:
                lost += ceil(seconds / 60)
        return lost

    def covers(self, who: Json, name: str) -> bool:
        contract, (start, end) = who["contract"], self.spans[name]
        first = self.clock(date.fromisoformat(contract["start"]), 0)
        last = self.clock(date.fromisoformat(contract["end"]) + timedelta(days=1), 0)
        return first <= start and end <= last

    def legal(self, who: Json) -> Iterator[tuple[tuple[str, ...], float]]:
        """Every legal set of offers of one reservist with its value."""
        minutes = {name: self.minutes(who, name) for name in self.offers}
        alone = [
            name
            for name in self.offers
            if self.covers(who, name)
            and minutes[name] >= 0
            and (who["id"], name) not in self.excluded
        ]
        for size in range(len(alone) + 1):
            for chosen in combinations(alone, size):
                if self.is_legal(who, chosen, minutes):
                    yield chosen, self.value(who, chosen, minutes)

    def is_legal(self, who: Json, chosen: tuple[str, ...], minutes: Mapping[str, int]) -> bool:
        if sum(minutes[name] for name in chosen) > self.policy["max_recoverable_minutes"]:
            return False
        if any(who["id"] == person and name not in chosen for person, name in self.settled):
            return False
        if not all(self.apart(one, other) for one, other in combinations(chosen, 2)):
            return False
        if not all(self.qualified(who, name, chosen) for name in chosen):
            return False
        return all(
            served + days <= ceiling
            for year, ceiling in who.get("ceilings", {}).items()
            for served in [who.get("served", {}).get(year, 0)]
            for days in [sum(self.days[name].get(int(year), 0) for name in chosen)]
            if days
        )

    def apart(self, one: str, other: str) -> bool:
        (start, end), (begin, finish) = self.spans[one], self.spans[other]
        rest = self.policy["rest_days"] * 86_400 - POINTS
        return (begin - end).total_seconds() >= rest or (start - finish).total_seconds() >= rest

    def qualified(self, who: Json, name: str, chosen: tuple[str, ...]) -> bool:
        has = set(who.get("holds", ()))
        for other in chosen:
            if self.spans[other][1] <= self.spans[name][0]:
                has.update(self.offers[other].get("grants", ()))
        return set(self.offers[name].get("requires", ())) <= has

    def value(self, who: Json, chosen: tuple[str, ...], minutes: Mapping[str, int]) -> float:
        target = who.get("target_days", 0)
        days = sum(sum(self.days[name].values()) for name in chosen)
        worth = 0.0
        if target and self.policy["objective"] == "fair":
            part = min(days / target, 1)
            worth = 1000 * (2 * part - part**2)
        elif target:
            worth = 50 * min(days, target)
        changes = sum(
            ((who["id"], name) in self.published) != (name in chosen) for name in self.offers
        )
        lost = self.policy["minute_cost"] * sum(minutes[name] for name in chosen)
        wishes = sum(who.get("wishes", {}).get(name, 0) for name in chosen)
        return worth - lost + wishes - self.change * changes

    def best(self) -> float | None:
        """The greatest value of a legal plan of the school, or nothing where there is none."""
        names = list(self.offers)
        places = tuple(self.offers[name]["capacity"] for name in names)
        found: dict[tuple[int, ...], float] = {places: 0.0}
        for who in self.school["reservists"]:
            choices = [(tuple(n in c for n in names), value) for c, value in self.legal(who)]
            following: dict[tuple[int, ...], float] = {}
            for left, total in found.items():
                for taken, value in choices:
                    rest = tuple(a - b for a, b in zip(left, taken, strict=True))
                    if min(rest) >= 0 and total + value > following.get(rest, float("-inf")):
                        following[rest] = total + value
            found = following
        return max(found.values(), default=None)


def shared(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> float:
    return (min(one[1], other[1]) - max(one[0], other[0])).total_seconds()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("schools")


def read(folder: Path, school: Json) -> Problem:
    return plans.problem(str(write(folder, school)), warn=pytest.fail)


def planned(folder: Path, school: Json) -> Plan:
    """Plan a school, and make sure that the check has nothing to say."""
    problem = read(folder, school)
    found = plan(problem)
    assert check(problem, found) == ()
    assert found.status == "optimal"
    return found


@cache
def schools(batch: int) -> list[dict[str, Any]]:
    count = INSTANCES // BATCHES
    return [small(seed) for seed in range(batch * count, (batch + 1) * count)]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_frontier_of_each_person_is_that_of_every_legal_plan(folder: Path, batch: int):
    for school in schools(batch)[: INSTANCES // BATCHES // 2]:
        trial, problem = Trial(school), read(folder, school)
        for who in school["reservists"]:
            minutes = {name: trial.minutes(who, name) for name in trial.offers}
            open_ = {name for name, offer in trial.offers.items() if offer["capacity"]}
            legal = [chosen for chosen, _value in trial.legal(who) if open_.issuperset(chosen)]
            if not legal:
                continue
            cost: dict[float, int] = {}
            for chosen in legal:
                days = sum(sum(trial.days[name].values()) for name in chosen)
                lost = sum(minutes[name] for name in chosen)
                cost[days] = min(lost, cost.get(days, lost))
            expected = {
                (days, lost)
                for days, lost in cost.items()
                if all(lost < other for more, other in cost.items() if more > days)
            }
            frontier = possibilities(problem, who["id"]).frontier
            assert {(one.days, one.minutes) for one in frontier} == expected


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_plan_is_better_than_the_planner_s(folder: Path, batch: int):
    for school in schools(batch):
        expected = Trial(school).best()

        found = planned(folder, school)

        assert found.value == pytest.approx(expected, abs=POINTS, rel=0), school
        assert found.bound >= found.value - POINTS


@given(seed=st.integers(min_value=10**6))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_plan_is_better_whatever_the_seed(folder: Path, seed: int):
    school = small(seed)

    assert planned(folder, school).value == pytest.approx(Trial(school).best(), abs=POINTS, rel=0)


@pytest.mark.parametrize("seed", range(120))
def test_the_check_and_the_trial_find_the_same_plans_legal(folder: Path, seed: int):
    """Pairs granted at random, so that most plans break something."""
    school, random = small(seed), Random(seed)  # noqa: S311 - the same draw every time
    trial, problem = Trial(school), read(folder, school)
    chosen = {
        who["id"]: tuple(n for n in trial.offers if random.random() < 0.3)
        for who in school["reservists"]
    }
    granted = tuple(Grant(r, n, 0, (), 0) for r, names in chosen.items() for n in names)

    faults = check(problem, Plan("bounded", 0, 0, 0, granted, (), {}))

    broken = {fault.reservist for fault in faults if fault.rule in OF_A_PERSON}
    assert broken == {
        who["id"]
        for who in school["reservists"]
        if chosen[who["id"]] not in [names for names, _ in trial.legal(who)]
    }


@pytest.mark.parametrize("seed", range(60))
def test_a_pair_settled_beforehand_is_granted_at_the_least_cost(folder: Path, seed: int):
    """A pair that some legal plan holds is settled; the best plan that holds it is found."""
    school, trial = small(seed), Trial(small(seed))
    places = {name: offer["capacity"] for name, offer in trial.offers.items()}
    settled = [
        {"reservist": who["id"], "offer": name}
        for who in school["reservists"]
        for chosen, _ in trial.legal(who)
        for name in chosen
        if len(chosen) == 1 and places[name]
    ]
    if not settled:
        return
    pins = {**school.get("pins", {}), "granted": [Random(seed).choice(settled)]}  # noqa: S311
    school["pins"] = pins

    assert planned(folder, school).value == pytest.approx(Trial(school).best(), abs=POINTS, rel=0)


@pytest.mark.parametrize("seed", range(40))
def test_a_place_more_never_lowers_the_value(folder: Path, seed: int):
    school = small(seed)
    before = planned(folder, school).value

    for offer in school["offers"]:
        offer["capacity"] += 1
        after = planned(folder, school).value
        assert after >= before - POINTS
        before = after


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_the_input_does_not_change_the_value(folder: Path, seed: int):
    school = small(seed)

    mixed = planned(folder, permuted(school, seed)).value

    assert mixed == pytest.approx(planned(folder, school).value, abs=POINTS, rel=0)


@pytest.mark.parametrize("seed", range(20))
def test_the_same_input_gives_the_same_plan(folder: Path, seed: int):
    problem = read(folder, small(seed))

    assert plan(problem) == plan(problem)


def test_the_output_is_the_same_in_every_process(folder: Path):
    path = write(folder, small(7), "same.json")
    answers = [
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "config.cli", "timetable", "plan", str(path)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "4242")
    ]

    assert answers[0] == answers[1]
    assert list(json.loads(answers[0])) == [
        "status",
        "value",
        "bound",
        "gap",
        "granted",
        "refused",
        "totals",
    ]
