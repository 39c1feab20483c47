"""The planner and what feeds it, as people meet them: offers, wishes, plans, possibilities, rules,
the unit’s page, the record; at a desk and on a phone, and by keyboard alone.
"""

import pytest

from tests.browser.test_pages import faults, take

pytestmark = pytest.mark.browser

PLAN = "/planification/"
PUBLISHED = "main a[href^='/planification/']:not([href$='nouveau/']):not([href$='comparer/'])"
# Role -> steps, as in test_pages.
STEPS = {
    "referent": [
        PLAN,
        PUBLISHED,
        ".planner-table [data-cell]",
        "/planification/nouveau/",
        "/propositions/",
        "/propositions/unites/",
        "/propositions/importer/",
        "/emploi-du-temps/regles/",
    ],
    "eleve": [
        "/mon-engagement/possibilites/",
        "/mon-engagement/propositions/",
        "/mon-agenda/",
    ],
}


@pytest.mark.parametrize("role", STEPS)
def test_the_pages_of_conciliation_have_no_fault_at_a_desk_nor_on_a_phone(look, role):
    eyes = look()
    eyes.enter(role)
    found = []
    for step in STEPS[role]:
        take(eyes, step)
        found += faults(eyes)
    assert found == []


def test_two_plans_compared_have_no_fault(look):
    eyes = look()
    page = eyes.enter("referent")
    eyes.open("/planification/comparer/")
    plans = page.locator("#a option").evaluate_all("all => all.map(one => one.value)")
    draft, published = [one for one in plans if one][:2]
    eyes.open(f"/planification/comparer/?a={published}&b={draft}")
    assert page.locator("table.compare-figures").is_visible()
    assert faults(eyes) == []


def test_a_unit_proposes_a_period_through_the_letter_it_received(look):
    eyes = look()
    page = eyes.open("/demo/courriers/?q=dates+venir")
    eyes.follow("details.letter a[href*='/repondre/']")
    assert faults(eyes) == []
    page.get_by_label("Premier jour").fill("2090-03-04")
    page.get_by_label("Dernier jour").fill("2090-03-05")
    page.get_by_label("Objet").fill("Exercice de franchissement")
    eyes.press("Proposer cette période")
    assert "Exercice de franchissement" in page.locator("#proposees").inner_text()


def tab_to(page, selector, most=120):
    """Press the tabulation until an element of this kind has the focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
    raise AssertionError(f"{selector} was never reached")


def test_a_week_of_the_planner_is_opened_read_and_closed_by_keyboard_alone(look):
    eyes = look()
    page = eyes.enter("referent")
    eyes.open(PLAN)
    eyes.follow(PUBLISHED)
    tab_to(page, "[data-cell]")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    panel = page.locator("#panneau")
    panel.locator("h2").wait_for()
    assert panel.get_attribute("aria-live") == "polite"
    name = label.partition(", semaine")[0]
    assert name in panel.locator("h2").inner_text()
    assert eyes.faults() == []
    page.keyboard.press("Escape")
    assert panel.inner_text().strip() == ""
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == label
    page.keyboard.press("ArrowRight")
    moved = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert moved.startswith(name)
    assert moved != label


def test_the_points_of_ones_possibilities_are_chosen_by_keyboard(look):
    eyes = look()
    page = eyes.enter("eleve")
    eyes.open("/mon-engagement/possibilites/")
    dots = ".trade-off svg a:not([aria-current])"
    assert page.locator(dots).count()
    tab_to(page, dots)
    drawn = "getComputedStyle(document.activeElement.querySelector('.dot')).strokeWidth"
    assert page.evaluate(drawn) == "4px"
    page.keyboard.press("Enter")
    page.wait_for_url("**choix=*")
    assert page.locator(".trade-off svg a[aria-current]").count() == 1
    assert page.locator("#choisi").is_visible()
