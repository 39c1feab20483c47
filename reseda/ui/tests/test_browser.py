import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: accessibility was NOT checked"),
]


@pytest.fixture(scope="module")
def browser():
    # Playwright runs a loop in this thread, in which Django would refuse its own queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page_of(browser, live_server):
    contexts = []

    def opened(address, width, theme="light", locale="fr-FR", **options):
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, color_scheme=theme, locale=locale, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("address", ["/composants/", "/accessibilite/"])
def test_axe_finds_no_fault_and_nothing_overflows(page_of, address, width, theme):
    page = page_of(address, width, theme)
    faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", ["/composants/", "/accessibilite/"])
def test_a_browser_that_asks_for_english_gets_it_and_nothing_overflows(page_of, address):
    page = page_of(address, 360, locale="en-GB")
    assert page.get_attribute("html", "lang") == "en"
    assert page.inner_text(".skip") == "Skip to content"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_list_is_narrowed_in_place_and_its_length_is_said_aloud(page_of):
    page = page_of("/composants/", 1440)
    page.click("#salle-2")
    page.locator("#announcer", has_text="ligne").wait_for(state="attached")
    assert page.url.endswith("?salle=people")
    assert page.get_attribute("#salle-2", "aria-current") == "true"
    assert page.evaluate("document.activeElement.id") == "salle-2"


def test_without_javascript_a_search_and_the_menu_of_themes_still_work(page_of):
    page = page_of("/composants/", 1440, java_script_enabled=False)
    page.fill("#q", "mandat")
    page.click(".toolbar-form .button:has-text('Appliquer')")
    assert "q=mandat" in page.url
    page.click("button[value=dark] >> nth=0")
    assert page.get_attribute("html", "data-theme") == "dark"


def test_slash_goes_to_the_search(page_of):
    page = page_of("/composants/", 1440)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
