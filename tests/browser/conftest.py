"""A real Chromium on a real `reseda demo`, built for these tests alone."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from scripts.pictures import QUIET, demo, sign_in

PATIENCE = 15_000
DESK, PHONE = (1440, 900), (360, 740)
OURS_ALONE = ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "RESEDA_URL", "RESEDA_SECRET_KEY")
WATCH_POLICY = """
addEventListener("securitypolicyviolation", event => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)
})
"""
# Reported by the browser for pages that rightly answer so; told apart from errors of scripts.
EXPECTED_STATUSES = ("status of 404", "status of 410", "status of 422")


@dataclass
class Eyes:
    """One browser window, and everything it did that a person would not see."""

    page: Page
    address: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.outside.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        is_expected = any(one in message.text for one in EXPECTED_STATUSES)
        if message.type in {"error", "warning"} and not is_expected:
            self.errors.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        """Go to an address of the demo."""
        self.page.goto(urljoin(self.address, path))
        return self.page

    def follow(self, selector: str) -> Page:
        """Follow the first link of a kind on the page shown."""
        path = self.page.locator(selector).first.get_attribute("href")
        assert path, selector
        return self.open(path)

    def press(self, words: str) -> Page:
        """Press a button of the page, and wait for where it leads."""
        self.page.get_by_role("button", name=words).first.click()
        self.page.wait_for_load_state()
        return self.page

    def resize(self, size: tuple[int, int]) -> None:
        """Become a desk or a phone."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def enter(self, role: str) -> Page:
        """Sign in by the button of a role."""
        sign_in(self.page, self.address, role)
        return self.page

    def faults(self) -> list[str]:
        """What is wrong with the page shown: axe, overflow."""
        here = f"{self.page.url.removeprefix(self.address)} {self.page.viewport_size['width']}"
        found = [
            f"{here}: {fault['id']}: {fault['nodes'][0]['html'][:200]}"
            for fault in Axe().run(self.page).response["violations"]
        ]
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{here}: wider than the window")
        return found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    path = os.environ.get("RESEDA_BROWSER") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium (RESEDA_BROWSER is not set): the pages were NOT seen")
    return path


@pytest.fixture(scope="session")
def address(chromium: str) -> Iterator[str]:
    """The address of a new demo, with its worker, as `make demo` starts it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in OURS_ALONE:
            patch.delenv(name, raising=False)
        with demo() as found:
            yield found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """The browser, without any window yet; one at a time may run in a process."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def look(browser: Browser, address: str):
    """Open windows; at the end, none asked anything of another site nor broke a rule."""
    opened: list[Eyes] = []

    def opening(theme: str = "light", size: tuple[int, int] = DESK) -> Eyes:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, locale="fr-FR"
        )
        context.add_init_script(WATCH_POLICY)
        opened.append(Eyes(context.new_page(), address))
        return opened[-1]

    yield opening
    outside = [one for eyes in opened for one in eyes.outside]
    errors = [one for eyes in opened for one in eyes.errors]
    for eyes in opened:
        eyes.page.context.close()
    assert (outside, errors) == ([], [])
