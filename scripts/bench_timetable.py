"""Figures of the timetable engines, side by side with the usual libraries, in one run.

`python -m scripts.bench_timetable` prints a table; data are generated, and the real files of
RESEDA_TEST_DATA are used where the variable is set.
"""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import intervaltree
import numpy as np

from reseda.timetable.domain.conflicts import Busy, overlaps
from reseda.timetable.domain.fast import day_start
from reseda.timetable.domain.reading import read, sessions_by

STUDENTS, EVENTS, PERIODS = 1_000, 1_300, 20
TREE_STUDENTS = 25
FEED_EVENTS = 1_500
ROUNDS, READINGS = 6, 5
YEAR = 365 * 24 * 60
WEEK = 7 * 24 * 60
SEED = 20_261_122
PARIS = ZoneInfo("Europe/Paris")

Told = tuple[str, datetime, datetime, str]


class Figure(NamedTuple):
    """One line: our time, the peer's, in milliseconds."""

    name: str
    ours: float
    peer: str
    theirs: float


def bench() -> list[Figure]:
    """Run every comparison once; times are of the processor, the best of a few runs."""
    return [*_readings(), _conflicts()]


def _readings() -> Iterator[Figure]:
    feeds = {f"{FEED_EVENTS} generated ADE events": _generated_feed()}
    root = os.environ.get("RESEDA_TEST_DATA")
    for path in sorted(Path(root, "timetables").glob("*ev.ics")) if root else ():
        feeds[path.name] = path.read_bytes()
    for name, data in feeds.items():
        if b"BEGIN:VEVENT" not in data:
            continue
        ours = theirs = float("inf")
        for _ in range(ROUNDS):
            # In turns, so that whatever else the machine does weighs on both.
            own, reading = _best(partial(read, data), READINGS)
            other, calendar = _best(partial(icalendar.Calendar.from_ical, data), 1)
            ours, theirs = min(ours, own), min(theirs, other)
        if len(reading.events) != len(calendar.walk("VEVENT")) or _ours(data) != _theirs(calendar):
            raise AssertionError(f"{name}: the two readers disagree")
        yield Figure(f"read {name}", ours, "icalendar (parse only)", theirs)


def _ours(data: bytes) -> set[Told]:
    found = sessions_by("fast", data) or sessions_by("general", data)
    if found is None:
        raise AssertionError("unread")
    return {(one.uid, one.starts_at, one.ends_at, one.summary) for one in found.sessions}


def _theirs(calendar: icalendar.Calendar) -> set[Told]:
    return {
        (str(one["UID"]), _utc(one.start), _utc(one.end), str(one["SUMMARY"]))
        for one in calendar.walk("VEVENT")
        if isinstance(one, icalendar.Event)
    }


def _utc(moment: date) -> datetime:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else day_start(moment, PARIS)


def _generated_feed() -> bytes:
    start = datetime(2026, 9, 1, 6, tzinfo=UTC)
    kinds = ("CM", "TD", "TP", "ctrl")
    lines = ["BEGIN:VCALENDAR", "METHOD:PUBLISH", "PRODID:-//ADE/version 6.0", "VERSION:2.0"]
    for number in range(FEED_EVENTS):
        begin = start + timedelta(minutes=95 * number)
        end = begin + timedelta(minutes=90)
        lines += [
            "BEGIN:VEVENT",
            "DTSTAMP:20260901T060000Z",
            f"DTSTART:{begin:%Y%m%dT%H%M%SZ}",
            f"DTEND:{end:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:R{100 + number % 40} Optique des systèmes {kinds[number % 4]}",
            f"LOCATION:A{number % 30} [K07]",
            f"DESCRIPTION:\\n\\nINF1 TP{number % 4 + 1} S1\\nNOM PRENOM\\n\\n(Updated :01/09/2026",
            f"  08:{number % 60:02})",
            f"UID:ADE60aa{number:08x}",
            "CREATED:19700101T000000Z",
            "LAST-MODIFIED:20260901T060000Z",
            "SEQUENCE:12",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def _conflicts() -> Figure:
    """All overlaps of a school; the trees are built for a few students and extrapolated."""
    random = np.random.default_rng(SEED)
    starts = random.integers(0, YEAR, (STUDENTS, EVENTS)).astype(np.int64)
    ends = starts + random.choice([60, 90, 120, 240], (STUDENTS, EVENTS))
    periods = np.sort(random.integers(0, YEAR - WEEK, PERIODS)).astype(np.int64)
    period_ends = periods + random.integers(1, 8, PERIODS) * 24 * 60
    offsets = np.arange(STUDENTS + 1, dtype=np.int64) * EVENTS
    busy = Busy(starts.ravel(), ends.ravel(), offsets)
    ours, pairs = _best(lambda: overlaps(busy, periods, period_ends), 5)

    def trees() -> int:
        found = 0
        for student in range(TREE_STUDENTS):
            spans = zip(starts[student].tolist(), ends[student].tolist(), strict=True)
            tree = intervaltree.IntervalTree.from_tuples(spans)
            asked = zip(periods.tolist(), period_ends.tolist(), strict=True)
            found += sum(len(tree.overlap(begin, end)) for begin, end in asked)
        return found

    theirs, found = _best(trees, 1)
    # A tree keeps one of two identical sessions: the counts are compared on distinct ones.
    mine = pairs.events < TREE_STUDENTS * EVENTS
    keys = np.column_stack(
        (
            busy.owners[pairs.events[mine]],
            busy.starts[pairs.events[mine]],
            busy.ends[pairs.events[mine]],
            pairs.periods[mine],
        )
    )
    if len(np.unique(keys, axis=0)) != found:
        raise AssertionError("the two methods disagree")
    name = f"conflicts, {STUDENTS} x {EVENTS} x {PERIODS} ({len(pairs.events)} pairs)"
    peer = f"intervaltree ({TREE_STUDENTS} students, extrapolated)"
    return Figure(name, ours, peer, theirs * STUDENTS / TREE_STUDENTS)


def _best(run: Callable[[], Any], times: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _ in range(times):
        begin = process_time()
        result = run()
        best = min(best, process_time() - begin)
    return best * 1_000, result


def main() -> None:
    """Print the table."""
    if not os.environ.get("RESEDA_TEST_DATA"):
        sys.stderr.write("RESEDA_TEST_DATA is not set: generated data only\n")
    for figure in bench():
        ratio = figure.theirs / figure.ours
        sys.stdout.write(
            f"{figure.name}: {figure.ours:.1f} ms | {figure.peer}: {figure.theirs:.0f} ms"
            f" | x{ratio:.1f}\n"
        )


if __name__ == "__main__":
    main()
