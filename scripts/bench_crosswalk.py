"""Figures of the crosswalk's suggestions on open French data, and of their speed.

`RESEDA_TEST_DATA=… python -m scripts.bench_crosswalk` prints tables for docs/benchmarks.md. Each
task is cut in two halves by a hash of its statements: weights were chosen on the tuning halves
alone (the whole is shown too: how far crowded targets stand back depends on the lengths of both
lists). Statements under test are taken out of the corpus; learned pairs are those of the rest of
the task, less every pair whose statement equals, or nearly equals, one under test.
"""

import argparse
import csv
import hashlib
import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk import Model, suggest
from reseda.competencies.domain.crosswalk import words as lexis
from reseda.competencies.domain.crosswalk.engine import Scorer, band
from reseda.competencies.domain.crosswalk.sparse import bags, product

HISTORIES = (250, 1_000, 4_000)
SAMPLE = 3_000
DRAWS = 2_000
NEAR = 0.9
FIRST = 5
BARS = {"T3": (0.334, 0.255), "T5": (0.655, 0.549), "T1": (0.448, 0.322)}


@dataclass(frozen=True)
class Task:
    """Statements, the targets that people gave each, all targets, and the pairs left to learn."""

    name: str
    queries: list[str]
    answers: list[frozenset[str]]
    targets: list[str]
    pairs: tuple[tuple[str, str], ...] = ()

    def half(self, *, is_test: bool) -> "Task":
        """The tuning half or the test half."""
        kept = [i for i, query in enumerate(self.queries) if (digest(query) % 2 == 1) is is_test]
        return Task(
            self.name,
            [self.queries[i] for i in kept],
            [self.answers[i] for i in kept],
            self.targets,
            self.pairs,
        )


def digest(text: str) -> int:
    """A number drawn from a text, the same everywhere."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def rows(path: Path) -> list[list[str]]:
    """The lines of a table under its heading."""
    with path.open(encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def given(name: str, folder: Path) -> Task:
    """A task with its list of targets."""
    found = {path.suffix: path for path in sorted((folder / "gold").glob(f"{name}_*"))}
    table = rows(found[".tsv"])
    return Task(
        name,
        [row[0] for row in table],
        [frozenset(part.strip() for part in row[1].split("|")) for row in table],
        found[".txt"].read_text(encoding="utf-8").split("\n")[:-1],
    )


def trained(folder: Path) -> Task:
    """ROME statements and their macro-competencies: a sample to judge, the rest to learn from."""
    pairs = sorted((row[0], row[1]) for row in rows(folder / "gold" / "T1_train.tsv"))
    pairs.sort(key=lambda pair: digest("\t".join(pair)))
    judged = pairs[:SAMPLE]
    return Task(
        "T1",
        [query for query, _ in judged],
        [frozenset({target}) for _, target in judged],
        sorted({target for _, target in pairs}),
        tuple(unlike(pairs[SAMPLE:], [query for query, _ in judged])),
    )


def unlike(pairs: Sequence[tuple[str, str]], judged: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs whose statement has less than `NEAR` of its letters (cosine) with any judged."""
    columns: dict[str, int] = {}
    sides = [
        bags([lexis.grams(lexis.words(text)) for text in texts], columns)
        for texts in (judged, [pair[0] for pair in pairs])
    ]
    known, asked = (
        type(side)(side.starts, side.columns, side.weights, len(columns)).unit() for side in sides
    )
    kept = []
    for first in range(0, len(pairs), 500):
        chosen = np.arange(first, min(first + 500, len(pairs)))
        near = product(asked.take(chosen), known).max(axis=1)
        kept += [
            pairs[place]
            for place, most in zip(chosen.tolist(), near.tolist(), strict=True)
            if most < NEAR
        ]
    return kept


