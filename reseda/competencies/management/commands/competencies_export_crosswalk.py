"""`reseda competencies export-crosswalk CROSSWALK --format F`: what was decided, as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from reseda.competencies.domain.case.crosswalk import CORE, EXT
from reseda.competencies.management import places
from reseda.competencies.models import Crosswalk, CrosswalkVersion
from reseda.competencies.queries import crosswalks
from reseda.ui.http.sheets import csv_bytes, xlsx_bytes
from reseda.ui.management.engine import BAD_INPUT, BadInput, EngineCommand

CASE, SSSOM, CSV, XLSX = FORMATS = ("case", "sssom", "csv", "xlsx")


class Command(EngineCommand):
    """Write the file on standard output, or where `--output` says and then tell what it is."""

    help = "Exporte une table de correspondance : CASE 1.1, SSSOM, CSV ou XLSX."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Show the command as it is typed; `--version` is that of the crosswalk."""
        kwargs.setdefault("conflict_handler", "resolve")
        return super().create_parser(
            prog_name, subcommand.replace("export_crosswalk", "export-crosswalk"), **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the crosswalk, by its identifier or title, its version, the format and the place."""
        parser.add_argument("crosswalk", metavar="CROSSWALK", help="identifier or title")
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument(
            "--profile", choices=(CORE, EXT), default=CORE, help="of CASE: its own types, or ours"
        )
        parser.add_argument(
            "--version", type=int, metavar="N", help="the last published by default"
        )
        parser.add_argument("--school", metavar="SLUG", help="where titles are not enough")
        parser.add_argument("--output", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the file itself unless it is written elsewhere."""
        if options["output"]:
            super().handle(*args, **options)
            return
        try:
            data = _printed(options)
        except BadInput as error:
            self.stderr.write(str(error).replace("\n", " "))
            raise SystemExit(BAD_INPUT) from error
        self.stdout.write(data.decode(), ending="")

    def answer(self, **options: Any) -> dict[str, Any]:
        """Write the file and tell which version it holds."""
        version = _version(options)
        data = _bytes(version, options)
        file = Path(options["output"])
        try:
            file.write_bytes(data)
        except OSError as error:
            why = _("écriture impossible (%(why)s)") % {"why": error.strerror}
            raise BadInput(file, "", why) from error
        return {
            "file": str(file),
            "format": options["format"],
            "crosswalk": str(version.crosswalk.identifier),
            "title": version.crosswalk.title,
            "version": version.number,
            "status": version.status,
            "size": len(data),
        }


def _printed(options: dict[str, Any]) -> bytes:
    if options["format"] == XLSX:
        raise BadInput("--output", "", _("un classeur ne s’affiche pas : dites où l’écrire"))
    return _bytes(_version(options), options)


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


def _version(options: dict[str, Any]) -> CrosswalkVersion:
    """Return a version by its number; else the last published, or the draft where none is."""
    of, number = _crosswalk(options), options["version"]
    versions = of.versions.select_related(
        "crosswalk__school", "source__framework", "target__framework"
    ).order_by("-number")
    if number is not None:
        found = versions.filter(number=number).first()
    else:
        found = versions.exclude(status="draft").first() or versions.first()
    if found is None:
        raise BadInput(of.title, number or "", _("cette version n’existe pas"))
    return found


def _crosswalk(options: dict[str, Any]) -> Crosswalk:
    named = options["crosswalk"]
    known = Crosswalk.objects.all()
    if options["school"]:
        known = known.filter(school=places.school(options["school"]))
    try:
        found = list(known.filter(identifier=UUID(named))[:2])
    except ValueError:
        found = list(known.filter(title=named)[:2])
    if not found:
        why = _("aucune table de correspondance n’a cet identifiant ni ce titre")
        raise BadInput(named, "", why)
    if len(found) > 1:
        why = _("plusieurs écoles ont cette table de correspondance : donnez son identifiant")
        raise BadInput(named, "", why)
    return found[0]
