"""The pictures of the README, taken from the demo in a real browser: `make pictures`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 120


@contextmanager
def demo() -> Iterator[str]:
    """Serve a new demo from an empty folder; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="reseda-pictures-") as folder:
        environment = {**os.environ, "RESEDA_VAR": folder, "PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "demo"], cwd=ROOT, env=environment
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str) -> None:
    for _second in range(PATIENCE):
        try:
            with urlopen(f"{address}/healthz"):  # noqa: S310 (our own server)
                return
        except URLError:
            time.sleep(1)
    message = "the demo did not start"
    raise TimeoutError(message)


def sign_in(page: Page, address: str, role: str) -> None:
    """Use the button of a role, whoever was signed in before."""
    page.context.clear_cookies()
    page.goto(f"{address}/connexion/")
    page.locator(f'form[action="/demo/connexion/{role}/"] button').click()
    page.wait_for_load_state()


def take(page: Page, name: str, *, is_whole: bool = False) -> None:
    """Keep what the window shows, or the whole page; its ribbon says that all is invented."""
    page.screenshot(path=FOLDER / f"{name}.png", full_page=is_whole)
    print(f"docs/pictures/{name}.png")


def people(page: Page, address: str) -> None:
    """The page of an employer, then those of a student and of the référent."""
    with urlopen(f"{address}/demo/titres.json") as answer:  # noqa: S310 (our own server)
        shared = json.load(answer)["valid"][0]
    page.goto(f"{address}/titres/{shared}/")
    take(page, "titre")
    sign_in(page, address, "eleve")
    page.locator("#gestes a", has_text="examen").first.click()
    page.wait_for_load_state()
    take(page, "conflits")
    page.goto(f"{address}/mon-engagement/possibilites/")
    take(page, "possibilites")
    sign_in(page, address, "referent")
    page.locator("nav a", has_text="Planification").first.click()
    page.locator("main a", has_text="Plan ").last.click()
    page.wait_for_load_state()
    take(page, "planification", is_whole=True)


def competencies(page: Page, address: str) -> None:
    """The crosswalk under review, then what the published one covers."""
    sign_in(page, address, "ingenierie")
    page.locator("nav a", has_text="Correspondances").first.click()
    page.locator("main th a", has_text="version 2").first.click()
    page.locator("main a", has_text="Matrice").first.click()
    page.wait_for_load_state()
    take(page, "correspondances", is_whole=True)
    page.locator("main a", has_text="Vue d’ensemble").first.click()
    page.locator("main a", has_text="Version 1").first.click()
    page.locator("main a", has_text="Couverture").first.click()
    page.wait_for_load_state()
    take(page, "couverture", is_whole=True)


def main() -> int:
    """Take the pictures."""
    browser_path = os.environ.get("RESEDA_BROWSER") or shutil.which("chromium")
    if not browser_path:
        print("no Chromium was found: set RESEDA_BROWSER")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=QUIET)
        page = browser.new_context(
            viewport={"width": 1440, "height": 1000}, locale="fr-FR", color_scheme="light"
        ).new_page()
        people(page, address)
        competencies(page, address)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
