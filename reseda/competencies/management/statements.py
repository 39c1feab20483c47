"""What `reseda competencies suggest` is given: statements, validated pairs, texts to learn from."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reseda.competencies.domain.changes import Known, compare
from reseda.competencies.domain.crosswalk import files
from reseda.competencies.domain.crosswalk.files import Unusable
from reseda.competencies.domain.crosswalk.statements import Statement, compared, statements
from reseda.competencies.domain.exchange import formats
from reseda.competencies.forms.faults import refusal, sentence
from reseda.competencies.queries.suggestions import MOST_TEXTS, text_files
from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable
from reseda.ui.management.engine import BadInput, read_bytes

T = TypeVar("T")

LIMIT = 32 * 1024 * 1024
MOST_STATEMENTS = 50_000
PLAIN = frozenset({".txt", ".md"})
STRUCTURED = frozenset({".csv", ".tsv", ".xlsx", ".json"})
SENTENCES = frozenset({formats.STATEMENTS, formats.ROME_LABELS})
WHY: dict[str, str | Promise] = {
    "binary": gettext_lazy("ce n’est pas du texte : donnez un énoncé par ligne, en UTF-8"),
    "not_utf8": gettext_lazy("ce n’est pas de l’UTF-8 : enregistrez le fichier dans ce codage"),
    "too_long": gettext_lazy("ligne de plus de 20 000 caractères : mettez un énoncé par ligne"),
    "no_tab": gettext_lazy(
        "il manque une tabulation entre l’énoncé et la cible que des personnes lui ont donnée"
    ),
    "half_a_pair": gettext_lazy("l’énoncé ou sa cible est vide : remplissez-le, ou ôtez la ligne"),
    "broken_quotes": gettext_lazy("guillemets mal fermés : corrigez cette ligne du tableau"),
}


def sides(path: str) -> list[Statement]:
    """The statements of a file: a framework in any format that is imported, or one line each."""
    data = _bytes(path)
    found = _framework(path, data)
    if found is None:
        found = [Statement("", text, text) for text in _read(path, data, files.statements_of)]
    first: dict[str, Statement] = {}
    for one in found:
        first.setdefault(one.label, one)
    if not found:
        raise BadInput(path, "", _("aucun énoncé : écrivez-en un par ligne"))
    if len(first) > MOST_STATEMENTS:
        message = _("plus de %(n)d énoncés : partagez le fichier")
        raise BadInput(path, "", message % {"n": MOST_STATEMENTS})
    return list(first.values())


def pairs(path: str) -> list[tuple[str, str]]:
    """The validated pairs of a file; an empty file is a history that has not begun."""
    return _read(path, _bytes(path), files.pairs_of)


def texts(paths: Iterable[str]) -> list[str]:
    """The texts of files, and of folders with all that is under them."""
    found: list[str] = []
    for path in paths:
        inside = text_files(Path(path)) if Path(path).is_dir() else [Path(path)]
        mine = [text for file in inside for text in _texts(file)]
        if not mine:
            message = _("aucun texte : donnez un fichier .txt, .md ou .csv, ou un dossier qui en a")
            raise BadInput(path, "", message)
        found += mine
    if len(found) > MOST_TEXTS:
        message = _("plus de %(n)d textes : donnez-en moins")
        raise BadInput("--corpus", "", message % {"n": MOST_TEXTS})
    return found


def _texts(file: Path) -> list[str]:
    def parse(data: bytes) -> list[str]:
        return files.texts_of(data, is_table=file.suffix.lower() in {".csv", ".tsv"})

    return _read(str(file), _bytes(str(file)), parse)


def _bytes(path: str) -> bytes:
    if Path(path).is_dir():
        raise BadInput(path, "", _("c’est un dossier : donnez un fichier"))
    try:
        return read_bytes(path, limit=LIMIT)
    except ValueError as error:  # a NUL in the name
        raise BadInput(repr(path), "", _("ce nom de fichier n’est pas possible")) from error


def _read(path: str, data: bytes, parse: Callable[[bytes], T]) -> T:
    try:
        return parse(data)
    except Unusable as error:
        place = _("ligne %(n)d") % {"n": error.line} if error.line else ""
        raise BadInput(path, place, WHY[error.code]) from error


def _framework(path: str, data: bytes) -> list[Statement] | None:
    """The competencies of a framework; None where the file is a mere list of sentences."""
    name = Path(path)
    if name.suffix.lower() in PLAIN or not data.strip():
        return None
    try:
        if formats.recognise(data, name.name) in SENTENCES:
            return None
        _kind, told = formats.read(data, name.name)
    except Unreadable as error:
        if error.code == "unknown_format" and name.suffix.lower() not in STRUCTURED:
            return None
        raise BadInput(path, _line(error.facts.get("line")), refusal(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadInput(
            path, "", _("ce fichier ne peut pas être lu : exportez-le à nouveau")
        ) from error
    if faults := compare(told, Known()).faults:
        raise BadInput(path, _place(faults[0]), _fault(faults[0]))
    return statements(told.lines, compared(told.lines))


def _line(number: object) -> str:
    return _("ligne %(n)s") % {"n": number} if number else ""


def _place(fault: Fault) -> str:
    return str(fault.facts.get("place") or _line(fault.line) or fault.column)


def _fault(fault: Fault) -> str:
    said = sentence(fault)
    return f"{fault.value[:80]} : {said}" if fault.value else said
