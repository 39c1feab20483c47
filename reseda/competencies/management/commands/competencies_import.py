"""`reseda competencies import FILE`: a framework from a file, from the console."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from reseda.competencies.actions import exchange, frameworks
from reseda.competencies.actions.drafts import Unsound
from reseda.competencies.domain.changes import Changes, Told
from reseda.competencies.domain.exchange import formats
from reseda.competencies.forms.faults import column, place, refusal, sentence
from reseda.competencies.management import places
from reseda.competencies.models import Framework, FrameworkVersion
from reseda.journal.actions import SYSTEM
from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.models import School
from reseda.ui.management.engine import BadInput, EngineCommand, read_bytes

# What is told of faults and remarks: enough to correct a file, whatever its size.
SHOWN = 1_000


class Command(EngineCommand):
    """Import all or nothing; exit 1 when something is refused, 2 when the file is unusable."""

    help = "Importe un référentiel (CASE, CSV, XLSX, Moodle, RNCP, ROME, ESCO) dans une école."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, where it goes, what it is, and whether only to look."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--school", metavar="SLUG", help="may be left out when there is one")
        parser.add_argument(
            "--framework", metavar="ID", help="identifier or title: import into its draft"
        )
        parser.add_argument("--title", help="of a new framework; that of the file by default")
        parser.add_argument("--kind", choices=Framework.Kind.values, default="school")
        parser.add_argument("--format", choices=formats.KINDS, help="recognised by default")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true", help="the output is always JSON")

    def answer(self, **options: Any) -> tuple[dict[str, Any], bool]:
        """Return what the import did, or would do."""
        path = options["file"]
        data = read_bytes(path, limit=formats.MAX_BYTES)
        school = places.school(options["school"])
        into = places.framework(options["framework"], school) if options["framework"] else None
        try:
            kind, told = formats.read(data, Path(path).name, options["format"], creator=school.name)
            if into is None:
                version, changes = _create(school, told, options)
            else:
                version, changes = _fill(into, told, is_dry=options["dry_run"])
        except Unreadable as error:
            raise BadInput(path, error.facts.get("line", ""), refusal(error)) from error
        except ValidationError as error:
            raise BadInput(path, "", " ".join(error.messages)) from error
        report = _told(changes, kind, version, is_dry=options["dry_run"])
        return {"file": path, **report}, not changes.faults


def _create(
    school: School, told: Told, options: dict[str, Any]
) -> tuple[FrameworkVersion | None, Changes]:
    changes = exchange.announced(told)
    title = options["title"] or told.title
    if not title:
        raise BadInput("--title", "", _("ce fichier ne dit pas son titre : donnez-le"))
    if changes.faults or options["dry_run"]:
        return None, changes
    by_kind = {"kind": options["kind"], "title": title}
    return exchange.create_from(school, told, **by_kind, by=SYSTEM), changes


@transaction.atomic
def _fill(
    framework: Framework, told: Told, *, is_dry: bool
) -> tuple[FrameworkVersion | None, Changes]:
    """Import into the draft; where none is open and something changes, open one first."""
    version = places.latest(framework)
    changes = exchange.planned(version, told)
    if changes.faults or changes.is_nothing or is_dry:
        return version, changes
    draft = version if version.is_draft else frameworks.derive(version, by=SYSTEM)
    try:
        return draft, exchange.import_items(draft, told=told, by=SYSTEM)
    except Unsound as error:
        return version, Changes(faults=error.faults)


def _told(
    changes: Changes, kind: str, version: FrameworkVersion | None, *, is_dry: bool
) -> dict[str, Any]:
    is_new = version is not None and not changes.is_nothing
    return {
        "format": kind,
        "framework": str(version.framework.identifier) if version else None,
        "title": version.framework.title if version else None,
        "version": version.number if version else None,
        "is_written": is_new and not is_dry and not changes.faults,
        "created": len(changes.created),
        "updated": len(changes.updated),
        "removed": len(changes.removed),
        "unchanged": changes.unchanged,
        "changes_links": changes.links is not None,
        "changes_terms": changes.terms is not None,
        "changes_about": changes.about is not None,
        "faults": [_fault(fault, kind) for fault in changes.faults[:SHOWN]],
        "fault_count": len(changes.faults),
        "remarks": [_fault(fault, kind) for fault in changes.remarks[:SHOWN]],
        "remark_count": len(changes.remarks),
    }


def _fault(fault: Fault, kind: str) -> dict[str, Any]:
    return {
        "place": place(fault, kind),
        "line": fault.line,
        "column": str(column(fault)),
        "value": fault.value,
        "code": fault.code,
        "message": sentence(fault),
    }
