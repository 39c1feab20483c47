"""The main pages of the thread in a real browser, for each role, at a telephone and at a desk."""

import json
from typing import Any
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = {
    "eleve": [
        "/",
        "/mon-engagement/",
        "/mon-emploi-du-temps/",
        "/mes-preuves/",
        "/mon-dossier/",
        "/mes-titres/",
        "/competences/",
        "/mon-agenda/",
        "/mon-compte/",
    ],
    "referent": ["/", "/reservistes/", "/amenagements/", "/personnes/"],
    "direction": ["/", "/amenagements/", "/jurys/", "/reglements/", "/titres-delivres/", "/ecole/"],
    "ingenierie": ["/evaluations/", "/competences/"],
    "jury": ["/", "/jurys/"],
    "enseignant": ["/absences/"],
    "scolarite": ["/scolarite/decisions/", "/ecole/eleves/", "/ecole/import/"],
    "unite": ["/mes-reponses/"],
    "rh": ["/reservistes/"],
    "dpo": ["/journal/", "/droits/", "/droit/", "/aide/"],
}
PUBLIC = ["/connexion/", "/verifier/", "/demo/courriers/", "/accessibilite/"]


def shared(address: str, word: str) -> str:
    with urlopen(f"{address}/demo/titres.json") as answer:
        return f"/titres/{json.load(answer)[word][0]}/"


def inspect(visit: Any, path: str) -> None:
    page = visit.open(path)
    faults = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in faults] == [], path
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{path} overflows"
    visit.check()


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("role", list(PAGES))
def test_the_pages_of_a_role_are_accessible_whole_and_stay_home(
    visit: Any, role: str, width: int
) -> None:
    seen = visit(width=width)
    seen.sign_in(role)
    for path in PAGES[role]:
        inspect(seen, path)


@pytest.mark.parametrize("width", [360, 1440])
def test_public_pages_are_accessible_whole_and_stay_home(
    visit: Any, address: str, width: int
) -> None:
    seen = visit(width=width, scheme="dark" if width == 360 else "light")
    for path in [*PUBLIC, shared(address, "valid"), shared(address, "revoked")]:
        inspect(seen, path)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_conflicts_of_a_period_are_one_click_away_and_lead_to_a_request(
    visit: Any, scheme: str
) -> None:
    seen = visit(width=1440, scheme=scheme)
    page = seen.sign_in("eleve")
    page.locator("#gestes a", has_text="examen").first.click()
    page.wait_for_load_state()
    assert page.locator("svg").filter(has=page.locator("title")).count() >= 1
    assert "Examen" in page.locator("table tbody tr").first.inner_text()
    inspect(seen, page.url.removeprefix(seen.address))
    if scheme == "dark":
        page.get_by_label("Ce que je demande").fill("Reporter l’examen, rattraper le TP.")
        page.get_by_role("button", name="Demander l’aménagement").click()
        page.wait_for_url("**/amenagements/*/")
        inspect(seen, page.url.removeprefix(seen.address))


def test_an_employer_reads_the_verdict_in_the_language_of_their_browser(
    visit: Any, address: str
) -> None:
    valid, revoked = shared(address, "valid"), shared(address, "revoked")
    french, english = visit(locale="fr-FR"), visit(locale="en-GB")
    assert "authentique" in french.open(valid).locator("h1").inner_text()
    assert "authentic" in english.open(valid).locator("h1").inner_text().lower()
    assert "révoqué" in french.open(revoked).locator("h1").inner_text()
    assert "revoked" in english.open(revoked).locator("h1").inner_text().lower()
    assert english.page.get_attribute("html", "lang") == "en"
    english.check()


def test_the_keyboard_finds_the_way_past_the_navigation_first(visit: Any) -> None:
    seen = visit(width=1440)
    page = seen.sign_in("direction")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_the_english_of_a_page_leaves_no_french_in_its_navigation(visit: Any) -> None:
    seen = visit(width=1440)
    page = seen.sign_in("direction")
    page.locator("button[name=language][value=en]").first.click()
    page.locator("html[lang=en]").wait_for()
    words = page.locator("nav.sections").first.inner_text()
    assert "To do today" in words
    assert not {"Aménagements", "Élèves", "Droit applicable", "Courriers"} & set(words.split("\n"))


def test_a_page_prints_without_its_navigation(visit: Any) -> None:
    seen = visit(width=1440)
    page = seen.sign_in("eleve")
    seen.open("/mon-engagement/")
    page.emulate_media(media="print")
    assert not page.locator("nav.sections").first.is_visible()
    assert page.locator("h1").is_visible()
