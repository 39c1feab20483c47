"""`reseda timetable conflicts`: the sessions that reserve periods meet, as JSON."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reseda.timetable.domain.conflicts import Conflict, conflicts, minutes_by_period
from reseda.timetable.domain.events import Reading
from reseda.timetable.domain.groups import for_groups, groups, with_larger_groups
from reseda.timetable.management import inputs
from reseda.ui.management.engine import BadInput, EngineCommand


class Command(EngineCommand):
    """Print every overlap of a timetable with a list of periods, exams first."""

    help = "Sessions of a timetable that reserve periods meet, exams first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the two files; `--group` keeps the sessions of one sub-group of a promotion."""
        parser.add_argument("--timetable", required=True, metavar="FILE.ics")
        parser.add_argument("--periods", required=True, metavar="FILE", help="CSV or JSON")
        parser.add_argument("--travel", type=int, default=0, metavar="MINUTES")
        parser.add_argument("--group", action="append", default=[], metavar="CODE")
        parser.add_argument("--json", action="store_true", help="the output is always JSON")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Lay the periods, widened by the travel time, over the timetable."""
        travel = options["travel"]
        if travel < 0:
            raise BadInput("--travel", "", _("le temps de trajet est négatif : donnez 0 ou plus"))
        periods = inputs.periods(options["periods"])
        reading = inputs.timetable(options["timetable"], inputs.around(periods, travel))
        self._warn(reading, options["timetable"])
        events = reading.events
        if options["group"]:
            events = for_groups(events, _chosen(options["timetable"], options["group"]))
        found = conflicts(events, periods, travel_minutes=travel)
        return {
            "conflicts": [_conflict(conflict) for conflict in found],
            "by_period": minutes_by_period(found, periods),
        }

    def _warn(self, reading: Reading, path: str) -> None:
        """Say on standard error that the timetable was not read whole."""
        if count := sum(problem.code != "nothing_in_window" for problem in reading.problems):
            message = ngettext(
                "%(path)s : %(n)d problème de lecture ; « reseda timetable read » le montre",
                "%(path)s : %(n)d problèmes de lecture ; « reseda timetable read » les montre",
                count,
            )
            self.stderr.write(message % {"path": path, "n": count})


def _chosen(path: str, codes: list[str]) -> tuple[str, ...]:
    """Complete the groups asked for, which the whole timetable must know."""
    known = groups(inputs.timetable(path).events)
    names = [group.code for group in known]
    for code in codes:
        if code not in names:
            message = _(
                "« %(code)s » n’est pas un groupe de cet emploi du temps ; il a : %(names)s"
            )
            facts = {"code": code, "names": ", ".join(names[:20])}
            raise BadInput(path, "--group", message % facts)
    return with_larger_groups(known, codes)


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "period": conflict.period_id,
        "uid": conflict.event.source_uid or conflict.uid,
        "kind": conflict.kind,
        "minutes": conflict.minutes,
    }
