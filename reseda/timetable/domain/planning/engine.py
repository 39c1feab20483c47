"""The best plan of everybody together: prices, whole plans, and the proof."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.columns import Columns
from reseda.timetable.domain.planning.integer import Target, Whole, fitted, solve_whole
from reseda.timetable.domain.planning.model import Progress
from reseda.timetable.domain.planning.normal import Flags, Floats, Ints
from reseda.timetable.domain.planning.relax import WORTH_ADDING, Relaxation, Settled

# The gap (against the bound) that a proof must reach, and the one sought where it costs little.
PROVED = 1e-6
CLOSED = 1e-10
# Relative gap at which the relaxation of many people is precise enough.
SETTLED = 1e-7
# Above so many cases the proof asked for is enough, and is not refined at any cost.
SMALL = 900
# Above so many, prices are first sought on a sample, of half of them and no more than SAMPLE.
SAMPLED = 500
SAMPLE = 500
# Up to this many cases the last fraction of a point is looked for.
TINY = 250
SAMPLE_PRECISION = 1e-4
# Points behind the best plan of each person at the prices, tried in turn for a whole plan.
WIDTHS = (0.3, 2.0, 8.0)
# Columns within the gap that are listed for the proof.
MOST_COLUMNS = 200_000


@dataclass
class Outcome:
    """The best known whole plan (how many people get each column), the bound, the prices."""

    columns: Columns
    people: Ints
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
        wanted = (cases.size[:, None] * cases.allowed).sum(axis=0)
        self._scarce = np.flatnonzero(wanted > cases.offers.capacity)
        self._relaxation = Relaxation(cases, cases.size.astype(np.float64), self._scarce)
        self._settled = self._relaxation.settled
        self._best: Outcome | None = None

    def run(self) -> Outcome:
        """Solve; raises Unplannable when forced grants leave somebody without a plan."""
        cases, prices = self._cases, np.zeros(len(self._cases.offers))
        if len(cases) > SAMPLED:
            prices = self._sampled()
        first = self._relaxation.seed(prices)
        unplanned = np.flatnonzero(np.isneginf(first.value))
        if len(unplanned):
            raise Unplannable(int(unplanned[0]))
        self._relaxation.settle(CLOSED if len(cases) <= SMALL else SETTLED, self._go_on)
        self._make_whole()
        if self._best is None:
            raise Unplannable(None)
        self._best.bound = max(self._settled.bound, self._best.value)
        return self._best

    def _go_on(self, settled: Settled) -> bool:
        self._tell(Progress("pricing", settled.rounds, settled.value, settled.bound))
        return not self._should_stop()

    def _sampled(self) -> Floats:
        """Find prices on people taken at equal steps, each standing for several."""
        cases = self._cases
        rows = np.unique(
            np.linspace(0, len(cases) - 1, min(SAMPLE, len(cases) // 2)).astype(np.int64)
        )
        people = cases.size[rows].astype(np.float64)
        people *= cases.size.sum() / people.sum()
        sample = Relaxation(cases.at(rows), people, self._scarce)
        sample.seed(np.zeros(len(cases.offers)))
        sample.settle(SAMPLE_PRECISION, lambda _: not self._should_stop())
        return sample.settled.prices

    def _make_whole(self) -> None:
        """Choose whole plans among those near the best, in wider and wider circles."""
        self._fit()
        if self._should_stop():
            return
        columns = self._relaxation.columns
        behind = self._relaxation.behind(self._settled.prices)
        for width in (*WIDTHS, np.inf):
            if self._is_closed(PROVED / 2) and width > WIDTHS[0]:
                break
            self._choose(columns.at(behind <= width))
            if self._should_stop():
                return
        if not self._is_closed(CLOSED):
            self._prove()

    def _fit(self) -> None:
        """Have some whole plan at hand, whatever happens next."""
        everybody = np.flatnonzero(~self._cases.forced.any(axis=1))
        self._relaxation.add(everybody, np.zeros_like(self._cases.allowed[everybody]))
        columns, settled = self._relaxation.columns, self._settled
        whole = fitted(self._cases, columns, self._relaxation.behind(settled.prices))
        if whole is not None:
            self._keep(columns, whole)

    def _keep(self, columns: Columns, whole: Whole) -> None:
        if self._best is None or whole.value > self._best.value:
            settled = self._settled
            self._best = Outcome(
                columns, whole.people, whole.value, settled.bound, settled.prices, settled.rounds
            )

    def _prove(self) -> None:
        """List every plan that a better whole could hold, and choose among them all."""
        settled, best = self._settled, self._best
        if best is None or (self._is_closed(PROVED) and len(self._cases) > SMALL):
            return
        above = settled.left - (settled.bound - best.value) - WORTH_ADDING
        near = self._relaxation.pricer.near(settled.prices, above, MOST_COLUMNS)
        if near is None:
            return
        value = self._cases.value(near.case, near.chosen)
        bound = self._choose(Columns(near.case, near.chosen, value))
        if bound is not None:
            settled.bound = min(
                settled.bound, max(bound, self._best.value if self._best else bound)
            )

    def _choose(self, columns: Columns) -> float | None:
        """Choose whole plans among some; the bound over them, None if there is none."""
        floor = CLOSED if len(self._cases) <= TINY else PROVED / 4
        target = Target(self._settled.bound, floor)
        whole = solve_whole(self._cases, columns, target, self._should_stop)
        if whole is None:
            return None
        self._keep(columns, whole)
        return whole.bound

    def _is_closed(self, gap: float) -> bool:
        bound = self._settled.bound
        return self._best is not None and bound - self._best.value <= gap * max(1.0, abs(bound))


def granted_pairs(cases: Cases, outcome: Outcome, people: int) -> Flags:
    """Share the columns out to the people of each case, in the order of their ids."""
    granted = np.zeros((people, len(cases.offers)), dtype=np.bool_)
    handed = [0] * len(cases)
    for column in np.flatnonzero(outcome.people):
        case, times = int(outcome.columns.case[column]), int(outcome.people[column])
        members = cases.members[case][handed[case] : handed[case] + times]
        handed[case] += times
        granted[members] = outcome.columns.chosen[column]
    return granted
