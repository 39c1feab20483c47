"""The readings of two lists of statements: each says how near every source is to every target."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk import words as lexis
from reseda.competencies.domain.crosswalk.model import PRIOR, Model, rarity
from reseda.competencies.domain.crosswalk.sparse import (
    TINY,
    Bags,
    Floats,
    Whole,
    bags,
    gathered,
    heightened,
    widened,
)

# The readings, and how much each weighs: chosen on the tuning halves of the benchmark.
WEIGHTS = {"letters": 0.6, "words": 0.15, "families": 0.15, "meaning": 0.1, "neighbours": 1.2}
SATURATION = 1.2
NEIGHBOURS = 20
NEAREST = 256
EMPHASIS = 0.5


@dataclass(frozen=True, eq=False)
class Side:
    """A list of statements as bags of word families and of runs of letters."""

    words: Bags
    grams: Bags

    def __len__(self) -> int:
        return len(self.words)

    def take(self, chosen: Whole) -> "Side":
        """Some of the statements."""
        return Side(self.words.take(chosen), self.grams.take(chosen))


@dataclass(frozen=True, eq=False)
class Ground:
    """Lists of statements in one vocabulary, with the rarity of its features."""

    sides: tuple[Side, ...]
    tongues: tuple[str, ...]
    word_rarity: npt.NDArray[Any]
    gram_rarity: npt.NDArray[Any]
    model: Model

    def asked(self, side: Side) -> Side:
        """Statements that ask, of length one: rare features count more than in a plain cosine."""
        return self._unit(side, 1 + EMPHASIS)

    def known(self, side: Side) -> Side:
        """Statements that answer, of length one."""
        return self._unit(side, 1.0)

    def _unit(self, side: Side, power: float) -> Side:
        return Side(
            side.words.scaled(self.word_rarity**power).unit(),
            side.grams.scaled(self.gram_rarity**power).unit(),
        )


def ground(lists: Sequence[Sequence[str]], model: Model) -> Ground:
    """Read lists of statements, each in its language, over the vocabulary of the model.

    The first two are those to compare: what is rare is told from them and from the corpus.
    """
    word_columns, gram_columns = dict(model.word_columns), dict(model.gram_columns)
    word_bags, gram_bags, tongues = [], [], []
    for texts in lists:
        tongue, read = lexis.read(texts)
        tongues.append(tongue)
        word_bags.append(bags([lexis.families(found, tongue) for found in read], word_columns))
        gram_bags.append(bags([lexis.grams(found) for found in read], gram_columns))
    return Ground(
        tuple(
            Side(widened(words, len(word_columns)), widened(grams, len(gram_columns)))
            for words, grams in zip(word_bags, gram_bags, strict=True)
        ),
        tuple(tongues),
        _rarity(model.word_counts, len(model), word_bags[:2], len(word_columns)),
        _rarity(model.gram_counts, len(model), gram_bags[:2], len(gram_columns)),
        model,
    )


def _rarity(known: Whole, texts: int, sides: Sequence[Bags], width: int) -> npt.NDArray[Any]:
    share = min(1.0, PRIOR / texts) if texts else 0.0
    counts = np.zeros(width)
    counts[: len(known)] = known * share
    for side in sides:
        counts += widened(side, width).counts()
    return rarity(counts, texts * share + sum(len(side) for side in sides))


class Reader:
    """The targets, read once; then any part of the sources against them."""

    def __init__(self, found: Ground) -> None:
        target = found.sides[1]
        known = found.known(target)
        self.found = found
        self.letters = known.grams.turned()
        self.families = known.words.turned()
        self.words = _saturated(target.words).turned()
        self.meaning = _meaning(known.words, found.model)
        self.neighbours = _neighbours(known.words, found, target.grams.width).turned()

    def read(self, source: Side) -> dict[str, Floats]:
        """Every reading of these sources, as a matrix of sources by targets."""
        found = self.found
        asked = found.asked(source)
        once = Bags(
            source.words.starts,
            source.words.columns,
            np.ones_like(source.words.weights),
            source.words.width,
        )
        meaning = _meaning(found.known(source).words, found.model)
        return {
            "letters": gathered(asked.grams, self.letters),
            "words": gathered(once.scaled(found.word_rarity - 1), self.words),
            "families": gathered(asked.words, self.families),
            "meaning": np.maximum(meaning @ self.meaning.T, 0),
            "neighbours": gathered(asked.grams, self.neighbours),
        }


def _saturated(target: Bags) -> Bags:
    """What BM25 makes of the answering side, with full normalisation by length."""
    lengths = target.lengths / max(float(target.lengths.mean()), TINY)
    times = np.exp(target.weights - 1)
    weights = times * (SATURATION + 1) / (times + SATURATION * lengths[target.rows])
    return Bags(target.starts, target.columns, weights.astype(np.float32), target.width)


def _meaning(words: Bags, model: Model) -> Floats:
    """The statements in the directions of the corpus, each of length one."""
    vectors = np.zeros((words.width, model.vectors.shape[1]), np.float32)
    vectors[: len(model.vectors)] = model.vectors
    places = words.times(vectors)
    unit: Floats = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), TINY)
    return unit


def _neighbours(asked: Bags, found: Ground, width: int) -> Bags:
    """The letters of the texts of the corpus that are nearest to each target."""
    model = found.model
    postings = heightened(model.postings, asked.width)
    letters = widened(model.gram_bags, width)
    keys: list[Whole] = [np.zeros(0, np.int64)]
    values: list[npt.NDArray[np.float64]] = [np.zeros(0)]
    count = min(NEIGHBOURS, len(model))
    for first in range(0, len(asked) if count else 0, NEAREST):
        chosen = np.arange(first, min(first + NEAREST, len(asked)))
        near = gathered(asked.take(chosen), postings)
        best = np.argpartition(-near, count - 1, axis=1)[:, :count]
        shares = np.take_along_axis(near, best, axis=1).astype(np.float64) ** 2
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), TINY)
        texts = letters.take(best.ravel()).scaled(found.gram_rarity).unit()
        rows = np.repeat(chosen, count)[texts.rows]
        cells, inverse = np.unique(rows * width + texts.columns, return_inverse=True)
        keys.append(cells)
        sums = np.bincount(inverse, weights=texts.weights * shares.ravel()[texts.rows])
        values.append(sums.astype(np.float64, copy=False))
    cells = np.concatenate(keys)
    counts = np.bincount(cells // max(width, 1), minlength=len(asked))
    return Bags(
        np.concatenate([[0], np.cumsum(counts)]),
        cells % max(width, 1),
        np.concatenate(values).astype(np.float32),
        width,
    )
