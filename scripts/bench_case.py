"""Figures of the CASE provider: a package of 5,000 items and 20,000 links beside the mere writing
of the same objects as JSON, in one run.

`python -m scripts.bench_case` prints a line; the framework is generated, in a database of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import NamedTuple
from uuid import UUID

from reseda.competencies.domain.changes import Changes
from reseda.competencies.domain.framework import Line, Link

ROOT = Path(__file__).resolve().parent.parent
ITEMS, LINKS = 5_000, 20_000
SECONDS = 2.0
ROUNDS = 3
KEYS = UUID("8f2f3c50-6a4e-4a55-9d7c-000000000000").int
NOW = datetime(2026, 11, 22, tzinfo=UTC)


class Figure(NamedTuple):
    """How long a package takes to be served and its objects to be written, in seconds of CPU."""

    ours: float
    theirs: float
    size: int


def bench() -> Figure:
    """Serve the package a few times; the best of each is kept. Needs Django and its tables."""
    from django.test import Client  # noqa: PLC0415  (Django is set up by then)

    client, path = Client(), f"/ims/case/v1p1/CFPackages/{_published()}"
    body, ours, theirs = b"", float("inf"), float("inf")
    for _round in range(ROUNDS):
        began = process_time()
        body = client.get(path).content
        ours = min(ours, process_time() - began)
    package = json.loads(body)
    if (len(package["CFItems"]), len(package["CFAssociations"])) != (ITEMS, ITEMS + LINKS):
        raise SystemExit("the package served is not the one that was made")
    for _round in range(ROUNDS):
        began = process_time()
        json.dumps(package)
        theirs = min(theirs, process_time() - began)
    return Figure(ours, theirs, len(body))


def _published() -> str:
    """Make and publish the framework; return its identifier."""
    from reseda.competencies.actions import exchange  # noqa: PLC0415  (Django is set up by then)
    from reseda.competencies.models import Framework, FrameworkVersion  # noqa: PLC0415
    from reseda.schools.models import School  # noqa: PLC0415

    school = School.objects.create(name="École des essais", slug="essais", uai="0000000X")
    framework = Framework.objects.create(school=school, kind="school", title="Grand référentiel")
    version = FrameworkVersion.objects.create(framework=framework, number=1)
    lines = tuple(_lines())
    exchange.write(version, Changes(created=lines, lines=lines, links=tuple(_links())))
    version.status, version.published_at = FrameworkVersion.Status.PUBLISHED, NOW
    version.save()
    return str(framework.identifier)


def _lines() -> Iterator[Line]:
    """Competencies of ten levels, each with learnings."""
    for number in range(ITEMS):
        kind, parent = "critical_learning", f"I{number - number % 10}"
        if number % 100 == 0:
            kind, parent = "competency", ""
        elif number % 10 == 0:
            kind, parent = "level", f"I{number - number % 100}"
        elif number % 100 < 10:  # noqa: PLR2004  (a competency has components, not learnings)
            kind = "component"
        said = f"Réaliser, vérifier et expliquer l’étape {number}"
        yield Line(
            f"I{number}",
            parent,
            kind,
            said,
            f"Statement {number}",
            number % 100 + 1,
            str(UUID(int=KEYS + number)),
        )


def _links() -> Iterator[Link]:
    for number in range(LINKS):
        start, jump = number % ITEMS, number // ITEMS + 1
        key = str(UUID(int=KEYS + ITEMS + number))
        yield Link("isRelatedTo", f"I{start}", f"I{(start + jump) % ITEMS}", {}, key)


def main() -> None:
    """Print the figure, measured by a process that has a database of its own."""
    with tempfile.TemporaryDirectory(prefix="reseda-bench-") as folder:
        environment = {
            **os.environ,
            "RESEDA_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
        }
        subprocess.run(
            [sys.executable, "-m", "scripts.bench_case", "--measure"],
            cwd=ROOT,
            env=environment,
            check=True,
        )


def measure() -> None:
    """Make the tables, measure, print."""
    import django  # noqa: PLC0415  (only this process needs it)
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    figure = bench()
    print(
        f"serve a CASE package of {ITEMS:,} items and {LINKS:,} links"
        f" ({figure.size / 1e6:.0f} MB): {figure.ours:.2f} s"
        f" | json.dumps of the same: {figure.theirs:.2f} s"
        f" | {figure.ours / figure.theirs:.1f} times | to reach: {SECONDS} s"
        f" | x{SECONDS / figure.ours:.1f}"
    )


if __name__ == "__main__":
    measure() if "--measure" in sys.argv[1:] else main()
