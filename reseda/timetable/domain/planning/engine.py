"""The best plan of everybody together: columns, prices, whole plans, and the proof."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.columns import Columns
from reseda.timetable.domain.planning.integer import rounded, solve_whole
from reseda.timetable.domain.planning.master import Master, Relaxed
from reseda.timetable.domain.planning.model import Progress
from reseda.timetable.domain.planning.normal import Flags, Floats, Ints
from reseda.timetable.domain.planning.pricing import Priced, Pricer

# A plan is worth adding when it beats the known ones by more than this many points.
WORTH_ADDING = 1e-6
# A gap (against the bound) below which nothing more is looked for.
CLOSED = 1e-10
# Columns within the gap that are listed for the proof.
MOST_COLUMNS = 300_000


@dataclass
class Outcome:
    """The best known whole plan (how many people get each column), the bound, the prices."""

    columns: Columns
    count: Ints
    value: float
    bound: float
    prices: Floats
    rounds: int


class Unplannable(Exception):
    """A case has no legal plan at all (`case`), or the places do not allow one for all (None)."""

    def __init__(self, case: int | None) -> None:
        super().__init__(case)
        self.case = case


class Engine:
    """Finds the best plan of all cases; `should_stop` is asked between steps."""

    def __init__(
        self, cases: Cases, should_stop: Callable[[], bool], tell: Callable[[Progress], None]
    ) -> None:
        self._cases = cases
        self._should_stop = should_stop
        self._tell = tell
        self._pricer = Pricer(cases)
        wanted = cases.size @ cases.allowed
        self._scarce = np.flatnonzero(wanted > cases.offers.capacity)
        self._penalty = self._penalty_of_nothing() if cases.has_forced else 0.0
        self._master = Master(cases, self._scarce, self._penalty)
        self._rounds = 0
        self._bound = np.inf
        self._best_prices = np.zeros(len(cases.offers))
        self._left = np.full(len(cases), np.inf)

    def run(self) -> Outcome:
        """Solve; raises Unplannable when forced grants leave somebody without a plan."""
        self._start()
        relaxed = self._relax()
        return self._make_whole(relaxed)

    def _penalty_of_nothing(self) -> float:
        most = np.abs(self._cases.weight).sum(axis=1).max(initial=0.0)
        days = self._cases.value(
            np.arange(len(self._cases)), np.ones_like(self._cases.allowed)
        ).max(initial=0.0)
        return 1000.0 + 10.0 * float(most + abs(days))

    def _start(self) -> None:
        cases = self._cases
        everyone = np.arange(len(cases))
        has_none = ~cases.forced.any(axis=1)
        self._master.add(everyone[has_none], np.zeros_like(cases.allowed[has_none]))
        below = np.full(len(cases), -np.inf)
        priced = self._price(np.zeros(len(cases.offers)), below, is_exact=cases.has_forced)
        unplanned = np.flatnonzero(np.isneginf(priced.value))
        if len(unplanned):
            raise Unplannable(int(unplanned[0]))
        self._master.add(everyone, priced.chosen)

    def _price(self, prices: Floats, above: Floats, *, is_exact: bool) -> Priced:
        priced = self._pricer.price(prices, above, is_exact=is_exact)
        self._rounds += 1
        cases = self._cases
        bound = float(cases.size @ priced.bound + prices @ cases.offers.capacity.clip(min=0))
        if bound < self._bound:
            self._bound, self._best_prices = bound, prices
            self._left = np.maximum(priced.bound, priced.value)
        return priced

    def _relax(self) -> Relaxed:
        """Add columns until none is worth it, or until told to stop."""
        while True:
            relaxed = self._master.solve()
            self._tell(Progress("pricing", self._rounds, relaxed.value, self._bound))
            if self._should_stop():
                return relaxed
            above = relaxed.left + WORTH_ADDING
            for is_exact in (False, True):
                priced = self._price(relaxed.prices, above, is_exact=is_exact)
                better = np.flatnonzero(priced.value > above)
                if len(better) and self._master.add(better, priced.chosen[better]):
                    break
                if not (priced.bound > above).any():
                    return relaxed
            else:
                return relaxed

    def _make_whole(self, relaxed: Relaxed) -> Outcome:
        cases, columns = self._cases, self._master.columns
        count = rounded(cases, columns, relaxed.part)
        value = -np.inf if count is None else float(count @ columns.value)
        if count is not None and self._is_closed(value):
            return self._outcome(columns, count)
        reduced = columns.value - columns.chosen @ relaxed.prices - relaxed.left[columns.case]
        kept = np.flatnonzero(reduced >= -max(self._bound - value, 1.0))
        some = columns.at(kept)
        whole = solve_whole(cases, some, self._should_stop)
        if whole is not None and whole.value > value:
            columns, count, value = some, whole.people, whole.value
        if count is None:
            raise Unplannable(None)
        if self._is_closed(value) or self._should_stop():
            return self._outcome(columns, count)
        return self._prove(columns, count, value)

    def _prove(self, columns: Columns, count: Ints, value: float) -> Outcome:
        """List every plan that a better whole could hold, and choose among them all."""
        cases = self._cases
        gap = self._bound - value
        near = self._pricer.near(self._best_prices, self._left - gap - WORTH_ADDING, MOST_COLUMNS)
        if near is None:
            return self._outcome(columns, count)
        listed = Columns(near.case, near.chosen, cases.value(near.case, near.chosen))
        whole = solve_whole(cases, listed, self._should_stop)
        if whole is None:
            return self._outcome(columns, count)
        self._bound = min(self._bound, max(whole.bound, value))
        if whole.value >= value:
            return self._outcome(listed, whole.people)
        return self._outcome(columns, count)

    def _is_closed(self, value: float) -> bool:
        return self._bound - value <= CLOSED * max(1.0, abs(self._bound))

    def _outcome(self, columns: Columns, count: Ints) -> Outcome:
        value = float(count @ columns.value)
        bound = max(self._bound, value)
        return Outcome(columns, count, value, bound, self._best_prices, self._rounds)


def granted_pairs(cases: Cases, outcome: Outcome, people: int) -> Flags:
    """Share the columns out to the people of each case, in the order of their ids."""
    granted = np.zeros((people, len(cases.offers)), dtype=np.bool_)
    handed = [0] * len(cases)
    for column in np.flatnonzero(outcome.count):
        case, times = int(outcome.columns.case[column]), int(outcome.count[column])
        members = cases.members[case][handed[case] : handed[case] + times]
        handed[case] += times
        granted[members] = outcome.columns.chosen[column]
    return granted
