"""A version taken away from the console: what the commands that export have in common."""

from abc import abstractmethod
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from reseda.competencies.models import CrosswalkVersion, FrameworkVersion
from reseda.ui.management.engine import BAD_INPUT, BadInput, EngineCommand


class ExportCommand(EngineCommand):
    """Write the file on standard output, or where `--output` says and then tell what it is."""

    subject: ClassVar[str]
    formats: ClassVar[tuple[str, ...]]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Show the command as it is typed; `--version` is that of the subject, not of Django."""
        kwargs.setdefault("conflict_handler", "resolve")
        return super().create_parser(prog_name, subcommand.replace("export_", "export-"), **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is exported, by its identifier or title, its version, format and place."""
        parser.add_argument(self.subject, metavar=self.subject.upper(), help="identifier or title")
        parser.add_argument("--format", choices=self.formats, required=True)
        parser.add_argument(
            "--version", type=int, metavar="N", help="the last published by default"
        )
        parser.add_argument("--school", metavar="SLUG", help="where titles are not enough")
        parser.add_argument("--output", metavar="FILE")

    @abstractmethod
    def exported(
        self, options: dict[str, Any]
    ) -> tuple[FrameworkVersion | CrosswalkVersion, bytes]:
        """Return the version that is asked for and the file that holds it; raise `BadInput`."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the file itself unless it is written elsewhere."""
        if options["output"]:
            super().handle(*args, **options)
            return
        try:
            self._print(self.exported(options)[1])
        except BadInput as error:
            self.stderr.write(str(error).replace("\n", " "))
            raise SystemExit(BAD_INPUT) from error

    def answer(self, **options: Any) -> dict[str, Any]:
        """Write the file and tell which version it holds."""
        version, data = self.exported(options)
        whole = getattr(version, self.subject)
        file = Path(options["output"])
        try:
            file.write_bytes(data)
        except OSError as error:
            why = _("écriture impossible (%(why)s)") % {"why": error.strerror}
            raise BadInput(file, "", why) from error
        return {
            "file": str(file),
            "format": options["format"],
            self.subject: str(whole.identifier),
            "title": whole.title,
            "version": version.number,
            "status": version.status,
            "size": len(data),
        }

    def _print(self, data: bytes) -> None:
        """Write bytes as they are; a workbook would only harm a terminal."""
        binary = getattr(self.stdout, "buffer", None)
        if data.startswith(b"PK") and (binary is None or self.stdout.isatty()):
            raise BadInput("--output", "", _("un classeur ne s’affiche pas : dites où l’écrire"))
        if binary is None:
            self.stdout.write(data.decode(), ending="")
        else:
            binary.write(data)
            binary.flush()
