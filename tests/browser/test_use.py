"""The product used: by keyboard alone, by clicks, in another language."""

import pytest

pytestmark = pytest.mark.browser

# What the Tab key may stop at on the page shown.
STOPS = """
[...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
)].filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
"""
REACHABLE = f"{STOPS}.length"
MISSED = f"{STOPS}.filter(one => !one.dataset.reached).map(one => one.outerHTML)"
FOCUSED = """
() => {
  const one = document.activeElement
  one.dataset.reached = "1"
  const box = one.getBoundingClientRect()
  const style = getComputedStyle(one)
  return {
    tag: one.tagName,
    text: one.innerText || one.getAttribute("aria-label") || "",
    isSeen: box.width > 0 && box.height > 0,
    isMarked: style.outlineStyle !== "none" || style.boxShadow !== "none",
  }
}
"""


def test_the_keyboard_meets_the_skip_link_first_then_reaches_everything(look):
    eyes = look()
    page = eyes.enter("eleve")
    eyes.open("/mon-engagement/")
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    assert first["text"] == "Aller au contenu"
    assert first["isSeen"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    eyes.open("/mon-engagement/")
    stops = []
    for _stop in range(page.evaluate(REACHABLE)):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    hidden = [one for one in stops if one["tag"] != "BODY" and not one["isSeen"]]
    unmarked = [one for one in stops if one["tag"] != "BODY" and not one["isMarked"]]
    assert (hidden, unmarked) == ([], [])
    missed = page.evaluate(
        REACHABLE.replace("].filter(", "].filter(one => !one.dataset.reached).filter(")
    )
    assert missed == 0


def test_a_student_signs_in_sees_a_conflict_and_asks_for_an_accommodation(look):
    eyes = look()
    page = eyes.open("/")
    assert page.url.startswith(f"{eyes.address}/connexion/")
    page.locator("form[action='/demo/connexion/eleve/'] button").click()
    page.locator("#gestes a", has_text="Une période tombe sur").first.click()
    assert page.locator("figure.week svg").first.is_visible()
    page.get_by_label("Ce que je demande").fill("Je demande le report de l’examen.")
    page.get_by_role("button", name="Demander l’aménagement").click()
    page.get_by_text("Votre demande est envoyée").wait_for()
    page.locator("nav.thread-box a", has_text="Conflits").click()
    assert page.get_by_role("button", name="Demander l’aménagement").count() == 0


def test_in_english_no_french_word_is_left_in_the_navigation(look):
    eyes = look()
    page = eyes.enter("direction")
    words = page.locator(".side nav a span, .side .section-title")
    french = {word for word in words.all_inner_texts() if word.strip()}
    eyes.press("English")
    assert page.locator("html").get_attribute("lang") == "en"
    english = {word for word in words.all_inner_texts() if word.strip()}
    assert len(english) > 8
    assert not french & english
