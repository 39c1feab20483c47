"""A framework as the competency tool of Moodle exports and imports it (tool_lp, CSV).

Moodle has no kind of item: it names the levels of the tree (taxonomies). It has one short name, at
most 100 characters, and a description; cross-references have no direction. Its heads are
translated, so that columns are found by their order where no head is known.
"""

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.changes import Known, Told
from reseda.competencies.domain.exchange.sheet import UUID
from reseda.competencies.domain.framework import RELATED, UNDER, About, Line, Link
from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import FORMULA_STARTS, Fault, Row, flat, plain
from reseda.schools.domain.workbooks import Unreadable

HEAD = (
    *("Parent ID number", "ID number", "Short name", "Description", "Description format"),
    *("Scale values", "Scale configuration", "Rule type (optional)", "Rule outcome (optional)"),
    *("Rule config (optional)", "Cross-referenced competency ID numbers"),
    *("Exported ID (optional)", "Is framework", "Taxonomy"),
)
COLUMNS = (
    *("parent", "code", "name", "description", "format", "scale", "scale_config", "rule"),
    *("outcome", "rule_config", "related", "exported", "is_framework", "taxonomy"),
)
# Other ways in which a head is written, from version to version.
ALSO = {
    "related": ("Cross referenced competency ID numbers",),
    "rule": ("Rule type",),
    "outcome": ("Rule outcome",),
    "rule_config": ("Rule config",),
    "exported": ("Exported ID",),
}
NAMES: dict[str, tuple[str, ...]] = {
    name: (head, *ALSO.get(name, ())) for name, head in zip(COLUMNS, HEAD, strict=True)
}
# What Moodle may call a level of the tree, and the kind of item that is meant.
TAXONOMIES: Mapping[str, str] = {
    "behaviour": rules.INDICATOR,
    "competency": rules.COMPETENCY,
    "concept": rules.RESOURCE,
    "domain": rules.GROUP,
    "indicator": rules.INDICATOR,
    "level": rules.LEVEL,
    "outcome": rules.LEARNING,
    "practice": rules.COMPONENT,
    "proficiency": rules.LEVEL,
    "skill": rules.COMPETENCY,
    "value": rules.COMPONENT,
}
SPOKEN: Mapping[str, str] = {
    rules.GROUP: "domain",
    rules.BLOCK: "domain",
    rules.UNIT: "outcome",
    rules.COMPETENCY: "competency",
    rules.COMPONENT: "practice",
    rules.FAMILY: "practice",
    rules.LEVEL: "level",
    rules.LEARNING: "outcome",
    rules.INDICATOR: "indicator",
    rules.RESOURCE: "concept",
}
DEPTHS = 4
SHORT = 100
# A short name of this length may have been cut by Moodle, or ends as cut names do.
CUT, ELLIPSES = 97, ("…", "...")
HTML_FORMATS, PLAIN_FORMAT = {"", "0", "1"}, "2"
SCALE = "Non acquis,Acquis"
SCALE_CONFIG = '[{"scaleid":"1"},{"id":2,"scaledefault":1,"proficient":1}]'
TAG = re.compile(r"<[^<>]*>")
TELLS = frozenset({"code", "parent", "statement", "rank"})
GUESSED = Fault(0, "kind", "", "kinds_guessed")


def written(known: Known, *, title: str, identifier: str) -> bytes:
    """Return a framework as a file that Moodle imports, and that comes back without any change."""
    related: dict[str, list[str]] = {}
    for link in known.links:
        if link.kind == RELATED and link.origin and link.destination:
            related.setdefault(link.origin, []).append(_listed(link.destination))
    notice = known.about.description
    first = ("", identifier, _short(title), notice, PLAIN_FORMAT, SCALE, SCALE_CONFIG)
    table = [
        HEAD,
        (*first, "", "", "", "", "", "1", ",".join(_taxonomies(known.lines))),
        *(_row(line, ",".join(dict.fromkeys(related.get(line.code, ())))) for line in known.lines),
    ]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_guarded(cell) for cell in row] for row in table])
    return text.getvalue().encode()


