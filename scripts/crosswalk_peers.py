"""Peers of the crosswalk's suggestions: the usual formulas, each in its textbook form.

C is TF-IDF over runs of three to five letters inside words, E is BM25 over stems, H the cosine in
200 latent directions of the corpus, and K = .45 C + .35 E + .20 H, each divided by the best of its
row. The stems are those of this product: with Snowball's, which is no dependency, E moves by less
than half a point on these tasks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk import words as lexis
from reseda.competencies.domain.crosswalk.model import directions, rarity
from reseda.competencies.domain.crosswalk.sparse import Bags, bags, product, widened

SIZES = (3, 4, 5)
SATURATION, LENGTH = 1.2, 0.75
MIX = {"C": 0.45, "E": 0.35, "H": 0.20}
FEWEST = 2

Matrix = npt.NDArray[Any]


def scores(queries: Sequence[str], targets: Sequence[str], corpus: Sequence[str]) -> dict[str, Any]:
    """Queries by targets, for K and for the parts of it."""
    parts = {
        "C": letters(queries, targets),
        "E": okapi(queries, targets),
        "H": latent(queries, targets, corpus),
    }
    mixed = sum(MIX[name] * found / _best(found) for name, found in parts.items())
    return {"K": mixed, "C": parts["C"], "E": parts["E"]}


def letters(queries: Sequence[str], targets: Sequence[str], corpus: Sequence[str] = ()) -> Matrix:
    """Cosine of TF-IDF over the runs of letters of every word."""
    return _cosine([[_runs(text) for text in texts] for texts in (queries, targets, corpus)])


def okapi(queries: Sequence[str], targets: Sequence[str]) -> Matrix:
    """BM25 over stems, the targets being the documents."""
    columns: dict[str, int] = {}
    known = bags([_stems(text) for text in targets], columns)
    asked = bags([_stems(text) for text in queries], columns)
    times = np.exp(known.weights - 1)
    total = known.sums(times)
    long = (1 - LENGTH + LENGTH * total / total.mean())[known.rows]
    heights = (times * (SATURATION + 1) / (times + SATURATION * long)).astype(np.float32)
    held = widened(known, len(columns)).counts()
    worth = np.log(1 + (len(known) - held + 0.5) / (held + 0.5))
    ones = Bags(asked.starts, asked.columns, np.ones_like(asked.weights), len(columns))
    answers = Bags(known.starts, known.columns, heights, len(columns))
    return product(ones.scaled(worth), answers)


def latent(queries: Sequence[str], targets: Sequence[str], corpus: Sequence[str]) -> Matrix:
    """Cosine in the main directions of the corpus."""
    columns: dict[str, int] = {}
    read = bags([_stems(text) for text in corpus], columns)
    counts = read.counts()
    worth = np.where(counts >= FEWEST, rarity(counts, len(read)), 0.0)
    stretched = directions(read.scaled(worth).unit())
    ways = stretched / np.maximum(np.linalg.norm(stretched, axis=0), 1e-9)
    sides = []
    for texts in (queries, targets):
        asked = bags([[one for one in _stems(text) if one in columns] for text in texts], columns)
        places = widened(asked, len(worth)).scaled(worth).unit().times(ways.astype(np.float32))
        sides.append(places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9))
    return np.asarray(sides[0] @ sides[1].T)


def _cosine(lists: Sequence[Sequence[Sequence[str]]]) -> Matrix:
    columns: dict[str, int] = {}
    grown = [bags(features, columns) for features in lists]
    sides = [widened(side, len(columns)) for side in grown]
    counts = np.sum([side.counts() for side in sides], axis=0)
    worth = rarity(counts, sum(len(side) for side in sides))
    return product(sides[0].scaled(worth).unit(), sides[1].scaled(worth).unit())


def _runs(text: str) -> list[str]:
    return [
        padded[start : start + size]
        for padded in (f" {word} " for word in lexis.fold(text).split())
        for size in SIZES
        for start in range(max(len(padded) - size + 1, 1))
    ]


def _stems(text: str) -> list[str]:
    return lexis.families(lexis.content(lexis.words(text), lexis.FRENCH), lexis.FRENCH)


def _best(found: Matrix) -> Matrix:
    best: Matrix = np.maximum(found.max(axis=1, keepdims=True), 1e-9)
    return best
