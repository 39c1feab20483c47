"""Pictures and PDFs that carry a credential, and the annex and badge drawn by this house."""

import copy
import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter

from reseda.credentials.domain import baking, pdf, picture
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.domain.verification import as_document, read
from reseda.credentials.tests import samples
from reseda.credentials.tests.samples import (
    ANNEX,
    BADGE,
    CARRIERS,
    JSON,
    SIGNED,
    failures,
    verdict,
)


def refused(call, *arguments):
    with pytest.raises(Refusal) as caught:
        call(*arguments)
    return caught.value.code


def test_baking_changes_nothing_in_the_drawing():
    drawing = picture.png(BADGE)
    baked = baking.bake_png(drawing, JSON.decode())
    before, after = (Image.open(BytesIO(content)) for content in (drawing, baked))
    assert before.size == after.size == (600, 600)
    assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()
    assert after.text["openbadgecredential"] == JSON.decode()


def test_baking_again_replaces_the_credential():
    once = baking.bake_png(picture.png(BADGE), "premier")
    assert baking.unbake_png(baking.bake_png(once, "second")) == "second"


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=40), max_size=4))
@settings(deadline=None, max_examples=30)
def test_any_json_comes_back_from_a_png_and_an_svg(content):
    text = json.dumps(content, ensure_ascii=True)
    assert baking.unbake_png(baking.bake_png(picture.png(BADGE), text)) == text
    svg = baking.bake_svg(picture.svg(BADGE), text)
    assert json.loads(baking.unbake_svg(svg)) == content


def test_the_end_of_a_cdata_section_inside_the_json_does_not_cut_it():
    text = json.dumps({"a": ["b]]>c"]})
    assert json.loads(baking.unbake_svg(baking.bake_svg(picture.svg(BADGE), text)))["a"] == [
        "b]]>c"
    ]


def test_pictures_and_documents_without_a_credential_say_so():
    empty = BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(empty)
    for data in (picture.png(BADGE), picture.svg(BADGE), empty.getvalue()):
        found = verdict(data)
        assert failures(found)["format"] == "no_credential"
        assert {check.code for check in found.checks[1:]} == {"not_checked"}


def test_two_credentials_in_one_file_are_refused():
    svg = CARRIERS["svg"]()
    start = svg.index(b"<openbadges:credential>")
    end = svg.index(b"</openbadges:credential>") + len(b"</openbadges:credential>")
    assert refused(baking.unbake_svg, svg[:end] + svg[start:end] + svg[end:]) == (
        "several_credentials"
    )


def test_what_the_pages_of_a_pdf_say_is_not_what_is_verified():
    # A genuine credential put into a page that tells another story: the verdict tells what is
    # signed, so the reader sees the difference.
    forged = pdf.render(
        pdf.Annex(**{**vars(ANNEX), "title": "Diplôme d’ingénieur", "holder": "Quelqu’un d’autre"}),
        JSON.decode(),
    )
    found = as_document(verdict(forged))
    assert found["achievement"]["name"] == samples.RECOGNITION.achievement.name


def test_a_pdf_whose_attachment_was_replaced_does_not_verify():
    changed = copy.deepcopy(SIGNED)
    changed["credentialSubject"]["achievement"]["name"] = "Diplôme d’ingénieur"
    forged = pdf.render(ANNEX, samples.text(changed).decode())
    assert failures(verdict(forged))["proof"] == "bad_signature"


def test_a_pdf_with_two_credentials_is_refused():
    writer = PdfWriter(clone_from=BytesIO(CARRIERS["pdf"]()))
    writer.add_attachment("autre.json", JSON)
    written = BytesIO()
    writer.write(written)
    assert refused(read, written.getvalue()) == "several_credentials"


def test_the_annex_is_a_tagged_archive_with_the_credential_attached_as_it_was():
    document = CARRIERS["pdf"]()
    reader = PdfReader(BytesIO(document))
    assert baking.attached(document) == JSON.decode()
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr-FR"
    metadata = root["/Metadata"].get_object().get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    words = " ".join(page.extract_text() for page in reader.pages)
    for expected in (ANNEX.title, ANNEX.code, "Maîtrise", "1er septembre 2026", "English summary"):
        assert expected in words.replace("\n", " ")


def test_the_same_annex_gives_the_same_bytes():
    assert pdf.render(ANNEX, JSON.decode()) == pdf.render(ANNEX, JSON.decode())


def test_an_annex_without_a_name_or_a_competency_is_still_whole():
    bare = pdf.Annex(**{**vars(ANNEX), "holder": "", "credits": "", "competencies": ()})
    assert baking.attached(pdf.render(bare, JSON.decode())) == JSON.decode()


def test_text_with_the_signs_of_the_typesetter_is_printed_as_it_is():
    title = "#panic() *a* _b_ $x$ [c] \\ <d> @e"
    reader = PdfReader(
        BytesIO(pdf.render(pdf.Annex(**{**vars(ANNEX), "title": title}), JSON.decode()))
    )
    assert title in reader.pages[0].extract_text()


def test_a_sign_that_cannot_be_drawn_is_named():
    annex = pdf.Annex(**{**vars(ANNEX), "title": "Bravo 😀"})
    with pytest.raises(Refusal) as caught:
        pdf.render(annex, JSON.decode())
    assert (caught.value.code, caught.value.facts) == ("unprintable_text", {"text": "😀"})


def test_a_long_title_is_cut_at_three_lines_and_signs_are_escaped():
    drawn = picture.svg(picture.Badge("Très " * 60, "École <des> Mines & Cie")).decode()
    assert drawn.count("<text") == 4
    assert "…" in drawn
    assert "&lt;des&gt; Mines &amp; Cie" in drawn
