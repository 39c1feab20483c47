"""`reseda journal verify`: recomputes the chain, and says where it was rewritten."""

from typing import Any

from django.core.management.base import CommandParser

from reseda.journal import queries
from reseda.journal.domain import chain
from reseda.journal.models import Head
from reseda.ui.management.engine import EngineCommand


class Command(EngineCommand):
    """Verify the journal; exit 1 when any entry was changed, removed or cut from the chain."""

    help = "Vérifie que le journal n’a pas été réécrit."

    def add_arguments(self, parser: CommandParser) -> None:
        """Accept the flag of the other engines: the answer is always JSON."""
        parser.add_argument("--json", action="store_true")

    def answer(self, **_options: Any) -> tuple[dict[str, Any], bool]:
        """Return the faults found, the number of entries and the last digest."""
        links = list(queries.links())
        found = [{"number": fault.number, "code": fault.code} for fault in chain.faults(links)]
        last = (links[-1].number, links[-1].digest) if links else (0, chain.GENESIS)
        head = Head.objects.get(pk=1)
        if (head.number, head.digest) != last:
            found.append({"number": head.number, "code": "head"})
        return {"entries": len(links), "digest": last[1], "faults": found}, not found
