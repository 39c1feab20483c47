"""What one person may choose from."""

from collections.abc import Mapping

from reseda.timetable.domain.planning.model import Choice, Possibilities, Possibility, Problem
from reseda.timetable.domain.planning.solve import plan


def possibilities(
    problem: Problem, reservist_id: str, *, prices: Mapping[str, float] | None = None
) -> Possibilities:
    """Interim: the best plan and the reasons only."""
    person = next(p for p in problem.reservists if p.id == reservist_id)
    alone = Problem(
        problem.offers,
        (person,),
        problem.policy,
        problem.zone,
        problem.published,
        problem.change_cost,
        problem.granted,
        problem.excluded,
    )
    found = plan(alone)
    grants = {g.offer: g for g in found.granted}
    refusals = {r.offer: r for r in found.refused}
    best = Choice(
        tuple(grants),
        sum(g.days for g in found.granted),
        sum(g.minutes for g in found.granted),
        sum(len(g.recoverable) for g in found.granted),
        found.value,
    )
    offers = tuple(
        Possibility(o.id, grants.get(o.id), refusals.get(o.id), None) for o in alone.offers
    )
    return Possibilities(reservist_id, best, (best,), (best,), offers)
