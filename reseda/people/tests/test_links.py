"""Answer links: what a stranger, a late comer or a forger gets; questions from an account."""

import re

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from reseda.people import actions, http, queries
from reseda.people.http import answers
from reseda.people.models import AnswerLink, Role
from reseda.people.policy import Viewer
from reseda.people.tests.factories import (
    a_day,
    a_link,
    a_person,
    a_school,
    entries,
    letters,
    somebody,
)

pytestmark = pytest.mark.django_db

TOKEN = "t" * 43
PAGE = f"/repondre/{TOKEN}/"


@pytest.fixture
def school():
    return a_school()


@pytest.fixture(autouse=True)
def _a_question(monkeypatch):
    """A room that asks one question, answered by a post."""
    monkeypatch.setattr(http, "_doors", {})

    @answers("people.test_question", says="Confirmer une période")
    def view(request, link):
        if request.method == "POST":
            actions.close(link)
            return HttpResponse("Merci")
        return HttpResponse(f"Question pour {link.email}")


def test_the_holder_of_a_link_reads_the_question_and_answers_once(client, school):
    link = a_link(school)
    assert client.get(PAGE).content.decode() == "Question pour capitaine@armee.fr"
    assert client.post(PAGE).content.decode() == "Merci"
    link.refresh_from_db()
    assert link.answered_at
    again = client.post(PAGE)
    assert again.status_code == 410
    assert "Vous avez déjà répondu" in again.content.decode()
    assert entries().filter(verb="people.close_link").count() == 1


def test_opening_a_link_writes_nothing(client, school):
    a_link(school)
    before = entries().count()
    for _time in range(3):
        assert client.get(PAGE).status_code == 200
        assert client.head(PAGE).status_code == 200
    assert entries().count() == before


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"answered_at": timezone.now()}, "Votre réponse est bien arrivée"),
        ({"revoked_at": timezone.now()}, "Un lien plus récent"),
        ({"days": -1}, "Le délai pour répondre est passé"),
    ],
)
def test_a_link_used_cancelled_or_expired_says_what_to_do(client, school, method, state, says):
    a_link(school, **state)
    before = entries().count()
    answer = getattr(client, method)(PAGE)
    assert answer.status_code == 410
    assert says in answer.content.decode()
    assert entries().count() == before
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["x", "T" * 43, TOKEN[:-1], "é" * 43, "a" * 3000, "..%2f"])
def test_a_forged_token_is_not_found_and_writes_nothing(client, school, token, method):
    a_link(school)
    before = entries().count()
    answer = getattr(client, method)(f"/repondre/{token}/")
    assert answer.status_code == 404
    assert AnswerLink.objects.filter(answered_at=None).count() == 1
    assert entries().count() == before


def test_the_page_of_an_unknown_link_says_what_to_do(client):
    page = client.get(PAGE).content.decode()
    assert "demandez un nouveau lien à la personne qui vous a écrit" in page


def test_a_link_costs_the_same_query_whether_it_exists_or_not(
    client, school, django_assert_num_queries
):
    with django_assert_num_queries(1):
        assert client.get(PAGE).status_code == 404
    a_link(school)
    with django_assert_num_queries(1):
        assert client.get(PAGE).status_code == 200


def test_a_question_nobody_answers_any_more_is_unknown(client, school):
    a_link(school, purpose="people.forgotten_question")
    assert client.get(PAGE).status_code == 404


def test_trying_tokens_one_after_the_other_is_stopped(client, school):
    codes = [client.get(f"/repondre/essai-{n}/").status_code for n in range(21)]
    assert codes == [404] * 20 + [429]
    a_link(school)
    assert client.get(PAGE).status_code == 200
    cache.clear()
    assert client.get("/repondre/essai-22/").status_code == 404


def test_the_token_is_kept_nowhere(school):
    person = a_person()
    address = actions.ask(
        person,
        purpose="people.test_question",
        organisation=school,
        email="capitaine@armee.fr",
        name="",
        days=10,
        by=person,
    )
    token = address.rstrip("/").rpartition("/")[2]
    assert address.startswith("http://testserver/repondre/")
    link = AnswerLink.objects.get()
    assert token not in {str(value) for value in vars(link).values()}
    assert not entries().filter(facts__icontains=token).exists()
    assert queries.open_link(token) == link


def test_asking_again_closes_the_first_link(school):
    person = a_person()
    asked = {
        "purpose": "people.test_question",
        "organisation": school,
        "email": "capitaine@armee.fr",
        "name": "",
        "days": 10,
        "by": person,
    }
    first, second = actions.ask(person, **asked), actions.ask(person, **asked)
    browser = Client()
    assert browser.get(first).status_code == 410
    assert browser.get(second).status_code == 200


