"""The answer of the engine as lines to store, with the instants that sentences need."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from reseda.timetable.domain.planning import model
from reseda.timetable.domain.planning.model import Busy, Pair, Reservist
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.queries.planning.problems import Given
from reseda.timetable.queries.planning.rules import FORCE

WITH_EVENTS = ("clash", "travel")
MOST_EVENTS = 12


def lines_of(plan: Plan, given: Given, answer: model.Plan) -> Iterator[PlanLine]:
    """Yield the lines of a plan; offers made to another force are no line of anybody."""
    for grant in answer.granted:
        yield PlanLine(
            plan=plan,
            engagement_id=int(grant.reservist),
            offer_id=int(grant.offer),
            is_granted=True,
            days=Decimal(str(grant.days)),
            minutes=grant.minutes,
            recoverable=list(grant.recoverable),
        )
    people = {one.id: one for one in given.problem.reservists}
    for refusal in answer.refused:
        if given.is_of_force(Pair(refusal.reservist, refusal.offer)):
            yield PlanLine(
                plan=plan,
                engagement_id=int(refusal.reservist),
                offer_id=int(refusal.offer),
                is_granted=False,
                reason=refusal.reason,
                facts=facts_of(refusal, people[refusal.reservist]),
                would_need=clean(refusal.would_need),
            )


def facts_of(refusal: model.Refusal, person: Reservist) -> dict[str, Any]:
    """Return the facts of a refusal with when each event takes place; what counts first."""
    facts = clean(refusal.facts)
    if refusal.reason in WITH_EVENTS:
        facts["events"] = dated(facts.get("events", []), person)
    return facts


def dated(events: list[dict[str, Any]], person: Reservist) -> list[dict[str, Any]]:
    """Add to the events of a refusal their instants; exams first, then by start."""
    wanted = {event["uid"] for event in events}
    known = {one.uid: one for one in person.busy if one.uid in wanted}
    found = [
        {**event, **_instants(known[event["uid"]])} for event in events if event["uid"] in known
    ]
    found.sort(key=lambda one: (one["kind"] != "exam", one["start"], one["uid"]))
    return found[:MOST_EVENTS]


def _instants(event: Busy) -> dict[str, str]:
    return {"start": event.start.isoformat(), "end": event.end.isoformat()}


def clean(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts without what only says to the engine which force an offer is for."""
    found = dict(facts)
    for name in ("missing", "qualifications"):
        if name in found:
            found[name] = [code for code in found[name] if not code.startswith(FORCE)]
    return found
