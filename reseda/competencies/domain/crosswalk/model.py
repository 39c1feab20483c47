"""What an installation's own texts teach about words: how rare they are, which go together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk import words as lexis
from reseda.competencies.domain.crosswalk.sparse import Bags, Floats, Whole, bags, vocabulary_of

DIMENSIONS = 200
SPARE = 20
ROUNDS = 3
NEGLIGIBLE = 1e-10
# A corpus, however long, weighs as so many texts in the rarity of words: the two sides count too.
PRIOR = 500


@dataclass(frozen=True, eq=False)
class Model:
    """A corpus read once; `arrays` and `from_arrays` keep it in an npz file."""

    tongue: str
    words: tuple[str, ...]
    grams: tuple[str, ...]
    word_bags: Bags
    gram_bags: Bags
    vectors: Floats

    @classmethod
    def fit(cls, corpus: Sequence[str]) -> Self:
        """Read texts, in any order, doubles apart; no text at all gives a model without opinion."""
        texts = sorted({text.strip() for text in corpus} - {""})
        tongue, read = lexis.read(texts)
        word_columns: dict[str, int] = {}
        gram_columns: dict[str, int] = {}
        word_bags = bags([lexis.families(found, tongue) for found in read], word_columns)
        gram_bags = bags([lexis.grams(found) for found in read], gram_columns)
        weighted = word_bags.scaled(rarity(word_bags.counts(), len(texts))).unit()
        return cls(
            tongue,
            tuple(vocabulary_of(word_columns)),
            tuple(vocabulary_of(gram_columns)),
            word_bags,
            gram_bags,
            directions(weighted),
        )

    @cached_property
    def word_columns(self) -> dict[str, int]:
        """The column of each family of words."""
        return {word: column for column, word in enumerate(self.words)}

    @cached_property
    def gram_columns(self) -> dict[str, int]:
        """The column of each run of letters."""
        return {gram: column for column, gram in enumerate(self.grams)}

    @cached_property
    def word_counts(self) -> Whole:
        """In how many texts each family of words is found."""
        return self.word_bags.counts()

    @cached_property
    def gram_counts(self) -> Whole:
        """In how many texts each run of letters is found."""
        return self.gram_bags.counts()

    @cached_property
    def postings(self) -> Bags:
        """The corpus word by word: which texts hold it, weighted by rarity, of length one."""
        return self.word_bags.scaled(rarity(self.word_counts, len(self))).unit().turned()

    @cached_property
    def typical_length(self) -> float:
        """How many different families of words a text of the corpus holds, on average."""
        return float(self.word_bags.lengths.mean()) if len(self) else 0.0

    def __len__(self) -> int:
        return len(self.word_bags)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything the model knows, as arrays without objects, fit for `numpy.savez`."""
        found: dict[str, npt.NDArray[Any]] = {
            "tongue": np.array(self.tongue),
            "words": np.array(self.words, np.str_),
            "grams": np.array(self.grams, np.str_),
            "vectors": self.vectors,
        }
        for name, kept in (("word", self.word_bags), ("gram", self.gram_bags)):
            found[f"{name}_starts"] = kept.starts
            found[f"{name}_columns"] = kept.columns.astype(np.int32)
            found[f"{name}_weights"] = kept.weights
        return found

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The model that `arrays` described."""
        words = tuple(str(word) for word in arrays["words"])
        grams = tuple(str(gram) for gram in arrays["grams"])
        kept = [
            Bags(
                arrays[f"{name}_starts"],
                arrays[f"{name}_columns"].astype(np.int64),
                arrays[f"{name}_weights"],
                width,
            )
            for name, width in (("word", len(words)), ("gram", len(grams)))
        ]
        return cls(str(arrays["tongue"]), words, grams, kept[0], kept[1], arrays["vectors"])


def rarity(counts: npt.NDArray[Any], texts: float) -> npt.NDArray[np.float64]:
    """How much finding a feature says: ln((1 + texts) / (1 + texts that hold it)) + 1."""
    return np.log((1 + texts) / (1 + counts)) + 1


def directions(rows: Bags) -> Floats:
    """The main directions of a corpus (truncated singular value decomposition), feature by feature.

    Found by subspace iteration from a fixed start (Halko, Martinsson and Tropp, 2011); each column
    is stretched by the square root of its singular value and its largest entry made positive.
    """
    size = min(DIMENSIONS + SPARE, len(rows), rows.width)
    if not size:
        return np.zeros((rows.width, 0), np.float32)
    turned = rows.turned()
    grid = np.arange(rows.width)[:, None] * 12.9898 + np.arange(size)[None, :] * 78.233
    basis = ((np.sin(grid) * 43_758.5453) % 1 - 0.5).astype(np.float32)
    for _ in range(ROUNDS):
        basis = _upright(turned.times(rows.times(basis)))
    image = rows.times(basis).astype(np.float64)
    values, turns = np.linalg.eigh(image.T @ image)
    best = np.argsort(-values, kind="stable")[:DIMENSIONS]
    best = best[values[best] > 1e-6 * values.max()]
    found = basis @ turns[:, best]
    signs = np.sign(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])])
    stretched: Floats = (found * signs * values[best] ** 0.25).astype(np.float32)
    return stretched


def _upright(basis: Floats) -> Floats:
    """The same directions made orthogonal, those that are told by the others left out.

    By the small matrix of their products: many times faster here than a QR decomposition.
    """
    known = basis.astype(np.float64)
    values, turns = np.linalg.eigh(known.T @ known)
    kept = values > NEGLIGIBLE * values.max()
    upright: Floats = (known @ (turns[:, kept] / np.sqrt(values[kept]))).astype(np.float32)
    return upright
