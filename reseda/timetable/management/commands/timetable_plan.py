"""`reseda timetable plan`: who is granted which period, why not the others, and how sure it is."""

import math
from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.utils.translation import gettext as _

from reseda.timetable.domain.planning.model import PinError, Problem, Progress
from reseda.timetable.domain.planning.normal import MAX_GAINED_QUALIFICATIONS
from reseda.timetable.domain.planning.solve import plan
from reseda.timetable.management import plans
from reseda.timetable.management.planning import PlanningCommand
from reseda.ui.management.engine import BadInput

SECONDS_BETWEEN_NEWS = 0.5


class Command(PlanningCommand):
    """Print the best plan of a school, every pair granted or refused once."""

    help = "Best plan of reserve periods for one reservist or a whole school."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the input, and the seconds after which the best plan found so far is enough."""
        parser.add_argument("input", metavar="INPUT.json")
        parser.add_argument("--time-limit", metavar="SECONDS")
        parser.add_argument("--json", action="store_true", help="the output is always JSON")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Read the school, plan it, and lay out the answer in the order of the contract."""
        started = monotonic()
        limit = _seconds(options["time_limit"])
        problem = plans.problem(options["input"], self.stderr.write)
        _check_size(options["input"], problem)
        self._speaks = self.stderr.isatty() or options["verbosity"] > 1
        self._spoke_at = started
        try:
            found = plan(
                problem,
                should_stop=lambda: monotonic() - started >= limit,
                tell=self._tell,
            )
        except PinError as error:
            facts = {
                "reservist": error.pair.reservist,
                "offer": error.pair.offer,
                "reason": error.reason,
            }
            message = _(
                "aucun plan permis n’accorde « %(offer)s » à « %(reservist)s » (%(reason)s) : "
                "retirez cette paire"
            )
            raise BadInput(options["input"], "pins.granted", message % facts) from error
        return {
            "status": found.status,
            "value": found.value,
            "bound": found.bound,
            "gap": found.gap,
            "granted": found.granted,
            "refused": found.refused,
            "totals": found.totals,
        }

    def _tell(self, progress: Progress) -> None:
        """Say how far the plan is, to a person who waits at a terminal."""
        if self._speaks and monotonic() - self._spoke_at >= SECONDS_BETWEEN_NEWS:
            self._spoke_at = monotonic()
            facts = {"rounds": progress.rounds, "value": progress.value, "bound": progress.bound}
            self.stderr.write(_("tour %(rounds)d : valeur %(value).1f, borne %(bound).1f") % facts)


def _seconds(text: str | None) -> float:
    """Read the time limit."""
    if text is None:
        return math.inf
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        message = _("« %(given)s » n’est pas une durée : donnez des secondes, par exemple 60")
        raise BadInput("--time-limit", "", message % {"given": text})
    return seconds


def _check_size(path: str, problem: Problem) -> None:
    """Refuse what the planner could not hold: qualifications gained on the way are bits."""
    required = {name for offer in problem.offers for name in offer.requires}
    gained = required & {name for offer in problem.offers for name in offer.grants}
    if len(gained) > MAX_GAINED_QUALIFICATIONS:
        message = _("%(n)d qualifications à la fois demandées et données : %(most)d au plus")
        facts = {"n": len(gained), "most": MAX_GAINED_QUALIFICATIONS}
        raise BadInput(path, "offers", message % facts)
