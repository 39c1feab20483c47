"""What several opinions on one pair amount to, and how far they are from each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

# From no relation at all to the nearest one: the order that the weighted kappa reads.
NONE, COMPLEMENTARY, PARTIAL, TOTAL = "none", "complementary", "partial", "total"
RELATIONS = (NONE, COMPLEMENTARY, PARTIAL, TOTAL)
CONVERGENT = (PARTIAL, TOTAL)
COVERAGES = (25, 50, 75)
PROPOSED, AGREED, CONFLICT, SETTLED = "proposed", "agreed", "conflict", "settled"
# Where a pair has its outcome.
DECIDED = (AGREED, SETTLED)


@dataclass(frozen=True)
class Opinion:
    """What one person thinks of a pair; `coverage` is the percent of the destination, of a partial
    convergence alone, as is `is_within` (the origin is a part of the destination, and no more).
    """

    relation: str
    coverage: int | None = None
    is_within: bool = False

    @property
    def share(self) -> int:
        """The percent of the destination that it covers: nothing unless it is convergent."""
        return 100 if self.relation == TOTAL else self.coverage or 0


@dataclass(frozen=True)
class Difference:
    """How opinions on one pair differ.

    `kind` is the gravest: "relation" (one sees a convergence, another none), "extent" (total or
    partial), "coverage", "within". `is_mild` when all have the same relation. `prudent` is what a
    mild difference has in common: the least coverage, within only if all say so. `leading` is what
    more than half of the opinions say, which decides nothing by itself.
    """

    kind: str
    is_mild: bool
    prudent: Opinion | None
    leading: Opinion | None


def fault(opinion: Opinion) -> str:
    """Return the code of what keeps an opinion from being one, "" if nothing does."""
    if opinion.relation not in RELATIONS:
        return "unknown_relation"
    if opinion.relation == PARTIAL:
        if opinion.coverage is None:
            return "coverage_missing"
        return "" if opinion.coverage in COVERAGES else "unknown_coverage"
    return "coverage_not_of_partial" if opinion.coverage is not None or opinion.is_within else ""


def outcome(
    opinions: Sequence[Opinion], *, reviewers: int, settled: Opinion | None
) -> tuple[str, Opinion | None]:
    """Return where a pair stands, and what it is held to be.

    What was settled stands. Otherwise opinions decide when there are enough of them (`reviewers`)
    and all are the same, whatever their number: one that differs, be it by its coverage, makes a
    conflict, that somebody must settle. No opinion gives "", that is undecided.
    """
    if settled is not None:
        return SETTLED, settled
    if not opinions:
        return "", None
    if len(set(opinions)) > 1:
        return CONFLICT, None
    return (AGREED if len(opinions) >= reviewers else PROPOSED), opinions[0]


def difference(opinions: Sequence[Opinion]) -> Difference | None:
    """Say how opinions differ; None when they do not."""
    if len(set(opinions)) < 2:  # noqa: PLR2004 (two that differ)
        return None
    relations = {one.relation for one in opinions}
    is_mild = len(relations) == 1
    prudent = None
    if is_mild:
        least = min(one.coverage or 0 for one in opinions)
        prudent = Opinion(PARTIAL, least, all(one.is_within for one in opinions))
        kind = "coverage" if len({one.coverage for one in opinions}) > 1 else "within"
    else:
        kind = "extent" if relations == set(CONVERGENT) else "relation"
    first, count = Counter(opinions).most_common(1)[0]
    return Difference(kind, is_mild, prudent, first if 2 * count > len(opinions) else None)
