"""Console commands of the engines: files in, JSON on standard output, exit codes 0, 1 and 2."""

import json
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

NEGATIVE, BAD_INPUT = 1, 2


class BadInput(Exception):
    """Input that cannot be used: the file, the place in it, and what to do, in plain words."""

    def __init__(self, path: str | Path, place: object, message: object) -> None:
        super().__init__(f"{path} : {place} : {message}" if str(place) else f"{path} : {message}")


def read_bytes(path: str | Path, *, limit: int = 64 * 1024 * 1024) -> bytes:
    """Read a whole file, or raise `BadInput` when it is absent, a folder, unreadable or above
    `limit` bytes.
    """
    file = Path(path)
    try:
        if file.stat().st_size > limit:
            raise BadInput(
                path, "", _("fichier trop gros (plus de %(mib)d Mio)") % {"mib": limit // 1024**2}
            )
        return file.read_bytes()
    except OSError as error:
        raise BadInput(
            path, "", _("fichier illisible (%(why)s)") % {"why": error.strerror}
        ) from error


def read_text(path: str | Path, *, limit: int = 64 * 1024 * 1024) -> str:
    """Read a UTF-8 file (a byte-order mark is dropped), or raise `BadInput` with the place of the
    wrong byte.
    """
    data = read_bytes(path, limit=limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadInput(
            path, _("ligne %(n)d") % {"n": line}, _("ce n’est pas de l’UTF-8")
        ) from error


class EngineCommand(BaseCommand):
    """A command whose answer is one JSON object; a verdict adds whether it is positive."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Show the command as people type it: `reseda room verb`."""
        return super().create_parser("reseda", subcommand.replace("_", " ", 1), **kwargs)

    @abstractmethod
    def answer(self, **options: Any) -> dict[str, Any] | tuple[dict[str, Any], bool]:
        """Return the object to print, with a verdict where the command gives one; raise
        `BadInput`.
        """

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer and end with the exit code of the contract."""
        try:
            answer = self.answer(**options)
        except BadInput as error:
            self.stderr.write(str(error).replace("\n", " "))
            raise SystemExit(BAD_INPUT) from error
        found, is_positive = answer if isinstance(answer, tuple) else (answer, True)
        self.put(found)
        if not is_positive:
            raise SystemExit(NEGATIVE)

    def put(self, found: Mapping[str, Any]) -> None:
        """Print the answer."""
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
