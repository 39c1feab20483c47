"""Whole plans out of parts of plans: rounding, the integer master, and the proof."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.columns import Columns
from reseda.timetable.domain.planning.normal import Floats, Ints


class Whole(NamedTuple):
    """How many people of its case get each column, the value, and a bound over these columns."""

    people: Ints
    value: float
    bound: float


# Branches looked into before a bound is given instead of a proof: nodes, not time, so that the same
# problem always has the same answer.
MOST_NODES = 20_000


@dataclass(frozen=True)
class Target:
    """A bound no whole passes, and how near it (relative) is near enough."""

    bound: float
    gap: float

    @property
    def slack(self) -> float:
        """Points that may be left aside."""
        return max(1e-7, self.gap * max(1.0, abs(self.bound)))


def solve_whole(
    cases: Cases, columns: Columns, target: Target, stop: Callable[[], bool]
) -> Whole | None:
    """Choose whole columns by branch and bound; `bound` holds for these columns alone.

    Stops early, with what is known, when `stop` says so; None when nothing was found.
    """
    several = np.bincount(columns.case, minlength=len(cases)) > 1
    is_free = several[columns.case]
    count = np.where(is_free, 0, cases.size[columns.case])
    left = cases.offers.capacity - (count[:, None] * columns.chosen).sum(axis=0)
    free = np.flatnonzero(is_free)
    fixed = float((count * columns.value).sum())
    bound = fixed
    if len(free):
        solver = _model(cases, columns.at(free), left, target)
        solver.cbMipInterrupt.subscribe(lambda event: _interrupt(event, stop))
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        found = np.array(solver.getSolution().col_value)
        count[free] = np.rint(found).astype(np.int64)
        bound = fixed - float(info.mip_dual_bound)
    elif (left < 0).any():
        return None
    value = float((count * columns.value).sum())
    return Whole(count, value, max(bound, value))


def fitted(cases: Cases, columns: Columns, behind: Floats) -> Whole | None:
    """Give everybody in turn, forced grants first, the plan least behind that still fits; None when
    somebody is left without any. Quick, and rarely the best.
    """
    order = np.lexsort((behind, columns.case))
    firsts = np.searchsorted(columns.case[order], np.arange(len(cases) + 1))
    left = cases.offers.capacity.copy()
    people = np.zeros(len(columns), dtype=np.int64)
    for case in np.argsort(~cases.forced.any(axis=1), kind="stable").tolist():
        own = order[firsts[case] : firsts[case + 1]]
        for _ in range(len(cases.members[case])):
            fits = np.flatnonzero((columns.chosen[own] <= (left > 0)).all(axis=1))
            if not len(fits):
                return None
            column = own[fits[0]]
            people[column] += 1
            left -= columns.chosen[column]
    value = float((people * columns.value).sum())
    return Whole(people, value, np.inf)


def _quiet_solver() -> highspy.Highs:
    """Give a solver that says nothing and always answers the same."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy is half typed
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    return solver


def _interrupt(event: highspy.HighsCallbackEvent, stop: Callable[[], bool]) -> None:
    if stop():
        event.interrupt()


def _model(cases: Cases, columns: Columns, left: Ints, target: Target) -> highspy.Highs:
    solver = _quiet_solver()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_max_nodes", MOST_NODES)
    solver.setOptionValue("mip_abs_gap", target.slack)
    people, case = np.unique(columns.case, return_inverse=True)
    scarce = np.flatnonzero((cases.size[columns.case, None] * columns.chosen).sum(axis=0) > left)
    taken = columns.chosen[:, scarce]
    size = cases.size[people].astype(np.float64)
    lower = np.concatenate((size, np.full(len(scarce), -highspy.kHighsInf)))
    upper = np.concatenate((size, left[scarce].astype(np.float64)))
    rows = np.concatenate(
        (case[:, None], np.broadcast_to(len(people) + np.arange(len(scarce)), taken.shape)), axis=1
    )
    entries = np.concatenate((np.ones((len(case), 1), np.bool_), taken), axis=1)
    nothing = np.empty(0, np.int32)
    solver.addRows(
        len(lower), lower, upper, 0, np.zeros(len(lower), np.int32), nothing, np.empty(0)
    )
    starts = np.concatenate(([0], np.cumsum(entries.sum(axis=1))[:-1])).astype(np.int32)
    count = len(case)
    solver.addCols(
        count,
        -columns.value,
        np.zeros(count),
        cases.size[columns.case].astype(np.float64),
        int(entries.sum()),
        starts,
        rows[entries].astype(np.int32),
        np.ones(int(entries.sum())),
    )
    kinds = np.full(count, highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
    return solver
