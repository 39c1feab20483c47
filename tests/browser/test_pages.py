"""The thread's main pages as people meet them, at a desk and on a phone, by day and by night."""

import json
from urllib.request import urlopen

import pytest

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

# Role -> steps: an address; else, on the page before, a button to press or a link to follow.
STEPS = {
    "eleve": [
        "/",
        "/mon-engagement/",
        "nav.tabs a[href*='/compteurs/']",
        "nav.tabs a[href*='/parcours/']",
        "nav.tabs a[href*='/employeur/']",
        "nav.tabs a[href*='/consultations/']",
        "/mon-engagement/",
        "#periodes a[href*='/periodes/']",
        "nav.thread-box a[href$='/conflits/']",
        "/mon-engagement/declarer/",
        "/mon-emploi-du-temps/",
        "main a[href*='/mon-emploi-du-temps/']",
        "/mes-preuves/",
        "/mes-preuves/ajouter/",
        "/mon-dossier/",
        "main a[href*='/mon-dossier/']",
        "/mes-titres/",
        "main a[href*='/mes-titres/']",
    ],
    "referent": ["/", "/reservistes/", "main a[href^='/reservistes/']", "Consulter"],
    "direction": [
        "/",
        "/amenagements/",
        "main tbody a[href*='/amenagements/']",
        "/jurys/",
        "main tbody a[href*='/jurys/']",
        "/titres-delivres/",
    ],
    "ingenierie": [
        "/evaluations/",
        "main tbody a[href*='/evaluations/']",
        "Consulter",
        "/competences/",
        "main a[href^='/competences/']:not([href*='nouveau']):not([href*='modele'])",
    ],
    "jury": ["main a[href*='/jurys/dossiers/']", "Consulter"],
    "enseignant": ["/absences/"],
    "scolarite": ["/scolarite/decisions/", "/ecole/import/"],
    "unite": ["/mes-reponses/", "Répondre"],
    "dpo": ["/journal/"],
    "personnel": ["/mon-engagement/autorisations/"],
    "rh": ["/rh/autorisations/", "/rh/autorisations/quotas/", "/rh/autorisations/regle/"],
}
BY_NIGHT = {
    "eleve": ["/", "nav a[href='/mon-engagement/']", "#periodes a[href*='/periodes/']"],
    "jury": ["main a[href*='/jurys/dossiers/']"],
}


def take(eyes, step):
    """Go to an address, press a button or follow a link."""
    if step.startswith("/"):
        eyes.open(step)
    elif step.isalpha():
        eyes.press(step)
    else:
        eyes.follow(step)


def faults(eyes):
    """What is wrong with the page shown, at a desk then on a phone."""
    found = []
    for size in (PHONE, DESK):
        eyes.resize(size)
        found += eyes.faults()
    return found


@pytest.mark.parametrize("role", STEPS)
def test_the_pages_of_a_role_have_no_fault_at_a_desk_nor_on_a_phone(look, role):
    eyes = look()
    eyes.enter(role)
    found = []
    for step in STEPS[role]:
        take(eyes, step)
        found += faults(eyes)
    assert found == []


@pytest.mark.parametrize("role", BY_NIGHT)
def test_pages_have_no_fault_by_night(look, role):
    eyes = look(theme="dark")
    eyes.enter(role)
    found = []
    for step in BY_NIGHT[role]:
        take(eyes, step)
        found += eyes.faults()
    assert found == []


@pytest.fixture(scope="session")
def shared(address):
    """The credentials that the demo shares: those that hold, those that were revoked."""
    with urlopen(f"{address}/demo/titres.json") as answer:
        return json.load(answer)


def test_the_pages_open_to_anybody_have_no_fault(look, shared):
    eyes = look()
    found = []
    for path in ("/connexion/", "/verifier/", f"/titres/{shared['revoked'][0]}/"):
        eyes.open(path)
        found += faults(eyes)
    assert found == []


def test_an_employer_reads_a_credential_in_french_then_in_english(look, shared):
    eyes = look()
    page = eyes.open(f"/titres/{shared['valid'][0]}/")
    title = page.locator("h1").inner_text()
    assert title == "Ce titre est authentique"
    assert faults(eyes) == []
    eyes.press("English")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() != title
    assert eyes.faults() == []


def test_an_employer_reads_that_a_credential_was_revoked(look, shared):
    page = look().open(f"/titres/{shared['revoked'][0]}/")
    assert "révoqué" in page.locator("h1").inner_text().casefold()
    assert page.locator("[class*=sealed].stop").count()


def test_a_page_on_paper_has_neither_navigation_nor_buttons(look):
    eyes = look()
    page = eyes.enter("eleve")
    eyes.open("/mon-engagement/")
    assert page.locator(".side").is_visible()
    page.emulate_media(media="print")
    assert page.locator("main h1").is_visible()
    for part in (".side", ".top", ".heading-actions"):
        assert not page.locator(part).first.is_visible(), part
    colours = page.evaluate("[getComputedStyle(document.body).backgroundColor]")
    assert colours[0] in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
