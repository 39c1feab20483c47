"""`reseda law document`: writes `docs/law.md` from the files of values."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reseda.law import queries
from reseda.law.domain import document


class Command(BaseCommand):
    """Write the page of the law, or check that it is the one in the repository."""

    help = "Write docs/law.md, the table of legal values; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--check`, and another file to write for tests."""
        parser.add_argument("--check", action="store_true", help="exit 1 when it would change")
        parser.add_argument("--output", default=str(Path(settings.BASE_DIR) / "docs" / "law.md"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare and say so."""
        page, file = document.page(queries.book()), Path(options["output"])
        if not options["check"]:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page, encoding="utf-8")
            self.stdout.write(f"{file.name} written")
        elif not file.exists() or file.read_text(encoding="utf-8") != page:
            self.stderr.write(f"{file.name} is not up to date: run `reseda law document`")
            raise SystemExit(1)
