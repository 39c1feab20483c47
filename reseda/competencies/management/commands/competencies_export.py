"""`reseda competencies export FRAMEWORK --format case|csv|xlsx|moodle`: a framework as a file."""

from argparse import ArgumentParser
from typing import Any

from reseda.competencies.management import places
from reseda.competencies.management.exporting import ExportCommand
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.queries import exports
from reseda.ui.http.sheets import csv_bytes, xlsx_bytes

CASE, CSV, XLSX, MOODLE = FORMATS = ("case", "csv", "xlsx", "moodle")


class Command(ExportCommand):
    """Write a framework, in the heads of one language and with extensions where asked."""

    help = "Exporte un référentiel : CASE 1.1, CSV, XLSX ou CSV de Moodle."
    subject = "framework"
    formats = FORMATS

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the language of the heads and whether extensions are wanted, besides the rest."""
        super().add_arguments(parser)
        parser.add_argument("--language", choices=("fr", "en"), default="fr", help="of the heads")
        parser.add_argument(
            "--extensions", action="store_true", help="credits and what CASE 1.1 has no field for"
        )

    def exported(self, options: dict[str, Any]) -> tuple[FrameworkVersion, bytes]:
        """Return the version of the framework that is named, and its file."""
        home = places.school(options["school"]) if options["school"] else None
        framework = places.framework(options["framework"], home)
        version = places.version(framework, options["version"])
        return version, _bytes(version, options)


def _bytes(version: FrameworkVersion, options: dict[str, Any]) -> bytes:
    if options["format"] == CASE:
        return exports.case_package(version, has_extensions=options["extensions"])
    if options["format"] == MOODLE:
        return exports.moodle_file(version)
    write = csv_bytes if options["format"] == CSV else xlsx_bytes
    return write(*exports.table(version, options["language"]))
