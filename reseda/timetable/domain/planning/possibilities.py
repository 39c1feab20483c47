"""What one person may choose from: the best plan, the trade-offs, what each offer would cost."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from reseda.timetable.domain.planning.cases import Cases, cases_of, gather, near_of
from reseda.timetable.domain.planning.frontier import frontier_of
from reseda.timetable.domain.planning.model import (
    Choice,
    Forced,
    Pair,
    PinError,
    Possibilities,
    Possibility,
    Problem,
)
from reseda.timetable.domain.planning.normal import Flags, Floats, Layout, lay_out
from reseda.timetable.domain.planning.pricing import Pricer
from reseda.timetable.domain.planning.reasons import Explainer, points
from reseda.timetable.domain.planning.sheets import RECOVERABLE
from reseda.timetable.domain.planning.standing import GRANTED, Standing

PLANS = 5
# Next best plans are listed among those within so many points of the best, widened in turn.
WITHIN = (50.0, 250.0, 1000.0)
MOST_LABELS = 4000


def possibilities(
    problem: Problem, reservist_id: str, *, prices: Mapping[str, float] | None = None
) -> Possibilities:
    """Work out what one reservist may choose from; `prices` are points by offer id (those of a plan
    for all, so that scarce places count), none without.

    Raises KeyError for an unknown reservist, PinError when a grant settled beforehand cannot stand.
    """
    person = next((one for one in problem.reservists if one.id == reservist_id), None)
    if person is None:
        raise KeyError(reservist_id)
    layout = lay_out(replace(problem, reservists=(person,)))
    cost = np.array([(prices or {}).get(offer.id, 0.0) for offer in layout.offers.items])
    return _Chooser(layout, cost).all()


class _Chooser:
    """The plans of one person at given prices."""

    def __init__(self, layout: Layout, prices: Floats) -> None:
        self._layout = layout
        self._prices = prices
        self._ids = [offer.id for offer in layout.offers.items]
        self._person = layout.people[0].id

    def all(self) -> Possibilities:
        layout = self._layout
        chosen, values = self._forced_plans()
        if not np.isfinite(values[0]):
            j = int(np.flatnonzero(layout.forced[0])[0])
            reason = "requires" if Standing(layout, layout.forced).unmet[0, j] else "overlap"
            raise PinError(Pair(self._person, self._ids[j]), reason)
        standing = Standing(layout, chosen[:1])
        self._explainer = Explainer(standing, self._prices)
        alone = cases_of(layout)
        lessons = [
            len(self._explainer.met(0, j, RECOVERABLE)) if layout.allowed[0, j] else 0
            for j in range(len(self._ids))
        ]
        offers = tuple(
            self._possibility(standing, j, chosen[j + 1], float(values[0] - values[j + 1]))
            for j in range(len(self._ids))
        )
        return Possibilities(
            self._person,
            self._choice(chosen[0]),
            tuple(map(self._choice, self._next_best(alone, float(values[0])) or [chosen[0]])),
            tuple(map(self._choice, frontier_of(alone, np.array(lessons, dtype=np.int64)))),
            offers,
        )

    def _forced_plans(self) -> tuple[Flags, Floats]:
        """Give the best plan, then the best that holds each offer; -inf where none is legal."""
        layout, count = self._layout, len(self._ids)
        forced = np.repeat(layout.forced, count + 1, axis=0)
        forced[np.arange(1, count + 1), np.arange(count)] = True
        clash = (forced.astype(np.int64) @ near_of(layout.offers).astype(np.int64)) > 0
        tried = np.flatnonzero((forced <= (layout.allowed & ~clash)).all(axis=1))
        chosen, values = np.zeros_like(forced), np.full(count + 1, -np.inf)
        if len(tried):
            allowed = np.repeat(layout.allowed, len(tried), axis=0)
            cases = gather(layout, np.zeros_like(tried), tried, allowed, forced[tried])
            below = np.full(len(cases), -np.inf)
            priced = Pricer(cases).price(self._prices, below, is_exact=True)
            for case, members in enumerate(cases.members):
                chosen[members], values[members] = priced.chosen[case], priced.value[case]
        return chosen, values

    def _next_best(self, alone: Cases, best: float) -> list[Flags]:
        """List the best plans at the prices, as far as they can be listed quickly."""
        plans: list[Flags] = []
        pricer = Pricer(alone)
        for within in WITHIN:
            near = pricer.near(self._prices, np.array([best - within]), MOST_LABELS)
            if near is None:
                break
            order = np.lexsort((*(~near.chosen.T[::-1]), -np.round(near.value, 6)))
            plans = list(near.chosen[order[:PLANS]])
            if len(plans) == PLANS:
                break
        return plans

    def _choice(self, plan: Flags) -> Choice:
        layout = self._layout
        offers = np.flatnonzero(plan).tolist()
        value = Standing(layout, plan[None, :]).value()
        return Choice(
            tuple(self._ids[j] for j in offers),
            int(layout.offers.total[plan].sum()) / 2,
            int(layout.minutes[0, plan].sum()),
            sum(len(self._explainer.met(0, j, RECOVERABLE)) for j in offers),
            points(value),
        )

    def _possibility(self, standing: Standing, j: int, plan: Flags, cost: float) -> Possibility:
        code = int(standing.reasons[0, j])
        if code == GRANTED:
            return Possibility(self._ids[j], self._explainer.grant(0, j), None, None)
        refusal = self._explainer.refusal(0, j, code)
        if not np.isfinite(cost):
            return Possibility(self._ids[j], None, refusal, None)
        best = standing.granted[0]
        known = {uid for i in np.flatnonzero(best).tolist() for uid in self._lessons(i)}
        added = [uid for i in np.flatnonzero(plan).tolist() for uid in self._lessons(i)]
        forced = Forced(
            self._choice(plan),
            tuple(self._ids[i] for i in np.flatnonzero(best & ~plan).tolist()),
            points(cost),
            tuple(uid for uid in dict.fromkeys(added) if uid not in known),
        )
        return Possibility(self._ids[j], None, refusal, forced)

    def _lessons(self, j: int) -> list[str]:
        return [met.uid for met in self._explainer.met(0, j, RECOVERABLE)]
