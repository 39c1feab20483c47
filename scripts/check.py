"""What no linter checks: deployment, migrations, translations, generated documents, lock files."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "RESEDA_SECRET_KEY": "check-only-0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQR",
    "RESEDA_FIELD_KEYS": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "RESEDA_URL": "https://reseda.example.org",
    "DATABASE_URL": "sqlite://:memory:",
}
TESTS = {"DJANGO_SETTINGS_MODULE": "config.settings_test", "RESEDA_VAR": str(ROOT / "var")}
STEPS: list[tuple[str, list[str], dict[str, str]]] = [
    ("deployment", ["-m", "django", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("migrations", ["-m", "django", "makemigrations", "--check", "--dry-run"], TESTS),
    ("translations", ["-m", "scripts.messages", "check"], {}),
    ("docs/rights.md", ["-m", "django", "people_rights", "--check"], TESTS),
    ("docs/law.md", ["-m", "django", "law_document", "--check"], TESTS),
]
# Hashes lock a dependency; an address would tie the project to one index.
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links")


def run(title: str, arguments: list[str], environment: dict[str, str]) -> bool:
    """Run one step; its output is shown only when it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {title}")
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def locks_are_clean() -> bool:
    """Tell whether the lock files name no address of any index."""
    found = [
        f"{path.name}:{number}"
        for path in [*ROOT.glob("*.lock"), *ROOT.glob("tests/**/package-lock.json")]
        if "node_modules" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ADDRESS.search(line) and '"url"' not in line and '"node_modules' not in line
    ]
    print("ok   lock files" if not found else f"FAIL lock files name an address: {found[:5]}")
    return not found


def main() -> int:
    """Run every step, even after a failure, so that one run tells all."""
    results = [run(*step) for step in STEPS] + [locks_are_clean()]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