def _row(line: Line, related: str) -> tuple[str, ...]:
    name, whole = _short(line.statement), flat(line.statement)
    notes = str(line.extra.get("notes", ""))
    description = line.statement if name != whole else ("" if _is_cut(name, notes) else notes)
    told = (line.parent, line.code, name, description, PLAIN_FORMAT if description else "")
    return (*told, "", "", "", "0", "null", related, line.identifier, "", "")


def _short(text: str) -> str:
    whole = flat(text)
    return whole if len(whole) <= SHORT else whole[: SHORT - 1].rstrip() + ELLIPSES[0]


def _listed(code: str) -> str:
    return code.replace(",", "%2C")


def _guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run, or before one that is in the text."""
    text = cell.lstrip()
    is_to_guard = text.startswith(FORMULA_STARTS) or sheets.is_guarded(text)
    return f"'{text}" if is_to_guard else cell


def _taxonomies(lines: Sequence[Line]) -> list[str]:
    """Name the first levels of the tree by the most frequent kind of each."""
    depths = {"": 0}
    kinds = [Counter[str]() for _depth in range(DEPTHS)]
    for line in lines:
        depth = depths.get(line.parent, 0)
        depths[line.code] = depth + 1
        if depth < DEPTHS:
            kinds[depth][SPOKEN[line.kind]] += 1
    return [kind.most_common(1)[0][0] if kind else "competency" for kind in kinds]


@dataclass(frozen=True)
class _Columns:
    """Where each column stands, and the lines below the heads."""

    places: Mapping[str, int]
    rows: tuple[Row, ...]

    def value(self, row: Row, name: str) -> str:
        place = self.places.get(name, len(row.cells))
        return row.cells[place] if place < len(row.cells) else ""

    def is_framework(self, row: Row) -> bool:
        return self.value(row, "is_framework") not in {"", "0", "false", "False"}


def is_one(rows: Sequence[Row]) -> bool:
    """Tell whether these lines are an export of Moodle, whatever the language of its heads."""
    return _columns(rows) is not None


def _columns(rows: Sequence[Row]) -> _Columns | None:
    heads = {plain(word): name for name, words in NAMES.items() for word in words}
    for place, row in enumerate(rows[: sheets.HEADER_DEPTH]):
        known = {
            heads[plain(cell)]: at for at, cell in enumerate(row.cells) if plain(cell) in heads
        }
        if {"parent", "code", "name", "is_framework"} <= known.keys():
            return _Columns(known, tuple(rows[place + 1 :]))
    by_order = _Columns({name: at for at, name in enumerate(COLUMNS)}, tuple(rows[1:]))
    named = (by_order.value(row, "taxonomy") for row in by_order.rows if by_order.is_framework(row))
    return by_order if any(_named(cell) for cell in named) else None


def _named(taxonomy: str) -> list[str]:
    words = [word.strip().lower() for word in taxonomy.split(",")]
    return words if all(word in TAXONOMIES for word in words) else []


def read(data: bytes, *, limit: int = sheets.MAX_ROWS) -> Told:
    """Read an export of Moodle; raises `sheets.Unreadable` (`not_moodle` among others)."""
    return told(sheets.rows(data, limit=limit))


def told(rows: Sequence[Row]) -> Told:
    """Say what lines already read tell; kinds are guessed, and followed only for new items."""
    columns = _columns(rows)
    if columns is None:
        raise Unreadable("not_moodle")
    first = next((row for row in columns.rows if columns.is_framework(row)), None)
    ranks: Counter[str] = Counter()
    lines: list[Line] = []
    links: list[Link] = []
    for row in columns.rows:
        if columns.is_framework(row):
            continue
        line = _line(columns, row)
        ranks[line.parent] += 1
        lines.append(replace(line, rank=ranks[line.parent]))
        for code in columns.value(row, "related").split(","):
            if code.strip():
                named = code.strip().replace("%2C", ",")
                links.append(Link(RELATED, line.code, named, line=row.line))
    if not lines:
        raise Unreadable("no_rows")
    codes = {line.code for line in lines}
    found = _framework(columns, first) if first else Told()
    return replace(
        found,
        lines=_kinds(lines, _named(columns.value(first, "taxonomy")) if first else []),
        links=tuple(link for link in links if _stands(link, codes)),
        remarks=(GUESSED, *_remarks(links, codes)),
        faults=tuple(_second(columns)),
        is_inner=True,
        is_undirected=True,
        is_flat=True,
        tells=TELLS,
    )


def _second(columns: _Columns) -> Iterator[Fault]:
    several = [row for row in columns.rows if columns.is_framework(row)][1:]
    for row in several:
        name = columns.value(row, "name")
        yield Fault(row.line, "is_framework", name[:80], "second_framework")


def _framework(columns: _Columns, row: Row) -> Told:
    key = columns.value(row, "code").lower()
    return Told(
        title=columns.value(row, "name"),
        identifier=key if UUID.fullmatch(key) else "",
        about=About(description=_described(columns, row)),
        about_tells=frozenset({"description"}),
    )


def _line(columns: _Columns, row: Row) -> Line:
    name, description = columns.value(row, "name"), _described(columns, row)
    is_cut = _is_cut(name, description) and len(description) <= rules.MAX_STATEMENT
    notes = "" if is_cut or flat(description) == name else description
    key = columns.value(row, "exported").lower()
    return Line(
        columns.value(row, "code"),
        columns.value(row, "parent"),
        rules.COMPETENCY,
        description if is_cut else name,
        identifier=key if UUID.fullmatch(key) else "",
        extra={"notes": notes} if notes else {},
        line=row.line,
    )


def _described(columns: _Columns, row: Row) -> str:
    """Return a description without its tags, where its format has some."""
    text = columns.value(row, "description")
    if columns.value(row, "format") not in HTML_FORMATS:
        return text
    return flat(html.unescape(TAG.sub(" ", text)))


def _is_cut(name: str, description: str) -> bool:
    """Tell whether a short name is the start of its description, which then says all of it."""
    may_be = len(name) >= CUT or name.endswith(ELLIPSES)
    stem = name
    for mark in ELLIPSES:
        stem = stem.removesuffix(mark)
    return may_be and flat(description).startswith(stem.rstrip())


def _stands(link: Link, codes: set[str]) -> bool:
    return link.destination in codes and link.origin != link.destination


def _remarks(links: Sequence[Link], codes: set[str]) -> Iterator[Fault]:
    for link in links:
        if not _stands(link, codes):
            yield Fault(link.line, "related", link.destination[:80], "link_left_out")


def _kinds(lines: Sequence[Line], taxonomy: Sequence[str]) -> tuple[Line, ...]:
    """Guess the kinds of the items: by the names of the levels if these make a sound tree."""
    above = {line.code: line.parent for line in lines}
    depths = {code: _depth(code, above) for code in above}
    named = [TAXONOMIES[word] for word in taxonomy]
    kinds = {code: named[min(depths[code], len(named)) - 1] for code in above} if named else {}
    is_sound = bool(kinds) and all(
        kinds[line.code] in UNDER.get(kinds.get(line.parent, ""), ()) for line in lines
    )
    kinds = kinds if is_sound else _by_shape(above)
    return tuple(replace(line, kind=kinds[line.code]) for line in lines)


def _by_shape(above: Mapping[str, str]) -> dict[str, str]:
    """What has only leaves is a competency, its leaves are indicators, what is above is a group."""
    heights = dict.fromkeys(above, 0)
    for code in above:
        place, height = above[code], 1
        while place in above and heights[place] < height <= rules.DEEPEST:
            heights[place] = height
            place, height = above[place], height + 1
    kinds = {}
    for code, parent in above.items():
        is_leaf = not heights[code] and heights.get(parent) == 1
        kinds[code] = rules.GROUP if heights[code] > 1 else rules.COMPETENCY
        kinds[code] = rules.INDICATOR if is_leaf else kinds[code]
    return kinds


def _depth(code: str, above: Mapping[str, str]) -> int:
    """Count the items from the top to this one; a loop counts as deep as may be."""
    depth, place = 0, code
    while place in above and depth <= rules.DEEPEST:
        depth, place = depth + 1, above[place]
    return depth
