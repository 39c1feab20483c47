"""Counters of days of a reservist: done, planned, what is left of each civil year’s ceiling.

Ceilings run on the civil year, not on the academic one: Code de la défense, L4221-6, D4221-7 and
D4221-8 (military); Code de la sécurité intérieure, L411-11 and L411-11-1 (police), L724-4 (civil
security, in working days by whole dates). The legal values are arguments, read from the law.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta, tzinfo
from functools import lru_cache
from itertools import chain
from operator import attrgetter

import numpy as np

from reseda.law.domain.dates import term_end
from reseda.service.domain import tallying
from reseda.service.domain.alerts import alerts, least_threshold
from reseda.service.domain.records import (
    CEILINGS,
    REGIME_OF_FORCE,
    REGIMES,
    Alert,
    Contract,
    Counted,
    Counters,
    Fact,
    Limit,
    Limits,
    Record,
    Regime,
    Stretch,
    Tally,
    Watch,
    Window,
    YearCount,
    covers,
    limit_code,
    overlaps,
)

__all__ = [
    "CEILINGS",
    "REGIMES",
    "REGIME_OF_FORCE",
    "Alert",
    "Contract",
    "Counters",
    "Fact",
    "Limit",
    "Limits",
    "Record",
    "Regime",
    "Stretch",
    "Watch",
    "YearCount",
    "counters",
    "counters_of_many",
    "covers",
    "limit_code",
    "overlaps",
    "tally",
]
DAY = timedelta(days=1)
STARTS_AT, ENDS_AT, IS_DONE = attrgetter("starts_at"), attrgetter("ends_at"), attrgetter("is_done")


def counters(record: Record, limits: Limits, on: date) -> Counters:
    """Count the days of each civil year touched by a period, and of the year of the day `on`.

    A half-day counts once, as done where a done and a planned period overlap. Civil security
    counts working days by whole dates.
    """
    return counters_of_many([record], [limits], on)[0]


def counters_of_many(
    records: Sequence[Record], limits: Sequence[Limits], on: date
) -> list[Counters]:
    """Count many records at once, each against its own limits, in the same order."""
    thresholds = [least_threshold(legal) for legal in limits]
    found = []
    for record, legal, counted in zip(records, limits, _counted(records, thresholds), strict=True):
        counts = _years_of(counted.years, legal, on.year)
        found.append(Counters(counts, alerts(record, legal, counts, counted, on)))
    return found


def _years_of(tallied: Tally, legal: Limits, today: int) -> dict[int, YearCount]:
    years = tallied if today in tallied else {**tallied, today: (0.0, 0.0)}
    counts = {}
    for year in sorted(years):
        done, planned = years[year]
        limit = legal.past_days.get(year, legal.days)
        left = limit.value - done - planned
        counts[year] = YearCount(done, planned, limit.value, left, limit.article)
    return counts


def tally(record: Record) -> Tally:
    """Return the days done and planned of each civil year, without any legal value."""
    return _counted([record], [None])[0].years


def _counted(records: Sequence[Record], thresholds: Sequence[float | None]) -> list[Counted]:
    """Count records together with those of the same zone and way of counting."""
    found: dict[int, Counted] = {}
    groups: dict[tuple[tzinfo, bool], list[int]] = {}
    for place, record in enumerate(records):
        groups.setdefault((record.zone, record.regime == "civil_security"), []).append(place)
    for (zone, is_working), places in groups.items():
        group = [records[place] for place in places]
        counted = _group(group, [thresholds[place] for place in places], zone, is_working)
        found.update(zip(places, counted, strict=True))
    return [found[place] for place in range(len(records))]


def _group(
    records: Sequence[Record], thresholds: Sequence[float | None], zone: tzinfo, is_working: bool
) -> Iterator[Counted]:
    periods = list(chain.from_iterable(record.periods for record in records))
    if not periods:
        return (Counted({}) for _record in records)
    sizes = np.array([len(record.periods) for record in records], dtype=np.int64)
    owners = np.repeat(np.arange(len(records), dtype=np.int64), sizes)
    starts = tallying.instants(map(STARTS_AT, periods), len(periods))
    ends = tallying.instants(map(ENDS_AT, periods), len(periods))
    axis = tallying.axis(zone, int(starts.min()), int(ends.max()))
    is_done = np.fromiter(map(IS_DONE, periods), np.bool_, len(periods))
    spans = tallying.spans(axis, owners, starts, ends, is_done)
    outside = _outside(axis, records, spans, sizes)
    worth = axis.working if is_working else axis.worth
    if is_working:
        spans = tallying.whole_days(spans)
    done = tallying.served(tallying.only_done(spans), worth)
    years = _years(len(records), axis, spans, done, tallying.served(spans, worth))
    windows = _windows(axis, records, thresholds, done)
    crowded = set(tallying.crowded(owners, starts, ends).tolist())
    return (
        Counted(years[place], windows.get(place, {}), outside.get(place, ()), place in crowded)
        for place in range(len(records))
    )


def _years(
    count: int,
    axis: tallying.Axis,
    spans: tallying.Spans,
    done: tallying.Served,
    everything: tallying.Served,
) -> list[Tally]:
    found: list[Tally] = [{} for _record in range(count)]
    columns = tallying.yearly(axis, spans, done, everything)
    for owner, year, counted, planned in zip(*(one.tolist() for one in columns), strict=True):
        found[owner][year] = (counted, planned)
    return found


def _outside(
    axis: tallying.Axis, records: Sequence[Record], spans: tallying.Spans, sizes: tallying.Ints
) -> dict[int, list[int]]:
    """Return the places of the periods that leave the contract, by record."""
    begins = axis.places(record.contract.start_on for record in records)
    ends = axis.places((record.contract.end_on for record in records), after=1)
    is_out = (spans.firsts < begins[spans.owners]) | (spans.lasts > ends[spans.owners])
    first_of = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
    found: dict[int, list[int]] = {}
    for index in np.flatnonzero(is_out & (spans.firsts < spans.lasts)).tolist():
        owner = int(spans.owners[index])
        found.setdefault(owner, []).append(index - int(first_of[owner]))
    return found


def _windows(
    axis: tallying.Axis,
    records: Sequence[Record],
    thresholds: Sequence[float | None],
    done: tallying.Served,
) -> dict[int, dict[Window, float]]:
    """Return the days done in each year of the contract, of the records that may reach a threshold
    of days.
    """
    everyone = np.arange(len(records), dtype=np.int64)
    last = np.full(len(records), len(axis.edges) - 1, dtype=np.int64)
    totals = done.before(everyone, last) - done.before(everyone, np.zeros_like(last))
    asked: list[tuple[int, Window]] = [
        (place, window)
        for place, (total, least) in enumerate(zip(totals.tolist(), thresholds, strict=True))
        if least is not None and total >= least
        for window in _contract_years(records[place].contract, axis.last_day)
    ]
    owners = np.array([place for place, _window in asked], dtype=np.int64)
    begins = axis.places(first for _place, (first, _last) in asked)
    ends = axis.places((last for _place, (_first, last) in asked), after=1)
    days = done.before(owners, ends) - done.before(owners, begins)
    found: dict[int, dict[Window, float]] = {}
    for (place, window), count in zip(asked, days.tolist(), strict=True):
        found.setdefault(place, {})[window] = count
    return found


@lru_cache(maxsize=4096)
def _contract_years(contract: Contract, last_on: date) -> tuple[Window, ...]:
    """Return the years of a contract, from anniversary to anniversary, the last one maybe short;
    those after a day are left out.
    """
    start = contract.start_on
    found: list[Window] = []
    while start <= min(contract.end_on, last_on):
        end = term_end(contract.start_on, years=len(found) + 1)
        found.append((start, min(end, contract.end_on)))
        start = end + DAY
    return tuple(found)
