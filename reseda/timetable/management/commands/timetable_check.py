"""`reseda timetable check`: every rule that a plan breaks, found without the planner."""

from argparse import ArgumentParser
from typing import Any

from reseda.timetable.domain.planning.check import check, recompute
from reseda.timetable.management import plans
from reseda.timetable.management.planning import PlanningCommand


class Command(PlanningCommand):
    """Print the broken rules of a plan; exit code 1 when there is one."""

    help = "Rules that a plan of reserve periods breaks, found without the planner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the input of the planner and its answer."""
        parser.add_argument("input", metavar="INPUT.json")
        parser.add_argument("plan", metavar="PLAN.json")
        parser.add_argument("--json", action="store_true", help="the output is always JSON")

    def answer(self, **options: Any) -> tuple[dict[str, Any], bool]:
        """Judge the plan by the rules alone."""
        problem = plans.problem(options["input"], self.stderr.write)
        plan = plans.plan(options["plan"])
        faults = check(problem, plan)
        value = recompute(problem, plan)
        return {"is_valid": not faults, "faults": faults, "value": value}, not faults
