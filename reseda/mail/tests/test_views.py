"""The outbox tells without revealing; templates are rewritten under one's eyes."""

import pytest

from reseda.mail import actions, queries
from reseda.mail.models import OutgoingMail, StoredTemplate
from reseda.mail.tests.factories import VISIT, a_person, a_school
from reseda.people.policy import Viewer

ADDRESS = "https://reseda.example/repondre/abc/"
EDIT = f"/courriers/modeles/{VISIT.code}/fr/"
GOOD = {"subject": "{name} vient", "body": "Ici :\n{address}"}


@pytest.fixture
def school(db):
    return a_school()


@pytest.fixture
def referent(client, school):
    person = a_person("referent", school)
    client.force_login(person)
    return person


def a_mail(school, to="camille@example.org", **changes):
    context = {"name": "Camille", "address": ADDRESS}
    mail = actions.send(VISIT.code, to=to, organisation=school, context=context)
    OutgoingMail.objects.filter(pk=mail.pk).update(**changes)
    return mail


def test_the_outbox_shows_neither_text_nor_address_nor_name(client, school, referent):
    a_mail(school)
    page = client.get("/courriers/").content.decode()
    assert "Visite (essai)" in page
    assert "c•••@example.org" in page
    assert not any(word in page for word in ("camille@", "Camille", "repondre"))


def test_the_export_of_the_outbox_is_as_discreet(client, school, referent):
    a_mail(school)
    sheet = client.get("/courriers/?export=csv").content.decode("utf-8-sig")
    assert "c•••@example.org" in sheet
    assert not any(word in sheet for word in ("camille@", "Camille", "repondre"))


def test_the_address_of_a_failed_message_is_shown_since_it_must_be_mended(client, school, referent):
    mail = a_mail(school, status="failed", last_error="SMTPRecipientsRefused 550", attempts=8)
    page = client.get("/courriers/?etat=failed").content.decode()
    assert "camille@example.org" in page
    assert "SMTPRecipientsRefused 550" in page
    answer = client.post(f"/courriers/{mail.pk}/relancer/", follow=True)
    assert "Le courrier repart" in answer.content.decode()
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == ("queued", 0)


def test_sending_again_what_has_not_failed_says_so(client, school, referent):
    mail = a_mail(school)
    answer = client.post(f"/courriers/{mail.pk}/relancer/", follow=True)
    assert "pas en échec" in answer.content.decode()


@pytest.mark.parametrize("role", ["student", "staff", "teacher", "jury_member", "registry"])
@pytest.mark.parametrize("address", ["/courriers/", "/courriers/modeles/", EDIT])
def test_for_others_the_pages_do_not_exist(client, school, role, address):
    client.force_login(a_person(role, school))
    assert client.get(address).status_code == 404


def test_the_referent_of_another_school_sees_and_retries_nothing(client, school):
    mail = a_mail(school, status="failed")
    client.force_login(a_person("referent", a_school("ailleurs")))
    assert "camille" not in client.get("/courriers/").content.decode()
    assert client.post(f"/courriers/{mail.pk}/relancer/").status_code == 404


@pytest.mark.parametrize("address", ["/courriers/", "/courriers/modeles/", EDIT])
def test_a_stranger_is_sent_to_the_sign_in_page(client, db, address):
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_outbox_costs_the_same_number_of_queries(
    client, school, referent, count, django_assert_num_queries
):
    for _ in range(count):
        a_mail(school, status="failed")
    client.get("/courriers/")
    with django_assert_num_queries(5):
        client.get("/courriers/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_letters_of_the_demo_cost_the_same_number_of_queries(
    client, school, count, django_assert_num_queries
):
    for _ in range(count):
        a_mail(school)
    with django_assert_num_queries(2):
        client.get("/demo/courriers/")


def test_the_demo_shows_every_letter_with_its_links_to_anybody(client, school):
    a_mail(school)
    a_mail(None, to="unite@example.org")
    page = client.get("/demo/courriers/").content.decode()
    assert f'<a href="{ADDRESS}"' in page
    assert "camille@example.org" in page
    only = client.get("/demo/courriers/?q=unite@example.org").content.decode()
    assert "camille@example.org" not in only


def test_a_letter_cannot_inject_markup(client, school):
    context = {"name": "<script>alert(1)</script>", "address": ADDRESS}
    actions.send(VISIT.code, to="a@example.org", organisation=school, context=context)
    assert "<script>alert" not in client.get("/demo/courriers/").content.decode()


def test_outside_the_demo_its_letters_do_not_exist(client, school, settings):
    settings.IS_DEMO = False
    a_mail(school)
    assert client.get("/demo/courriers/").status_code == 404


def test_the_templates_are_listed_and_those_rewritten_are_marked(client, school, referent):
    assert "Visite (essai)" in client.get("/courriers/modeles/").content.decode()
    assert "Récrit" not in client.get("/courriers/modeles/").content.decode()
    actions.rewrite(school, template=VISIT.code, language="fr", by=referent, **GOOD)
    assert "Récrit" in client.get("/courriers/modeles/").content.decode()


def test_a_template_is_rewritten_then_put_back(client, school, referent):
    assert "Rétablir" not in client.get(EDIT).content.decode()
    assert client.post(EDIT, GOOD, follow=True).status_code == 200
    page = client.get(EDIT).content.decode()
    assert "Camille Roux vient" in page
    assert "Rétablir" in page
    client.post(f"{EDIT}retablir/")
    assert "Visite de Camille Roux" in client.get(EDIT).content.decode()
    assert StoredTemplate.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"body": "{address} {unit}"}, "La variable {unit} n’existe pas"),
        ({"body": "rien"}, "Gardez {address}"),
        ({"subject": ""}, "id_subject_error"),
    ],
)
def test_a_text_that_would_break_the_message_is_refused_on_its_field(
    client, school, referent, changes, says
):
    answer = client.post(EDIT, GOOD | changes)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert StoredTemplate.objects.count() == 0


def test_the_preview_fills_the_text_being_written_and_saves_nothing(client, school, referent):
    fragment = client.post(f"{EDIT}apercu/", GOOD | {"subject": "{name} {unit}"}).content.decode()
    assert "Camille Roux {unit}" in fragment
    assert "<html" not in fragment
    page = client.post(EDIT, GOOD | {"preview": "1"}).content.decode()
    assert "Camille Roux vient" in page
    assert StoredTemplate.objects.count() == 0


@pytest.mark.parametrize("address", ["mail.nothing/fr/", f"{VISIT.code}/de/"])
def test_an_unknown_template_or_language_does_not_exist(client, school, referent, address):
    assert client.get(f"/courriers/modeles/{address}").status_code == 404
    assert client.post(f"/courriers/modeles/{address}retablir/").status_code == 404


def test_who_looks_after_the_mail_is_told_of_failures(school, referent):

    viewer = Viewer.of(referent)
    assert queries.todo(viewer) == []
    a_mail(school, status="failed")
    (todo,) = queries.todo(viewer)
    assert todo.title == "1 courrier n’a pas pu partir"
    assert todo.url == "/courriers/?etat=failed"
