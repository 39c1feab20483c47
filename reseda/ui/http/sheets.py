"""Tables as files: CSV and XLSX that open in a spreadsheet and in which nothing can run."""

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO

from django.http import HttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# What a spreadsheet takes for the start of a formula (OWASP, "CSV injection"),
# full-width forms of the same signs included.
FORMULA_STARTS = (*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
WIDEST = 48
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Value = str | int | float | Decimal | date | datetime | time | None


def sheet(
    name: str, kind: str, head: Sequence[str], body: Sequence[Sequence[object]]
) -> HttpResponse:
    """Return a table as a file to keep, `csv` or `xlsx`, which no cache holds."""
    is_csv = kind == "csv"
    response = HttpResponse(
        csv_bytes(head, body) if is_csv else xlsx_bytes(head, body),
        content_type="text/csv; charset=utf-8" if is_csv else XLSX,
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def plain(value: object) -> Value:
    """Return a value as a spreadsheet keeps it: number, local day or hour, or clean text."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "1", False: "0"}[value]
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | float | Decimal | date | time):
        return value
    return CONTROL.sub("", str(value))


def is_formula(value: object) -> bool:
    """Tell whether a spreadsheet would try to run this text."""
    return isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS)


def csv_bytes(head: Sequence[str], body: Sequence[Sequence[object]]) -> bytes:
    """Return UTF-8 with its mark, semicolons, decimal commas, ISO days; "'" before a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    for row in (head, *body):
        writer.writerow([_written(plain(value)) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_bytes(head: Sequence[str], body: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of one sheet, its heading frozen; a text never becomes a formula."""
    book = Workbook()
    book.properties.creator = "Réséda"
    sheet = book.worksheets[0]
    for rank, row in enumerate((head, *body), start=1):
        for column, value in enumerate(row, start=1):
            _fill(sheet.cell(rank, column), plain(value))  # type: ignore[arg-type]  # never merged here
    for column in range(1, len(head) + 1):
        sheet.cell(1, column).font = Font(bold=True)
        longest = max(len(str(row[column - 1])) for row in (head, *body))
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, longest + 2)
    sheet.freeze_panes = "A2"
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _written(value: Value) -> str:
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    text = str(value)
    return f"'{text}" if is_formula(value) else text


def _fill(cell: Cell, value: Value) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = is_formula(value)
