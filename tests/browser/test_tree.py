"""The tree of a framework written by keyboard alone, and its pages under axe."""

import re

import pytest

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser

HERE = "document.activeElement.id"
SAID = "[data-said] [role=status]"


def draft(eyes) -> str:
    """Open a framework of our own, drawn from the published one; return where it is."""
    page = eyes.enter("ingenierie")
    eyes.open("/competences/nouveau/")
    page.locator("select[name=kind]").select_option("school")
    page.locator("input[name=title]").fill("Référentiel écrit au clavier")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Le brouillon est ouvert").wait_for()
    return page.url


def add(page, key: str, statement: str) -> str:
    """Add an item with a key pressed on the tree, its wording typed in the window that opens."""
    page.keyboard.press(key)
    page.locator("dialog[open] textarea[name=statement]").wait_for()
    page.keyboard.type(statement)
    page.keyboard.press("Control+Enter")
    page.locator("dialog[open]").wait_for(state="detached")
    page.locator(".node-label", has_text=statement).wait_for()
    page.locator("li[role=treeitem]:focus", has_text=statement).wait_for()
    return page.evaluate(HERE)


def codes(page) -> list[str]:
    """Return the codes that the tree shows, from top to bottom."""
    return [one.inner_text() for one in page.locator(".tree .code").all() if one.is_visible()]


def pressed(page, key: str) -> str:
    """Press a key on an item, and wait for what is said of it."""
    page.evaluate(f"document.querySelector('{SAID}').textContent = ''")
    page.keyboard.press(key)
    page.locator(SAID).filter(has_text=re.compile(r"\S")).wait_for()
    return page.locator(SAID).inner_text()


def test_a_tree_is_written_moved_and_undone_by_keyboard_alone(look):
    eyes = look()
    draft(eyes)
    page = eyes.page
    eyes.open(page.locator("a[href*='nature=competency']").first.get_attribute("href"))
    page.locator("textarea[name=statement]").fill("Conduire une équipe")
    page.get_by_role("button", name="Enregistrer").click()
    page.locator("li[role=treeitem]").first.wait_for()
    page.locator("li[role=treeitem]").first.focus()
    add(page, "+", "Novice")
    add(page, "+", "Répartir les rôles")
    assert codes(page) == ["C1", "C1-N1", "C1-N1-A1"]
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(HERE) == page.evaluate("document.querySelectorAll('.tree li')[1].id")
    assert "retirés" in pressed(page, "Delete")
    assert codes(page) == ["C1"]
    assert "remis" in pressed(page, "Control+z")
    assert codes(page) == ["C1", "C1-N1", "C1-N1-A1"]
    for _step in ("fold the level", "up to its competency", "fold it"):
        page.keyboard.press("ArrowLeft")
    assert codes(page) == ["C1"]
    top = page.locator("li[role=treeitem]").first
    assert top.get_attribute("aria-expanded") == "false"
    assert "déjà le premier" in pressed(page, "Alt+ArrowUp")
    assert eyes.faults() == []


def test_the_pages_of_a_framework_have_no_fault_at_a_desk_nor_on_a_phone(look):
    eyes = look()
    page = eyes.enter("ingenierie")
    page.goto(f"{eyes.address}/competences/")
    eyes.follow("th[scope=row] a")
    start = page.url.split("?")[0]
    found = []
    for size in (DESK, PHONE):
        eyes.resize(size)
        for path in ("", "?vue=arbre", "elements/", "unites/", "presentation/", "versions/"):
            page.goto(start + path)
            found += eyes.faults()
    assert found == []
