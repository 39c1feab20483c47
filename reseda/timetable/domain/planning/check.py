"""Every rule that a plan breaks, found again from the rules alone.

Nothing here comes from the planner: a mistake of one is not a mistake of the other. A refusal is
judged by adding its offer to what the plan grants to the same reservist: its reason is the first of
`REASONS` that then applies.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, get_args

from reseda.timetable.domain.planning.check_ground import Ground, Met, Slot, minutes_of, worth
from reseda.timetable.domain.planning.model import (
    REASONS,
    Grant,
    Plan,
    Problem,
    Refusal,
    Reservist,
    Status,
)

POINTS = 1e-6
ROUNDING = 1e-9
# What is refused only because of what else the reservist is granted.
OF_THE_OTHERS = frozenset({"requires", "ceiling", "recoverable_limit", "overlap"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule: its code, the pair it concerns where there is one, and what was found."""

    rule: str
    reservist: str | None = None
    offer: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    """The pairs of a plan that exist, by reservist and by offer."""

    granted: dict[str, dict[str, Grant]] = field(default_factory=dict)
    refused: dict[str, dict[str, Refusal]] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)


def check(problem: Problem, plan: Plan) -> tuple[Fault, ...]:
    """List every broken rule: the pairs, then each reservist’s, the places, and the figures."""
    ground, sorted_plan = Ground(problem), _Plan()
    faults = [*_pairs(problem, plan, sorted_plan)]
    for reservist in problem.reservists:
        granted = sorted_plan.granted.get(reservist.id, {})
        held = sorted((ground.slots[offer] for offer in granted), key=lambda slot: slot.start)
        faults += _legality(ground, reservist, held)
        faults += _figures_of_grants(ground, reservist, granted)
        faults += _refusals(ground, reservist, held, sorted_plan)
    faults += _places(problem, sorted_plan)
    faults += _settled(problem, sorted_plan)
    value = _value(ground, sorted_plan)
    faults += _figures(plan, value)
    faults += _beaten(ground, sorted_plan, plan.bound - value + _dust(value))
    faults += _totals(plan)
    return tuple(faults)


def recompute(problem: Problem, plan: Plan) -> float:
    """The value of a plan, from its granted pairs alone; pairs that do not exist count for nothing.

    In points: V(d) − minute_cost × minutes + wishes for each reservist, less the cost of changes.
    """
    found = _Plan()
    for _ in _pairs(problem, plan, found):
        pass
    return _value(Ground(problem), found)


def _pairs(problem: Problem, plan: Plan, found: _Plan) -> Iterator[Fault]:
    """Sort the pairs of a plan, and say which do not exist, come twice or are missing."""
    reservists = {reservist.id for reservist in problem.reservists}
    offers = {offer.id for offer in problem.offers}
    for row in chain[Grant | Refusal](plan.granted, plan.refused):
        if row.reservist not in reservists:
            yield Fault("unknown_reservist", row.reservist, row.offer)
        elif row.offer not in offers:
            yield Fault("unknown_offer", row.reservist, row.offer)
        elif not _keep(row, found):
            yield Fault("pair_twice", row.reservist, row.offer)
    yield from _absent(problem, found)


def _absent(problem: Problem, found: _Plan) -> Iterator[Fault]:
    for reservist in problem.reservists:
        granted = found.granted.get(reservist.id, {})
        refused = found.refused.get(reservist.id, {})
        if len(granted) + len(refused) < len(problem.offers):
            for offer in problem.offers:
                if offer.id not in granted and offer.id not in refused:
                    yield Fault("pair_missing", reservist.id, offer.id)


def _keep(row: Grant | Refusal, found: _Plan) -> bool:
    granted = found.granted.setdefault(row.reservist, {})
    refused = found.refused.setdefault(row.reservist, {})
    if row.offer in granted or row.offer in refused:
        return False
    if isinstance(row, Grant):
        granted[row.offer] = row
        found.taken[row.offer] += 1
    else:
        refused[row.offer] = row
    return True


def _legality(ground: Ground, reservist: Reservist, held: Sequence[Slot]) -> Iterator[Fault]:
    """What the granted offers of one reservist break."""
    met = ground.met(reservist.busy)
    for slot in held:
        for rule, facts in _of_one(ground, reservist, slot, held):
            yield Fault(rule, reservist.id, slot.offer.id, facts)
    for before, after in _too_close(ground, held):
        facts = {"with": before.offer.id}
        yield Fault("rest", reservist.id, after.offer.id, facts)
    for year, days in _by_year(held).items():
        if _is_over(reservist, year, days):
            facts_of_year = {"year": year, "ceiling": reservist.ceilings[year], "granted": days}
            yield Fault("ceiling", reservist.id, None, facts_of_year)
    minutes = sum(minutes_of(met, slot) for slot in held)
    if minutes and minutes > ground.policy.max_recoverable_minutes:
        yield Fault("recoverable_limit", reservist.id, None, {"minutes": minutes})