def corpus(folder: Path, without: Sequence[str]) -> list[str]:
    """ROME and ESCO labels, less the statements under test."""
    texts = (folder / "rome_labels.txt").read_text(encoding="utf-8").split("\n")
    with next((folder / "esco").glob("*labels*.csv")).open(encoding="utf-8") as file:
        texts += [row["preferredLabel"] for row in csv.DictReader(file)]
    judged = {lexis.fold(text.strip()) for text in without}
    return [text for text in texts if lexis.fold(text.strip()) not in judged]


def ranks(
    task: Task, model: Model, learned: Sequence[tuple[str, str]] = ()
) -> tuple[npt.NDArray[np.float64], list[tuple[str, bool]]]:
    """The rank of the best right target of each statement (ties at the middle); bands and hits."""
    texts = sorted(set(task.queries))
    targets = sorted(set(task.targets))
    found = Scorer(texts, targets, model=model, learned=learned).score()
    rows_of = {text: row for row, text in enumerate(texts)}
    column_of = {text: column for column, text in enumerate(targets)}
    places, bands = [], []
    for query, right in zip(task.queries, task.answers, strict=True):
        row = rows_of[query]
        line = found.shares[row]
        columns = [column_of[text] for text in right]
        best = line[columns].max()
        others = np.delete(line, columns)
        places.append(1 + (others > best).sum() + (others == best).sum() / 2)
        leader = int(line.argmax())
        bands.append((band(float(found.confidence[row, leader])), leader in columns))
    return np.array(places, np.float64), bands


def interval(values: npt.NDArray[np.float64]) -> str:
    """A mean and its 95 % interval, by drawing statements again from a fixed start."""
    draws = np.random.default_rng(0).integers(0, len(values), (DRAWS, len(values)))
    low, high = np.quantile(values[draws].mean(axis=1), (0.025, 0.975))
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


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


def quality(folder: Path, names: Sequence[str]) -> None:
    """Print recall at five and mean reciprocal rank of each task, on both halves."""
    print("| task | half | statements | recall@5 | MRR | first looks that are right, by band |")
    print("|---|---|---|---|---|---|")
    for name in names:
        task = trained(folder) if name == "T1" else given(name, folder)
        model = Model.fit(corpus(folder, task.queries))
        halves = {"tuning": task.half(is_test=False), "test": task.half(is_test=True)}
        for half, part in {**halves, "whole": task}.items():
            line(f"{name} (bar {BARS[name]})", half, part, model, ())
            for number in (*HISTORIES, len(task.pairs)) if task.pairs else ():
                line(f"{name}, {number} pairs", half, part, model, task.pairs[:number])


def speed(folder: Path) -> None:
    """Print the seconds of the three requests that have a limit, and the memory of them all."""
    task = trained(folder)
    texts = corpus(folder, ())[:18_000]
    start = perf_counter()
    model = Model.fit(texts)
    print(f"fit on {len(texts)} labels: {perf_counter() - start:.1f} s")
    suggest(task.queries[:5], task.targets[:5], model=model)
    start = perf_counter()
    suggest(task.queries[:200], task.targets[:80], model=model)
    print(f"200 x 80: {perf_counter() - start:.3f} s")
    many = [*task.queries, *(query for query, _ in task.pairs), *texts][:17_000]
    start = perf_counter()
    suggest(many, [*task.targets, *texts[:15]][:500], model=model)
    print(f"17,000 x 500: {perf_counter() - start:.1f} s")
    start = perf_counter()
    suggest(task.queries, task.targets, model=model, learned=task.pairs)
    print(
        f"{SAMPLE} x {len(task.targets)}, {len(task.pairs)} pairs: {perf_counter() - start:.1f} s"
    )
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    """Read what to measure, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", default="T3,T5,T1")
    parser.add_argument("--no-speed", action="store_true")
    chosen = parser.parse_args()
    data = os.environ.get("RESEDA_TEST_DATA")
    if not data:
        raise SystemExit("RESEDA_TEST_DATA is not set: give the folder of the test data.")
    folder = Path(data) / "competencies"
    if not chosen.no_speed:
        speed(folder)
    quality(folder, chosen.tasks.split(","))


if __name__ == "__main__":
    main()
