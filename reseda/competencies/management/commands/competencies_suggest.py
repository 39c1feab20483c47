"""`reseda competencies suggest`: the target statements that deserve a look, for each source."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from reseda.competencies.actions.corpora import model_of
from reseda.competencies.domain.crosswalk import suggest
from reseda.competencies.domain.crosswalk.statements import Statement, paired
from reseda.competencies.management import statements
from reseda.competencies.models import Suggestion
from reseda.ui.management.engine import BadInput, EngineCommand

INTERRUPTED, NO_READER = 130, 141
# Pairs of statements compared in one go: about five minutes of computation.
MOST_PAIRS = 300_000_000
DIGITS = 6


class Command(EngineCommand):
    """Rank the targets of each source, from their words and from what people validated before.

    A statement is written as it stands in its file; one that comes twice is answered once. Of a
    framework (CASE package, our table, any format that `import` reads), the competencies are
    compared, each read with its components, learnings and indicators, and written by its label.
    """

    help = (
        "Suggests, for each source statement, the target statements that deserve a look. FILE: a"
        " framework in any format that is imported (CASE package, our CSV or XLSX…), whose"
        " competencies are compared, or a text with one statement a line (always so for .txt)."
        " PAIRS.tsv: statement, tabulation, target; several targets joined by ' | '; a first line"
        " 'source, tabulation, target' is skipped. TEXTS: a .txt, .md or .csv file, or a folder of"
        " them; given as often as needed. A score only ranks the targets of one source."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take both lists, and what may be learned from."""
        parser.add_argument("--source", required=True, metavar="FILE")
        parser.add_argument("--target", required=True, metavar="FILE")
        parser.add_argument("--top", type=int, default=5, metavar="N", help="5 unless told")
        parser.add_argument("--learned", metavar="PAIRS.tsv", help="validated pairs")
        parser.add_argument(
            "--corpus", action="append", default=[], metavar="TEXTS", help="text file or folder"
        )
        parser.add_argument("--json", action="store_true", help="JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer; Ctrl-C and a reader that leaves end the command without a word too many."""
        self.is_json = options["json"]
        try:
            super().handle(*args, **options)
            self.stdout.flush()
        except KeyboardInterrupt as stop:
            raise SystemExit(INTERRUPTED) from stop
        except BrokenPipeError as gone:
            # What is left in the buffer would fail again when the process ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(NO_READER) from gone

    def answer(self, **options: Any) -> dict[str, Any]:
        """Read the files and rank; sources in the order of their file, then by rank."""
        if options["top"] < 1:
            raise BadInput("--top", options["top"], _("donnez 1 ou plus"))
        source, target = statements.sides(options["source"]), statements.sides(options["target"])
        if len(source) * len(target) > MOST_PAIRS:
            message = _("%(n)d × %(m)d couples, c’est trop d’un coup : partagez ce fichier")
            raise BadInput(options["source"], "", message % {"n": len(source), "m": len(target)})
        learned = self._learned(options["learned"], source, target)
        found = suggest(
            [one.text for one in source],
            [one.text for one in target],
            model=model_of(statements.texts(options["corpus"])),
            learned=learned,
            top=options["top"],
        )
        return {
            "suggestions": [
                {
                    "source": source[one.source].label,
                    "target": target[one.target].label,
                    "rank": one.rank,
                    "score": round(one.score, DIGITS),
                    "band": one.band,
                }
                for one in found
            ]
        }

    def put(self, found: Mapping[str, Any]) -> None:
        """Print the answer: JSON, or one paragraph a source with bands in words."""
        if self.is_json:
            super().put(found)
            return
        for source, rows in groupby(found["suggestions"], key=lambda row: row["source"]):
            self.stdout.write(_shown(source))
            for row in rows:
                band = str(Suggestion.Band(row["band"]).label)
                self.stdout.write(f"  {row['rank']:>2}. {band:<15} {_shown(row['target'])}")
        if not found["suggestions"]:
            self.stdout.write(_("Aucune piste : ces énoncés n’ont pas de mot en commun."))

    def _learned(
        self, path: str | None, source: Sequence[Statement], target: Sequence[Statement]
    ) -> list[tuple[str, str]]:
        """Read validated pairs; say so when none of their targets is among the targets given."""
        if path is None:
            return []
        found = statements.pairs(path)
        labels = {one.label for one in target}
        if found and not any(right in labels for _left, right in found):
            message = _("%(path)s : aucune de ces cibles n’est dans la liste des cibles données")
            self.stderr.write(message % {"path": path})
        return paired(found, source, target)


def _shown(text: str) -> str:
    """A statement on one line of a terminal, without what would command it."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