def test_a_revoked_link_closes_and_cannot_be_revoked_twice(client, school):
    link = a_link(school)
    actions.revoke(link, by=a_person())
    assert client.get(PAGE).status_code == 410
    with pytest.raises(ValidationError):
        actions.revoke(link, by=a_person("autre@exemple.fr"))


# --- An expired link renews itself


def test_an_expired_link_is_renewed_to_the_same_address(client, school):
    a_link(school, days=-1)
    answer = client.post(f"{PAGE}renvoyer/", follow=True)
    assert "Un nouveau lien part" in answer.content.decode()
    letter = letters().get()
    assert letter.to == "capitaine@armee.fr"
    address = re.search(r"http://testserver(/repondre/\S+)", letter.body)[1]
    assert client.get(address).content.decode() == "Question pour capitaine@armee.fr"
    assert client.get(PAGE).status_code == 410


@pytest.mark.parametrize(
    "state", [{}, {"answered_at": timezone.now()}, {"revoked_at": timezone.now()}, {"days": -61}]
)
def test_a_link_open_used_cancelled_or_too_old_is_not_renewed(client, school, state):
    a_link(school, **state)
    client.post(f"{PAGE}renvoyer/")
    assert letters().count() == 0
    assert AnswerLink.objects.count() == 1


def test_a_renewal_is_by_post_and_limited(client, school):
    a_link(school, days=-1)
    assert client.get(f"{PAGE}renvoyer/").status_code == 405
    codes = [client.post(f"{PAGE}renvoyer/").status_code for _n in range(3)]
    assert codes == [302, 302, 429]
    assert letters().count() == 1


def test_renewing_an_unknown_link_is_not_found(client):
    assert client.post(f"{PAGE}renvoyer/").status_code == 404


# --- From an account


@pytest.fixture
def correspondent(school):
    return somebody(Role.UNIT_CORRESPONDENT, school, "Capitaine@armee.fr")


@pytest.mark.parametrize("count", [1, 3])
def test_the_questions_of_a_correspondent_are_listed_in_as_many_queries(
    client, school, correspondent, count, django_assert_num_queries
):
    for n in range(count):
        a_link(school, token=f"jeton-{n}", subject_key=n + 1)
    client.force_login(correspondent)
    client.get("/mes-reponses/")
    with django_assert_num_queries(4):
        page = client.get("/mes-reponses/")
    assert page.content.decode().count("Confirmer une période") == count


def test_a_correspondent_answers_from_her_account(client, school, correspondent):
    link = a_link(school)
    client.force_login(correspondent)
    answer = client.post(f"/mes-reponses/{link.pk}/")
    assert answer.status_code == 302
    assert client.get(answer.url).content.decode().startswith("Question pour")
    assert client.get(PAGE).status_code == 410
    fresh = AnswerLink.objects.get(revoked_at=None)
    assert fresh.expires_at == link.expires_at


def test_a_correspondent_never_sees_the_questions_of_another_address(client, school, correspondent):
    link = a_link(school, email="autre@armee.fr")
    client.force_login(correspondent)
    assert "Rien n’attend" in client.get("/mes-reponses/").content.decode()
    assert client.post(f"/mes-reponses/{link.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.reissue(link, by=correspondent)
    assert queries.todo(Viewer.of(correspondent)) == []


def test_the_page_does_not_exist_for_others(client, school):
    a_link(school, email="direction@exemple.fr")
    director = somebody(Role.STUDIES_DIRECTOR, school, "direction@exemple.fr")
    client.force_login(director)
    assert client.get("/mes-reponses/").status_code == 404
    link = AnswerLink.objects.get()
    assert client.post(f"/mes-reponses/{link.pk}/").status_code == 404


def test_a_question_closed_meanwhile_is_not_reissued(client, school, correspondent):
    link = a_link(school)
    client.force_login(correspondent)
    actions.close(link)
    answer = client.post(f"/mes-reponses/{link.pk}/", follow=True)
    assert "n’attend plus de réponse" in answer.content.decode()
    assert AnswerLink.objects.count() == 1


def test_a_correspondent_is_told_what_awaits_her(school, correspondent):
    a_link(school, days=3)
    todo = queries.todo(Viewer.of(correspondent))
    assert [(str(one.title), one.url, one.due_on) for one in todo] == [
        ("Confirmer une période", "/mes-reponses/", a_day(3))
    ]
