"""What guards an account: second factors, passkeys and the sessions left open."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from reseda.people.tests.factories import (
    PHRASE,
    a_person,
    ask_link,
    is_signed_in,
    letters,
    link_received,
    sign_in,
)

pytestmark = pytest.mark.django_db


# --- Second factors


@pytest.fixture
def secret(person):
    key = totp.generate_totp_secret()
    totp.TOTP.activate(person, key)
    return key


def code_now(key):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(key, counter))


def test_the_secret_of_an_application_is_sealed_in_the_database(secret):
    stored = Authenticator.objects.get().data["secret"]
    assert secret not in stored


def test_a_password_alone_no_longer_opens_a_protected_account(client, person, secret):
    answer = sign_in(client)
    assert answer.url == "/connexion/code/"
    assert not is_signed_in(client)
    assert client.get("/mon-compte/").status_code == 302


def test_a_link_alone_no_longer_opens_a_protected_account(client, person, secret):
    ask_link(client)
    assert client.post(link_received()).url == "/connexion/code/"
    assert not is_signed_in(client)


def test_the_code_of_the_application_completes_the_way_in(person, secret):
    browser = Client()
    sign_in(browser)
    assert "Deuxième vérification" in browser.get("/connexion/code/").content.decode()
    wrong = browser.post("/connexion/code/", {"code": "000000"})
    assert "Ce code ne convient pas" in wrong.content.decode()
    assert not is_signed_in(browser)
    browser.post("/connexion/code/", {"code": code_now(secret)})
    assert is_signed_in(browser)


def test_a_recovery_code_replaces_the_application_once(person, secret):
    RecoveryCodes.activate(person)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    for browser, is_let_in in ((Client(), True), (Client(), False)):
        sign_in(browser)
        browser.post("/connexion/code/", {"code": codes[0]})
        assert is_signed_in(browser) is is_let_in


def test_codes_tried_at_random_are_limited(person, secret):
    browser = Client()
    sign_in(browser)
    for _attempt in range(5):
        browser.post("/connexion/code/", {"code": "000000"})
    browser.post("/connexion/code/", {"code": code_now(secret)})
    assert not is_signed_in(browser)


def test_an_application_is_added_after_confirming_the_password(
    person, django_capture_on_commit_callbacks
):
    browser = Client()
    sign_in(browser)
    assert browser.get("/mon-compte/securite/application/").url.startswith("/mon-compte/confirmer/")
    browser.post("/mon-compte/confirmer/", {"password": PHRASE})
    page = browser.get("/mon-compte/securite/application/")
    assert page.status_code == 200
    code = code_now(page.context["form"].secret)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/mon-compte/securite/application/", {"code": code})
    assert Authenticator.objects.filter(user=person, type="totp").count() == 1
    subjects = [letter.subject for letter in letters()]
    assert any("application d’authentification" in subject for subject in subjects)


def test_every_page_of_the_account_opens_in_both_languages(person):
    browser = Client()
    sign_in(browser)
    browser.post("/mon-compte/confirmer/", {"password": PHRASE})
    totp.TOTP.activate(person, totp.generate_totp_secret())
    RecoveryCodes.activate(person)
    for language in ("fr", "en"):
        browser.cookies["django_language"] = language
        for name in (
            "people:account",
            "account_change_password",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_index",
            "mfa_deactivate_totp",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "usersessions_list",
            "people:show_rights",
        ):
            answer = browser.get(reverse(name))
            assert answer.status_code == 200, name
            page = answer.content.decode()
            inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)
            assert all('type="application/json"' in script for script in inline), name
            assert "style=" not in page, name


def test_the_browser_receives_a_challenge_for_a_passkey():
    answer = Client().get("/connexion/cle/", headers={"accept": "application/json"})
    options = answer.json()["request_options"]["publicKey"]
    assert options["rpId"] == "testserver"
    assert options["userVerification"] == "required"
    assert options["challenge"]


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "null",
        "[]",
        "{",
        '{"id": "x", "response": {"userHandle": "MQ"}}',
        '{"rawId": "eA", "response": null}',
        '{"rawId": "eA", "response": {"userHandle": 3}, "type": "public-key"}',
    ],
)
def test_a_forged_passkey_opens_nothing_and_says_so(credential):
    browser = Client()
    browser.get("/connexion/cle/", headers={"accept": "application/json"})
    answer = browser.post("/connexion/cle/", {"credential": credential}, follow=True)
    assert answer.status_code == 200
    assert "Se connecter" in answer.content.decode()
    assert not is_signed_in(browser)


def test_a_forged_passkey_is_refused_as_second_factor_too(person, secret):
    browser = Client()
    sign_in(browser)
    browser.get("/connexion/code/")
    answer = browser.post("/connexion/code/", {"credential": '{"id": "x"}'}, follow=True)
    assert answer.status_code == 200
    assert not is_signed_in(browser)


# --- Sessions


def test_sessions_are_listed_and_closed_one_by_one(person):
    here, there = Client(), Client(headers={"user-agent": "Autre navigateur"})
    sign_in(here)
    sign_in(there)
    page = here.get("/mon-compte/sessions/").content.decode()
    assert "Autre navigateur" in page
    assert "Celle-ci" in page
    other = UserSession.objects.get(user_agent="Autre navigateur")
    here.post(f"/mon-compte/sessions/{other.pk}/fermer/")
    assert here.get("/mon-compte/").status_code == 200
    assert there.get("/mon-compte/").status_code == 302


def test_the_other_sessions_are_closed_together(person):
    here, there, elsewhere = Client(), Client(), Client()
    for browser in (here, there, elsewhere):
        sign_in(browser)
    here.post("/mon-compte/sessions/autres/")
    states = [browser.get("/mon-compte/").status_code for browser in (here, there, elsewhere)]
    assert states == [200, 302, 302]


def test_the_session_of_somebody_else_cannot_be_closed(person):
    other = a_person("autre@exemple.fr", password=PHRASE)
    mine, hers = Client(), Client()
    sign_in(mine)
    sign_in(hers, "autre@exemple.fr")
    session = UserSession.objects.get(user=other)
    assert mine.post(f"/mon-compte/sessions/{session.pk}/fermer/").status_code == 404
    assert hers.get("/mon-compte/").status_code == 200


def test_a_new_password_closes_the_other_sessions(person):
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    new = "un-autre-mot-de-passe-1905"
    here.post(
        "/mon-compte/mot-de-passe/", {"oldpassword": PHRASE, "password1": new, "password2": new}
    )
    assert here.get("/mon-compte/").status_code == 200
    assert there.get("/mon-compte/").status_code == 302
