"""`reseda timetable read`: what a calendar file says, as JSON."""

from argparse import ArgumentParser
from typing import Any

from reseda.timetable.domain.events import Event, Problem
from reseda.timetable.management import inputs
from reseda.ui.management.engine import EngineCommand


class Command(EngineCommand):
    """Print the sessions of a timetable, its digest and the problems met while reading it."""

    help = "Sessions of a timetable (ADE, HyperPlanning, any RFC 5545 calendar), with their kind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the days wanted; `--json` is accepted and changes nothing."""
        parser.add_argument("file", metavar="FILE.ics")
        parser.add_argument("--from", dest="first", metavar="DATE", help="first day, included")
        parser.add_argument("--to", dest="last", metavar="DATE", help="last day, included")
        parser.add_argument("--json", action="store_true", help="the output is always JSON")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Read the file within the days given."""
        days = inputs.window(options["first"], options["last"])
        reading = inputs.timetable(options["file"], days)
        events = [_event(event) for event in reading.events]
        return {
            "digest": reading.digest,
            "events": sorted(events, key=lambda e: (e["start"], e["end"], e["uid"])),
            "problems": [_problem(problem) for problem in reading.problems],
        }


def _event(event: Event) -> dict[str, Any]:
    return {
        # The feed's own UID: occurrences of one series share it, their start tells them apart.
        "uid": event.source_uid,
        "start": inputs.instant(event.starts_at),
        "end": inputs.instant(event.ends_at),
        "all_day": event.is_all_day,
        "title": event.title,
        "location": event.location,
        "group": event.group,
        "kind": event.kind,
        "is_sure": event.is_sure,
        "rule": event.rule,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "detail": dict(problem.facts), "place": problem.place}
