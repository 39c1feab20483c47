"""`reseda competencies export FRAMEWORK --format case|csv|xlsx|moodle`: a framework as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from reseda.competencies.management import places
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.queries import exports
from reseda.ui.http.sheets import csv_bytes, xlsx_bytes
from reseda.ui.management.engine import BAD_INPUT, BadInput, EngineCommand

CASE, CSV, XLSX, MOODLE = FORMATS = ("case", "csv", "xlsx", "moodle")


class Command(EngineCommand):
    """Write the file on standard output, or where `--output` says and then tell what it is."""

    help = "Exporte un référentiel : CASE 1.1, CSV, XLSX ou CSV de Moodle."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let `--version` be that of the framework, not of the libraries."""
        kwargs.setdefault("conflict_handler", "resolve")
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the framework, by its identifier or title, its version, the format and the place."""
        parser.add_argument("framework", metavar="FRAMEWORK", help="identifier or title")
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument(
            "--version", type=int, metavar="N", help="the last published by default"
        )
        parser.add_argument("--school", metavar="SLUG", help="where titles are not enough")
        parser.add_argument("--output", metavar="FILE")
        parser.add_argument("--language", choices=("fr", "en"), default="fr", help="of the heads")
        parser.add_argument(
            "--extensions", action="store_true", help="credits and what CASE 1.1 has no field for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the file itself unless it is written elsewhere."""
        if options["output"]:
            super().handle(*args, **options)
            return
        try:
            self._print(*_exported(options))
        except BadInput as error:
            self.stderr.write(str(error).replace("\n", " "))
            raise SystemExit(BAD_INPUT) from error

    def answer(self, **options: Any) -> dict[str, Any]:
        """Write the file and tell which version it holds."""
        version, data = _exported(options)
        file = Path(options["output"])
        try:
            file.write_bytes(data)
        except OSError as error:
            why = _("écriture impossible (%(why)s)") % {"why": error.strerror}
            raise BadInput(file, "", why) from error
        return {
            "file": str(file),
            "format": options["format"],
            "framework": str(version.framework.identifier),
            "title": version.framework.title,
            "version": version.number,
            "status": version.status,
            "size": len(data),
        }

    def _print(self, version: FrameworkVersion, data: bytes) -> None:
        """Write bytes as they are; a workbook would only harm a terminal."""
        del version
        is_workbook = data.startswith(b"PK")
        if is_workbook and self.stdout.isatty():
            raise BadInput("--output", "", _("un classeur ne s’affiche pas : dites où l’écrire"))
        binary = getattr(self.stdout, "buffer", None)
        if binary is not None:
            binary.write(data)
            binary.flush()
        elif is_workbook:
            raise BadInput("--output", "", _("un classeur ne s’affiche pas : dites où l’écrire"))
        else:
            self.stdout.write(data.decode(), ending="")


def _exported(options: dict[str, Any]) -> tuple[FrameworkVersion, bytes]:
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
