"""The crosswalk’s workbench as people meet it: by keyboard alone, on a phone, by night."""

from uuid import uuid4

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_conciliation import tab_to
from tests.browser.test_pages import faults

pytestmark = pytest.mark.browser

CELL = "[data-cell]"


def opened(eyes):
    """Open a new crosswalk between the frameworks of the demo; return where it is."""
    page = eyes.open("/competences/correspondances/nouvelle/")
    page.get_by_label("Titre", exact=True).fill(f"Correspondance d’essai {uuid4().hex[:8]}")
    eyes.press("Ouvrir la relecture")
    page.wait_for_url("**/correspondances/*/")
    return page.url.removeprefix(eyes.address)


def focused(page, what="innerText"):
    """What has the focus says this of itself."""
    return page.evaluate(f"document.activeElement.{what}")


def pair(page):
    """The pair that has the focus."""
    return page.evaluate("document.activeElement.closest('[data-pair]').id")


def word(page, key):
    """What a cell says."""
    return page.locator(f"#{key} [data-word-of]").inner_text()


def press(page, *keys):
    """Press keys one after the other, and wait for what they wrote."""
    for key in keys:
        page.keyboard.press(key)
    page.locator("[aria-busy]").first.wait_for(state="detached")


def heard(page, words):
    """Wait until this is said aloud."""
    page.locator("#dit", has_text=words).wait_for()


def test_a_pair_is_judged_changed_and_taken_back_by_keyboard_alone(look):
    eyes = look()
    page = eyes.enter("ingenierie")
    eyes.open(f"{opened(eyes)}matrice/")
    tab_to(page, CELL)
    key = pair(page)
    press(page, "t")
    heard(page, "convergente, totale. Annuler")
    assert word(page, key).startswith("convergente, totale")
    assert pair(page) == key
    press(page, "p", "2")
    heard(page, "la moitié")
    assert word(page, key).startswith("convergente, partielle, la moitié")
    press(page, "Control+z")
    heard(page, "geste annulé")
    assert word(page, key).startswith("convergente, totale")
    press(page, "u")
    heard(page, "avis retiré")
    assert word(page, key).startswith("à examiner")
    assert faults(eyes) == []


def test_many_pairs_are_judged_at_once_and_progress_follows(look):
    eyes = look()
    page = eyes.enter("ingenierie")
    eyes.open(f"{opened(eyes)}matrice/")
    tab_to(page, CELL)
    press(page, "Shift+ArrowDown", "Shift+ArrowRight")
    assert page.locator("[aria-selected=true]").count() == 4
    press(page, "n")
    heard(page, "4 couples")
    assert page.locator("td.is-none").count() == 4
    assert "4 second avis attendu" in " ".join(page.locator("#avancement").inner_text().split())
    press(page, "Escape", "j")
    assert "is-open" in page.locator(f"#{pair(page)}").get_attribute("class")
    press(page, "Control+z")
    heard(page, "geste annulé")
    assert page.locator("td.is-none").count() == 0


def test_a_reason_is_written_and_the_help_is_read_without_a_mouse(look):
    eyes = look()
    page = eyes.enter("ingenierie")
    eyes.open(f"{opened(eyes)}matrice/")
    tab_to(page, CELL)
    key = pair(page)
    press(page, "?")
    assert page.locator("#aide").is_visible()
    assert eyes.faults() == []
    press(page, "Escape")
    assert pair(page) == key
    press(page, "r")
    assert eyes.faults() == []
    press(page, "Space", "Tab", "Tab")
    page.keyboard.type("Vu en exercice.")
    tab_to(page, "#justification button[type=submit]")
    press(page, "Enter")
    heard(page, "convergente, totale")
    page.keyboard.press("Enter")
    page.wait_for_url("**/couples/**")
    assert "Vu en exercice." in page.locator("main").inner_text()


