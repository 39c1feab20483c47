"""Suggestions: for each source statement, the target statements that deserve a look first.

Readings are brought to one scale row by row and added; what validated pairs teach is added in
proportion to their number; targets that everything resembles are then made to stand back.
A suggestion is a place to look, never a decision, and no score tells that nothing fits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from reseda.competencies.domain.crosswalk import words as lexis
from reseda.competencies.domain.crosswalk.learning import Lessons
from reseda.competencies.domain.crosswalk.model import Model
from reseda.competencies.domain.crosswalk.readings import WEIGHTS, Ground, Reader, ground
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
# A source far from every validated statement takes this share of it, one near them up to the other.
FAR, NEAR = 0.7, 1.3
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


class Scorer:
    """Two lists of distinct statements, none of them blank, read once and scored part by part."""

    def __init__(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        *,
        model: Model,
        learned: Iterable[tuple[str, str]] = (),
    ) -> None:
        taught, answers = _taught(targets, learned)
        self.seen = ground([sources, targets, taught], model)
        self.reader = Reader(self.seen)
        self.lessons = Lessons(self.seen, answers) if taught else None
        self.worth = weights(self.seen)
        self.history = history(answers, len(targets))

    def score(self, chosen: Whole | None = None) -> Scores:
        """Some of the sources, or all of them, against every target."""
        every, targets, _ = self.seen.sides
        source = every if chosen is None else every.take(chosen)
        readings = self.reader.read(source)
        total = _mixed(readings, self.worth)
        confidence = (readings["letters"] + readings["families"]).astype(np.float64) / 2
        if self.lessons is not None:
            near, nearest = self.lessons.precedents(source)
            told = self.lessons.told(source)
            share = self.history * np.clip(FAR + nearest, FAR, NEAR)[:, None]
            total = (1 - share) * total + share * _even(_even(near) + _even(told))
            confidence = 1 - (1 - confidence) * (1 - np.minimum(told, 1))
            readings = {**readings, "precedents": near, "lesson": told}
        strength = balance(len(every), len(targets))
        return Scores(_balanced(total, strength), confidence, readings)


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
    equal targets the first stands for all. A pair is learned from when its target is among these
    targets, whatever its case, accents and punctuation.
    """
    sources, targets = _distinct(source), _distinct(target)
    if not sources or not targets or top < 1:
        return ()
    scorer = Scorer(sources, targets, model=model, learned=learned)
    places = {text.strip(): place for place, text in reversed(list(enumerate(target)))}
    found: dict[str, list[Suggestion]] = {text: [] for text in sources}
    step = max(CELLS // len(targets), 1)
    for first in range(0, len(sources), step):
        chosen = np.arange(first, min(first + step, len(sources)))
        for one in _ranked(scorer.score(chosen), top):
            text, wanted = sources[first + one.source], targets[one.target]
            shared = _shared(text, wanted, scorer.seen.tongues)
            found[text].append(replace(one, target=places[wanted], words=shared))
    return tuple(
        replace(one, source=place)
        for place, text in enumerate(source)
        for one in found.get(text.strip(), ())
    )


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


def balance(sources: int, targets: int) -> float:
    """How strongly crowded targets stand back: slightly when the lists are of very different
    lengths, since several sources then rightly share a target, or most targets have none.
    """
    few, many = sorted((sources, targets))
    return BALANCE * (few / many) ** 2


def band(confidence: float) -> str:
    """The word shown to people: a first look that is usually right, often right, or a guess."""
    if confidence >= SURE:
        return STRONG
    return POSSIBLE if confidence >= LIKELY else WEAK


def _distinct(texts: Sequence[str]) -> list[str]:
    return sorted({text.strip() for text in texts} - {""})


def _key(text: str) -> str:
    """What makes two writings the same statement: its words, without case or accents."""
    return " ".join(lexis.words(text))


def _taught(targets: Sequence[str], learned: Iterable[tuple[str, str]]) -> tuple[list[str], Whole]:
    """The validated statements whose target is known, and the column of that target."""
    places = {_key(text): column for column, text in reversed(list(enumerate(targets)))}
    places.pop("", None)
    pairs = sorted(
        {
            (left.strip(), places[_key(right)])
            for left, right in learned
            if left.strip() and _key(right) in places
        }
    )
    return [left for left, _ in pairs], np.array([column for _, column in pairs], np.int64)


def _even(scores: npt.NDArray[Any]) -> Matrix:
    """One scale for all: the best target of each row is worth one."""
    even: Matrix = scores / np.maximum(scores.max(axis=1, keepdims=True), TINY)
    return even


def _mixed(readings: Mapping[str, Floats], worth: Mapping[str, float]) -> Matrix:
    """The readings added; the less a source resembles any target, the more neighbours speak."""
    doubt = 1 - np.minimum(readings["letters"].max(axis=1, keepdims=True), 1)
    total = np.zeros(readings["letters"].shape)
    for name, scores in readings.items():
        total += (doubt if name == "neighbours" else 1) * worth[name] * _even(scores)
    return _even(total)


def _balanced(total: Matrix, strength: float) -> Matrix:
    """Shares of each row after a partial balance of the columns, as in optimal transport.

    What shares nothing stays at zero.
    """
    logs = total / WARMTH
    for _ in range(PASSES):
        logs -= strength * _soft_sum(logs, 0)
        logs -= _soft_sum(logs, 1)
    return np.where(total > 0, np.exp(logs), 0.0)


def _soft_sum(logs: Matrix, axis: int) -> Matrix:
    peak: Matrix = logs.max(axis=axis, keepdims=True)
    sums: Matrix = np.log(np.exp(logs - peak).sum(axis=axis, keepdims=True)) + peak
    return sums


def _ranked(scores: Scores, top: int) -> Iterator[Suggestion]:
    """The best targets of each row, told by row and column, those of no worth left out."""
    best = np.argsort(-scores.shares, axis=1, kind="stable")[:, :top]
    leaders = _leaders(scores.readings)
    for row, columns in enumerate(best.tolist()):
        for rank, column in enumerate(columns, start=1):
            if scores.shares[row, column] > 0:
                yield Suggestion(
                    row,
                    column,
                    rank,
                    float(scores.shares[row, column]),
                    band(float(scores.confidence[row, column])),
                    tuple(name for name, cells in leaders.items() if cells[row, column]),
                    (),
                )


def _leaders(readings: Mapping[str, Floats]) -> dict[str, npt.NDArray[np.bool_]]:
    """For each reading, the targets among its first five."""
    found = {}
    for name, scores in readings.items():
        place = max(scores.shape[1] - SPOKEN_FOR, 0)
        bar = np.partition(scores, place, axis=1)[:, place : place + 1]
        found[name] = (scores >= bar) & (scores > 0)
    return found


def _shared(source: str, target: str, tongues: Sequence[str]) -> tuple[str, ...]:
    """The words of a target whose family is in the source, as they are written, once each."""
    mine = _families(source, tongues[0])
    return tuple(word for word, own in _written(target, tongues[1]) if own & mine)


@lru_cache(maxsize=4_096)
def _written(text: str, tongue: str) -> tuple[tuple[str, frozenset[str]], ...]:
    found = dict.fromkeys(lexis.WORD.findall(text))
    return tuple((word, _families(word, tongue)) for word in found)


@lru_cache(maxsize=4_096)
def _families(text: str, tongue: str) -> frozenset[str]:
    return frozenset(lexis.families(lexis.content(lexis.words(text), tongue), tongue))
