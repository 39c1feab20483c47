"""`reseda people rights`: the matrix of rights as a Markdown page."""

import difflib
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import get_resolver
from django.utils import translation
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _

from reseda.people import queries

PLACE = "docs/rights.md"
ABSENT = "–"


def page() -> str:
    """Return the page in French: a table per room, a row per permission, a column per role."""
    # Rights are declared by the rooms when they are loaded.
    autodiscover_modules("permissions")
    assert get_resolver().url_patterns  # noqa: S101  (loads the pages of every room)
    with translation.override("fr"):
        parts = [
            "# " + _("Qui peut quoi"),
            _(
                "Cette page est écrite par `reseda people rights` d’après les tables que le "
                "produit applique : la même table filtre les listes, ouvre un objet ou répond "
                "qu’il n’existe pas. Un rôle absent ne voit rien."
            ),
            *(table(room) for room in queries.rights()),
        ]
    return "\n\n".join(parts) + "\n"


def table(room: queries.RoomRights) -> str:
    """Return the table of one room."""
    head = [_("Droit"), *room.roles]
    rows = [
        [f"{right.says} (`{right.code}`)", *(cell or ABSENT for cell in right.cells)]
        for right in room.rights
    ]
    lines = [head, ["---"] * len(head), *rows]
    return f"## {room.title}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


class Command(BaseCommand):
    """Print the matrix of rights, write it, or check that the file says the same."""

    help = (
        "Print the matrix of rights; --write puts it in docs/rights.md, "
        "--check exits 1 when that file differs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --check and --write."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--check", action="store_true")
        choice.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the page, write it, or compare it."""
        wanted, file = page(), settings.BASE_DIR / PLACE
        if options["write"]:
            file.write_text(wanted, encoding="utf-8")
        elif options["check"]:
            self._compare(file.read_text(encoding="utf-8") if file.exists() else "", wanted)
        else:
            self.stdout.write(wanted, ending="")

    def _compare(self, found: str, wanted: str) -> None:
        if found == wanted:
            return
        changes = difflib.unified_diff(
            found.splitlines(), wanted.splitlines(), PLACE, "permissions", lineterm="", n=0
        )
        self.stderr.write("\n".join(changes))
        self.stderr.write(f"{PLACE} : reseda people rights --write")
        raise SystemExit(1)
