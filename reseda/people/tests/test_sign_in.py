"""Ways in: password and link by e-mail; limits; and no way in by GET."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from config import settings_base
from reseda.people import actions
from reseda.people.models import SignInLink
from reseda.people.tests.factories import (
    PHRASE,
    a_person,
    ask_link,
    entries,
    is_signed_in,
    letters,
    link_received,
    sign_in,
)

pytestmark = pytest.mark.django_db


# --- Password


def test_the_sign_in_page_is_open_to_everybody_and_writes_nothing(client):
    page = client.get(site.LOGIN_URL)
    assert page.status_code == 200
    assert "Se connecter" in page.content.decode()


def test_the_sign_in_page_has_neither_inline_script_nor_inline_style(client):
    page = client.get("/connexion/").content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert "style=" not in page
    assert re.findall(r"\son[a-z]+=", page) == []


def test_a_person_signs_in_with_her_address_in_any_case(client, person):
    answer = sign_in(client, "Camille@Exemple.fr")
    assert answer.status_code == 302
    assert is_signed_in(client)


def test_a_wrong_password_is_refused_in_french(client, person):
    answer = sign_in(client, phrase="autre-chose-de-long")
    assert "L’adresse ou le mot de passe ne convient pas." in answer.content.decode()
    assert not is_signed_in(client)


def test_a_closed_account_does_not_open(client, person):
    person.is_active = False
    person.save()
    sign_in(client)
    assert not is_signed_in(client)


def test_the_page_after_sign_in_is_of_this_site(client, person):
    assert sign_in(client, next="/mon-compte/").url == "/mon-compte/"
    assert sign_in(Client(), next="https://ailleurs.example/").url == "/"


def test_failed_attempts_on_an_address_are_limited(client, person):
    for _attempt in range(5):
        assert "ne convient pas" in sign_in(client, phrase="faux-et-long-1").content.decode()
    answer = sign_in(client)
    assert "Trop d’essais" in answer.content.decode()
    assert not is_signed_in(client)


def test_attempts_from_one_place_are_limited(client, person):
    codes = [sign_in(client, f"p{n}@exemple.fr", "faux-et-long-1").status_code for n in range(31)]
    assert codes[:30] == [200] * 30
    assert codes[30] == 429


def test_passwords_are_kept_with_argon2_in_production():
    assert settings_base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


@pytest.mark.parametrize("weak", ["motdepasse", "password1234", "123456789012"])
def test_a_common_or_short_password_is_refused(client, person, weak):
    client.force_login(person)
    answer = client.post(
        "/mon-compte/mot-de-passe/",
        {"oldpassword": PHRASE, "password1": weak, "password2": weak},
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["password1"]
    person.refresh_from_db()
    assert person.check_password(PHRASE)


def test_a_good_password_replaces_the_old_one_and_is_told_by_letter(client, person):
    client.force_login(person)
    new = "un-autre-mot-de-passe-1905"
    answer = client.post(
        "/mon-compte/mot-de-passe/",
        {"oldpassword": PHRASE, "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password(new)
    assert letters().get().template == "people.security_notice"


def test_a_forgotten_password_is_chosen_anew_by_letter(client, person):
    assert client.post("/connexion/mot-de-passe/", {"email": person.email}).status_code == 302
    address = re.search(r"http://testserver(\S+)", letters().get().body)[1]
    browser = Client()
    form = browser.get(address).url
    new = "un-autre-mot-de-passe-1905"
    browser.post(form, {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)
    assert browser.get(address).status_code == 200
    assert "n’est plus valable" in browser.get(address).content.decode()


def test_asking_a_new_password_tells_nobody_whether_the_account_exists(client, person):
    known = client.post("/connexion/mot-de-passe/", {"email": person.email})
    unknown = client.post("/connexion/mot-de-passe/", {"email": "personne@exemple.fr"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert letters().count() == 1


# --- Sign-out and sign-up


def test_signing_out_is_by_post_only(client, person):
    client.force_login(person)
    assert client.get("/deconnexion/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/deconnexion/").status_code == 302
    assert not is_signed_in(client)


def test_there_is_no_sign_up():
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert [name for name in names if "signup" in name] == []


def test_pages_of_the_account_are_closed_to_visitors(client):
    for name in (
        "people:account",
        "account_change_password",
        "account_set_password",
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "usersessions_list",
    ):
        address = reverse(name)
        answer = client.get(address)
        assert answer.status_code == 302, name
        assert answer.url.startswith("/connexion/?next="), name


def test_public_pages_of_sign_in_open(client):
    for name in (
        "account_login",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "people:request_link",
        "people:link_sent",
    ):
        assert client.get(reverse(name)).status_code == 200, name


# --- Link by e-mail


def test_a_link_signs_in_when_its_button_is_pressed(client, person):
    assert ask_link(client).url == "/connexion/lien/envoye/"
    address = link_received()
    page = client.get(address)
    assert page.status_code == 200
    assert "Me connecter" in page.content.decode()
    assert not is_signed_in(client)
    assert client.post(address).url == "/"
    assert is_signed_in(client)
    assert entries().filter(verb="people.sign_in_by_link").count() == 1


def test_a_link_opened_by_a_scanner_still_serves(client, person):
    ask_link(client)
    address = link_received()
    for _time in range(3):
        Client().get(address)
        Client().head(address)
    client.post(address)
    assert is_signed_in(client)


def test_a_link_serves_once(client, person):
    ask_link(client)
    address = link_received()
    client.post(address)
    other = Client()
    answer = other.post(address)
    assert answer.status_code == 410
    assert "a déjà servi" in answer.content.decode()
    assert not is_signed_in(other)


def test_a_link_is_refused_after_a_quarter_of_an_hour(client, person):
    ask_link(client)
    address = link_received()
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(address).status_code == 410
    assert not is_signed_in(client)


def test_the_age_of_a_link_is_also_in_its_signature(person, monkeypatch):
    actions.offer_sign_in(person.email)
    token = link_received().rstrip("/").rpartition("/")[2]
    SignInLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 901)
    with pytest.raises(ValidationError):
        actions.use_sign_in(token)


def test_a_forged_link_is_refused_and_writes_nothing(client, person):
    ask_link(client)
    forged = link_received().replace("/connexion/lien/", "/connexion/lien/x")
    before = entries().count()
    assert client.post(forged).status_code == 410
    assert not is_signed_in(client)
    assert entries().count() == before
    assert SignInLink.objects.filter(used_at__isnull=False).count() == 0


def test_the_database_alone_opens_no_door(person):
    actions.offer_sign_in(person.email)
    token = link_received().rstrip("/").rpartition("/")[2]
    assert SignInLink.objects.filter(token_digest=token).count() == 0


def test_asking_a_link_tells_nobody_whether_the_account_exists(client, person):
    known, unknown = ask_link(client), ask_link(client, "personne@exemple.fr")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert known.content == unknown.content
    assert [letter.to for letter in letters()] == [person.email]


def test_a_closed_account_receives_no_link(client, person):
    person.is_active = False
    person.save()
    assert ask_link(client).status_code == 302
    assert letters().count() == 0


def test_an_account_closed_meanwhile_is_not_opened_by_its_link(client, person):
    ask_link(client)
    person.is_active = False
    person.save()
    assert client.post(link_received()).status_code == 410
    assert not is_signed_in(client)


def test_links_to_one_address_are_limited(client, person):
    codes = [ask_link(client).status_code for _n in range(4)]
    assert codes == [302, 302, 302, 429]
    assert letters().count() == 3


def test_links_asked_from_one_place_are_limited(client):
    codes = [ask_link(client, f"p{n}@exemple.fr").status_code for n in range(11)]
    assert codes == [302] * 10 + [429]


def test_a_link_leads_to_the_page_asked_for_on_this_site_only(client, person):
    ask_link(client, next="/mon-compte/")
    address = link_received()
    assert address.endswith("?next=%2Fmon-compte%2F")
    assert client.post(address).url == "/mon-compte/"
    ask_link(Client(), next="https://ailleurs.example/")
    assert "next" not in link_received()


def test_an_address_that_is_none_is_explained(client):
    answer = ask_link(client, "pas une adresse")
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_link_pressed_many_times_at_once_lets_in_once():
    actions.offer_sign_in(a_person().email)
    token = link_received().rstrip("/").rpartition("/")[2]

    def press(_number):
        try:
            return actions.use_sign_in(token)
        except ValidationError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        let_in = [person for person in pool.map(press, range(8)) if person]
    assert len(let_in) == 1