def test_a_gesture_that_fails_is_told_and_changes_nothing(look):
    eyes = look()
    page = eyes.enter("ingenierie")
    eyes.open(f"{opened(eyes)}matrice/")
    tab_to(page, CELL)
    key = pair(page)
    page.route("**/avis/", lambda route: route.abort())
    press(page, "t")
    heard(page, "rien n’a changé")
    assert word(page, key).startswith("à examiner")
    assert pair(page) == key
    page.unroute("**/avis/")
    eyes.errors.clear()
    press(page, "t")
    heard(page, "convergente, totale")


def test_opinions_that_differ_are_seen_and_settled_by_keyboard(look):
    eyes, other = look(), look()
    page = eyes.enter("ingenierie")
    here = opened(eyes)
    eyes.open(f"{here}matrice/")
    tab_to(page, CELL)
    press(page, "t")
    heard(page, "totale")
    second = other.enter("jury")
    other.open(f"{here}matrice/")
    tab_to(second, CELL)
    assert "totale" not in second.locator(".cw-table").inner_text()
    press(second, "n")
    heard(second, "aucune correspondance")
    assert second.locator("#conflits-nombre").inner_text().strip() == "1"
    assert second.locator("td.is-conflict").count() == 1
    eyes.open(f"{here}avis-opposes/")
    assert faults(eyes) == []
    tab_to(page, "summary:has(svg):not(.menu summary, .person summary)")
    page.keyboard.press("Enter")
    tab_to(page, ".cw-conflict input[type=radio]")
    page.keyboard.press("Space")
    tab_to(page, ".cw-conflict textarea")
    page.keyboard.type("Le rapport d’exercice le montre.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Le couple est tranché").wait_for()
    assert page.locator(".cw-conflict").count() == 0


@pytest.mark.parametrize(("theme", "size"), [("light", DESK), ("dark", DESK), ("dark", PHONE)])
def test_the_pages_of_a_crosswalk_have_no_fault(look, theme, size):
    eyes = look(theme, size)
    page = eyes.enter("ingenierie")
    here = opened(eyes)
    found = []
    for name in ("", "matrice/", "lignes/", "couverture/", "regler/"):
        eyes.open(f"{here}{name}")
        found += eyes.faults()
    eyes.open(f"{here}matrice/")
    eyes.open(page.locator(f"{CELL}").first.get_attribute("href"))
    found += eyes.faults()
    for path in ("/competences/correspondances/", "/competences/correspondances/nouvelle/"):
        eyes.open(path)
        found += eyes.faults()
    assert found == []


def test_on_a_phone_a_row_is_a_card_that_lists_its_columns(look):
    eyes = look(size=PHONE)
    page = eyes.enter("ingenierie")
    here = opened(eyes)
    eyes.open(f"{here}lignes/")
    page.locator("[data-lead] button[value=total]").first.click()
    page.get_by_text("convergente, totale").first.wait_for()
    eyes.open(f"{here}matrice/")
    cell = page.locator("td.is-total").first
    assert cell.locator(".cw-said").inner_text().endswith("second avis attendu")
    assert cell.bounding_box()["width"] > 250
    assert eyes.faults() == []
    cell.locator("a").click()
    page.wait_for_url("**/couples/**")


def test_without_scripts_a_cell_leads_to_its_pair_and_a_form_judges_it(browser, look):
    eyes = look()
    eyes.enter("ingenierie")
    here = opened(eyes)
    context = browser.new_context(
        java_script_enabled=False, storage_state=eyes.page.context.storage_state()
    )
    page = context.new_page()
    page.goto(f"{eyes.address}{here}matrice/")
    page.locator(CELL).first.click()
    page.get_by_text("Complémentaire", exact=True).click()
    page.get_by_role("button", name="Donner mon avis").click()
    assert "complémentaire" in page.locator(".messages").inner_text()
    page.get_by_role("button", name="Annuler").click()
    assert "geste annulé" in page.locator(".messages").inner_text()
    context.close()
