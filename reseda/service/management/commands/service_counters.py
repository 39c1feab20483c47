"""`reseda service counters INPUT.json --on DATE`: the days of a reservist against the ceilings."""

import json
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext_lazy as _

from reseda.law import queries as law
from reseda.law.domain.values import NotInForce
from reseda.service.domain import documents, legal
from reseda.service.domain.counters import counters
from reseda.ui.management.engine import BadInput, EngineCommand, read_text

MESSAGES = {
    "not_an_object": _("on attend un objet JSON"),
    "not_a_list": _("on attend une liste"),
    "missing": _("il manque « %(name)s »"),
    "not_allowed": _("« %(value)s » n’est pas permis ; valeurs possibles : %(allowed)s"),
    "unknown_zone": _("fuseau « %(value)s » inconnu ; écrivez par exemple Europe/Paris"),
    "ends_before_start": _("la fin précède le début ; vérifiez les deux dates"),
    "not_a_day": _("« %(value)s » n’est pas une date ; écrivez par exemple 2026-11-09"),
    "not_an_instant": _(
        "« %(value)s » n’est pas un instant ; écrivez par exemple 2026-11-09T08:00:00+01:00"
    ),
    "year_out_of_range": _("l’année %(value)s est hors de portée (1900 à 2199)"),
}


class Command(EngineCommand):
    """Counts half-days by civil year: done, planned, left; and says what exceeds."""

    help = "Counts days of service against the legal ceilings."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the day on which the law is read."""
        parser.add_argument("input", metavar="INPUT.json")
        parser.add_argument("--on", required=True, metavar="DATE")
        parser.add_argument("--json", action="store_true", help="the only format; accepted")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Return the counters of the file, by the law of the day."""
        on = _day(options["on"])
        asked = _read(options["input"])
        try:
            limits = legal.limits(
                law.book(), asked.record.regime, asked.ceiling, on, asked.years_before(on)
            )
        except NotInForce as error:
            unknown = _(
                "le droit en vigueur ce jour-là n’est pas connu : donnez un jour plus récent"
            )
            raise BadInput("--on", on.isoformat(), unknown) from error
        return documents.answer(counters(asked.record, limits, on))


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        wrong = MESSAGES["not_a_day"] % {"value": documents.told(given)}
        raise BadInput("--on", "", wrong) from error


def _read(path: str) -> documents.Request:
    """Read what to count, or raise `BadInput` with the place of what is wrong."""
    text = read_text(path)
    try:
        return documents.read(json.loads(text))
    except json.JSONDecodeError as error:
        place = _("ligne %(line)d, colonne %(column)d") % {
            "line": error.lineno,
            "column": error.colno,
        }
        raise BadInput(path, place, _("ce n’est pas du JSON")) from error
    except ValueError as error:  # a number of thousands of digits
        raise BadInput(path, "", _("un nombre y est trop long pour être lu")) from error
    except RecursionError as error:
        raise BadInput(path, "", _("ce JSON est trop imbriqué")) from error
    except documents.Unusable as error:
        raise BadInput(path, error.place, str(MESSAGES[error.code]) % error.facts) from error