def _of_one(
    ground: Ground, reservist: Reservist, slot: Slot, held: Iterable[Slot]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rules that one offer breaks by itself or for want of an earlier one, in order."""
    if not ground.is_covered(reservist, slot):
        yield "contract", {}
    if missing := _missing(reservist, slot, held):
        yield "requires", {"missing": missing}
    met = ground.met(reservist.busy).get(slot.offer.id)
    if met and met.is_hard:
        yield "clash", {}
    elif met and met.is_hard_on_the_way:
        yield "travel", {}


def _missing(reservist: Reservist, slot: Slot, held: Iterable[Slot]) -> list[str]:
    if not slot.offer.requires:
        return []
    has = set(reservist.holds)
    for other in held:
        if other.end <= slot.start:
            has.update(other.offer.grants)
    return sorted(set(slot.offer.requires) - has)


def _too_close(ground: Ground, held: Sequence[Slot]) -> Iterator[tuple[Slot, Slot]]:
    for place, after in enumerate(held):
        for before in held[:place]:
            if not ground.is_apart(before, after):
                yield before, after


def _by_year(held: Iterable[Slot]) -> dict[int, float]:
    days: dict[int, float] = {}
    for slot in held:
        for year, count in slot.days.items():
            days[year] = days.get(year, 0) + count
    return days


def _is_over(reservist: Reservist, year: int, days: float) -> bool:
    """Whether days granted in a year pass its ceiling, with those already served."""
    if year not in reservist.ceilings or not days:
        return False
    return reservist.served.get(year, 0) + days > reservist.ceilings[year] + ROUNDING


def _figures_of_grants(
    ground: Ground, reservist: Reservist, granted: Mapping[str, Grant]
) -> Iterator[Fault]:
    met = ground.met(reservist.busy)
    for offer, grant in granted.items():
        found, days = met.get(offer, Met()), ground.slots[offer].total
        if not abs(grant.days - days) <= ROUNDING:
            yield Fault("days", reservist.id, offer, {"given": grant.days, "found": days})
        if grant.minutes != found.minutes:
            facts = {"given": grant.minutes, "found": found.minutes}
            yield Fault("minutes", reservist.id, offer, facts)
        if sorted(grant.recoverable) != sorted(found.uids):
            uids = {"given": list(grant.recoverable), "found": sorted(found.uids)}
            yield Fault("recoverable", reservist.id, offer, uids)


def _refusals(
    ground: Ground, reservist: Reservist, held: Sequence[Slot], plan: _Plan
) -> Iterator[Fault]:
    """Refusals whose reason is not the first that applies."""
    for offer, refusal in plan.refused.get(reservist.id, {}).items():
        slot = ground.slots[offer]
        if refusal.reason not in REASONS:
            yield Fault("unknown_reason", reservist.id, offer, {"given": refusal.reason})
            continue
        found = _reason(ground, reservist, slot, held, plan.taken[offer])
        if found != refusal.reason:
            facts = {"given": refusal.reason, "found": found}
            yield Fault("reason", reservist.id, offer, facts)
        elif found == "no_gain" and (gain := ground.gain(reservist, slot, held)) > POINTS:
            yield Fault("reason", reservist.id, offer, {"given": "no_gain", "gain": gain})


def _reason(
    ground: Ground, reservist: Reservist, slot: Slot, held: Sequence[Slot], taken: int
) -> str:
    """The first reason that keeps an offer out of what is granted to a reservist."""
    if (reservist.id, slot.offer.id) in ground.excluded:
        return "excluded"
    for rule, _facts in _of_one(ground, reservist, slot, held):
        return rule
    if limit := _limit(ground, reservist, slot, held):
        return limit
    if not all(ground.is_apart(other, slot) for other in held):
        return "overlap"
    return "full" if taken >= slot.offer.capacity else "no_gain"


def _limit(ground: Ground, reservist: Reservist, slot: Slot, held: Sequence[Slot]) -> str | None:
    days = _by_year((*held, slot))
    if any(_is_over(reservist, year, days[year]) for year in slot.days):
        return "ceiling"
    met = ground.met(reservist.busy)
    more = minutes_of(met, slot)
    minutes = more + sum(minutes_of(met, other) for other in held)
    return "recoverable_limit" if more and minutes > ground.policy.max_recoverable_minutes else None


def _places(problem: Problem, plan: _Plan) -> Iterator[Fault]:
    for offer in problem.offers:
        if plan.taken[offer.id] > offer.capacity:
            facts = {"capacity": offer.capacity, "granted": plan.taken[offer.id]}
            yield Fault("capacity", None, offer.id, facts)


def _settled(problem: Problem, plan: _Plan) -> Iterator[Fault]:
    """What a person settled beforehand and the plan did not follow."""
    for pair in problem.granted:
        if pair.offer not in plan.granted.get(pair.reservist, {}):
            yield Fault("pin_granted", pair.reservist, pair.offer)
    for pair in problem.excluded:
        if pair.offer in plan.granted.get(pair.reservist, {}):
            yield Fault("pin_excluded", pair.reservist, pair.offer)


def _value(ground: Ground, plan: _Plan) -> float:
    parts: list[float] = []
    for reservist in ground.problem.reservists:
        offers = plan.granted.get(reservist.id, {})
        held, met = [ground.slots[offer] for offer in offers], ground.met(reservist.busy)
        parts.append(worth(ground.policy, reservist, sum(slot.total for slot in held)))
        parts += [-ground.policy.minute_cost * minutes_of(met, slot) for slot in held]
        parts += [reservist.wishes.get(offer, 0) for offer in offers]
    granted = {(who, offer) for who, offers in plan.granted.items() for offer in offers}
    parts.append(-ground.problem.change_cost * len(granted ^ ground.published))
    return math.fsum(parts)


def _figures(plan: Plan, value: float) -> Iterator[Fault]:
    """The value, the bound, the gap and the status, each against the others."""
    dust = _dust(value)
    if not abs(plan.value - value) <= dust:
        yield Fault("value", None, None, {"given": plan.value, "found": value})
    if not plan.bound >= plan.value - dust:
        yield Fault("bound", None, None, {"value": plan.value, "bound": plan.bound})
    gap = max(0.0, (plan.bound - plan.value) / max(1.0, abs(plan.bound)))
    if not abs(plan.gap - gap) <= ROUNDING:
        yield Fault("gap", None, None, {"given": plan.gap, "found": gap})
    if plan.status not in get_args(Status) or (plan.status == "optimal" and not gap <= POINTS):
        yield Fault("status", None, None, {"given": plan.status, "gap": gap})


def _dust(value: float) -> float:
    return max(POINTS, ROUNDING * abs(value))


def _beaten(ground: Ground, plan: _Plan, slack: float) -> Iterator[Fault]:
    """Plans better than the bound, among those near: one grant fewer, or one in place of another.

    A bound that passes may still be false: only the planner proves it.
    """
    settled = {(pair.reservist, pair.offer) for pair in ground.problem.granted}
    for reservist in ground.problem.reservists:
        held = [ground.slots[offer] for offer in plan.granted.get(reservist.id, {})]
        for other in held:
            rest = [slot for slot in held if slot is not other]
            if (reservist.id, other.offer.id) not in settled:
                yield from _instead(ground, reservist, other, rest, plan, slack)


def _instead(
    ground: Ground,
    reservist: Reservist,
    other: Slot,
    rest: Sequence[Slot],
    plan: _Plan,
    slack: float,
) -> Iterator[Fault]:
    lost = ground.gain(reservist, other, rest)
    if lost < -slack and not _depend(reservist, rest, rest):
        yield Fault("bound", reservist.id, other.offer.id, {"gain_without": -lost})
    for offer, refusal in plan.refused.get(reservist.id, {}).items():
        slot, taken = ground.slots[offer], plan.taken[offer]
        if refusal.reason not in OF_THE_OTHERS or taken >= slot.offer.capacity:
            continue
        gain = ground.gain(reservist, slot, rest) - lost
        if gain <= slack or _depend(reservist, rest, (*rest, slot)):
            continue
        if _reason(ground, reservist, slot, rest, taken) == "no_gain":
            facts = {"instead_of": other.offer.id, "gain": gain}
            yield Fault("bound", reservist.id, offer, facts)


def _depend(reservist: Reservist, slots: Iterable[Slot], held: Sequence[Slot]) -> bool:
    return any(_missing(reservist, slot, held) for slot in slots)


def _totals(plan: Plan) -> Iterator[Fault]:
    """The totals that can be counted again; the others are the planner’s own."""
    days = math.fsum(grant.days for grant in plan.granted)
    found = {
        "granted": len(plan.granted),
        "days": days,
        "recoverable_minutes": sum(grant.minutes for grant in plan.granted),
        "places_taken": len(plan.granted),
    }
    for name, count in found.items():
        given = plan.totals.get(name)
        if isinstance(given, int | float) and not abs(given - count) <= POINTS:
            yield Fault("totals", None, None, {"name": name, "given": given, "found": count})
