"""What pairs validated by people teach: precedents near a source, and features that call a target.

Each target is also a weak example of itself, so that those without a history still have a say.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk.readings import Ground, Side
from reseda.competencies.domain.crosswalk.sparse import Bags, Floats, Whole, gathered, product

PRECEDENTS = 20
NEAREST = 256
SHARPNESS = 3
FEATURES = 3_000
# How much the linear map holds back, in the unit of one example.
RESERVE = 3.0
# What a target weighs as an example of itself, beside a validated pair.
OWN = 0.3


class Lessons:
    """Validated pairs, studied once; `answers` are the columns of their targets."""

    def __init__(self, found: Ground, answers: Whole) -> None:
        _, target, taught = found.sides
        self.found, self.across, self.pairs = found, len(target), len(answers)
        self.answers = np.concatenate([answers, np.arange(len(target))])
        self.worth = np.concatenate([np.ones(len(answers)), np.full(len(target), OWN)])
        taught, own = found.known(taught), found.known(target)
        self.known = [(taught.words, own.words), (taught.grams, own.grams)]
        self.postings = [stacked(pair).turned() for pair in self.known]
        self.maps = [self._map(stacked(pair)) for pair in self.known]

    def precedents(self, source: Side) -> tuple[Floats, Floats]:
        """For each source, the targets of the examples nearest to it; and how near it stands to
        the nearest validated statement, from 0 to 1.
        """
        scores = np.zeros((len(source), self.across), np.float32)
        nearest = np.zeros(len(source), np.float32)
        asked = self.found.asked(source)
        count = min(PRECEDENTS, len(self.answers))
        for first in range(0, len(source), NEAREST):
            chosen = np.arange(first, min(first + NEAREST, len(source)))
            near = gathered(asked.words.take(chosen), self.postings[0])
            near += gathered(asked.grams.take(chosen), self.postings[1])
            near /= 2
            nearest[chosen] = near[:, : self.pairs].max(axis=1)
            best = np.argpartition(-near, count - 1, axis=1)[:, :count]
            votes = np.take_along_axis(near, best, axis=1).astype(np.float64) ** SHARPNESS
            cells = (chosen - first)[:, None] * self.across + self.answers[best]
            sums = np.bincount(
                cells.ravel(),
                (votes * self.worth[best]).ravel(),
                minlength=len(chosen) * self.across,
            )
            scores[chosen] = sums.reshape(len(chosen), self.across)
        return scores, nearest

    def told(self, source: Side) -> Floats:
        """What the features of each source say of each target, from 0 to about 1."""
        known = self.found.known(source)
        told = known.words.times(self.maps[0]) + known.grams.times(self.maps[1])
        return np.maximum(told / 2, 0)

    def _map(self, examples: Bags) -> Floats:
        """A ridge regression from the commonest features of the examples to their targets."""
        counts = examples.counts()
        kept = np.argsort(-counts, kind="stable")[:FEATURES]
        kept = np.sort(kept[counts[kept] > 0])
        full = np.zeros((examples.width, self.across), np.float32)
        if len(kept):
            turned = examples.turned().take(kept).scaled(np.sqrt(self.worth))
            squares = product(turned, turned).astype(np.float64)
            squares[np.diag_indices(len(kept))] += RESERVE
            right = np.zeros((len(self.answers), self.across), np.float32)
            right[np.arange(len(self.answers)), self.answers] = np.sqrt(self.worth)
            full[kept] = np.linalg.solve(squares, turned.times(right))
        return full


def stacked(parts: Sequence[Bags]) -> Bags:
    """Rows after rows, in one vocabulary."""
    starts: list[npt.NDArray[np.int64]] = [np.zeros(1, np.int64)]
    for part in parts:
        starts.append(part.starts[1:] + starts[-1][-1])
    return Bags(
        np.concatenate(starts),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.weights for part in parts]),
        parts[0].width,
    )
