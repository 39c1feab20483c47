"""An upload is what its bytes say, within bounds, under a name that does no harm."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.documents.domain import uploads
from reseda.documents.domain.uploads import KINDS, RefusedUpload, clean_name, inspect
from reseda.documents.tests.factories import ICS, PDF, PNG, archive

DOCX = archive({"[Content_Types].xml": "x", "word/document.xml": "x"})
XLSX = archive({"[Content_Types].xml": "x", "xl/workbook.xml": "x"})
ALL = KINDS.keys()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "pdf"),
        (b"\n\n" + PDF, "pdf"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0" + bytes(9), "jpeg"),
        (DOCX, "docx"),
        (XLSX, "xlsx"),
        (ICS, "ics"),
        (b"\xef\xbb\xbf\r\n" + ICS.lower(), "ics"),
        (b"nom;prenom\nRoux;Camille\n", "csv"),
        ("nom;prénom\n".encode("latin-1"), "csv"),
    ],
)
def test_a_file_is_recognised_by_its_bytes(data, kind):
    upload = inspect(data, "whatever.exe", allowed=ALL)
    assert upload.kind == kind
    assert upload.content_type == KINDS[kind].content_type


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"MZ\x90\x00" + bytes(99), "kind"),
        (b"<html><script>a, b</script>", "kind"),
        (b"#!/bin/sh\necho a,b\n", "kind"),
        (b"a,b\x00c", "kind"),
        (b"just words", "kind"),
        (archive({"a.txt": "x"}), "kind"),
        (DOCX[:60], "broken"),
        (archive({"word/document.xml": bytes(120 * 1024**2)}), "bomb"),
        (archive({"word/document.xml": bytes(2_000_000)}), "bomb"),
        (archive({f"{n}": "" for n in range(6000)} | {"xl/workbook.xml": ""}), "bomb"),
        (archive({"xl/workbook.xml": "x", "xl/vbaProject.bin": "x"}), "macros"),
        (PDF + bytes(2000), "size"),
    ],
)
def test_a_file_that_would_do_harm_is_refused(data, code):
    with pytest.raises(RefusedUpload) as refused:
        inspect(data, "a.docx", allowed=ALL, limit=max(1000, len(data)) if code != "size" else 1000)
    assert refused.value.code == code


def test_a_known_kind_that_is_not_wanted_here_is_refused_by_name():
    with pytest.raises(RefusedUpload) as refused:
        inspect(XLSX, "a.pdf")
    assert refused.value.facts == {"found": "xlsx"}


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("Convocation mars.PDF", "Convocation mars.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Roux\\papier.pdf", "papier.pdf"),
        ("a\x00b\r\nc\u202efdp.exe", "abcfdp.exe.pdf"),
        ("", "document.pdf"),
        (".pdf", "document.pdf"),
        ("..", "document.pdf"),
        ("e\u0301tat.pdf", "état.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_cleaned_and_cannot_lie_about_its_kind(given, clean):
    assert clean_name(given, "pdf") == clean


@given(st.text(max_size=300), st.sampled_from(sorted(KINDS)))
def test_a_cleaned_name_is_short_safe_and_stays_as_it_is(name, kind):
    clean = clean_name(name, kind)
    assert 0 < len(clean) <= uploads.NAME_LIMIT
    assert not set(clean) & set('/\\<>:"|?*\r\n\x00')
    assert clean.endswith(KINDS[kind].endings)
    assert clean_name(clean, kind) == clean


@given(st.binary(max_size=400))
def test_any_bytes_are_accepted_or_refused_never_a_crash(data):
    with contextlib.suppress(RefusedUpload):
        inspect(data, "a", allowed=ALL)
