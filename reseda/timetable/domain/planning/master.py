"""The master problem: one plan for each person, no more people in an offer than it has places."""

from typing import NamedTuple

import highspy
import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.columns import Columns, joined
from reseda.timetable.domain.planning.normal import Flags, Floats, Ints


class Relaxed(NamedTuple):
    """A solution in fractions: its value, the price of a place in each offer, what each case is
    left with at those prices, and the part of each column taken.
    """

    value: float
    prices: Floats
    left: Floats
    part: Floats


def quiet_solver() -> highspy.Highs:
    """Give a solver that says nothing and always answers the same."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy is half typed
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    return solver


class Master:
    """The linear relaxation over the plans known so far, solved again each time some are added.

    A case that cannot be given any known plan costs `penalty` for each of its people.
    """

    def __init__(self, cases: Cases, scarce: Ints, penalty: float) -> None:
        self._cases = cases
        self._scarce = scarce
        self._known: set[tuple[int, bytes]] = set()
        self._columns: list[Columns] = []
        self._solver = quiet_solver()
        self._solver.setOptionValue("simplex_strategy", 4)
        self._solver.setOptionValue("presolve", "off")
        count, places = len(cases), cases.offers.capacity[scarce].astype(np.float64)
        size = cases.size.astype(np.float64)
        lower = np.concatenate((size, np.full(len(scarce), -highspy.kHighsInf)))
        upper = np.concatenate((size, np.maximum(places, 0)))
        none_i, none_d = np.empty(0, np.int32), np.empty(0, np.float64)
        starts = np.zeros(len(lower), dtype=np.int32)
        self._solver.addRows(len(lower), lower, upper, 0, starts, none_i, none_d)
        if penalty:
            self._add(np.arange(count), np.zeros((count, len(scarce)), np.bool_), -penalty)
        self._spare = count if penalty else 0

    @property
    def columns(self) -> Columns:
        """All plans added so far, in the order they came."""
        return joined(self._columns, len(self._cases.offers))

    def add(self, case: Ints, chosen: Flags) -> int:
        """Add plans (those already known are left out) and say how many were new."""
        packed = np.packbits(chosen, axis=1)
        fresh = []
        for position, key in enumerate(zip(case.tolist(), map(bytes, packed), strict=True)):
            if key not in self._known:
                self._known.add(key)
                fresh.append(position)
        if fresh:
            case, chosen = case[fresh], chosen[fresh]
            value = self._cases.value(case, chosen)
            self._columns.append(Columns(case, chosen, value))
            self._add(case, chosen[:, self._scarce], value)
        return len(fresh)

    def _add(self, case: Ints, taken: Flags, value: Floats | float) -> None:
        count = len(case)
        entries = np.concatenate((np.ones((count, 1), dtype=np.bool_), taken), axis=1)
        rows = np.concatenate(
            (
                case[:, None],
                np.broadcast_to(len(self._cases) + np.arange(taken.shape[1]), taken.shape),
            ),
            axis=1,
        )[entries]
        starts = np.concatenate(([0], np.cumsum(entries.sum(axis=1))[:-1]))
        self._solver.addCols(
            count,
            -np.broadcast_to(np.asarray(value, dtype=np.float64), (count,)),
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            len(rows),
            starts.astype(np.int32),
            rows.astype(np.int32),
            np.ones(len(rows)),
        )

    def solve(self) -> Relaxed:
        """Solve the relaxation; the spare columns, if any, stay out of `part`."""
        self._solver.run()
        solution = self._solver.getSolution()
        dual = -np.array(solution.row_dual)
        prices = np.zeros(len(self._cases.offers))
        count = len(self._cases)
        prices[self._scarce] = np.maximum(dual[count:], 0.0)
        value = -float(self._solver.getObjectiveValue())
        part = np.array(solution.col_value)[self._spare :]
        return Relaxed(value, prices, dual[:count], part)
