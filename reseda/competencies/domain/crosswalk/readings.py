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
    product,
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

    def take(self, chosen: npt.NDArray[Any]) -> "Side":
        """Some of the statements."""
        return Side(self.words.take(chosen), self.grams.take(chosen))


@dataclass(frozen=True, eq=False)
class Ground:
    """Lists of statements in one vocabulary, with the rarity of its features."""

    sides: tuple[Side, ...]
    word_rarity: npt.NDArray[Any]
    gram_rarity: npt.NDArray[Any]
    model: Model


def ground(lists: Sequence[Sequence[str]], model: Model) -> Ground:
    """Read lists of statements, each in its language, over the vocabulary of the model."""
    word_columns, gram_columns = dict(model.word_columns), dict(model.gram_columns)
    word_bags, gram_bags = [], []
    for texts in lists:
        tongue = lexis.language(texts)
        read = [lexis.content(text, tongue) for text in texts]
        word_bags.append(bags([lexis.families(found, tongue) for found in read], word_columns))
        gram_bags.append(bags([lexis.grams(found) for found in read], gram_columns))
    return Ground(
        tuple(
            Side(widened(words, len(word_columns)), widened(grams, len(gram_columns)))
            for words, grams in zip(word_bags, gram_bags, strict=True)
        ),
        _rarity([model.word_bags, *word_bags[:2]], len(word_columns)),
        _rarity([model.gram_bags, *gram_bags[:2]], len(gram_columns)),
        model,
    )


def _rarity(kept: Sequence[Bags], width: int) -> npt.NDArray[Any]:
    corpus, *sides = (widened(rows, width) for rows in kept)
    share = min(1.0, PRIOR / len(corpus)) if len(corpus) else 0.0
    counts = corpus.counts() * share + sum(side.counts() for side in sides)
    return rarity(counts, len(corpus) * share + sum(len(side) for side in sides))


def read(found: Ground) -> dict[str, Floats]:
    """Every reading of the first two lists, as a matrix of sources by targets."""
    source, target = found.sides[:2]
    letters = _asked(source.grams, found.gram_rarity)
    return {
        "letters": product(letters, target.grams.scaled(found.gram_rarity).unit()),
        "words": _okapi(source.words, target.words, found.word_rarity),
        "families": product(
            _asked(source.words, found.word_rarity),
            target.words.scaled(found.word_rarity).unit(),
        ),
        "meaning": np.maximum(meaning(source, found) @ meaning(target, found).T, 0),
        "neighbours": product(letters, _neighbours(target, found)),
    }


def _asked(rows: Bags, rarities: npt.NDArray[Any]) -> Bags:
    """The asking side, where rare features count more than in a plain cosine."""
    return rows.scaled(rarities ** (1 + EMPHASIS)).unit()


def _okapi(source: Bags, target: Bags, rarities: npt.NDArray[Any]) -> Floats:
    """BM25 with full normalisation by length; the rarity stands for its inverse frequency."""
    lengths = target.lengths / max(float(target.lengths.mean()), TINY) if len(target) else 1.0
    times = np.exp(target.weights - 1)
    weights = times * (SATURATION + 1) / (times + SATURATION * np.asarray(lengths)[target.rows])
    asked = Bags(source.starts, source.columns, np.ones_like(source.weights), source.width)
    kept = Bags(target.starts, target.columns, weights.astype(np.float32), target.width)
    return product(asked.scaled(rarities - 1), kept)


def meaning(side: Side, found: Ground) -> Floats:
    """The statements in the directions of the corpus, each of length one."""
    known = found.model.vectors
    vectors = np.zeros((side.words.width, known.shape[1]), np.float32)
    vectors[: len(known)] = known
    places = side.words.scaled(found.word_rarity).unit().times(vectors)
    unit: Floats = places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), TINY)
    return unit


def _neighbours(target: Side, found: Ground) -> Bags:
    """The letters of the texts of the corpus that are nearest to each target."""
    model = found.model
    postings = heightened(model.postings, target.words.width)
    asked = target.words.scaled(found.word_rarity).unit()
    letters = widened(model.gram_bags, target.grams.width)
    keys: list[Whole] = [np.zeros(0, np.int64)]
    values: list[npt.NDArray[np.float64]] = [np.zeros(0)]
    count = min(NEIGHBOURS, len(model))
    for first in range(0, len(target.words) if count else 0, NEAREST):
        chosen = np.arange(first, min(first + NEAREST, len(target.words)))
        near = gathered(asked.take(chosen), postings)
        best = np.argpartition(-near, count - 1, axis=1)[:, :count]
        shares = np.take_along_axis(near, best, axis=1).astype(np.float64) ** 2
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), TINY)
        texts = letters.take(best.ravel()).scaled(found.gram_rarity).unit()
        rows = np.repeat(chosen, count)[texts.rows]
        cells, inverse = np.unique(rows * letters.width + texts.columns, return_inverse=True)
        keys.append(cells)
        sums = np.bincount(inverse, weights=texts.weights * shares.ravel()[texts.rows])
        values.append(sums.astype(np.float64, copy=False))
    cells = np.concatenate(keys)
    counts = np.bincount(cells // max(letters.width, 1), minlength=len(target.words))
    return Bags(
        np.concatenate([[0], np.cumsum(counts)]),
        cells % max(letters.width, 1),
        np.concatenate(values).astype(np.float32),
        letters.width,
    )
