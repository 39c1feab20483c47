"""Suggestions: for each source statement, the target statements that deserve a look first.

Readings are brought to one scale row by row and added; what validated pairs teach is added in
proportion to their number; targets that everything resembles are then made to stand back.
A suggestion is a place to look, never a decision, and no score tells that nothing fits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk import words as lexis
from reseda.competencies.domain.crosswalk.learning import lesson, precedents
from reseda.competencies.domain.crosswalk.model import Model
from reseda.competencies.domain.crosswalk.readings import WEIGHTS, Ground, ground, read
from reseda.competencies.domain.crosswalk.sparse import TINY, Floats, Whole

STRONG, POSSIBLE, WEAK = "strong", "possible", "weak"
# Neighbours speak as far as statements are about as short as the texts of the corpus.
GENRE = 3
# How strongly crowded targets stand back, when there are as many sources as targets.
BALANCE = 0.6
WARMTH = 0.1
PASSES = 3
# What validated pairs weigh at most, how many per target give half of it, how many count.
MOST = 0.65
HALF = 1.0
COUNTED = 24
SPOKEN_FOR = 5
# Confidence from which a first look is usually right, and from which it often is.
SURE, LIKELY = 0.6, 0.4
# Cells scored at a time: bounds the memory of a very large request.
CELLS = 12_000_000

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A target worth a look for a source: places in the lists given, rank from 1, score in 0..1.

    `scorers` are the readings that put this target among their first five; `words` are those of
    the target whose family the source shares.
    """

    source: int
    target: int
    rank: int
    score: float
    band: str
    scorers: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Scores:
    """Sources by targets: shares that give the order, confidence that gives bands, readings."""

    shares: Matrix
    confidence: Matrix
    readings: Mapping[str, Floats]


