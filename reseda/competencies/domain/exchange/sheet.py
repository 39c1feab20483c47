"""A framework as a table, CSV or XLSX: our own template, its heads in French or English."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.changes import SAID, Known, Told
from reseda.competencies.domain.framework import KINDS, RELATED, Line, Link
from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, Row, plain

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
        "french wording",
        "label fr",
    ),
    "statement_en": (
        "libellé anglais",
        "énoncé anglais",
        "anglais",
        "statement in english",
        "english wording",
        "label en",
    ),
    "credits": ("crédits ects", "crédits", "ects", "ects credits", "credits"),
    "source": ("adresse d’origine", "source", "origine", "source address", "source uri"),
    "develops": ("contribue à", "développe", "develops", "contributes to"),
    "identifier": ("identifiant", "identifier", "uuid"),
}
REQUIRED = ("code", "parent", "kind", "statement")
# Columns that a table may leave out; without them, what is known stays.
OPTIONAL = ("statement_en", "credits", "source")
# What a table never tells.
UNTOLD = frozenset({"parent_link", "extra"})
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The heads that are written, and the words for the kinds of items, by language.
HEADS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "code": "Code",
        "parent": "Code parent",
        "kind": "Nature",
        "statement": "Libellé français",
        "statement_en": "Libellé anglais",
        "credits": "Crédits ECTS",
        "source": "Adresse d’origine",
        "develops": "Contribue à",
        "identifier": "Identifiant",
    },
    "en": {
        "code": "Code",
        "parent": "Parent code",
        "kind": "Kind",
        "statement": "French wording",
        "statement_en": "English wording",
        "credits": "ECTS credits",
        "source": "Source address",
        "develops": "Contributes to",
        "identifier": "Identifier",
    },
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        rules.GROUP: "regroupement",
        rules.BLOCK: "bloc de compétences",
        rules.UNIT: "unité d’enseignement",
        rules.COMPETENCY: "compétence",
        rules.COMPONENT: "composante essentielle",
        rules.FAMILY: "famille de situations",
        rules.LEVEL: "niveau de développement",
        rules.LEARNING: "apprentissage critique",
        rules.INDICATOR: "indicateur",
        rules.RESOURCE: "ressource",
    },
    "en": {
        rules.GROUP: "group",
        rules.BLOCK: "block of competencies",
        rules.UNIT: "teaching unit",
        rules.COMPETENCY: "competency",
        rules.COMPONENT: "essential component",
        rules.FAMILY: "family of situations",
        rules.LEVEL: "level of development",
        rules.LEARNING: "critical learning",
        rules.INDICATOR: "indicator",
        rules.RESOURCE: "resource",
    },
}


def written(known: Known, language: str) -> tuple[list[str], list[list[object]]]:
    """Return the heads and lines of the table of a framework, `language` being `fr` or `en`."""
    spoken = "en" if language.startswith("en") else "fr"
    developed: defaultdict[str, list[str]] = defaultdict(list)
    for link in known.links:
        if link.kind == RELATED and link.origin and link.destination:
            developed[link.origin].append(link.destination.replace("%", "%25").replace(";", "%3B"))
    body: list[list[object]] = [
        [
            _guarded(line.code),
            _guarded(line.parent),
            WORDS[spoken][line.kind],
            _guarded(line.statement),
            _guarded(line.statement_en),
            line.credits,
            _guarded(line.source),
            _guarded("; ".join(dict.fromkeys(developed[line.code]))),
            line.identifier,
        ]
        for line in known.lines
    ]
    return list(HEADS[spoken].values()), body


def _guarded(text: str) -> str:
    """Put one more apostrophe before those that a reader would take for the guard of a formula."""
    return f"'{text.lstrip()}" if sheets.is_guarded(text.lstrip()) else text


def is_one(rows: Sequence[Row]) -> bool:
    """Tell whether these lines have the heads of our table."""
    heads = {plain(word): name for name, words in NAMES.items() for word in words}
    return any(
        {"code", "statement"} <= {heads.get(plain(cell), "") for cell in row.cells}
        for row in rows[: sheets.HEADER_DEPTH]
    )


def read(data: bytes, *, limit: int = sheets.MAX_ROWS) -> Told:
    """Read a table of items, siblings ranked as they come; raises `sheets.Unreadable`."""
    return told(sheets.rows(data, limit=limit), limit=limit)


def told(rows: Sequence[Row], *, limit: int = sheets.MAX_ROWS) -> Told:
    """Say what lines already read tell; raises `sheets.Unreadable`.

    What an item contributes to is told by codes, separated by semicolons; a table without this
    column, or without credits, leaves what is known of them.
    """
    table = sheets.table(rows, NAMES, required=REQUIRED, limit=limit)
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
    faults += _link_faults(links, {line.code for line in lines})
    left_out = {name for name in OPTIONAL if not table.has(name)}
    return Told(
        tuple(lines),
        tuple(links) if table.has("develops") else None,
        is_inner=True,
        is_flat=True,
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
        named = code.replace("%3B", ";").replace("%25", "%")
        yield Link(RELATED, cell["code"], named, line=line)


def _link_faults(links: Sequence[Link], known: set[str]) -> Iterator[Fault]:
    for link in links:
        if link.destination not in known:
            yield Fault(link.line, "develops", link.destination, "unknown_code")
        elif link.destination == link.origin:
            yield Fault(link.line, "develops", link.destination, "linked_to_itself")


def _cell_faults(line: int, cell: Mapping[str, str], kind: str | None) -> Iterator[Fault]:
    if kind is None:
        yield Fault(line, "kind", cell["kind"], "unknown_kind" if cell["kind"] else "missing")
    if cell["identifier"] and not UUID.fullmatch(cell["identifier"].lower()):
        yield Fault(line, "identifier", cell["identifier"], "not_an_identifier")
    if cell["credits"] and amount(cell["credits"]) is None:
        yield Fault(line, "credits", cell["credits"], "not_a_number")
