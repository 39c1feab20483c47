"""`reseda schools import FILE --school SLUG [--dry-run]`: people, from the console."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from reseda.journal.actions import SYSTEM
from reseda.schools import actions, queries
from reseda.schools.domain import roster
from reseda.schools.domain.roster import Roster
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.forms import COLUMNS, refusal, sentence
from reseda.schools.models import School
from reseda.ui.management.engine import BadInput, EngineCommand, read_bytes


class Command(EngineCommand):
    """Import people, all or nothing; exit 1 when lines are refused, 2 when the file is unusable."""

    help = "Importe des personnes dans une école depuis un fichier CSV ou XLSX."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the school by its slug, and whether only to look."""
        parser.add_argument("file")
        parser.add_argument("--school", required=True, metavar="SLUG")
        parser.add_argument("--dry-run", action="store_true")

    def answer(self, **options: Any) -> dict[str, Any] | tuple[dict[str, Any], bool]:
        """Return what the import did, or would do."""
        path = options["file"]
        data = read_bytes(path)
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            raise BadInput("--school", options["school"], _("aucune école ne porte ce nom"))
        try:
            known = queries.known(school, roster.emails(data), timezone.localdate())
            found = roster.read(data, known)
            if not found.faults and not options["dry_run"]:
                found = actions.import_people(school, data=data, by=SYSTEM)
        except Unreadable as error:
            raise BadInput(path, error.facts.get("line", ""), refusal(error)) from error
        except ValidationError as error:
            raise BadInput(path, "", " ".join(error.messages)) from error
        return _told(found, is_dry=options["dry_run"]), not found.faults


def _told(found: Roster, *, is_dry: bool) -> dict[str, Any]:
    return {
        "is_written": not is_dry and not found.faults,
        "created": len(found.created),
        "updated": len(found.updated),
        "unchanged": found.unchanged,
        "new_cohorts": [f"{p.cohort} · {p.programme} · {p.year}" for p in found.new_cohorts],
        "unknown_columns": list(found.unknown_columns),
        "faults": [
            {
                "line": fault.line,
                "column": str(COLUMNS[fault.column]),
                "value": fault.value,
                "code": fault.code,
                "message": sentence(fault),
            }
            for fault in found.faults
        ],
    }
