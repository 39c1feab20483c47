"""What pairs validated by people teach: precedents near a source, and words that call a target."""

import numpy as np

from reseda.competencies.domain.crosswalk.readings import Ground, Side
from reseda.competencies.domain.crosswalk.sparse import Bags, Floats, Whole, product

PRECEDENTS = 20
NEAREST = 256
SHARPNESS = 3
FEATURES = 3_000
# How much the linear map holds back, in the unit of one example.
RESERVE = 3.0


def precedents(source: Side, taught: Side, answers: Whole, across: int, found: Ground) -> Floats:
    """For each source, the targets of the validated statements nearest to it."""
    scores = np.zeros((len(source.words), across), np.float32)
    asked = _unit(source, found, emphasis=0.5)
    known = _unit(taught, found)
    count = min(PRECEDENTS, len(answers))
    for first in range(0, len(scores), NEAREST):
        chosen = np.arange(first, min(first + NEAREST, len(scores)))
        near = product(asked[0].take(chosen), known[0])
        near += product(asked[1].take(chosen), known[1])
        near /= 2
        best = np.argpartition(-near, count - 1, axis=1)[:, :count]
        votes = np.take_along_axis(near, best, axis=1).astype(np.float64) ** SHARPNESS
        cells = (chosen - first)[:, None] * across + answers[best]
        sums = np.bincount(cells.ravel(), votes.ravel(), minlength=len(chosen) * across)
        scores[chosen] = sums.reshape(len(chosen), across)
    return scores


def _unit(side: Side, found: Ground, emphasis: float = 0.0) -> tuple[Bags, Bags]:
    power = 1 + emphasis
    return (
        side.grams.scaled(found.gram_rarity**power).unit(),
        side.words.scaled(found.word_rarity**power).unit(),
    )


def lesson(source: Side, taught: Side, answers: Whole, across: int, found: Ground) -> Floats:
    """A ridge regression from the words of validated statements to their targets."""
    examples = taught.words.scaled(found.word_rarity).unit()
    counts = examples.counts()
    kept = np.argsort(-counts, kind="stable")[:FEATURES]
    kept = np.sort(kept[counts[kept] > 0])
    if not len(kept):
        return np.zeros((len(source.words), across), np.float32)
    turned = examples.turned().take(kept)
    squares = product(turned, turned).astype(np.float64)
    squares[np.diag_indices(len(kept))] += RESERVE
    right = np.zeros((len(answers), across), np.float32)
    right[np.arange(len(answers)), answers] = 1
    taught_map = np.linalg.solve(squares, turned.times(right))
    full = np.zeros((examples.width, across), np.float32)
    full[kept] = taught_map
    return np.maximum(source.words.scaled(found.word_rarity).unit().times(full), 0)