def suggest(
    source: Sequence[str],
    target: Sequence[str],
    *,
    model: Model,
    learned: Iterable[tuple[str, str]] = (),
    top: int = 5,
) -> tuple[Suggestion, ...]:
    """The `top` targets of each source, best first; a blank statement has none and is none.

    What is found depends neither on the order of the lists nor on that of the learned pairs; of
    equal targets the first stands for all.
    """
    sources, targets = _distinct(source), _distinct(target)
    if not sources or not targets or top < 1:
        return ()
    places = {text.strip(): place for place, text in reversed(list(enumerate(target)))}
    pairs = sorted({(left.strip(), right.strip()) for left, right in learned})
    tongues = lexis.language(sources), lexis.language(targets)
    found: dict[str, list[Suggestion]] = {}
    step = max(CELLS // len(targets), 1)
    for first in range(0, len(sources), step):
        part = sources[first : first + step]
        scores = score(part, targets, model=model, learned=pairs)
        best = np.argsort(-scores.shares, axis=1, kind="stable")[:, :top]
        leaders = _leaders(scores.readings)
        for row, text in enumerate(part):
            mine = _families(text, tongues[0])
            found[text] = [
                Suggestion(
                    source=row,
                    target=places[targets[column]],
                    rank=rank,
                    score=float(scores.shares[row, column]),
                    band=band(float(scores.confidence[row, column])),
                    scorers=tuple(name for name, cells in leaders.items() if cells[row, column]),
                    words=_shared(mine, targets[column], tongues[1]),
                )
                for rank, column in enumerate(best[row].tolist(), start=1)
                if scores.shares[row, column] > 0
            ]
    return tuple(
        replace(suggestion, source=place)
        for place, text in enumerate(source)
        for suggestion in found.get(text.strip(), ())
    )


def score(
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    model: Model,
    learned: Sequence[tuple[str, str]] = (),
) -> Scores:
    """Every source against every target; the lists hold distinct statements, none of them blank."""
    places = {_key(text): column for column, text in enumerate(targets)}
    pairs = [(left, places[_key(right)]) for left, right in learned if _key(right) in places]
    answers = np.array([column for _, column in pairs], np.int64)
    lists = [sources, targets, [left for left, _ in pairs]] if pairs else [sources, targets]
    seen = ground(lists, model)
    readings = read(seen)
    total = _mixed(readings, weights(seen))
    confidence = (readings["letters"] + readings["families"]).astype(np.float64) / 2
    if pairs:
        source, _, taught = seen.sides
        near = precedents(source, taught, answers, len(targets), seen)
        told = lesson(source, taught, answers, len(targets), seen)
        share = history(answers, len(targets))
        lessons = _even(_even(near) + _even(told))
        total = (1 - share) * total + share * lessons
        confidence = 1 - (1 - confidence) * (1 - np.minimum(told, 1))
        readings = {**readings, "precedents": near, "lesson": told}
    return Scores(_balanced(total), confidence, readings)


def weights(seen: Ground) -> dict[str, float]:
    """What each reading weighs for these statements."""
    lengths = seen.sides[0].words.lengths
    genre = min(seen.model.typical_length / max(float(lengths.mean()), TINY), 1.0) ** GENRE
    return {**WEIGHTS, "neighbours": WEIGHTS["neighbours"] * genre}


def history(answers: Whole, targets: int) -> float:
    """What validated pairs weigh, from 0 to `MOST`, by how many each target has (24 at most)."""
    counts = np.minimum(np.bincount(answers, minlength=targets), COUNTED)
    each = float(counts.mean())
    return MOST * each / (each + HALF)


def band(confidence: float) -> str:
    """The word shown to people: a first look that is usually right, often right, or a guess."""
    if confidence >= SURE:
        return STRONG
    return POSSIBLE if confidence >= LIKELY else WEAK


def _key(text: str) -> str:
    """What makes two writings the same statement: its words, without case or accents."""
    return " ".join(lexis.WORD.findall(lexis.fold(text)))


def _distinct(texts: Sequence[str]) -> list[str]:
    return sorted({text.strip() for text in texts} - {""})


def _even(scores: npt.NDArray[Any]) -> Matrix:
    """One scale for all: the best target of each row is worth one."""
    even: Matrix = scores / np.maximum(scores.max(axis=1, keepdims=True), TINY)
    return even


def _mixed(readings: Mapping[str, Floats], worth: Mapping[str, float]) -> Matrix:
    total = np.zeros(next(iter(readings.values())).shape)
    for name, scores in readings.items():
        total += worth[name] * _even(scores)
    return _even(total)


def _balanced(total: Matrix) -> Matrix:
    """Shares of each row after a partial balance of the columns, as in optimal transport.

    The balance is slight when the two lists are of very different lengths: then several sources
    rightly share a target, or most targets rightly have none. What shares nothing stays at zero.
    """
    few, many = sorted(total.shape)
    strength = BALANCE * (few / many) ** 2
    logs = total / WARMTH
    for _ in range(PASSES):
        logs -= strength * _soft_sum(logs, 0)
        logs -= _soft_sum(logs, 1)
    return np.where(total > 0, np.exp(logs), 0.0)


def _soft_sum(logs: Matrix, axis: int) -> Matrix:
    peak: Matrix = logs.max(axis=axis, keepdims=True)
    sums: Matrix = np.log(np.exp(logs - peak).sum(axis=axis, keepdims=True)) + peak
    return sums


def _leaders(readings: Mapping[str, Floats]) -> dict[str, npt.NDArray[np.bool_]]:
    """For each reading, the targets among its first five."""
    found = {}
    for name, scores in readings.items():
        place = max(scores.shape[1] - SPOKEN_FOR, 0)
        bar = np.partition(scores, place, axis=1)[:, place : place + 1]
        found[name] = (scores >= bar) & (scores > 0)
    return found


def _families(text: str, tongue: str) -> frozenset[str]:
    return frozenset(lexis.families(lexis.content(text, tongue), tongue))


def _shared(mine: frozenset[str], target: str, tongue: str) -> tuple[str, ...]:
    """The words of a target whose family is among these, as they are written, once each."""
    return tuple(word for word, own in _spoken(target, tongue) if own & mine)


@lru_cache(maxsize=4_096)
def _spoken(text: str, tongue: str) -> tuple[tuple[str, frozenset[str]], ...]:
    written = dict.fromkeys(lexis.WORD.findall(text))
    return tuple((word, _families(word, tongue)) for word in written)
