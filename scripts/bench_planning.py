"""Figures of the planner beside HiGHS and CP-SAT on the same schools, each in a process of its own.

`python -m scripts.bench_planning` prints a table; `--ours 1000x20:fair,5000x40:total` and
`--peers 1000x20:total` choose the schools, `--limit` the seconds a peer may take. Schools are
generated: groups share a timetable, places are worth 78 % of the days wanted.
"""

import argparse
import json
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from time import perf_counter
from typing import Any, cast

from reseda.timetable.domain.planning.check import check
from reseda.timetable.domain.planning.check_ground import Ground, Slot, worth
from reseda.timetable.domain.planning.model import Objective, Problem, Reservist
from reseda.timetable.tests.planning_instances import School, school

OURS = "1000x20:fair,1000x20:total,5000x40:fair,5000x40:total,20000x40:fair"
PEERS = "1000x20:total,1000x20:fair"
TO_REACH = {(1_000, 20): 1, (5_000, 40): 12, (20_000, 40): 60}
EVENTS = 300
PEER_SECONDS = 60
WORKERS = 2
# CP-SAT counts in whole numbers: a thousandth of a point.
SCALE = 1_000
FIGURES = ("seconds", "value", "bound", "gap", "status", "mib")


class Model:
    """A school as one mixed-integer programme: a variable for each pair that is legal alone."""

    def __init__(self, problem: Problem) -> None:
        self.points: list[float] = []
        self.uppers: list[int] = []
        self.is_integer: list[bool] = []
        self.rows: list[tuple[float, list[tuple[int, float]]]] = []
        ground = Ground(problem)
        slots = sorted(ground.slots.values(), key=lambda slot: slot.start)
        taken: dict[str, list[int]] = {offer.id: [] for offer in problem.offers}
        for person in problem.reservists:
            columns = self._person(ground, slots, person)
            for offer, column in columns.items():
                taken[offer].append(column)
        for slot in slots:
            self._at_most(slot.offer.capacity, dict.fromkeys(taken[slot.offer.id], 1.0))

    def _person(self, ground: Ground, slots: list[Slot], person: Reservist) -> dict[str, int]:
        met = ground.met(person.busy)
        minutes = {name: found.minutes for name, found in met.items()}
        legal = [slot for slot in slots if _is_legal(ground, slot, person)]
        cost = ground.policy.minute_cost
        columns = {
            slot.offer.id: self._column(
                person.wishes.get(slot.offer.id, 0) - cost * minutes.get(slot.offer.id, 0)
            )
            for slot in legal
        }
        for place, slot in enumerate(legal):
            near = [other for other in legal[:place] if not ground.is_apart(other, slot)]
            self._at_most(1, {columns[s.offer.id]: 1.0 for s in (*near, slot)})
            for name in set(slot.offer.requires) - set(person.holds):
                givers = [
                    s for s in legal[:place] if name in s.offer.grants and s.end <= slot.start
                ]
                row = {columns[s.offer.id]: -1.0 for s in givers}
                self._at_most(0, {columns[slot.offer.id]: 1.0, **row})
        for year, ceiling in person.ceilings.items():
            left = ceiling - person.served.get(year, 0)
            self._at_most(left, {columns[s.offer.id]: s.days.get(year, 0) for s in legal})
        most = ground.policy.max_recoverable_minutes
        self._at_most(most, {columns[n]: float(m) for n, m in minutes.items() if n in columns})
        self._days(ground, person, {columns[s.offer.id]: s.total for s in legal})
        return columns

    def _days(self, ground: Ground, person: Reservist, days: dict[int, float]) -> None:
        """The concave worth of days, exact at every half-day: each half is worth less than the one
        before, so that they fill in order by themselves; those worth the same are one variable.
        """
        most = min(sum(days.values()), person.target_days)
        worths = [worth(ground.policy, person, step / 2) for step in range(round(2 * most) + 1)]
        alike = Counter(round(after - before, 9) for before, after in pairwise(worths))
        steps = {self._column(points, count, whole=False): 0.5 for points, count in alike.items()}
        self._at_most(0, {**steps, **{column: -count for column, count in days.items()}})

    def _column(self, points: float, upper: int = 1, *, whole: bool = True) -> int:
        self.points.append(points)
        self.uppers.append(upper)
        self.is_integer.append(whole)
        return len(self.points) - 1

    def _at_most(self, limit: float, row: dict[int, float]) -> None:
        used = [(column, factor) for column, factor in row.items() if factor]
        highest = sum(max(factor, 0) * self.uppers[column] for column, factor in used)
        if used and highest > limit:
            self.rows.append((limit, used))


