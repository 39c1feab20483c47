"""Whole plans out of parts of plans: rounding, the integer master, and the proof."""

from collections.abc import Callable
from typing import NamedTuple

import highspy
import numpy as np

from reseda.timetable.domain.planning.cases import Cases
from reseda.timetable.domain.planning.columns import Columns
from reseda.timetable.domain.planning.master import quiet_solver
from reseda.timetable.domain.planning.normal import Floats, Ints

NEARLY_ONE = 1e-6


class Whole(NamedTuple):
    """How many people of its case get each column, the value, and a bound over these columns."""

    people: Ints
    value: float
    bound: float


def rounded(cases: Cases, columns: Columns, part: Floats) -> Ints | None:
    """Round parts to whole people within the places: the greatest parts first, then for whoever is
    left the best plan that still fits; None when somebody cannot be given any.
    """
    count = np.floor(part + NEARLY_ONE).astype(np.int64)
    left = cases.offers.capacity - count @ columns.chosen
    open_ = cases.size - np.bincount(columns.case, weights=count, minlength=len(cases)).astype(int)
    waiting = np.flatnonzero(open_)
    order = np.lexsort((-columns.value, columns.case))
    order = order[np.isin(columns.case[order], waiting)]
    firsts = np.searchsorted(columns.case[order], waiting)
    lasts = np.searchsorted(columns.case[order], waiting, side="right")
    for case, first, last in zip(waiting.tolist(), firsts, lasts, strict=True):
        of_case = order[first:last]
        for _ in range(int(open_[case])):
            fits = of_case[(columns.chosen[of_case] <= (left > 0)).all(axis=1)]
            if not len(fits):
                return None
            count[fits[0]] += 1
            left = left - columns.chosen[fits[0]]
    return count


def solve_whole(cases: Cases, columns: Columns, stop: Callable[[], bool]) -> Whole | None:
    """Choose whole columns by branch and bound; `bound` holds for these columns alone.

    Stops early, with what is known, when `stop` says so; None when nothing was found.
    """
    several = np.bincount(columns.case, minlength=len(cases)) > 1
    is_free = several[columns.case]
    count = np.where(is_free, 0, cases.size[columns.case])
    left = cases.offers.capacity - count @ columns.chosen
    free = np.flatnonzero(is_free)
    fixed = float(count @ columns.value)
    if len(free):
        solver = _model(cases, columns.at(free), left)
        solver.cbMipInterrupt.subscribe(lambda event: _interrupt(event, stop))
        solver.run()
        info = solver.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        found = np.array(solver.getSolution().col_value)
        count[free] = np.rint(found).astype(np.int64)
        bound = fixed - float(info.mip_dual_bound)
    else:
        bound = fixed
    value = float(count @ columns.value)
    return Whole(count, value, max(bound, value))


def _interrupt(event: highspy.HighsCallbackEvent, stop: Callable[[], bool]) -> None:
    if stop():
        event.interrupt()


def _model(cases: Cases, columns: Columns, left: Ints) -> highspy.Highs:
    solver = quiet_solver()
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-7)
    people, case = np.unique(columns.case, return_inverse=True)
    scarce = np.flatnonzero(cases.size[columns.case] @ columns.chosen > left)
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
