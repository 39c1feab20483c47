"""What the two commands of the planner share: a long answer row by row, a clean interruption."""

import os
import sys
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from reseda.timetable.management.json_files import pieces
from reseda.ui.management.engine import EngineCommand

INTERRUPTED, NO_READER = 130, 141


class PlanningCommand(EngineCommand):
    """A command whose answer may have a million rows, and which may be stopped by hand."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer; Ctrl-C and a reader that leaves end the command without a word too many."""
        try:
            super().handle(*args, **options)
        except KeyboardInterrupt as stop:
            self.stderr.write(_("Interrompu."))
            raise SystemExit(INTERRUPTED) from stop
        except BrokenPipeError as gone:
            # What is left in the buffer would fail again when the process ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(NO_READER) from gone

    def put(self, found: Mapping[str, Any]) -> None:
        """Write the answer piece by piece."""
        for piece in pieces(found):
            self.stdout.write(piece, ending="")
        self.stdout.flush()
