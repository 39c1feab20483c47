"""Bags of features as compressed rows, on numpy alone: all that text comparison needs of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

# Multiplications made in one go: bounds the memory of a product.
GO = 4_000_000
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Bags:
    """Rows of weighted features: row i owns the entries `starts[i]` to `starts[i + 1]`."""

    starts: Whole
    columns: Whole
    weights: Floats
    width: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Whole:
        """How many entries each row owns."""
        return np.diff(self.starts)

    @property
    def rows(self) -> Whole:
        """The row of each entry."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def scaled(self, factors: npt.NDArray[Any]) -> "Bags":
        """The same rows, each feature multiplied by its factor."""
        return replace(self, weights=(self.weights * factors[self.columns]).astype(np.float32))

    def sums(self, weights: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """The sum, row by row, of one number per entry."""
        sums = np.bincount(self.rows, weights=weights, minlength=len(self))
        return sums.astype(np.float64, copy=False)

    def unit(self) -> "Bags":
        """The same rows with length one; an empty row stays empty."""
        norms = np.sqrt(self.sums(self.weights.astype(np.float64) ** 2))
        shares = self.weights / np.maximum(norms, TINY)[self.rows]
        return replace(self, weights=shares.astype(np.float32))

    def take(self, chosen: Whole) -> "Bags":
        """These rows, in this order."""
        lengths = self.lengths[chosen]
        entries = _runs(self.starts[chosen], lengths)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return Bags(starts, self.columns[entries], self.weights[entries], self.width)

    def counts(self) -> Whole:
        """In how many rows each feature is found."""
        return np.bincount(self.columns, minlength=self.width)

    def turned(self) -> "Bags":
        """Features as rows, rows as features."""
        order = np.argsort(self.columns, kind="stable")
        starts = np.concatenate([[0], np.cumsum(self.counts())])
        return Bags(starts, self.rows[order], self.weights[order], len(self))

    def times(self, dense: Floats) -> Floats:
        """The product with a dense matrix that has one row per feature."""
        found = np.zeros((len(self), dense.shape[1]), np.float32)
        for first, last in _goes(self.lengths * dense.shape[1]):
            low, high = int(self.starts[first]), int(self.starts[last])
            if low == high:
                continue
            part = dense[self.columns[low:high]] * self.weights[low:high, None]
            full = np.flatnonzero(self.lengths[first:last]) + first
            found[full] = np.add.reduceat(part, self.starts[full] - low, axis=0)
        return found

    def dense(self) -> Floats:
        """The rows in full."""
        full = np.zeros((len(self), self.width), np.float32)
        full[self.rows, self.columns] = self.weights
        return full


def bags(texts: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> Bags:
    """Count features text by text, 1 + ln(times); `vocabulary` grows by those it has not."""
    lengths: list[int] = [0]
    columns: list[int] = []
    times: list[int] = []
    for features in texts:
        found = Counter(features)
        for feature, number in found.items():
            columns.append(vocabulary.setdefault(feature, len(vocabulary)))
            times.append(number)
        lengths.append(len(found))
    weights = 1 + np.log(np.array(times, np.float32)) if times else np.zeros(0, np.float32)
    starts = np.cumsum(np.array(lengths, np.int64))
    return Bags(starts, np.array(columns, np.int64), weights.astype(np.float32), len(vocabulary))


def widened(rows: Bags, width: int) -> Bags:
    """The same rows in a vocabulary that has grown."""
    return replace(rows, width=width)


def product(left: Bags, right: Bags) -> Floats:
    """Every row of `left` against every row of `right`: the sum of products of shared features."""
    return gathered(left, right.turned())


def gathered(left: Bags, postings: Bags) -> Floats:
    """The same product, from the rows on the right already turned."""
    across = postings.width
    found = np.zeros((len(left), across), np.float32)
    work = left.sums(postings.lengths[left.columns]).astype(np.int64)
    for first, last in _goes(np.maximum(work, across)):
        low, high = int(left.starts[first]), int(left.starts[last])
        columns = left.columns[low:high]
        lengths = postings.lengths[columns]
        entries = _runs(postings.starts[columns], lengths)
        rows = np.repeat(np.arange(last - first), left.lengths[first:last])
        cells = np.repeat(rows, lengths) * across
        cells += postings.columns[entries]
        values = np.repeat(left.weights[low:high], lengths) * postings.weights[entries]
        sums = np.bincount(cells, weights=values, minlength=(last - first) * across)
        found[first:last] = sums.reshape(last - first, across)
    return found


def heightened(turned: Bags, height: int) -> Bags:
    """Turned rows in a vocabulary that has grown: nothing holds the new features."""
    more = np.full(height - len(turned), turned.starts[-1])
    return replace(turned, starts=np.concatenate([turned.starts, more]))


def vocabulary_of(names: Mapping[str, int]) -> list[str]:
    """The features of a vocabulary in the order of their columns."""
    return sorted(names, key=lambda name: names[name])


def _runs(starts: Whole, lengths: Whole) -> Whole:
    """The whole numbers start, start + 1, … of several runs, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts - ends + lengths, lengths)


def _goes(work: Whole) -> Iterator[tuple[int, int]]:
    """Rows cut so that each part costs about `GO`, one row at the least."""
    done = np.cumsum(work)
    first = 0
    while first < len(work):
        before = int(done[first - 1]) if first else 0
        last = max(int(np.searchsorted(done, before + GO, side="right")), first + 1)
        yield first, last
        first = last
