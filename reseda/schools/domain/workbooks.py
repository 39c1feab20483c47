"""Reading workbooks (XLSX): cells as people see them, formulas by their last result."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

# A workbook is a compressed archive: what it unfolds to is bounded before it is opened.
MAX_UNFOLDED = 80 * 1024 * 1024


class Unreadable(Exception):
    """A file that is not a usable table: a code and its facts, told in words by the pages."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def read(data: bytes, *, max_rows: int, max_columns: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of the first sheet that has any, each with its number.

    A merged block gives its value to every line it covers, as it looks; a formula gives its last
    computed result. Raises `Unreadable`: broken_workbook, too_many_rows, too_many_columns,
    formula (a formula whose result was never stored).
    """
    _check_archive(data)
    sheet = _first_filled(_open(data, is_computed=True))
    if sheet is None:
        return
    if sheet.max_row > max_rows:
        raise Unreadable("too_many_rows", limit=max_rows, line=sheet.max_row)
    if sheet.max_column > max_columns:
        raise Unreadable("too_many_columns", limit=max_columns, line=sheet.min_row)
    merged = _merged(sheet)
    hidden = _uncomputed(data, sheet)
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = []
        for column, value in enumerate(cells, start=1):
            if (number, column) in hidden:
                raise Unreadable("formula", line=number, value=hidden[number, column][:80])
            texts.append(_text(merged.get((number, column), value)))
        yield number, texts


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("broken_workbook") from error
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise Unreadable("not_a_workbook")
    if sum(member.file_size for member in members) > MAX_UNFOLDED:
        raise Unreadable("too_big", limit=MAX_UNFOLDED // 1024**2)


def _open(data: bytes, *, is_computed: bool) -> openpyxl.Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), data_only=is_computed)
    # The library lets many kinds of error out of a damaged file: all mean the same to its owner.
    except Exception as error:
        raise Unreadable("broken_workbook") from error


def _first_filled(workbook: openpyxl.Workbook) -> Worksheet | None:
    for sheet in workbook.worksheets:
        if isinstance(sheet, Worksheet) and sheet.calculate_dimension() != "A1:A1":
            return sheet
    return workbook.worksheets[0] if workbook.worksheets else None


def _merged(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """Spread the value of each merged block over the lines that it covers."""
    spread: dict[tuple[int, int], Any] = {}
    for block in sheet.merged_cells.ranges:
        value = sheet.cell(block.min_row, block.min_col).value
        for row in range(block.min_row, min(block.max_row, sheet.max_row) + 1):
            spread[row, block.min_col] = value
    return spread


def _uncomputed(data: bytes, computed: Worksheet) -> dict[tuple[int, int], str]:
    """Find formulas without a stored result, which would otherwise read as empty cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if not any(
            b"<f" in archive.read(name)
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        ):
            return {}
    sheet = _open(data, is_computed=False)[computed.title]
    return {
        (line, column): str(cell.value)
        for line, row in enumerate(sheet.iter_rows(), start=1)
        for column, cell in enumerate(row, start=1)
        if cell.data_type == "f" and computed.cell(line, column).value is None
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date().isoformat()
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
