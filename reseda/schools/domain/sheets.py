"""Reading a table that somebody made by hand: CSV in any usual encoding, or a workbook.

A file that cannot be read raises `Unreadable(code, facts)`; the pages turn it into a sentence.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reseda.schools.domain import workbooks
from reseda.schools.domain.workbooks import Unreadable

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
# Lines looked at for the one that names the columns: files often start with a title.
HEADER_DEPTH = 15
SEPARATORS = ";\t,|"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
NOT_TABLES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf")
FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")


@dataclass(frozen=True)
class Row:
    """One line of the table: its number in the file (from 1) and its cells, trimmed."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The columns found under the names asked for, the others, and the lines below."""

    header_line: int
    columns: dict[str, int]
    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = field(default=())

    def has(self, name: str) -> bool:
        """Tell whether the table has this column."""
        return name in self.columns

    def value(self, row: Row, name: str) -> str:
        """Return a cell by the name of its column, empty where either is missing."""
        place = self.columns.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""


@dataclass(frozen=True)
class Fault:
    """Why a line is refused: where it stands, what was read there, and the code of the reason."""

    line: int
    column: str
    value: str
    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


def plain(text: str) -> str:
    """Reduce a name to what people mean by it: no accent, case, punctuation or space."""
    bare = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in bare if letter.isalnum())


def read(data: bytes, names: Mapping[str, Sequence[str]], *, required: Iterable[str]) -> Table:
    """Read a file into a table whose columns are `names`: code -> the headings people write for it.

    Raises `Unreadable`: empty, too_big, binary, old_excel, broken_workbook, too_many_rows,
    too_many_columns, broken_quotes, no_header, missing_columns, twice_a_column, no_rows.
    """
    return table(rows(data), names, required=required)


def table(
    lines: Sequence[Row],
    names: Mapping[str, Sequence[str]],
    *,
    required: Iterable[str],
    limit: int = MAX_ROWS,
) -> Table:
    """Find the columns asked for among lines already read; raises `Unreadable` as `read` does."""
    found = _table(lines, {plain(h): code for code, all_ in names.items() for h in all_}, limit)
    missing = [code for code in required if code not in found.columns]
    if missing:
        raise Unreadable("missing_columns", columns=", ".join(missing), line=found.header_line)
    if not found.rows:
        raise Unreadable("no_rows")
    return found


def rows(data: bytes, *, limit: int = MAX_ROWS) -> list[Row]:
    """Read every line that says something, at most `limit` and a few heads; raises `Unreadable`."""
    found: list[Row] = []
    for line, cells in _lines(data, limit):
        trimmed = tuple(_trim(cell) for cell in cells)
        if any(trimmed):
            found.append(Row(line, trimmed))
        if len(found) > limit + HEADER_DEPTH:
            raise Unreadable("too_many_rows", limit=limit)
    if not found:
        raise Unreadable("empty")
    return found


def _lines(data: bytes, limit: int) -> Iterator[tuple[int, list[str]]]:
    """Choose how to read by what the file is, whatever its name says."""
    if len(data) > MAX_BYTES:
        raise Unreadable("too_big", limit=MAX_BYTES // 1024**2)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("empty")
    if data.startswith(OLD_OFFICE):
        raise Unreadable("old_excel")
    if data.startswith(b"PK\x03\x04"):
        return workbooks.read(data, max_rows=limit + HEADER_DEPTH, max_columns=MAX_COLUMNS)
    return _records(text(data))


def _trim(cell: str) -> str:
    trimmed = flat(cell)
    # Exported tables put an apostrophe before what a spreadsheet would run: it is not theirs.
    return trimmed[1:] if is_guarded(trimmed) else trimmed


def is_guarded(text: str) -> bool:
    """Tell whether a text starts with the apostrophes that keep a spreadsheet from running it."""
    return text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)


def flat(cell: str) -> str:
    """Return a text as a table keeps it: composed letters, one space where there was any white."""
    return " ".join(unicodedata.normalize("NFC", cell).replace("\u200b", "").split())


def text(data: bytes) -> str:
    """Decode text: the byte-order mark decides, then UTF-8, then what French Windows writes.

    Raises `Unreadable`: binary.
    """
    if data.startswith(NOT_TABLES):
        raise Unreadable("binary")
    decoded = _decoded(data)
    if CONTROL.search(decoded):
        raise Unreadable("binary")
    return decoded


def _decoded(data: bytes) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        if b"\x00" in data[:200]:
            is_little = data[1:2] == b"\x00"
            return data.decode("utf-16-le" if is_little else "utf-16-be")
    except UnicodeDecodeError as error:
        raise Unreadable("binary") from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _records(content: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the number of the line where it starts."""
    lines = list(io.StringIO(content, newline=""))
    start = 1
    separator = ""
    if lines and (declared := re.match(r"sep=(.)\s*$", lines[0], re.IGNORECASE)):
        separator, lines, start = declared[1], lines[1:], 2
    reader = csv.reader(lines, delimiter=separator or _separator(lines), strict=True)
    line = start
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable("broken_quotes", line=line) from error
        if len(record) > MAX_COLUMNS and any(record[MAX_COLUMNS:]):
            raise Unreadable("too_many_columns", limit=MAX_COLUMNS, line=line)
        yield line, record
        line = start + reader.line_num


def _separator(lines: list[str]) -> str:
    """Choose the separator that cuts the first lines most, quoted text left aside."""
    sample = re.sub(r'"[^"]*"', "", "".join(lines[:HEADER_DEPTH]))
    return max(SEPARATORS, key=sample.count)


def _table(rows: Sequence[Row], headings: dict[str, str], limit: int) -> Table:
    """Find the line that names the columns: the one with most known headings among the first."""
    first = rows[:HEADER_DEPTH]
    known = [sum(plain(cell) in headings for cell in row.cells) for row in first]
    if not max(known):
        raise Unreadable("no_header", line=rows[0].line, value=" · ".join(rows[0].cells)[:120])
    place = known.index(max(known))
    header = first[place]
    columns: dict[str, int] = {}
    unknown: list[str] = []
    for position, heading in enumerate(header.cells):
        code = headings.get(plain(heading))
        if code is None:
            unknown.extend([heading] if heading else [])
        elif code in columns:
            raise Unreadable("twice_a_column", value=heading, line=header.line)
        else:
            columns[code] = position
    below = rows[place + 1 :]
    if len(below) > limit:
        raise Unreadable("too_many_rows", limit=limit)
    return Table(header.line, columns, tuple(below), tuple(unknown))
