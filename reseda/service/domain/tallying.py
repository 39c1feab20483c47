"""Days of service of many records at once, on whole arrays: one half-day is one place of an axis.

The halves of the civil dates of a zone are laid end to end; a stretch of service covers a range of
them. Ranges of one record are merged, so that a half counts once, and days are read from prefix
sums of what each half is worth: 0.5, or nothing on a day off for civil security.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from reseda.service.domain.days import NOON, is_working_day

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MICROSECOND = 1_000_000
MINUTE = 60 * MICROSECOND
SPARE = 3 * 24 * 60 * MINUTE
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HALVES_A_DAY = 2
HALF = 0.5


@dataclass(frozen=True)
class Axis:
    """The halves of the years from `first_year` to before `last_year` in a zone.

    `edges` are the instants, in microseconds, at which halves begin, the end of the last one too;
    `worth` sums the days of the halves before each edge, counted whole, and `working` only those of
    working days; `year_starts` are the places at which civil years begin.
    """

    first_day: date
    first_year: int
    edges: Ints
    worth: Floats
    working: Floats
    year_starts: Ints

    def places(self, days: Iterable[date], after: int = 0) -> Ints:
        """Return the places of the mornings of days, or of those some days after, held within the
        axis.
        """
        numbers = np.fromiter((day.toordinal() for day in days), np.int64)
        places = HALVES_A_DAY * (numbers + after - self.first_day.toordinal())
        return np.clip(places, 0, len(self.edges) - 1)

    @property
    def last_day(self) -> date:
        """Return the last date of the axis."""
        return self.first_day + timedelta(days=len(self.worth) // HALVES_A_DAY - 1)


@dataclass(frozen=True)
class Spans:
    """Stretches of service of records numbered from 0, in any order: who, from where to where on
    the axis (the end excluded), and which are done.
    """

    owners: Ints
    firsts: Ints
    lasts: Ints
    is_done: Flags


def axis(zone: tzinfo, first: int, last: int) -> Axis:
    """Return the axis that holds two instants, in microseconds, with some days to spare."""
    return _axis(zone, _year(first - SPARE), _year(last + SPARE) + 1)


def _year(instant: int) -> int:
    return (EPOCH + timedelta(microseconds=instant)).year


@lru_cache(maxsize=16)
def _axis(zone: tzinfo, first_year: int, last_year: int) -> Axis:
    years = [_edges(zone, year) for year in range(first_year, last_year)]
    closing = _microseconds(datetime(last_year, 1, 1, tzinfo=zone))
    edges = np.concatenate([*years, np.array([closing], dtype=np.int64)])
    # A date that a zone skipped has no half worth counting.
    is_long = np.diff(edges) >= MINUTE
    off = np.concatenate([_is_working(year) for year in range(first_year, last_year)])
    lengths = np.array([0, *(len(year) for year in years)], dtype=np.int64)
    return Axis(
        date(first_year, 1, 1),
        first_year,
        edges,
        _prefix(is_long),
        _prefix(is_long & off),
        np.cumsum(lengths),
    )


def _prefix(counts: Flags) -> Floats:
    sums: Floats = np.concatenate([np.zeros(1), np.cumsum(counts) * HALF])
    return sums


@lru_cache(maxsize=1024)
def _edges(zone: tzinfo, year: int) -> Ints:
    hours = (time(), NOON)
    return np.array(
        [
            _microseconds(datetime.combine(day, hour, zone))
            for day in _dates(year)
            for hour in hours
        ],
        dtype=np.int64,
    )


@lru_cache(maxsize=1024)
def _is_working(year: int) -> Flags:
    days = np.array([is_working_day(day) for day in _dates(year)], dtype=np.bool_)
    return np.repeat(days, HALVES_A_DAY)


def _dates(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


def _microseconds(moment: datetime) -> int:
    return round(moment.timestamp() * MICROSECOND)


def spans(on: Axis, owners: Ints, starts: Ints, ends: Ints, is_done: Flags) -> Spans:
    """Return which halves each stretch overlaps by a minute or more; instants in microseconds.

    What overlaps none is an empty range.
    """
    firsts = np.searchsorted(on.edges, starts + MINUTE, side="left") - 1
    lasts = np.searchsorted(on.edges, ends - MINUTE, side="right")
    lasts = np.where(ends - starts >= MINUTE, np.maximum(firsts, lasts), firsts)
    return Spans(owners, firsts.astype(np.int64), lasts.astype(np.int64), is_done)


def whole_days(given: Spans) -> Spans:
    """Widen ranges to whole dates, as civil security counts them."""
    is_empty = given.firsts >= given.lasts
    firsts = given.firsts - given.firsts % HALVES_A_DAY
    lasts = given.lasts + given.lasts % HALVES_A_DAY
    return Spans(given.owners, firsts, np.where(is_empty, firsts, lasts), given.is_done)


@dataclass(frozen=True)
class Served:
    """The halves served by each of `count` records, merged: `before` tells how many days."""

    size: int
    keys: Ints
    ends: Ints
    worth: Floats
    days: Floats

    def before(self, owners: Ints, places: Ints) -> Floats:
        """Return, for each owner and place, the days served before it, by this owner and by those
        of lower number: only differences of one owner mean something.
        """
        asked = owners * self.size + places
        index = np.searchsorted(self.keys, asked, side="left")
        total = self.days[index]
        if not len(self.keys):
            return total
        last = np.maximum(index - 1, 0)
        end = self.ends[last]
        # A range that goes on after the place counts up to it alone.
        is_cut = (index > 0) & (end > asked)
        beyond = self.worth[end % self.size] - self.worth[places]
        return np.where(is_cut, total - beyond, total)


def served(given: Spans, worth: Floats) -> Served:
    """Merge the ranges of each record; `worth` sums the days of the halves before each place."""
    size = len(worth)
    is_kept = given.firsts < given.lasts
    owners = given.owners[is_kept]
    keys = owners * size + given.firsts[is_kept]
    order = np.argsort(keys, kind="stable")
    keys, ends = keys[order], (owners * size + given.lasts[is_kept])[order]
    if len(keys):
        ends = np.maximum.accumulate(ends)
        is_first = np.concatenate([np.ones(1, dtype=np.bool_), keys[1:] > ends[:-1]])
        begins = np.flatnonzero(is_first)
        ends = ends[np.concatenate([begins[1:] - 1, np.array([len(keys) - 1])])]
        keys = keys[begins]
    days = np.concatenate([np.zeros(1), np.cumsum(worth[ends % size] - worth[keys % size])])
    return Served(size, keys, ends, worth, days)


def only_done(given: Spans) -> Spans:
    """Return the stretches that are done."""
    chosen = given.is_done
    return Spans(given.owners[chosen], given.firsts[chosen], given.lasts[chosen], chosen[chosen])


def yearly(
    on: Axis, given: Spans, done: Served, everything: Served
) -> tuple[Ints, Ints, Floats, Floats]:
    """Return owner, civil year, days done and days planned of each year that has any, in order."""
    owners, years = _touched(on, given)
    begins, ends = on.year_starts[years], on.year_starts[years + 1]
    counted = done.before(owners, ends) - done.before(owners, begins)
    whole = everything.before(owners, ends) - everything.before(owners, begins)
    is_kept = whole > 0
    return (
        owners[is_kept],
        years[is_kept] + on.first_year,
        counted[is_kept],
        (whole - counted)[is_kept],
    )


def _touched(on: Axis, given: Spans) -> tuple[Ints, Ints]:
    """Return every owner with every year (as an index) that one of their ranges touches, once."""
    is_kept = given.firsts < given.lasts
    owners = given.owners[is_kept]
    first = np.searchsorted(on.year_starts, given.firsts[is_kept], side="right") - 1
    last = np.searchsorted(on.year_starts, given.lasts[is_kept] - 1, side="right") - 1
    count = len(on.year_starts)
    bounds = _bounds(owners, first, last)
    lengths = bounds[2] - bounds[1] + 1
    starts = np.repeat(bounds[1] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    years = starts + np.arange(int(lengths.sum()), dtype=np.int64)
    return np.repeat(bounds[0], lengths), np.minimum(years, count - 2)


def _bounds(owners: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints, Ints]:
    """Return each owner once, with the lowest first and the highest last."""
    if not len(owners):
        return owners, first, last
    order = np.argsort(owners, kind="stable")
    owners, first, last = owners[order], first[order], last[order]
    begins = np.flatnonzero(np.concatenate([np.ones(1, dtype=np.bool_), np.diff(owners) > 0]))
    return owners[begins], np.minimum.reduceat(first, begins), np.maximum.reduceat(last, begins)


def crowded(owners: Ints, starts: Ints, ends: Ints) -> Ints:
    """Return the owners, once each, of whom a stretch begins before an earlier one ends; those of
    one owner follow each other.
    """
    is_same = owners[1:] == owners[:-1]
    if np.any(is_same & (starts[1:] < starts[:-1])):
        order = np.lexsort((ends, starts, owners))
        owners, starts, ends = owners[order], starts[order], ends[order]
    # Where any two overlap, two neighbours in order of start do.
    return np.unique(owners[1:][is_same & (starts[1:] < ends[:-1])])


def instants(moments: Iterable[datetime], count: int) -> Ints:
    """Return so many aware instants in microseconds since 1970."""
    seconds = np.fromiter(map(datetime.timestamp, moments), np.float64, count)
    return np.rint(seconds * MICROSECOND).astype(np.int64)
