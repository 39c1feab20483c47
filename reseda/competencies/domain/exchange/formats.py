"""The formats in which a framework comes in, told apart by what files hold, not by their names."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reseda.competencies.domain.changes import Told
from reseda.competencies.domain.exchange import case, esco, moodle, rncp, rome, sheet
from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Row
from reseda.schools.domain.workbooks import Unreadable

CASE, SHEET, MOODLE, RNCP = "case", "sheet", "moodle", "rncp"
ROME, ROME_LABELS, ESCO, STATEMENTS = "rome", "rome_labels", "esco", "statements"
MIB = 1024 * 1024
MAX_BYTES = 32 * MIB
# The whole of the ROME or of ESCO is 14,000 to 18,000 lines.
MAX_ROWS = 30_000
JSON_STARTS = ("{", "[")
NAME_OF_ROME = "rome"
Rows = Sequence[Row]


@dataclass(frozen=True)
class Source:
    """A file, with what was already read of it: its lines if it is a table, its JSON if it is."""

    kind: str
    data: bytes = field(repr=False)
    rows: Rows = field(default=(), repr=False)
    found: Any = field(default=None, repr=False)
    creator: str = ""


TABLES: Mapping[str, Callable[[Rows], bool]] = {
    MOODLE: moodle.is_one,
    ESCO: esco.is_one,
    ROME: rome.is_one,
    SHEET: sheet.is_one,
}
KINDS = (CASE, SHEET, MOODLE, RNCP, ROME, ROME_LABELS, ESCO, STATEMENTS)


def recognise(data: bytes, name: str = "") -> str:
    """Return the kind of a file; raises `Unreadable` (`unknown_format` where nothing fits).

    A list of sentences says by its content alone that it is one; that it comes from the ROME is
    taken from its name.
    """
    return _source(data, name).kind


def read(
    data: bytes, name: str = "", kind: str | None = None, *, creator: str = ""
) -> tuple[str, Told]:
    """Return the kind of a file, recognised unless it is given, and what it tells.

    `creator` is the author who stands for those that name none: the school of the framework.
    """
    source = _given(data, kind) if kind else _source(data, name)
    return source.kind, READERS[source.kind](replace(source, creator=creator))


def _given(data: bytes, kind: str) -> Source:
    """Take a file for what it is said to be, provided that it opens so."""
    if kind not in KINDS:
        raise Unreadable("unknown_format")
    _check(data)
    if kind in TABLES:
        return Source(kind, data, sheets.rows(data, limit=MAX_ROWS))
    return Source(kind, data, found=_json(data) if kind == RNCP else None)


def _source(data: bytes, name: str) -> Source:
    _check(data)
    if _is_json(data):
        return _object(data)
    try:
        return _table(data)
    except Unreadable:
        # Sentences may hold what would be a broken table: a lone quote, a hundred commas.
        if data.startswith(b"PK") or not rome.are_labels(sheets.text(data)):
            raise
    return Source(ROME_LABELS if NAME_OF_ROME in name.lower() else STATEMENTS, data)


def _table(data: bytes) -> Source:
    rows = sheets.rows(data, limit=MAX_ROWS)
    for kind, is_one in TABLES.items():
        if is_one(rows):
            return Source(kind, data, rows)
    if _is_near(rows):
        return Source(SHEET, data, rows)
    raise Unreadable("unknown_format")


def _check(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise Unreadable("too_big", limit=MAX_BYTES // MIB)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty")


def _is_near(rows: Rows) -> bool:
    """Tell whether a table has a head of ours: what it lacks is then worth naming."""
    heads = {sheets.plain(word) for words in sheet.NAMES.values() for word in words}
    return any(
        sum(sheets.plain(cell) in heads for cell in row.cells) > 1
        for row in rows[: sheets.HEADER_DEPTH]
    )


def _is_json(data: bytes) -> bool:
    start = data[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start[:1].decode("latin-1") in JSON_STARTS


def _object(data: bytes) -> Source:
    text = data.replace(b"\x00", b"") if b"\x00" in data[:8] else data
    if b"CFDocument" in text or b"CFItems" in text:
        return Source(CASE, data)
    found = _json(data)
    if rncp.is_one(found):
        return Source(RNCP, data, found=found)
    raise Unreadable("unknown_json")


def _json(data: bytes) -> Any:
    try:
        return json.loads(sheets.text(data))
    except RecursionError as error:
        raise Unreadable("not_json", line=1, column=1) from error
    except json.JSONDecodeError as error:
        raise Unreadable("not_json", line=error.lineno, column=error.colno) from error


def _rncp(source: Source) -> Told:
    if not rncp.is_one(source.found):
        raise Unreadable("not_rncp")
    return rncp.told(source.found, limit=MAX_ROWS)


READERS: Mapping[str, Callable[[Source], Told]] = {
    CASE: lambda source: case.read(source.data, creator=source.creator),
    SHEET: lambda source: sheet.told(source.rows, limit=MAX_ROWS),
    MOODLE: lambda source: moodle.told(source.rows),
    RNCP: _rncp,
    ROME: lambda source: rome.told(source.rows, limit=MAX_ROWS),
    ROME_LABELS: lambda source: rome.read_labels(source.data, limit=MAX_ROWS),
    ESCO: lambda source: esco.told(source.rows, limit=MAX_ROWS),
    STATEMENTS: lambda source: rome.read_statements(source.data, limit=MAX_ROWS),
}
