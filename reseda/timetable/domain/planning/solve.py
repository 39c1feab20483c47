"""The plan of a whole school: who is granted which offer, proved best or bounded, and why not."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from reseda.timetable.domain.planning.cases import cases_of
from reseda.timetable.domain.planning.engine import Engine, Unplannable, granted_pairs
from reseda.timetable.domain.planning.model import (
    REASONS,
    Pair,
    PinError,
    Plan,
    Problem,
    Progress,
    Status,
)
from reseda.timetable.domain.planning.normal import Flags, Floats, Layout, lay_out
from reseda.timetable.domain.planning.reasons import Explainer
from reseda.timetable.domain.planning.standing import Standing, improve
from reseda.timetable.domain.planning.totals import totals

PROVED = 1e-6


def _never() -> bool:
    return False


def _silent(_: Progress) -> None:
    return None


def plan(
    problem: Problem,
    *,
    should_stop: Callable[[], bool] = _never,
    tell: Callable[[Progress], None] = _silent,
) -> Plan:
    """Grant or refuse every pair so that the sum of the values is the greatest possible.

    `should_stop` is asked often; once it says so the best plan known is given, with a bound.
    The offers in `totals` carry prices: points that one more place would be worth, about.

    Raises PinError when a grant settled beforehand cannot stand.
    """
    layout = lay_out(problem)
    check_pins(layout)
    settled = _settle(layout, should_stop, tell)
    standing = Standing(layout, improve(layout, settled.granted))
    value = standing.value()
    bound = max(settled.bound + float(layout.base.sum()), value)
    gap = (bound - value) / max(1.0, abs(bound))
    tell(Progress("explaining", settled.rounds, value, bound))
    grants, refusals = Explainer(standing, settled.prices).all()
    figures = totals(standing, settled.prices, settled.rounds)
    status: Status = "optimal" if gap <= PROVED else "bounded"
    return Plan(status, value, bound, gap, grants, refusals, figures)


class _Settled(NamedTuple):
    granted: Flags
    bound: float
    prices: Floats
    rounds: int


def _settle(
    layout: Layout, should_stop: Callable[[], bool], tell: Callable[[Progress], None]
) -> _Settled:
    """Find who is granted what; the bound leaves out the base of changes."""
    if not layout.minutes.size:
        nothing = np.zeros(layout.minutes.shape, dtype=np.bool_)
        return _Settled(nothing, 0.0, np.zeros(len(layout.offers)), 0)
    cases = cases_of(layout)
    try:
        outcome = Engine(cases, should_stop, tell).run()
    except Unplannable as nothing_legal:
        case = nothing_legal.case
        raise blamed(
            layout, None if case is None else int(cases.members[case][0])
        ) from nothing_legal
    granted = granted_pairs(cases, outcome, len(layout.people))
    return _Settled(granted, outcome.bound, outcome.prices, outcome.rounds)


def check_pins(layout: Layout) -> None:
    """Raise PinError for a grant settled beforehand that is refused whatever the rest of the plan,
    that cannot stand beside another one, or that has no place left.
    """
    if not layout.forced.any():
        return
    for r, j in np.argwhere(layout.forced).tolist():
        others = layout.forced.copy()
        others[r, j] = False
        reason = int(Standing(layout, others).reasons[r, j])
        may_do = layout.lacks[r, j] < (REASONS[reason] in ("requires", "no_gain"))
        if not may_do:
            raise _error(layout, r, j, REASONS[reason])


def blamed(layout: Layout, r: int | None) -> PinError:
    """Name a pin behind a plan that cannot be: the first whose qualification nothing brings."""
    unmet = Standing(layout, layout.forced).unmet != 0
    suspects = layout.forced & unmet if r is not None else layout.forced
    rows = np.argwhere(suspects if r is None else suspects[r : r + 1])
    row, j = rows[0].tolist()
    return _error(layout, row if r is None else r, j, "full" if r is None else "requires")


def _error(layout: Layout, r: int, j: int, reason: str) -> PinError:
    return PinError(Pair(layout.people[r].id, layout.offers.items[j].id), reason)