def _is_legal(ground: Ground, slot: Slot, person: Reservist) -> bool:
    met = ground.met(person.busy).get(slot.offer.id)
    return ground.is_covered(person, slot) and not (met and met.is_hard_on_the_way)


def _school(size: str) -> Problem:
    """Read `1000x20:fair`."""
    people, _, rest = size.partition("x")
    offers, _, objective = rest.partition(":")
    found = School(int(people), int(offers), EVENTS, cast("Objective", objective or "fair"))
    return school(found)


def ours(size: str, _: float) -> dict[str, Any]:
    """Our plan with its reasons, judged by the check once the clock is stopped."""
    from reseda.timetable.domain.planning.solve import plan  # noqa: PLC0415 - it loads highspy

    problem = _school(size)
    begin = perf_counter()
    found = plan(problem)
    seconds = perf_counter() - begin
    peak = _mib()
    begin = perf_counter()
    faults = check(problem, found)
    return {
        "seconds": seconds,
        "value": found.value,
        "bound": found.bound,
        "gap": found.gap,
        "status": found.status if not faults else f"{len(faults)} FAULTS",
        "mib": peak,
        "check_seconds": perf_counter() - begin,
        "pairs": len(found.granted) + len(found.refused),
        "days_share_p10": found.totals.get("share_of_target_p10"),
        "without_days": found.totals.get("reservists_without_days"),
    }


def one(size: str, _: float) -> dict[str, Any]:
    """One reservist: best plan, frontier, reasons and what forcing costs; best of twenty people."""
    from reseda.timetable.domain.planning.possibilities import (  # noqa: PLC0415 - same
        possibilities,
    )

    problem = _school(size)
    people = [replace(problem, reservists=(person,)) for person in problem.reservists[:20]]
    taken = []
    for alone in people:
        begin = perf_counter()
        possibilities(alone, alone.reservists[0].id)
        taken.append(perf_counter() - begin)
    middle = sorted(taken)[len(taken) // 2]
    return {"seconds": middle, "worst_seconds": max(taken), "mib": _mib(), "status": "median of 20"}


def highs(size: str, limit: float) -> dict[str, Any]:
    """HiGHS on the direct model."""
    import highspy  # noqa: PLC0415 - never in the process of ortools
    import numpy as np  # noqa: PLC0415

    model = Model(_school(size))
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # carries no types
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", limit)
    solver.setOptionValue("mip_rel_gap", 1e-6)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.points), len(model.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.array(model.points)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.array(model.uppers, float)
    lp.row_lower_ = np.full(lp.num_row_, -highspy.kHighsInf)
    lp.row_upper_ = np.array([limit for limit, _ in model.rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *(len(row) for _, row in model.rows)])
    lp.a_matrix_.index_ = np.array([column for _, row in model.rows for column, _ in row])
    lp.a_matrix_.value_ = np.array([factor for _, row in model.rows for _, factor in row])
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[is_integer] for is_integer in model.is_integer]
    begin = perf_counter()
    solver.passModel(lp)
    solver.run()
    seconds = perf_counter() - begin
    info = solver.getInfo()
    value, bound = info.objective_function_value, info.mip_dual_bound
    return _peer(seconds, value, bound, str(solver.modelStatusToString(solver.getModelStatus())))


