"""`make bench`: our figures beside the peers’, in one run; docs/benchmarks.md keeps them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from scripts import (
    bench_case,
    bench_credentials,
    bench_crosswalk,
    bench_planning,
    bench_service,
    bench_timetable,
)

ROOT = Path(__file__).resolve().parent.parent
DEMO_SECONDS = 20


def demo_seconds() -> float:
    """Return how long the demo takes to build in an empty folder, migrations included."""
    with tempfile.TemporaryDirectory(prefix="reseda-bench-") as folder:
        started = perf_counter()
        subprocess.run(
            [sys.executable, "-m", "config.cli", "demo", "--build-only"],
            cwd=ROOT,
            env={**os.environ, "RESEDA_VAR": folder},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return perf_counter() - started


def main() -> None:
    """Print every figure."""
    bench_timetable.main()
    bench_service.main()
    bench_planning.main([])
    bench_crosswalk.main(["--quick"])
    bench_case.main()
    for figure in bench_credentials.bench():
        ratio = figure.ours / figure.theirs
        print(
            f"{figure.name}: {figure.ours:.0f}/s | {figure.peer}: {figure.theirs:.0f}/s"
            f" | x{ratio:.1f}"
        )
    taken = demo_seconds()
    print(
        f"build the demo: {taken:.1f} s | to reach: {DEMO_SECONDS} s | x{DEMO_SECONDS / taken:.1f}"
    )


if __name__ == "__main__":
    main()
