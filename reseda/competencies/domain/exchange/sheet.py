"""A framework as a table, CSV or XLSX: our own template, its heads in French or English."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from reseda.competencies.domain.changes import SAID, Told
from reseda.competencies.domain.framework import KINDS, RELATED, Line, Link
from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, plain

NAMES: dict[str, tuple[str, ...]] = {
    "code": ("code",),
    "parent": ("code parent", "parent", "parent code"),
    "kind": ("nature", "type", "kind"),
    "statement": (
        "libellé français",
        "énoncé français",
        "libellé",
        "français",
        "statement in french",
        "label fr",
    ),
    "statement_en": (
        "libellé anglais",
        "énoncé anglais",
        "anglais",
        "statement in english",
        "label en",
    ),
    "identifier": ("identifiant", "identifier", "uuid"),
    "credits": ("crédits ects", "crédits", "ects", "credits"),
    "source": ("adresse d’origine", "source", "origine", "source uri"),
    "develops": ("contribue à", "développe", "develops", "contributes to"),
}
REQUIRED = ("code", "parent", "kind", "statement")
# Columns that a table may leave out; without them, what is known stays.
OPTIONAL = ("statement_en", "credits", "source")
# What a table never tells.
UNTOLD = frozenset({"parent_link", "extra"})
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read(data: bytes) -> Told:
    """Read a table of items, siblings ranked as they come; raises `sheets.Unreadable`.

    What an item contributes to is told by codes, separated by semicolons; a table without this
    column, or without credits, leaves what is known of them.
    """
    table = sheets.read(data, NAMES, required=REQUIRED)
    ranks: Counter[str] = Counter()
    lines: list[Line] = []
    links: list[Link] = []
    faults: list[Fault] = []
    for row in table.rows:
        cell = {name: table.value(row, name) for name in NAMES}
        kind = KINDS.get(plain(cell["kind"]))
        faults += _cell_faults(row.line, cell, kind)
        ranks[cell["parent"]] += 1
        lines.append(
            Line(
                cell["code"],
                cell["parent"],
                kind or "",
                cell["statement"],
                cell["statement_en"],
                ranks[cell["parent"]],
                cell["identifier"].lower(),
                credits=amount(cell["credits"]),
                source=cell["source"],
                line=row.line,
            )
        )
        links += _developed(cell, row.line)
    known = {line.code for line in lines}
    faults += [
        Fault(link.line, "develops", link.destination, "unknown_code")
        for link in links
        if link.destination not in known
    ]
    left_out = {name for name in OPTIONAL if not table.has(name)}
    return Told(
        tuple(lines),
        tuple(links) if table.has("develops") else None,
        is_inner=True,
        tells=frozenset(SAID) - UNTOLD - left_out,
        faults=tuple(faults),
    )


def amount(text: str) -> Decimal | None:
    """Read credits, with a comma or a point; None for an empty cell or what is no number."""
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _developed(cell: Mapping[str, str], line: int) -> Iterator[Link]:
    codes = (code.strip() for code in cell["develops"].split(";"))
    for code in dict.fromkeys(code for code in codes if code):
        yield Link(RELATED, cell["code"], code, line=line)


def _cell_faults(line: int, cell: Mapping[str, str], kind: str | None) -> Iterator[Fault]:
    if kind is None:
        yield Fault(line, "kind", cell["kind"], "unknown_kind" if cell["kind"] else "missing")
    if cell["identifier"] and not UUID.fullmatch(cell["identifier"].lower()):
        yield Fault(line, "identifier", cell["identifier"], "not_an_identifier")
    if cell["credits"] and amount(cell["credits"]) is None:
        yield Fault(line, "credits", cell["credits"], "not_a_number")