def cpsat(size: str, limit: float) -> dict[str, Any]:
    """CP-SAT on the direct model, half-days as whole numbers."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - never in the process of highspy

    model = Model(_school(size))
    asked = cp_model.CpModel()
    variables = [
        asked.new_bool_var("") if upper == 1 else asked.new_int_var(0, upper, "")
        for upper in model.uppers
    ]
    for most, row in model.rows:
        if most == 1 and all(model.is_integer[c] and factor == 1 for c, factor in row):
            asked.add_at_most_one(variables[column] for column, _ in row)
            continue
        # Days are halves: doubled, every factor is a whole number.
        terms = sum(round(2 * factor) * variables[column] for column, factor in row)
        asked.add(terms <= int(2 * most))
    whole = [round(points * SCALE) for points in model.points]
    asked.maximize(sum(w * v for w, v in zip(whole, variables, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = WORKERS
    solver.parameters.linearization_level = 2
    begin = perf_counter()
    status = solver.solve(asked)
    seconds = perf_counter() - begin
    value, bound = solver.objective_value / SCALE, solver.best_objective_bound / SCALE
    return _peer(seconds, value, bound, solver.status_name(status))


def _peer(seconds: float, value: float, bound: float, status: str) -> dict[str, Any]:
    gap = (bound - value) / max(1.0, abs(bound))
    found = (seconds, value, bound, gap, status, _mib())
    return dict(zip(FIGURES, found, strict=True))


def _mib() -> float:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


RUNS: dict[str, Callable[[str, float], dict[str, Any]]] = {
    "ours": ours,
    "one": one,
    "HiGHS": highs,
    "CP-SAT": cpsat,
}


def apart(who: str, size: str, limit: float) -> dict[str, Any]:
    """Run one measure in a process of its own."""
    command = [sys.executable, "-m", "scripts.bench_planning", "--run", who, size, str(limit)]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        return {"seconds": 0.0, "status": (done.stderr.strip().splitlines() or ["?"])[-1]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def bench(sizes: str, peers: str, limit: float) -> Iterator[str]:
    """Every comparison, one line each, as soon as it is known."""
    mine: dict[str, dict[str, Any]] = {}
    for size in filter(None, sizes.split(",")):
        mine[size] = apart("ours", size, limit)
        yield f"plan {size}: {_line(mine[size])}{_reached(size, mine[size])}"
    for size in filter(None, peers.split(",")):
        for who in ("HiGHS", "CP-SAT"):
            theirs = apart(who, size, limit)
            known = mine.get(size) or apart("ours", size, limit)
            yield f"plan {size}: {who} {_line(theirs)}{_ratio(known, theirs)}"
    found = apart("one", "1000x40", limit)
    yield (
        f"one reservist x 40, plan + frontier + reasons: {1000 * found['seconds']:.2f} ms "
        f"(worst of 20: {1000 * found.get('worst_seconds', 0):.2f} ms, to reach: 5 ms) "
        f"{found['status']}"
    )


def _line(found: dict[str, Any]) -> str:
    if "value" not in found:
        return str(found["status"])
    text = (
        f"{found['seconds']:.2f} s, value {found['value']:.2f}, bound {found['bound']:.2f}, "
        f"gap {found['gap']:.1e}, {found['status']}, {found['mib']:.0f} MiB"
    )
    if "pairs" in found:
        text += (
            f", {found['pairs']} pairs, without days {found['without_days']}, "
            f"p10 of targets {found['days_share_p10']}, check {found['check_seconds']:.1f} s"
        )
    return text


def _reached(size: str, found: dict[str, Any]) -> str:
    people, _, rest = size.partition("x")
    target = TO_REACH.get((int(people), int(rest.partition(":")[0])))
    return f" | to reach: {target} s | x{target / found['seconds']:.1f}" if target else ""


def _ratio(mine: dict[str, Any], theirs: dict[str, Any]) -> str:
    if "value" not in theirs or "value" not in mine:
        return ""
    behind = (mine["value"] - theirs["value"]) / max(1.0, abs(mine["value"]))
    return f" | x{theirs['seconds'] / mine['seconds']:.1f}, value behind ours by {behind:.1e}"


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Figures of the planner beside its peers.")
    parser.add_argument("--ours", default=OURS)
    parser.add_argument("--peers", default=PEERS)
    parser.add_argument("--limit", type=float, default=PEER_SECONDS)
    parser.add_argument("--run", nargs=3, metavar=("WHO", "SIZE", "LIMIT"), help="one, as JSON")
    options = parser.parse_args(arguments)
    if options.run:
        who, size, limit = options.run
        print(json.dumps(RUNS[who](size, float(limit))))
        return
    for line in bench(options.ours, options.peers, options.limit):
        print(line, flush=True)


if __name__ == "__main__":
    main()
