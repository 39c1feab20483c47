"""`reseda competencies check FILE`: a strict verdict on a package of CASE 1.1."""

from argparse import ArgumentParser
from typing import Any

from reseda.competencies.domain.case.check import check
from reseda.competencies.domain.case.reading import MAX_BYTES
from reseda.competencies.forms import case
from reseda.schools.domain.workbooks import Unreadable
from reseda.ui.management.engine import BadInput, EngineCommand, read_bytes


class Command(EngineCommand):
    """Print every fault of a package with its place; nothing is asked of another site."""

    help = "Every fault of a CASE 1.1 CFPackage, by its official JSON Schema and by sense."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file; `--json` is accepted and changes nothing."""
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="the output is always JSON")

    def answer(self, **options: Any) -> tuple[dict[str, Any], bool]:
        """Return the verdict, negative when there is a fault."""
        data = read_bytes(options["file"], limit=MAX_BYTES)
        try:
            found = check(data)
        except Unreadable as error:
            raise BadInput(options["file"], "", case.refusal(error)) from error
        faults = [
            {"place": fault.facts["place"], "code": fault.code, "detail": case.sentence(fault)}
            for fault in found
        ]
        return {"is_valid": not faults, "faults": faults}, not faults
