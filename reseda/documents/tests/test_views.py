"""A file goes back to its owner alone, as an attachment; a form says why it refuses one."""

import pytest
from django import forms
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from reseda.documents import actions
from reseda.documents.domain.addresses import Unfetchable
from reseda.documents.domain.uploads import CALENDARS
from reseda.documents.forms import UploadField, fetch_message
from reseda.documents.tests.factories import ICS, PDF, a_person, a_school


@pytest.fixture
def school(db):
    return a_school()


@pytest.fixture
def owner(school):
    return a_person("student", school)


@pytest.fixture
def stored(school, owner):
    return actions.keep(
        PDF,
        name="Convocation d’été.pdf",
        content_type="application/pdf",
        organisation=school,
        owner=owner,
        by=owner,
    )


def test_the_owner_takes_the_file_back_as_an_attachment(client, stored, owner):
    client.force_login(owner)
    answer = client.get(f"/documents/{stored.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Convocation")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("role", ["student", "referent", "studies_director", "jury_member"])
def test_for_anybody_else_the_file_does_not_exist(client, stored, school, role):
    client.force_login(a_person(role, school))
    assert client.get(f"/documents/{stored.pk}/").status_code == 404


def test_a_content_that_is_lost_is_not_found_and_leaves_a_line_for_the_operator(
    client, stored, owner, caplog
):
    default_storage.delete(stored.place)
    client.force_login(owner)
    assert client.get(f"/documents/{stored.pk}/").status_code == 404
    assert f"stored file {stored.pk} cannot be read" in caplog.text


def test_a_stranger_is_sent_to_the_sign_in_page(client, stored):
    assert client.get(f"/documents/{stored.pk}/").status_code == 302


class PaperForm(forms.Form):
    paper = UploadField(label="Convocation", limit=2 * 1024 * 1024, required=False)
    agenda = UploadField(kinds=CALENDARS, required=False)


def filled(**files):
    return PaperForm(
        {}, {name: SimpleUploadedFile("papier.pdf", data) for name, data in files.items()}
    )


def test_a_good_file_becomes_an_upload():
    form = filled(paper=PDF, agenda=ICS)
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["paper"].data, form.cleaned_data["paper"].kind) == (PDF, "pdf")
    assert form.cleaned_data["agenda"].name == "papier.pdf.ics"


def test_an_absent_file_is_none():
    form = filled()
    assert form.is_valid()
    assert form.cleaned_data["paper"] is None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Ce fichier est vide"),
        (ICS, "Sortes acceptées\u00a0: PDF, image PNG, photo JPEG."),
        (PDF + bytes(3 * 1024 * 1024), "trop gros\u00a0: 2\u00a0Mio au plus"),
        (b"PK\x03\x04rubbish", "abîmé"),
    ],
)
def test_a_refused_file_says_why_and_what_to_give(data, says):
    form = filled(paper=data)
    assert not form.is_valid()
    assert says in str(form.errors["paper"])


def test_the_browser_is_told_which_files_to_offer():
    assert 'accept=".jpg,.jpeg,.pdf,.png"' in str(PaperForm()["paper"])
    assert "2\u00a0Mio au plus" in str(PaperForm()["paper"].help_text)


CODES = [
    "address",
    "scheme",
    "credentials",
    "port",
    "unresolved",
    "inside",
    "downgrade",
    "redirects",
    "connection",
    "certificate",
    "slow",
    "size",
    "encoding",
    "protocol",
    "status",
]


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_of_an_address_has_a_sentence(code):
    assert len(fetch_message(Unfetchable(code))) > 20


def test_the_sentence_tells_the_facts():
    assert "404" in fetch_message(Unfetchable("status", {"status": 404}))
