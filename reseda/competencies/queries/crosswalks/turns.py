"""Which pair to look at next: suggested ones first, then row by row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from reseda.competencies.domain.judgement import PROPOSED
from reseda.competencies.models import CrosswalkVersion, Mapping, Review, Suggestion
from reseda.competencies.queries.crosswalks.axes import axis
from reseda.competencies.queries.crosswalks.progress import rows_progress
from reseda.people.policy import Viewer

Pair = tuple[int, int]
START = (-1, -1)


@dataclass(frozen=True)
class Turn:
    """What awaits one viewer: `suggested` pairs in order (row, rank, pair), and the axes."""

    viewer: Viewer
    version: CrosswalkVersion
    rows: Sequence[int]
    columns: Sequence[int]
    suggested: Sequence[tuple[int, int, Pair]]


def next_pair(viewer: Viewer, version: CrosswalkVersion, after: Pair | None = None) -> Pair | None:
    """Return the next pair that awaits the viewer, or None when nothing does.

    Suggested pairs come first, by row then rank, then the others row by row. `after` is the pair
    that was just seen: the search goes on from there, and starts again past the last one. At most
    nine queries.
    """
    turn = _turn(viewer, version)
    for pair in _round(turn, after):
        if pair != after:
            return pair
    return after if after and after not in _done(viewer, version, after[0]) else None


def _turn(viewer: Viewer, version: CrosswalkVersion) -> Turn:
    rows = [item.pk for item in axis(version, "source")]
    columns = [item.pk for item in axis(version, "target")]
    place = {key: rank for rank, key in enumerate(rows)}
    done = _judged(viewer, version).filter(
        origin=OuterRef("origin"), destination=OuterRef("destination")
    )
    found = Suggestion.objects.filter(~Exists(done), version=version)
    suggested = sorted(
        (place[origin], rank, (origin, destination))
        for origin, destination, rank in found.order_by().values_list(
            "origin_id", "destination_id", "rank"
        )
        if origin in place
    )
    return Turn(viewer, version, rows, columns, suggested)


def _round(turn: Turn, after: Pair | None) -> Iterator[Pair]:
    """All that is worth trying, in turn: what comes after the pair seen, then from the start."""
    at = _place(turn, after) if after else None
    rank = _rank(turn.version, after) if after else None
    if at is None or rank is not None:
        row = at[0] if at else -1
        yield from (pair for *key, pair in turn.suggested if tuple(key) > (row, rank or 0))
        yield from _others(turn, START)
    else:
        yield from _others(turn, at)
    yield from (pair for *_key, pair in turn.suggested)
    yield from _others(turn, START)


def _place(turn: Turn, pair: Pair) -> tuple[int, int] | None:
    try:
        return turn.rows.index(pair[0]), turn.columns.index(pair[1])
    except ValueError:
        return None


def _rank(version: CrosswalkVersion, pair: Pair) -> int | None:
    found = Suggestion.objects.filter(version=version, origin=pair[0], destination=pair[1])
    return found.values_list("rank", flat=True).first()


def _others(turn: Turn, start: tuple[int, int]) -> Iterator[Pair]:
    """Give one pair per row, past a place, among those that are not suggested."""
    counts = rows_progress(turn.viewer, turn.version, turn.rows, len(turn.columns))
    suggested = {pair for *_key, pair in turn.suggested}
    by_row = Counter(origin for origin, _destination in suggested)
    for place, row in enumerate(turn.rows):
        if place < start[0] or counts[row].left <= by_row[row]:
            continue
        done = _done(turn.viewer, turn.version, row) | suggested
        first = start[1] + 1 if place == start[0] else 0
        for column in turn.columns[first:]:
            if (row, column) not in done:
                yield row, column
                break


def _done(viewer: Viewer, version: CrosswalkVersion, row: int) -> set[Pair]:
    found = _judged(viewer, version).filter(origin=row)
    return set(found.values_list("origin_id", "destination_id"))


def _judged(viewer: Viewer, version: CrosswalkVersion) -> QuerySet[Mapping]:
    """The pairs that do not await the viewer: decided, in conflict, or judged by them."""
    mine = Review.objects.filter(mapping=OuterRef("pk"), author=viewer.person)
    return Mapping.objects.filter(~Q(state=PROPOSED) | Exists(mine), version=version)
