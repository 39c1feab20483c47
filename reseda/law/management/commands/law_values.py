"""`reseda law values`: the legal values in force on a day, as JSON."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reseda.law import queries
from reseda.ui.management.engine import BadInput, EngineCommand


class Command(EngineCommand):
    """Print every legal value in force on a day, sorted by code."""

    help = "Legal values in force on a day, each with its article and the day it was checked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day; `--json` is accepted like in every engine, and changes nothing."""
        parser.add_argument("--on", required=True, metavar="DATE", help="2026-11-22")
        parser.add_argument("--json", action="store_true", help="the output is always JSON")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Return the values of the contract, with what makes each one traceable."""
        try:
            on = date.fromisoformat(options["on"])
        except ValueError as error:
            message = _("« %(given)s » n’est pas une date : écrivez par exemple 2026-11-22")
            raise BadInput("--on", "", message % {"given": options["on"]}) from error
        return {
            "on": on.isoformat(),
            "values": [
                {
                    "code": found.code,
                    "value": found.value,
                    "unit": found.unit,
                    "article": found.article,
                    "source": found.source,
                    "since": found.since_on.isoformat(),
                    "until": found.until_on.isoformat() if found.until_on else None,
                    "is_since_exact": found.is_since_exact,
                    "checked_on": found.checked_on.isoformat(),
                    "confidence": found.confidence,
                    "rule": found.rule,
                }
                for found in queries.in_force(on)
            ],
        }
