"""Figures of the counters of service, beside a plain loop over dates, in one run.

`python -m scripts.bench_service` prints a table; records are generated.
"""

import gc
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import NamedTuple

from reseda.law.queries import book
from reseda.service.domain.counters import (
    Contract,
    Limits,
    Record,
    Regime,
    Stretch,
    YearCount,
    counters_of_many,
)
from reseda.service.domain.days import PARIS, is_working_day
from reseda.service.domain.legal import limits

RECORDS, PEER_RECORDS = 20_000, 200
SECONDS = 1.0
ROUNDS = 3
SEED = 20_261_122
ON = date(2026, 11, 22)
START = date(2024, 9, 1)
REGIMES: tuple[Regime, ...] = ("military", "military", "military", "police", "civil_security")


class Figure(NamedTuple):
    """One line: our time, the peer’s, in seconds of the processor: others may be at work."""

    name: str
    ours: float
    peer: str
    theirs: float


def bench() -> Figure:
    """Count every record, and a few of them again with the plain loop, which must agree."""
    records = list(_records())
    years = range(START.year, ON.year + 2)
    legal = {regime: limits(book(), regime, "ordinary", ON, years) for regime in set(REGIMES)}
    chosen = [legal[record.regime] for record in records]
    counters_of_many(records[:1], chosen[:1], ON)  # the calendar of these years is made once
    # The records made here are no part of the work: the collector need not walk them.
    gc.collect()
    gc.freeze()
    taken, ours = float("inf"), []
    for _round in range(ROUNDS):
        began = process_time()
        ours = counters_of_many(records, chosen, ON)
        taken = min(taken, process_time() - began)
    gc.unfreeze()
    began = process_time()
    theirs = [
        _plain(record, legal)
        for record, legal in zip(records[:PEER_RECORDS], chosen[:PEER_RECORDS], strict=True)
    ]
    plain = (process_time() - began) * RECORDS / PEER_RECORDS
    if theirs != [dict(found.years) for found in ours[:PEER_RECORDS]]:
        message = "the two ways of counting disagree"
        raise AssertionError(message)
    periods = sum(len(record.periods) for record in records)
    name = f"counters and alerts of {RECORDS} records ({periods} periods)"
    return Figure(name, taken, f"loop over dates ({PEER_RECORDS} records, extrapolated)", plain)


def _records() -> Iterator[Record]:
    draw = random.Random(SEED)  # noqa: S311  (test data)
    morning = datetime.combine(START, time(6), tzinfo=UTC)
    contract = Contract(START, date(2029, 8, 31))
    for number in range(RECORDS):
        stretches = []
        end = morning
        for _period in range(draw.randint(10, 30)):
            # Now and then a period begins before the last one ended.
            begin = end + timedelta(hours=draw.randint(-2, 24 * 60))
            end = begin + timedelta(hours=draw.choice((4, 10, 34, 58, 106)))
            stretches.append(Stretch(begin, end, end.date() <= ON))
        yield Record(REGIMES[number % len(REGIMES)], contract, tuple(stretches))


def _plain(record: Record, legal: Limits) -> dict[int, YearCount]:
    """Count as one would first write it: every half of every date of every period, in sets."""
    done: set[tuple[date, int]] = set()
    planned: set[tuple[date, int]] = set()
    for period in record.periods:
        day = period.starts_at.astimezone(PARIS).date()
        while day <= period.ends_at.astimezone(PARIS).date():
            following = day + timedelta(days=1)
            edges = ((day, time()), (day, time(12)), (following, time()))
            instants = [datetime.combine(*edge, tzinfo=PARIS).astimezone(UTC) for edge in edges]
            for half in (0, 1):
                begin = max(period.starts_at, instants[half])
                if min(period.ends_at, instants[half + 1]) - begin >= timedelta(minutes=1):
                    (done if period.is_done else planned).add((day, half))
            day = following
    if record.regime == "civil_security":
        done = {(day, half) for day, _h in done if is_working_day(day) for half in (0, 1)}
        planned = {(day, half) for day, _h in planned if is_working_day(day) for half in (0, 1)}
    return _years(done, planned - done, legal)


def _years(
    done: set[tuple[date, int]], planned: set[tuple[date, int]], legal: Limits
) -> dict[int, YearCount]:
    found = {}
    for year in sorted({ON.year, *(day.year for day, _half in done | planned)}):
        limit = legal.past_days.get(year, legal.days)
        served = sum(day.year == year for day, _half in done) / 2
        coming = sum(day.year == year for day, _half in planned) / 2
        left = limit.value - served - coming
        found[year] = YearCount(served, coming, limit.value, left, limit.article)
    return found


def main() -> None:
    """Print the table."""
    figure = bench()
    sys.stdout.write(
        f"{figure.name}: {figure.ours:.2f} s (to reach: {SECONDS:.0f} s)"
        f" | {figure.peer}: {figure.theirs:.0f} s | x{figure.theirs / figure.ours:.0f}\n"
    )


if __name__ == "__main__":
    main()
