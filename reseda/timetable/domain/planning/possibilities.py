"""What one person may choose from: the best plan, the trade-offs, what each offer would cost."""

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

import numpy as np

from reseda.timetable.domain.planning.alone import next_best, trade_off
from reseda.timetable.domain.planning.cases import cases_of, gather, near_of
from reseda.timetable.domain.planning.dense import batches
from reseda.timetable.domain.planning.model import (
    Choice,
    Forced,
    Possibilities,
    Possibility,
    Problem,
)
from reseda.timetable.domain.planning.normal import Flags, Floats, Layout, lay_out
from reseda.timetable.domain.planning.pricing import Pricer
from reseda.timetable.domain.planning.reasons import Explainer, points
from reseda.timetable.domain.planning.sheets import RECOVERABLE
from reseda.timetable.domain.planning.solve import blamed, check_pins
from reseda.timetable.domain.planning.standing import GRANTED, Standing
from reseda.timetable.domain.planning.worth import worth_of_one

PLANS = 5


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
    """The plans of one person at given prices; what may never be granted is left out of them."""

    def __init__(self, layout: Layout, prices: Floats) -> None:
        self._layout = layout
        self._ids = [offer.id for offer in layout.offers.items]
        self._person = layout.people[0].id
        self._kept = np.flatnonzero(layout.allowed[0])
        self._narrow = layout.at(self._kept)
        self._prices = prices
        self._known: dict[int, list[str]] = {}
        self._halves = layout.offers.total.tolist()
        self._minutes, self._weight = layout.minutes[0].tolist(), layout.weight[0].tolist()
        self._base = float(layout.base[0])
        check_pins(layout)

    def all(self) -> Possibilities:
        layout = self._layout
        plans, values = self._forced_plans()
        if not np.isfinite(values[0]):
            raise blamed(layout, 0)
        standing = Standing(layout, plans[:1])
        self._explainer = Explainer(standing, self._prices)
        alone = cases_of(self._narrow)
        (batch,) = batches(alone)
        lessons = np.array([len(self._lessons(j)) for j in self._kept.tolist()], dtype=np.int64)
        prices = self._prices[self._kept]
        costs = (values[0] - values[1:]).tolist()
        best, *forced = (row.nonzero()[0].tolist() for row in plans)
        lost = {uid for j in best for uid in self._lessons(j)}
        offers = tuple(
            Possibility(self._ids[j], self._explainer.grant(0, j), None, None)
            if code == GRANTED
            else Possibility(
                self._ids[j],
                None,
                self._explainer.refusal(0, j, code),
                self._forced(best, lost, forced[j], costs[j]),
            )
            for j, code in enumerate(standing.reasons[0].tolist())
        )
        return Possibilities(
            self._person,
            self._choice(best),
            self._choices(next_best(alone, batch, prices, PLANS)),
            self._choices(trade_off(alone, batch, lessons)),
            offers,
        )

    def _choices(self, narrow: list[Flags]) -> tuple[Choice, ...]:
        plans = np.zeros((len(narrow), len(self._ids)), dtype=np.bool_)
        plans[:, self._kept] = narrow
        return tuple(self._choice(row.nonzero()[0].tolist()) for row in plans)

    def _forced_plans(self) -> tuple[Flags, Floats]:
        """Give the best plan, then the best that holds each offer; -inf where none is legal."""
        narrow, kept, count = self._narrow, self._kept, len(self._ids)
        forced = np.repeat(narrow.forced, len(kept) + 1, axis=0)
        forced[np.arange(1, len(kept) + 1), np.arange(len(kept))] = True
        clash = (forced.astype(np.int64) @ near_of(narrow.offers).astype(np.int64)) > 0
        tried = np.flatnonzero(~(forced & clash).any(axis=1))
        chosen = np.zeros((count + 1, count), dtype=np.bool_)
        values = np.full(count + 1, -np.inf)
        if len(tried):
            allowed = np.repeat(narrow.allowed, len(tried), axis=0)
            cases = gather(narrow, np.zeros_like(tried), tried, allowed, forced[tried])
            below = np.full(len(cases), -np.inf)
            priced = Pricer(cases).price(self._prices[kept], below, is_exact=True)
            places = np.concatenate(([0], kept + 1))
            for case, members in enumerate(cases.members):
                there = places[members]
                chosen[np.ix_(there, kept)] = priced.chosen[case]
                values[there] = priced.value[case]
        return chosen, values

    def _choice(self, offers: list[int]) -> Choice:
        policy, target = self._layout.policy, float(self._layout.target[0])
        halves = sum(self._halves[j] for j in offers)
        value = worth_of_one(policy.objective, target, halves) + self._base
        return Choice(
            tuple(self._ids[j] for j in offers),
            halves / 2,
            sum(self._minutes[j] for j in offers),
            sum(len(self._lessons(j)) for j in offers),
            points(value + sum(self._weight[j] for j in offers)),
        )

    def _forced(
        self, best: list[int], lost: set[str], plan: list[int], cost: float
    ) -> Forced | None:
        """Tell what a plan costs beside the best one, whose lessons to recover are `lost`."""
        if not isfinite(cost):
            return None
        added = dict.fromkeys(uid for j in plan for uid in self._lessons(j))
        return Forced(
            self._choice(plan),
            tuple(self._ids[j] for j in best if j not in plan),
            points(cost),
            tuple(uid for uid in added if uid not in lost),
        )

    def _lessons(self, j: int) -> list[str]:
        if j not in self._known:
            self._known[j] = [met.uid for met in self._explainer.met(0, j, RECOVERABLE)]
        return self._known[j]
