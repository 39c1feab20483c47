"""`reseda competencies export-crosswalk CROSSWALK --format F`: what was decided, as a file."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from reseda.competencies.domain.case.crosswalk import CORE, EXT
from reseda.competencies.management import places
from reseda.competencies.management.exporting import ExportCommand
from reseda.competencies.models import CrosswalkVersion
from reseda.competencies.queries import crosswalks
from reseda.ui.http.sheets import csv_bytes, xlsx_bytes
from reseda.ui.management.engine import BadInput

CASE, SSSOM, CSV, XLSX = FORMATS = ("case", "sssom", "csv", "xlsx")


class Command(ExportCommand):
    """Write a crosswalk; of CASE, with its own types of links or with ours."""

    help = "Exporte une table de correspondance : CASE 1.1, SSSOM, CSV ou XLSX."
    subject = "crosswalk"
    formats = FORMATS

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the profile of CASE besides the rest."""
        super().add_arguments(parser)
        parser.add_argument(
            "--profile", choices=(CORE, EXT), default=CORE, help="of CASE: its own types, or ours"
        )

    def exported(self, options: dict[str, Any]) -> tuple[CrosswalkVersion, bytes]:
        """Return the version that is named and its file; a workbook is never printed."""
        if options["format"] == XLSX and not options["output"]:
            raise BadInput("--output", "", _("un classeur ne s’affiche pas : dites où l’écrire"))
        home = places.school(options["school"]) if options["school"] else None
        crosswalk = places.crosswalk(options["crosswalk"], home)
        version = places.crosswalk_version(crosswalk, options["version"])
        return version, _bytes(version, options)


def _bytes(version: CrosswalkVersion, options: dict[str, Any]) -> bytes:
    if options["format"] == CASE:
        if version.is_draft:
            why = _("CASE ne dit que ce qui est publié : publiez d’abord cette version")
            raise BadInput(version.crosswalk.title, version.number, why)
        return crosswalks.as_case(version, profile=options["profile"])
    if options["format"] == SSSOM:
        return crosswalks.as_sssom(version)
    write = csv_bytes if options["format"] == CSV else xlsx_bytes
    return write(*crosswalks.table(version))
