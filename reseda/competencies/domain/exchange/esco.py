"""Skills of ESCO (European Commission) in CSV: lists of labels, or collections with descriptions.

A skill is known by its address, which ends with a UUID; what is broader than another is a group,
whether the file has its line or only names it.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reseda.competencies.domain.changes import SAID, Told
from reseda.competencies.domain.exchange.sheet import UUID
from reseda.competencies.domain.framework import COMPETENCY, GROUP, MAX_CODE, About, Line, Link
from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, Row, Table

NOTICE = "Ce service utilise la classification ESCO de la Commission européenne."
NOTICE_EN = "This service uses the ESCO classification of the European Commission."
ABOUT = About(
    creator="Commission européenne",
    publisher="Commission européenne",
    notes=f"{NOTICE} {NOTICE_EN} © Union européenne, décision 2011/833/UE.",
    official_source_url="https://esco.ec.europa.eu",
)
ABOUT_TELLS = frozenset({"creator", "publisher", "notes", "official_source_url"})
NAMES: dict[str, tuple[str, ...]] = {
    "uri": ("concepturi", "uri"),
    "label": ("preferredlabel", "preflabel", "label"),
    "others": ("altlabels", "altlabel", "alternativelabels"),
    "description": ("description", "definition"),
    "above": ("broaderconcepturi", "broaderuri", "broader"),
    "above_label": ("broaderconceptpt", "broaderconceptlabel", "broaderpt"),
}
BETWEEN = "|"
PART = "isPartOf"
SHORT = 13
# How much of descriptions and other labels is kept with an item.
LONGEST = 10_000


@dataclass(frozen=True)
class _Skill:
    uri: str
    label: str
    above: tuple[str, ...]
    row: Row | None = None


def is_one(rows: Sequence[Row]) -> bool:
    """Tell whether these lines have the heads of a table of ESCO."""
    heads = {sheets.plain(word): name for name, words in NAMES.items() for word in words}
    return any(
        {"uri", "label"} <= {heads.get(sheets.plain(cell), "") for cell in row.cells}
        for row in rows[: sheets.HEADER_DEPTH]
    )


def read(data: bytes, *, limit: int = sheets.MAX_ROWS) -> Told:
    """Read skills of ESCO; raises `sheets.Unreadable`."""
    return told(sheets.rows(data, limit=limit), limit=limit)


def told(rows: Sequence[Row], *, limit: int = sheets.MAX_ROWS) -> Told:
    """Say what the lines of a table of ESCO tell; a second broader skill is kept as a link."""
    table = sheets.table(rows, NAMES, required=("uri", "label"), limit=limit)
    skills = _skills(table)
    groups = {above for skill in skills.values() for above in skill.above}
    codes = _codes(skills)
    ranks: dict[str, int] = {}
    lines: list[Line] = []
    links: list[Link] = []
    for uri, skill in skills.items():
        parent = codes[skill.above[0]] if skill.above else ""
        ranks[parent] = ranks.get(parent, 0) + 1
        line = Line(
            codes[uri],
            parent,
            GROUP if uri in groups else COMPETENCY,
            skill.label,
            "",
            ranks[parent],
            identifier(uri),
            source=uri,
            extra=_extra(table, skill.row) if skill.row else {},
            line=skill.row.line if skill.row else 0,
        )
        lines.append(line)
        others = (codes[other] for other in skill.above[1:] if other != uri)
        links += (Link(PART, line.code, other, line=line.line) for other in others)
    return Told(
        tuple(lines),
        links=tuple(links) if table.has("above") else None,
        about=ABOUT,
        about_tells=ABOUT_TELLS,
        is_flat=True,
        tells=frozenset(SAID) - {"statement_en", "credits", "parent_link"},
        faults=tuple(_faults(table)),
        remarks=tuple(_remarks(links)),
    )


def identifier(uri: str) -> str:
    """Return the UUID that ends the address of a skill, else one made of this address."""
    last = uri.rstrip("/").rsplit("/", 1)[-1].lower()
    return last if UUID.fullmatch(last) else str(uuid.uuid5(uuid.NAMESPACE_URL, uri))


def _skills(table: Table) -> dict[str, _Skill]:
    """Return every skill by its address, those that are only named as broader ones first."""
    found: dict[str, _Skill] = {}
    named: dict[str, str] = {}
    for row in table.rows:
        uri = table.value(row, "uri")
        broader = _cut(table.value(row, "above"))
        labels = _cut(table.value(row, "above_label"))
        for place, above in enumerate(broader):
            named.setdefault(above, labels[place] if len(labels) == len(broader) else "")
        found.setdefault(uri, _Skill(uri, table.value(row, "label"), broader, row))
    missing = {
        uri: _Skill(uri, label or uri.rsplit("/", 1)[-1], ())
        for uri, label in named.items()
        if uri not in found
    }
    return missing | found


def _cut(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split(BETWEEN) if part.strip()))


def _codes(skills: dict[str, _Skill]) -> dict[str, str]:
    """Give each address a short code that depends on it alone, in full where two would be equal."""
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for uri in skills:
        last = uri.rstrip("/").rsplit("/", 1)[-1][:MAX_CODE]
        code = last[:SHORT] if UUID.fullmatch(last.lower()) else last
        code = identifier(uri) if code in taken else code
        taken.add(code)
        codes[uri] = code
    return codes


def _extra(table: Table, row: Row) -> dict[str, object]:
    """Keep the description as a note, and the other labels as key words of the item."""
    others = _cut(table.value(row, "others")[:LONGEST])
    notes = table.value(row, "description")[:LONGEST]
    return ({"notes": notes} if notes else {}) | ({"conceptKeywords": [*others]} if others else {})


def _faults(table: Table) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for row in table.rows:
        uri = table.value(row, "uri")
        if not uri.lower().startswith(("http://", "https://")):
            yield Fault(row.line, "uri", uri[:80], "not_an_address" if uri else "missing")
        elif seen.setdefault(uri, row.line) != row.line:
            yield Fault(row.line, "uri", uri[:80], "repeated_identifier", {"first": seen[uri]})
        if not table.value(row, "label"):
            yield Fault(row.line, "label", "", "missing")


def _remarks(links: Sequence[Link]) -> Iterator[Fault]:
    for link in links:
        facts = {"code": link.destination}
        yield Fault(link.line, "above", link.destination, "second_parent", facts)
