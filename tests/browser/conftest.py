"""A real demo, built and served once, and a real Chromium that looks at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("RESEDA_BROWSER") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 180
# Violations of the policy are kept where the test can read them, whatever page comes next.
WATCH = """
window.__refused = [];
addEventListener("securitypolicyviolation", (e) => window.__refused.push(e.violatedDirective));
"""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a new demo, served by the same command as everybody's."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: the pages were NOT looked at")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "RESEDA_VAR": str(tmp_path_factory.mktemp("demo")),
        "DJANGO_SETTINGS_MODULE": "config.settings_demo",
        "PORT": str(port),
    }
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        found = f"http://127.0.0.1:{port}"
        _wait(found, process)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(found: str, process: "subprocess.Popen[bytes]") -> None:
    for _second in range(PATIENCE):
        assert process.poll() is None, "the demo ended instead of serving"
        try:
            with urlopen(f"{found}/healthz"):
                return
        except URLError:
            time.sleep(1)
    pytest.fail("the demo did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Visit:
    """Somebody in front of a window, and what their browser complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.outside: list[str] = []
        self.complaints: list[str] = []
        page.add_init_script(WATCH)
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.outside.append(request.url)

    def _note_console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        """Go to a page of the demo, which must answer 200."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        return self.page

    def sign_in(self, role: str) -> Page:
        """Use the button of a role."""
        self.open("/connexion/")
        self.page.locator(f'form[action="/demo/connexion/{role}/"] button').click()
        self.page.wait_for_url(f"{self.address}/")
        return self.page

    def check(self) -> None:
        """Nothing left the server, nothing was refused by the policy, nothing went wrong."""
        assert self.outside == []
        assert self.page.evaluate("window.__refused") == []
        assert self.complaints == []


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Any]:
    """Open a window: `visit(width=360, scheme="dark", locale="en-GB")`."""
    contexts = []

    def start(width: int = 1440, scheme: str = "light", locale: str = "fr-FR") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=locale,
        )
        contexts.append(context)
        return Visit(context.new_page(), address)

    yield start
    for context in contexts:
        context.close()
