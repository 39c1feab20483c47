"""Competencies of the ROME (France Travail): labels one by line, or the official tables.

The tables give each competency its OGR code and, mostly, that of the macro-competency above it;
the table of the tree names the levels above that one too.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reseda.competencies.domain.changes import SAID, Told
from reseda.competencies.domain.framework import COMPETENCY, GROUP, About, Line
from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, Row, flat
from reseda.schools.domain.workbooks import Unreadable

# The edition that was last read for this product; whoever imports another one corrects the notice.
NOTICE = "Source : France Travail, ROME 4.0 version 60, 18/09/2025, Licence Ouverte 2.0 (Etalab)"
ABOUT = About(
    creator="France Travail",
    publisher="France Travail",
    notes=NOTICE,
    official_source_url="https://www.francetravail.org/opendata/repertoire-operationnel-des-meti.html",
)
ABOUT_TELLS = frozenset({"creator", "publisher", "notes", "official_source_url"})
ASSUMED = Fault(0, "notes", NOTICE, "edition_assumed")
TELLS = frozenset(SAID) - {"statement_en", "credits", "parent_link", "extra"}
ADDRESS = (
    "https://api.francetravail.io/partenaire/rome-competences/v1/competences/competence/{code}"
)
NAMES: dict[str, tuple[str, ...]] = {
    "code": ("code_ogr", "code_ogr_competence", "code_ogr_comp", "code ogr", "ogr"),
    "statement": (
        *("libelle_competence", "libelle", "libelle_comp", "libelle_item", "libelle competence"),
        *("libelle_savoir", "competence", "intitule"),
    ),
    "definition": ("definition",),
    "above": (
        *("code_ogr_macro_comp", "code_ogr_macro_competence", "code_macro_comp_ogr"),
        *("code_ogr_macro", "ogr_macro_competence"),
    ),
    "above_statement": ("libelle_macro_competence", "libelle_macro_comp", "libelle_macro"),
    "goal": ("code_objectif",),
    "goal_statement": ("objectif", "libelle_objectif"),
    "stake": ("code_enjeu",),
    "stake_statement": ("enjeu", "libelle_enjeu"),
}
# The levels of the tree above a competency, from the nearest: codes and what they are called.
LEVELS = (("above", "above_statement"), ("goal", "goal_statement"), ("stake", "stake_statement"))
# Of a list of labels: how many lines make one, and how many of them say something in words.
FEWEST, SPOKEN = 2, 0.5
LIKE_A_TABLE = 0.5


def is_one(rows: Sequence[Row]) -> bool:
    """Tell whether these lines have the heads of a table of the ROME."""
    heads = {sheets.plain(word): name for name, words in NAMES.items() for word in words}
    return any(
        {"code", "statement"} <= {heads.get(sheets.plain(cell), "") for cell in row.cells}
        and any("ogr" in sheets.plain(cell) for cell in row.cells)
        for row in rows[: sheets.HEADER_DEPTH]
    )


def are_labels(text: str) -> bool:
    """Tell whether a text is a list of sentences, one by line, rather than a table."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < FEWEST or lines[0].lstrip().startswith(("<", "{", "[", "%")):
        return False
    cut = sum(";" in line or "\t" in line for line in lines)
    commas = [line.count(",") for line in lines]
    even = sum(count == commas[0] for count in commas) if commas[0] else 0
    spoken = sum(len(line.split()) > 1 for line in lines)
    return max(cut, even) < LIKE_A_TABLE * len(lines) and spoken >= SPOKEN * len(lines)


def read(data: bytes, *, limit: int = sheets.MAX_ROWS) -> Told:
    """Read a table of the ROME; raises `sheets.Unreadable`."""
    return told(sheets.rows(data, limit=limit), limit=limit)


def read_labels(data: bytes, *, limit: int = sheets.MAX_ROWS) -> Told:
    """Read labels of the ROME, one by line, under the notice of their source."""
    return replace(
        read_statements(data, limit=limit),
        about=ABOUT,
        about_tells=ABOUT_TELLS,
        remarks=(ASSUMED,),
    )


def read_statements(data: bytes, *, limit: int = sheets.MAX_ROWS) -> Told:
    """Read any statements, one by line, as competencies; raises `Unreadable`.

    The same words always have the same code and identifier; words said twice are read once.
    """
    if len(data) > sheets.MAX_BYTES:
        raise Unreadable("too_big", limit=sheets.MAX_BYTES // 1024**2)
    first: dict[str, int] = {}
    for number, line in enumerate(sheets.text(data).splitlines(), start=1):
        words = flat(line.removeprefix("\ufeff"))
        if words:
            first.setdefault(words, number)
    if not first:
        raise Unreadable("empty")
    if len(first) > limit:
        raise Unreadable("too_many_rows", limit=limit)
    lines = tuple(
        Line(_short(key), "", COMPETENCY, words, "", rank, key, line=number)
        for rank, (words, number) in enumerate(first.items(), start=1)
        for key in (_key(words.casefold()),)
    )
    return Told(_distinct(lines), is_flat=True, tells=TELLS - {"source"})


def told(rows: Sequence[Row], *, limit: int = sheets.MAX_ROWS) -> Told:
    """Say what the lines of a table of the ROME tell; a macro-competency is a group."""
    table = sheets.table(rows, NAMES, required=("code", "statement"), limit=limit)
    items: dict[str, Line] = {}
    groups: dict[str, Line] = {}
    for row in table.rows:
        cell = {name: table.value(row, name) for name in NAMES}
        parent = ""
        for code, label in reversed(LEVELS):
            if cell[code] and cell[code] != cell["code"]:
                titled = cell[label] or groups.get(cell[code], _NONE).statement
                # Levels have short codes of their own; competencies are known by their OGR code.
                groups[cell[code]] = _line(cell[code], parent, GROUP, titled, row.line)
                parent = cell[code]
        line = _line(cell["code"], parent, COMPETENCY, cell["statement"], row.line)
        if cell["definition"]:
            line = replace(line, extra={"notes": cell["definition"]})
        if cell["code"] in items:
            line = replace(line, statement=line.statement or items[cell["code"]].statement)
        items[cell["code"]] = line
    return Told(
        tuple(_ranked(_joined(groups, items))),
        about=ABOUT,
        about_tells=ABOUT_TELLS,
        is_flat=True,
        tells=TELLS | {"extra"},
        remarks=(ASSUMED,),
    )


_NONE = Line("", "", GROUP, "")


def _line(code: str, parent: str, kind: str, statement: str, line: int) -> Line:
    """Make a line of what has an OGR code (a number), or of a level of the tree (a short code)."""
    source = ADDRESS.format(code=code) if code.isdecimal() else ""
    return Line(code, parent, kind, statement, "", 1, _key(code), source=source, line=line)


def _joined(groups: Mapping[str, Line], items: Mapping[str, Line]) -> Iterator[Line]:
    """Give a macro-competency that is also a line of the file the words of that line."""
    for code, group in groups.items():
        own = items.get(code)
        words = (own.statement if own else group.statement) or f"Macro-compétence {code}"
        parent = group.parent or (own.parent if own else "")
        kept = own or group
        yield replace(kept, parent=parent, kind=GROUP, statement=words)
    yield from (line for code, line in items.items() if code not in groups)


def _ranked(lines: Iterable[Line]) -> Iterator[Line]:
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.parent] = counts.get(line.parent, 0) + 1
        yield replace(line, rank=counts[line.parent])


def _distinct(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Write in full the rare short codes that two statements would share; drop mere capitals."""
    codes: set[str] = set()
    kept: dict[str, Line] = {}
    for line in lines:
        code = line.code if line.code not in codes else line.identifier
        if line.identifier not in kept:
            codes.add(code)
            kept[line.identifier] = replace(line, code=code, rank=len(kept) + 1)
    return tuple(kept.values())


def _short(key: str) -> str:
    return key[:13]


def _key(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://www.francetravail.fr/rome/{name}"))
