from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from reseda.ui.http.sheets import csv_bytes, xlsx_bytes

TRAPS = [
    "=1+1",
    "+33 6 00 00 00 00",
    "-2",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "\uff1d1+1",
    '=HYPERLINK("x")',
]


@pytest.mark.parametrize("trap", TRAPS)
def test_nothing_runs_when_the_csv_is_opened(trap):
    text = csv_bytes(["A"], [[trap]]).decode("utf-8-sig").splitlines()[1]
    assert text.strip('"').startswith("'")


@pytest.mark.parametrize("trap", TRAPS)
def test_a_text_stays_a_text_in_the_workbook(trap):
    cell = load_workbook(BytesIO(xlsx_bytes(["A"], [[trap]]))).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value == trap
    assert cell.quotePrefix


def test_numbers_and_days_keep_their_kind():
    row = [Decimal("-2.5"), date(2026, 11, 9), datetime(2026, 11, 9, 7, 30, tzinfo=UTC), None, True]
    text = csv_bytes(["A"] * 5, [row]).decode("utf-8-sig").splitlines()[1]
    assert text == "-2,5;2026-11-09;2026-11-09 08:30;;1"
    cells = [
        cell.value for cell in load_workbook(BytesIO(xlsx_bytes(["A"] * 5, [row]))).worksheets[0][2]
    ]
    assert cells == [-2.5, datetime(2026, 11, 9), datetime(2026, 11, 9, 8, 30), None, "1"]  # noqa: DTZ001


def test_a_control_character_does_not_break_the_file():
    cell = load_workbook(BytesIO(xlsx_bytes(["A"], [["a\x07b"]]))).worksheets[0]["A2"]
    assert cell.value == "ab"


def test_an_empty_table_still_has_its_heading():
    assert csv_bytes(["Nom", "Jours"], []).decode("utf-8-sig") == "Nom;Jours\r\n"
    assert load_workbook(BytesIO(xlsx_bytes(["Nom"], []))).worksheets[0]["A1"].value == "Nom"
