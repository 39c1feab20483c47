"""Agreement of two reviewers beyond chance: kappa (Cohen 1960), and weighted kappa (Cohen 1968).

The standard error is that of Fleiss, Cohen and Everitt (1969), for large samples; the interval is
the estimate ± 1.96 standard errors, within [−1, 1]. Bands are those of Landis and Koch (1977),
which are a convention and no test: they are never to be shown without the figures.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from reseda.competencies.domain.judgement.opinions import RELATIONS

# Two-sided 95 % of the normal law.
NORMAL_95 = 1.959963984540054
# Upper bounds of the bands of Landis and Koch (1977), below 0 being "poor".
BANDS = ((0.20, "slight"), (0.40, "fair"), (0.60, "moderate"), (0.80, "substantial"))
# Below this, the large-sample error says little.
FEW_PAIRS = 30
# One relation this frequent makes kappa low whatever the agreement (Feinstein and Cicchetti 1990).
PREVALENT = 0.8

Weight = Callable[[str, str], float]
Table = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Kappa:
    """An agreement beyond chance, with its interval of 95 %."""

    observed: float
    expected: float
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """How far two reviewers agree on the relation of the pairs that both judged.

    `observed` and `expected` are shares of pairs. `kappa`, `low`, `high` are None when kappa has no
    value, which `words` says: "no_pairs", "one_category" (both always gave the same relation, so
    nothing tells skill from habit). Otherwise `words` is the band of Landis and Koch. `weighted`
    counts a near miss as half a disagreement. `cautions` are "few_pairs" and "prevalence", the
    relation `most` being then nearly always given.
    """

    pairs: int
    observed: float | None
    expected: float | None
    kappa: float | None
    low: float | None
    high: float | None
    words: str
    weighted: Kappa | None = None
    cautions: tuple[str, ...] = ()
    most: str = ""


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Measure the agreement on relations, each pair told as (one reviewer’s, the other’s)."""
    if not pairs:
        return Agreement(0, None, None, None, None, None, "no_pairs")
    table = Counter(pairs)
    share, most = prevalence(table)
    cautions = (
        *(["few_pairs"] if len(pairs) < FEW_PAIRS else []),
        *(["prevalence"] if share >= PREVALENT else []),
    )
    plain = kappa(table, same)
    if plain is None:
        return Agreement(
            *(len(pairs), 1.0, 1.0, None, None, None, "one_category"),
            cautions=cautions,
            most=most,
        )
    return Agreement(
        *(len(pairs), plain.observed, plain.expected, plain.value, plain.low, plain.high),
        band(plain.value),
        weighted=kappa(table, near),
        cautions=cautions,
        most=most,
    )


def same(one: str, other: str) -> float:
    """Agreement or not: the kappa of 1960."""
    return float(one == other)


def near(one: str, other: str) -> float:
    """Linear weights over none < complementary < partial < total."""
    steps = abs(RELATIONS.index(one) - RELATIONS.index(other))
    return 1 - steps / (len(RELATIONS) - 1)


def kappa(table: Table, weight: Weight) -> Kappa | None:
    """Return kappa of a table of counts, None where agreement by chance alone is complete."""
    size = sum(table.values())
    rows, columns = _uses(table, 0), _uses(table, 1)
    observed = sum(count * weight(*cell) for cell, count in table.items()) / size
    expected = sum(
        up * across * weight(one, other)
        for one, up in rows.items()
        for other, across in columns.items()
    )
    expected /= size**2
    if 1 - expected < 1e-12:  # noqa: PLR2004 (rounding)
        return None
    value = (observed - expected) / (1 - expected)
    error = _error(table, weight, observed, expected)
    bound = NORMAL_95 * error
    return Kappa(observed, expected, value, max(-1.0, value - bound), min(1.0, value + bound))


def _error(table: Table, weight: Weight, observed: float, expected: float) -> float:
    """Standard error of Fleiss, Cohen and Everitt (1969), of which plain kappa is a case."""
    size = sum(table.values())
    rows, columns = _uses(table, 0), _uses(table, 1)
    # What each category of one reviewer weighs against the habits of the other.
    by_row = {
        one: sum(count * weight(one, other) for other, count in columns.items()) / size
        for one in rows
    }
    by_column = {
        other: sum(count * weight(one, other) for one, count in rows.items()) / size
        for other in columns
    }
    spread = sum(
        count
        / size
        * (weight(one, other) * (1 - expected) - (by_row[one] + by_column[other]) * (1 - observed))
        ** 2
        for (one, other), count in table.items()
    )
    spread -= (observed * expected - 2 * expected + observed) ** 2
    return sqrt(max(spread, 0.0) / size) / (1 - expected) ** 2


def band(value: float) -> str:
    """Return the band of Landis and Koch (1977): a convention, no test."""
    if value < 0:
        return "poor"
    return next((words for bound, words in BANDS if value <= bound), "almost_perfect")


def prevalence(table: Table) -> tuple[float, str]:
    """Return the share of the most frequent category over both reviewers, and this category."""
    uses = _uses(table, 0) + _uses(table, 1)
    most, count = max(sorted(uses.items()), key=lambda one: one[1])
    return count / sum(uses.values()), most


def _uses(table: Table, reviewer: int) -> Counter[str]:
    """How often one of the two reviewers used each category."""
    uses: Counter[str] = Counter()
    for cell, count in table.items():
        uses[cell[reviewer]] += count
    return uses
