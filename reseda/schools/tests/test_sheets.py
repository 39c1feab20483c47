"""Tables made by hand: every usual encoding, separator and workbook is read, the rest refused."""

import contextlib
import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.schools.domain import sheets
from reseda.schools.domain.workbooks import Unreadable

NAMES = {"email": ("e-mail", "courriel"), "last_name": ("nom",), "first_name": ("prénom",)}
TEXT = "Prénom;NOM;E-mail\nZoé;Lefèvre;zoe@ecole.fr\n"


def read(data: bytes) -> list[tuple[int, str, str, str]]:
    table = sheets.read(data, NAMES, required=("email",))
    return [(row.line, *(table.value(row, name) for name in NAMES)) for row in table.rows]


def refusal(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value


def workbook(*rows: list[Any]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_same_table_is_read_in_any_encoding_separator_and_line_end(
    encoding: str, separator: str, end: str
) -> None:
    data = TEXT.replace(";", separator).replace("\n", end).encode(encoding)
    assert read(data) == [(2, "zoe@ecole.fr", "Lefèvre", "Zoé")]


@pytest.mark.parametrize("heading", ["Courriel", "COURRIEL ", "e mail", "É-mail", "“e-mail”"])
def test_a_column_is_found_whatever_its_accents_case_and_punctuation(heading: str) -> None:
    assert read(f"nom;{heading}\nRoux;a@b.fr".encode()) == [(2, "a@b.fr", "Roux", "")]


def test_quoted_cells_keep_separators_and_line_breaks_and_lines_stay_counted() -> None:
    data = b'nom;e-mail\n"Roux; dit\n""Le Roux""";a@b.fr\nPetit;p@b.fr\n'
    assert read(data) == [
        (2, "a@b.fr", 'Roux; dit "Le Roux"', ""),
        (4, "p@b.fr", "Petit", ""),
    ]


def test_blank_lines_and_a_title_above_the_columns_are_passed_over() -> None:
    data = b"sep=;\nListe;;\n;;\nnom;e-mail;\n;;\nRoux;a@b.fr;\n"
    assert read(data) == [(6, "a@b.fr", "Roux", "")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "empty"),
        (b";;;\n;;;\n", "empty"),
        (b"x" * (sheets.MAX_BYTES + 1), "too_big"),
        (b"%PDF-1.7 anything", "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"\xff\xfe\x00\xd8\x00", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_excel"),
        (b"PK\x03\x04 and then nothing", "broken_workbook"),
        (b"un,deux\n1,2\n", "no_header"),
        (b"nom;prenom\nRoux;Zoe\n", "missing_columns"),
        (b"nom;e-mail;courriel\nRoux;a@b.fr;a@b.fr\n", "twice_a_column"),
        (b"nom;e-mail\n", "no_rows"),
        (b'nom;e-mail\n"Roux;a@b.fr\nPetit;p@b.fr\n', "broken_quotes"),
        (b"nom;e-mail\n" + b"Roux;a@b.fr\n" * 20_001, "too_many_rows"),
        (b"nom;e-mail" + b";x" * 80 + b"\n", "too_many_columns"),
    ],
)
def test_what_is_not_a_usable_table_is_refused_with_a_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def test_a_refusal_names_the_line_and_the_missing_column() -> None:
    assert refusal(b'nom;e-mail\nPetit;p@b.fr\n"Roux;a@b.fr\n').facts["line"] == 3
    missing = refusal(b"Liste\nnom;prenom\nRoux;Zoe\n").facts
    assert (missing["columns"], missing["line"]) == ("email", 2)


def test_a_workbook_gives_numbers_days_and_formulas_as_they_look() -> None:
    book = workbook(["Nom", "Prénom", "E-mail"], [20260001, date(2026, 9, 1), "a@b.fr"])
    assert read(saved(book)) == [(2, "a@b.fr", "20260001", "2026-09-01")]


def test_a_formula_never_computed_is_refused_with_its_line() -> None:
    found = refusal(saved(workbook(["Nom", "E-mail"], ["Roux", '=A2&"@b.fr"'])))
    assert (found.code, found.facts["line"]) == ("formula", 2)


def test_a_merged_block_gives_its_value_to_every_line_it_covers() -> None:
    book = workbook(["Nom", "E-mail"], ["Roux", "a@b.fr"], [None, "p@b.fr"])
    book.worksheets[0].merge_cells("A2:A3")
    assert read(saved(book)) == [(2, "a@b.fr", "Roux", ""), (3, "p@b.fr", "Roux", "")]


def test_the_first_filled_sheet_is_read() -> None:
    book = workbook()
    book.create_sheet("Liste").append(["Nom", "E-mail"])
    book["Liste"].append(["Roux", "a@b.fr"])
    assert read(saved(book)) == [(2, "a@b.fr", "Roux", "")]


def test_a_workbook_with_a_cell_far_below_is_refused_quickly() -> None:
    book = workbook(["Nom", "E-mail"], ["Roux", "a@b.fr"])
    book.worksheets[0]["A1048576"] = "."
    assert refusal(saved(book)).code == "too_many_rows"


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(file.getvalue()).code == "not_a_workbook"


def test_a_truncated_workbook_is_refused() -> None:
    data = saved(workbook(["Nom", "E-mail"], ["Roux", "a@b.fr"]))
    assert refusal(data[: len(data) // 2]).code == "broken_workbook"


@given(st.binary(max_size=200))
def test_no_file_makes_the_reader_fail_otherwise(data: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert read(b"nom;e-mail\n" + data)
