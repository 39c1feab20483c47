"""Every calendar that three well-known programs test themselves with, and every trap we know."""

import json
import subprocess
import sys
import warnings
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reseda.timetable.domain.reading import read
from reseda.timetable.tests import limits, oracle
from reseda.timetable.tests.calendars import test_data

Days = tuple[date, date]

MOST_MIB = 300
LONGEST_SECONDS = 300

# Where we differ from icalendar on purpose, and why.
DIFFERENCES = {
    "event_with_recurrence.ics": "times without a zone are the school's, exceptions in UTC are not",
    "issue_1633_rdate_with_dates.ics": "a day starts at midnight for the school, not in UTC",
    "example.ics": "a day that ends the day it starts lasts that day",
    "Germany_Holidays.ics": "a day that ends the day it starts lasts that day",
    "end_before_start_event.ics": "an event that ends before it starts is a problem, told",
    "issue_132_swapped_start_and_end.ics": "an event that ends before it starts is a problem, told",
    "issue_18_cancel_status.ics": "a cancelled session is told and left out",
    "multiple_calendar_components.ics": "a folded line with a blank one inside is a problem, told",
}


@pytest.fixture(scope="module")
def costs() -> dict[str, Any]:
    """What a process of its own met, reading every trap, and every fixture where they are."""
    try:
        folders = [str(test_data("ical-fixtures")), str(test_data("timetables"))]
    except pytest.skip.Exception:
        folders = []
    command = [sys.executable, "-W", "ignore", "-m", limits.__name__, *folders]
    done = subprocess.run(  # noqa: S603 - a module of ours, on folders of ours
        command, capture_output=True, timeout=LONGEST_SECONDS, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_no_file_and_no_trap_crashes_or_hangs_the_reader(costs: dict[str, Any]):
    failed = {
        name: outcome
        for name, outcome in costs["told"].items()
        if outcome.startswith(("crash", "hang", "memory"))
    }
    assert failed == {}
    assert len(costs["told"]) >= len(list(limits.traps()))


def test_reading_them_all_never_takes_much_memory(costs: dict[str, Any]):
    assert costs["peak_kib"] < MOST_MIB * 1024


def test_a_fixture_is_read_by_us_wherever_icalendar_reads_it(costs: dict[str, Any]):
    for path, _, _ in accepted():
        assert "events" in costs["told"][str(path)], path.name


def test_every_fixture_that_icalendar_accepts_gives_the_same_occurrences():
    differing = {}
    for path, days, theirs in accepted():
        ours = read(path.read_bytes(), window=days)
        mine = {
            ("" if event.source_uid.startswith("no-uid-") else event.source_uid, *event[:2])
            for event in ours.events
        }
        if mine != theirs:
            differing[path.name] = sorted(mine ^ theirs)[:4]

    assert len(accepted()) > 170
    assert differing.keys() == DIFFERENCES.keys(), differing


@cache
def accepted() -> list[tuple[Path, Days, set[oracle.Told]]]:
    """The fixtures with events that both icalendar and recurring-ical-events make sense of."""
    found = []
    for path in filter(Path.is_file, sorted(test_data("ical-fixtures").rglob("*"))):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                parsed = oracle.calendars(path.read_bytes())
                days = oracle.window(parsed)
                if days:
                    found.append((path, days, oracle.occurrences(parsed, days)))
            except Exception:  # noqa: BLE001, S112 - whatever they raise, they do not accept it
                continue
    return found
