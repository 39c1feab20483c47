"""What no longer holds in a plan: its granted lines against today’s timetables, offers and law."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from reseda.service.models import Period
from reseda.timetable.domain.planning import model
from reseda.timetable.domain.planning.check import Fault, check
from reseda.timetable.domain.planning.model import Grant, Pair, Problem, Reservist
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.queries.planning.answers import dated
from reseda.timetable.queries.planning.problems import Given, problem_for, problem_of

# Rules of the check that make a line impossible; its other findings are about figures.
BREAKING = ("contract", "requires", "clash", "travel", "rest", "days", "pin_excluded")
OF_A_PERSON = ("ceiling", "recoverable_limit")


@dataclass(frozen=True)
class Broken:
    """A granted line that does not hold any more: the rule it breaks, and its facts."""

    line: PlanLine
    rule: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def drift(plan: Plan) -> tuple[Broken, ...]:
    """Return the granted lines to come of a plan that do not hold today, by start of their offer.

    As many queries whatever the people. What its person declined or cancelled is over, not broken.
    """
    lines = [line for line in _granted(plan) if _is_expected(line)]
    return _broken(lines, problem_of(plan)) if lines else ()


def line_fault(line: PlanLine) -> Broken | None:
    """Tell what makes one granted line impossible today, None when it holds."""
    now = timezone.now()
    own = [
        one
        for one in _granted(line.plan)
        if one.engagement_id == line.engagement_id and _is_expected(one)
    ]
    found = _broken(own, problem_for(line.engagement, now))
    return next((one for one in found if one.line.pk == line.pk), None)


def _granted(plan: Plan) -> Sequence[PlanLine]:
    return list(
        PlanLine.objects.filter(plan=plan, is_granted=True, offer__starts_at__gt=timezone.now())
        .select_related("offer", "period", "engagement")
        .order_by("offer__starts_at", "pk")
    )


def _is_expected(line: PlanLine) -> bool:
    if line.answer == PlanLine.Answer.DECLINED:
        return False
    if line.answer != PlanLine.Answer.ACCEPTED:
        return True
    return line.period is not None and line.period.status != Period.Status.CANCELLED


def _broken(lines: Sequence[PlanLine], given: Given) -> tuple[Broken, ...]:
    by_pair = {pair_of(line): line for line in lines}
    found: dict[int, Broken] = {}
    for line in lines:
        if str(line.offer_id) not in given.offers:
            found[line.pk] = Broken(line, "withdrawn")
        elif str(line.engagement_id) not in given.engagements:
            found[line.pk] = Broken(line, given.left_out.get(line.engagement_id, "left"))
    known = {pair: line for pair, line in by_pair.items() if line.pk not in found}
    problem = given.problem
    for fault in check(problem, _as_plan(known)):
        for line in _lines_of(fault, known, problem):
            found.setdefault(line.pk, _told(fault, line, problem))
    return tuple(found[line.pk] for line in lines if line.pk in found)


def pair_of(line: PlanLine) -> Pair:
    """Return a line as the engine names it."""
    return Pair(str(line.engagement_id), str(line.offer_id))


def _as_plan(lines: Mapping[Pair, PlanLine]) -> model.Plan:
    granted = tuple(
        Grant(pair.reservist, pair.offer, float(line.days), (), line.minutes)
        for pair, line in lines.items()
    )
    return model.Plan("bounded", 0, 0, 0, granted, (), {})


def _lines_of(fault: Fault, lines: Mapping[Pair, PlanLine], problem: Problem) -> Iterable[PlanLine]:
    if fault.rule in BREAKING and fault.reservist and fault.offer:
        return [lines[Pair(fault.reservist, fault.offer)]]
    if fault.rule in OF_A_PERSON and fault.reservist:
        own = [line for pair, line in lines.items() if pair.reservist == fault.reservist]
        return own[-1:]
    if fault.rule == "capacity" and fault.offer:
        return list(_last_come(fault.offer, lines, problem))
    return ()


def _last_come(offer: str, lines: Mapping[Pair, PlanLine], problem: Problem) -> Iterator[PlanLine]:
    """Yield the lines over the places of an offer: those already accepted are the first served."""
    capacity = next(one.capacity for one in problem.offers if one.id == offer)
    own = [line for pair, line in lines.items() if pair.offer == offer]
    own.sort(key=lambda line: (line.answer != PlanLine.Answer.ACCEPTED, line.pk))
    yield from own[capacity:]


def _told(fault: Fault, line: PlanLine, problem: Problem) -> Broken:
    if fault.rule not in ("clash", "travel"):
        return Broken(line, fault.rule, dict(fault.facts))
    person = next(one for one in problem.reservists if one.id == str(line.engagement_id))
    return Broken(line, fault.rule, {"events": _events(person, line, problem)})


def _events(person: Reservist, line: PlanLine, problem: Problem) -> list[dict[str, Any]]:
    margin = timedelta(minutes=problem.policy.travel_minutes)
    start, end = line.offer.starts_at - margin, line.offer.ends_at + margin
    hard = set(problem.policy.hard)
    met = [
        {"uid": one.uid, "kind": one.kind}
        for one in person.busy
        if one.kind in hard and one.start < end and one.end > start
    ]
    return dated(met, person)


def known_drift(plan: Plan) -> dict[int, Mapping[str, Any]]:
    """Return what was last found broken in a published plan: line -> rule and facts."""
    stored = plan.totals.get("drift", {}).get("lines", {}) if plan.totals else {}
    return {int(key): what for key, what in stored.items()}


def grouped(broken: Iterable[Broken]) -> dict[int, list[Broken]]:
    """Gather what is broken by engagement."""
    found: dict[int, list[Broken]] = defaultdict(list)
    for one in broken:
        found[one.line.engagement_id].append(one)
    return dict(found)
