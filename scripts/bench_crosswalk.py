"""Figures of the crosswalk's suggestions on open French data, and of their speed.

`RESEDA_TEST_DATA=… python -m scripts.bench_crosswalk` prints the tables of docs/benchmarks.md;
`--quick` (in `make bench`) leaves out learning, halves and intervals. Each task is cut in two
halves by a hash of its statements: weights were chosen on the tuning halves alone (the whole is
shown too: how far crowded targets stand back depends on the lengths of both lists). Statements
under test are taken out of the corpus; learned pairs are those of the rest of the task, less every
pair whose statement equals, or nearly equals, one under test. Peers are measured in the same run.
"""

import argparse
import os
import resource
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk import Model, suggest
from reseda.competencies.domain.crosswalk.engine import Scorer, band
from scripts import crosswalk_peers
from scripts.crosswalk_tasks import SAMPLE, Task, corpus, given, trained

HISTORIES = (250, 1_000, 4_000)
DRAWS = 2_000
FIRST = 5
BARS = {"T3": (0.334, 0.255), "T5": (0.655, 0.549), "T1": (0.448, 0.322)}

Ranks = npt.NDArray[np.float64]


def placed(task: Task, shares: npt.NDArray[np.float64]) -> Ranks:
    """The rank of the best right target of each statement, ties at the middle."""
    column_of = {text: column for column, text in enumerate(task.targets)}
    places = []
    for line, right in zip(shares, task.answers, strict=True):
        columns = [column_of[text] for text in right]
        best = line[columns].max()
        others = np.delete(line, columns)
        places.append(1 + (others > best).sum() + (others == best).sum() / 2)
    return np.array(places, np.float64)


def ranks(
    task: Task, model: Model, learned: Sequence[tuple[str, str]] = ()
) -> tuple[Ranks, list[tuple[str, bool]]]:
    """Ours: ranks, and for each first look its band and whether it is right."""
    found = Scorer(task.queries, task.targets, model=model, learned=learned).score()
    leaders = found.shares.argmax(axis=1).tolist()
    bands = [
        (band(float(found.confidence[row, leader])), task.targets[leader] in task.answers[row])
        for row, leader in enumerate(leaders)
    ]
    return placed(task, found.shares), bands


def interval(values: Ranks) -> str:
    """A mean and its 95 % interval, by drawing statements again from a fixed start."""
    draws = np.random.default_rng(0).integers(0, len(values), (DRAWS, len(values)))
    low, high = np.quantile(values[draws].mean(axis=1), (0.025, 0.975))
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def gain(ours: Ranks, theirs: Ranks) -> str:
    """The difference of two means over the same statements, and its 95 % interval."""
    return interval(ours - theirs)


def line(name: str, half: str, task: Task, model: Model, pairs: Sequence[tuple[str, str]]) -> None:
    """Print what one half of a task gives."""
    places, bands = ranks(task, model, pairs)
    figures = interval((places <= FIRST).astype(np.float64)), interval(1 / places)
    right = {
        word: [hit for name_, hit in bands if name_ == word]
        for word in ("strong", "possible", "weak")
    }
    said = ", ".join(f"{w} {np.mean(h):.0%} of {len(h)}" for w, h in right.items() if h)
    print(f"| {name} | {half} | {len(places)} | {figures[0]} | {figures[1]} | {said} |", flush=True)


def quality(tasks: Sequence[Task], folder: Path) -> None:
    """Print recall at five and mean reciprocal rank of each task, on both halves."""
    print("| task | half | statements | recall@5 | MRR | first looks that are right, by band |")
    print("|---|---|---|---|---|---|")
    for task in tasks:
        model = Model.fit(corpus(folder, task.queries))
        halves = {"tuning": task.half(is_test=False), "test": task.half(is_test=True)}
        for half, part in {**halves, "whole": task}.items():
            line(f"{task.name} (bar {BARS[task.name]})", half, part, model, ())
            for number in (*HISTORIES, len(task.pairs)) if task.pairs else ():
                line(f"{task.name}, {number} pairs", half, part, model, task.pairs[:number])


def compared(tasks: Sequence[Task], folder: Path) -> None:
    """Print ours beside the peers on the same statements, targets and corpus."""
    print("| task, whole | ours | K | C | E | recall@5, ours − K | MRR, ours − K |")
    print("|---|---|---|---|---|---|---|")
    for task in tasks:
        texts = corpus(folder, task.queries)
        ours, _bands = ranks(task, Model.fit(texts))
        peers = {
            name: placed(task, scores)
            for name, scores in crosswalk_peers.scores(task.queries, task.targets, texts).items()
        }
        shown = [
            f"{(places <= FIRST).mean():.3f}/{(1 / places).mean():.3f}"
            for places in (ours, *peers.values())
        ]
        hits = [(places <= FIRST).astype(np.float64) for places in (ours, peers["K"])]
        print(
            f"| {task.name} | {' | '.join(shown)} | {gain(*hits)}"
            f" | {gain(1 / ours, 1 / peers['K'])} |",
            flush=True,
        )


def timed(name: str, work: Callable[[], object], limit: str, *, times: int = 1) -> None:
    """Print the best of some runs, by the clock and by the processor (all cores together)."""
    clock, processor = [], []
    for _ in range(times):
        began, worked = perf_counter(), process_time()
        work()
        clock.append(perf_counter() - began)
        processor.append(process_time() - worked)
    print(f"| {name} | {min(clock):.2f} s | {min(processor):.2f} s | {limit} |", flush=True)


def speed(folder: Path, task: Task) -> None:
    """Print the seconds of the requests that have a limit, a peer's, and the memory of them all."""
    texts = corpus(folder, ())[:18_000]
    print("| work | clock | processor | limit |")
    print("|---|---|---|---|")
    timed(f"fit on {len(texts):,} labels", lambda: Model.fit(texts), "15 s")
    model = Model.fit(texts)
    suggest(task.queries[:5], task.targets[:5], model=model)
    few = task.queries[:200], task.targets[:80]
    timed("200 × 80, once loaded", lambda: suggest(*few, model=model), "0.2 s", times=7)
    timed("the same, C alone", lambda: crosswalk_peers.letters(*few), "–", times=7)
    timed(
        "the same, K with its corpus read each time",
        lambda: crosswalk_peers.scores(*few, texts),
        "–",
    )
    many = [*task.queries, *(query for query, _ in task.pairs), *texts][:17_000]
    wide = [*task.targets, *texts[:15]][:500]
    timed("17,000 × 500", lambda: suggest(many, wide, model=model), "60 s")
    timed(
        f"{SAMPLE:,} × {len(task.targets)}, {len(task.pairs):,} validated pairs",
        lambda: suggest(task.queries, task.targets, model=model, learned=task.pairs),
        "–",
    )
    print(f"\nmemory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read what to measure, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", default="T3,T5,T1")
    parser.add_argument("--quick", action="store_true", help="speed, and ours beside the peers")
    parser.add_argument("--no-speed", action="store_true")
    chosen = parser.parse_args(arguments)
    data = os.environ.get("RESEDA_TEST_DATA")
    if not data:
        print("RESEDA_TEST_DATA is not set: the suggestions of a crosswalk are not measured.")
        return
    folder = Path(data) / "competencies"
    tasks = {"T1": trained(folder), **{name: given(name, folder) for name in ("T3", "T5")}}
    if not chosen.no_speed:
        speed(folder, tasks["T1"])
    wanted = [tasks[name] for name in chosen.tasks.split(",")]
    compared(wanted, folder)
    if not chosen.quick:
        quality(wanted, folder)


if __name__ == "__main__":
    main()
