"""The matching tasks by which suggestions are judged, made from open data given from outside."""

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reseda.competencies.domain.crosswalk import words as lexis
from reseda.competencies.domain.crosswalk.sparse import bags, product, widened

SAMPLE = 3_000
# Share of letters (cosine) from which two statements are held for the same.
NEAR = 0.9


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
        return replace(
            self,
            queries=[self.queries[i] for i in kept],
            answers=[self.answers[i] for i in kept],
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
        sorted(set(found[".txt"].read_text(encoding="utf-8").split("\n")[:-1])),
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
    known, asked = (widened(side, len(columns)).unit() for side in sides)
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
