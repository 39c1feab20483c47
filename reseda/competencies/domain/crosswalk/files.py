"""Plain files of statements, of validated pairs and of texts to learn words from."""

import csv
import re
from collections.abc import Iterator

# A statement is a sentence or two, with its indicators a page: longer is some other document.
LONGEST = 20_000
HEADINGS = ("source", "target")
# Several right targets of one statement, in one cell.
SEVERAL = " | "
LINES = re.compile(r"\r\n|\r|\n")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
WIDE = (b"\xff\xfe", b"\xfe\xff")


class Unusable(Exception):
    """A file that cannot be read: the code of the reason, and the line (0: the file as a whole)."""

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


def decoded(data: bytes) -> str:
    """Read UTF-8, or UTF-16 with its mark; raises `Unusable`: not_utf8, binary."""
    try:
        text = data.decode("utf-16" if data.startswith(WIDE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        code = "binary" if b"\x00" in data or data.startswith(WIDE) else "not_utf8"
        raise Unusable(code, data[: error.start].count(b"\n") + 1) from error
    if found := CONTROL.search(text):
        raise Unusable("binary", text.count("\n", 0, found.start()) + 1)
    return text


def statements_of(data: bytes) -> list[str]:
    """One statement a line, blank lines left out; raises `Unusable`: too_long besides."""
    return [text for _, text in _lines(data)]


def pairs_of(data: bytes) -> list[tuple[str, str]]:
    """Validated pairs: a statement, a tabulation, its target; what follows a second one is left.

    A first line "source, tabulation, target" is a heading; blank lines are left out. Targets joined
    by " | " are several right answers, besides the whole cell itself. Raises `Unusable`: no_tab,
    half_a_pair besides.
    """
    found: list[tuple[str, str]] = []
    for number, text in _lines(data, is_pairs=True):
        cells = [cell.strip() for cell in text.split("\t")[:2]]
        if not found and [cell.casefold() for cell in cells] == list(HEADINGS):
            continue
        if len(cells) < len(HEADINGS):
            raise Unusable("no_tab", number)
        if not all(cells):
            raise Unusable("half_a_pair", number)
        source, target = cells
        found.append((source, target))
        if SEVERAL in target:
            found += [(source, part.strip()) for part in target.split(SEVERAL) if part.strip()]
    return found


def texts_of(data: bytes, *, is_table: bool = False) -> list[str]:
    """Texts to learn words from: one a line; of a table, every cell of several words.

    Raises `Unusable`: broken_quotes besides.
    """
    if not is_table:
        return statements_of(data)
    lines = [text for _, text in _lines(data)]
    separator = max(";\t,", key="".join(lines[:15]).count)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    try:
        return [cell.strip() for row in rows for cell in row if " " in cell.strip()]
    except csv.Error as error:
        raise Unusable("broken_quotes", rows.line_num) from error


def _lines(data: bytes, *, is_pairs: bool = False) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(LINES.split(decoded(data)), start=1):
        text = line.strip("\n") if is_pairs else line.strip()
        if len(text) > LONGEST:
            raise Unusable("too_long", number)
        if text.strip():
            yield number, text
