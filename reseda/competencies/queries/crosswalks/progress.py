"""How far the pairs of a crosswalk are judged, by row and by reviewer; what is not there counts."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Max, Q

from reseda.competencies.domain.judgement import AGREED, CONFLICT, DECIDED, PROPOSED, SETTLED
from reseda.competencies.models import CrosswalkVersion, Item, Mapping, Review
from reseda.competencies.queries.crosswalks.axes import Side, kinds
from reseda.people.models import Person
from reseda.people.policy import Viewer

# Beyond so many rows, all are counted together rather than named one by one.
MANY = 500
OF_PAIRS = {
    "decided": Count("pk", filter=Q(state__in=DECIDED)),
    "proposed": Count("pk", filter=Q(state=PROPOSED)),
    "conflict": Count("pk", filter=Q(state=CONFLICT)),
}
OF_MINE = {
    "mine": Count("pk"),
    "proposed": Count("pk", filter=Q(mapping__state=PROPOSED)),
}


@dataclass(frozen=True)
class Progress:
    """Counts of pairs: those of each state, those without a row; `mine` have the viewer’s opinion,
    `left` await it (undecided, or proposed by somebody else).
    """

    pairs: int
    undecided: int
    proposed: int
    agreed: int
    conflict: int
    settled: int
    mine: int = 0
    left: int = 0

    @property
    def decided(self) -> int:
        """Pairs that have their outcome."""
        return self.agreed + self.settled

    @property
    def percent(self) -> int:
        """Share of the pairs that have their outcome, in whole percent, 100 only at the end."""
        return 100 * self.decided // self.pairs if self.pairs else 100


@dataclass(frozen=True)
class RowProgress:
    """The same for one row; `pairs` is the number of columns."""

    pairs: int
    decided: int = 0
    proposed: int = 0
    conflict: int = 0
    mine: int = 0
    left: int = 0

    @property
    def undecided(self) -> int:
        """Pairs that nobody looked at."""
        return self.pairs - self.decided - self.proposed - self.conflict

    @property
    def is_done(self) -> bool:
        """Whether every pair has its outcome."""
        return self.decided == self.pairs


@dataclass(frozen=True)
class Reviewer:
    """What one person did: opinions that stand, of which carried from an earlier version."""

    person: Person
    given: int
    carried: int
    last_at: datetime


def progress(version: CrosswalkVersion, viewer: Viewer | None = None) -> Progress:
    """Count the pairs by state (three queries, four with a viewer)."""
    pairs = size(version, "source") * size(version, "target")
    states = dict(
        Mapping.objects.filter(version=version)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"))
    )
    found = Progress(
        pairs,
        pairs - sum(states.values()),
        states.get(PROPOSED, 0),
        states.get(AGREED, 0),
        states.get(CONFLICT, 0),
        states.get(SETTLED, 0),
    )
    if viewer is None:
        return found
    mine = Review.objects.filter(mapping__version=version, author=viewer.person)
    told = mine.aggregate(**OF_MINE)
    left = found.undecided + found.proposed - told["proposed"]
    return replace(found, mine=told["mine"], left=left)


def size(version: CrosswalkVersion, side: Side) -> int:
    """Count the items compared on a side (one query)."""
    of = version.source_id if side == "source" else version.target_id
    return Item.objects.filter(version=of, kind__in=kinds(version, side)).count()


def rows_progress(
    viewer: Viewer, version: CrosswalkVersion, origins: Collection[int], columns: int
) -> dict[int, RowProgress]:
    """Count the pairs of these rows by state (two queries)."""
    found = Mapping.objects.filter(version=version)
    mine = Review.objects.filter(mapping__version=version, author=viewer.person)
    if len(origins) <= MANY:
        found = found.filter(origin__in=origins)
        mine = mine.filter(mapping__origin__in=origins)
    states = {
        origin: (decided, proposed, conflict)
        for origin, decided, proposed, conflict in found.order_by()
        .values_list("origin")
        .annotate(**OF_PAIRS)
    }
    given = {
        origin: (count, proposed)
        for origin, count, proposed in mine.order_by()
        .values_list("mapping__origin")
        .annotate(**OF_MINE)
    }
    return {
        origin: _row(columns, states.get(origin, (0, 0, 0)), given.get(origin, (0, 0)))
        for origin in origins
    }


def _row(columns: int, states: tuple[int, int, int], given: tuple[int, int]) -> RowProgress:
    decided, proposed, conflict = states
    mine, mine_proposed = given
    left = columns - decided - conflict - mine_proposed
    return RowProgress(columns, decided, proposed, conflict, mine, left)


def reviewers(version: CrosswalkVersion) -> tuple[Reviewer, ...]:
    """Return who judged this version, by name (two queries)."""
    told = {
        row["author"]: row
        for row in Review.objects.filter(mapping__version=version)
        .order_by()
        .values("author")
        .annotate(
            given=Count("pk"), carried=Count("pk", filter=Q(is_carried=True)), last=Max("given_at")
        )
    }
    return tuple(
        Reviewer(person, row["given"], row["carried"], row["last"])
        for person in Person.objects.filter(pk__in=told)
        for row in [told[person.pk]]
    )
