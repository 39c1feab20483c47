"""Instants as whole seconds since 1970, and the half-days of an offer by civil year."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SHORTEST_IN_A_HALF = timedelta(minutes=1)
SECONDS_A_DAY = 86_400


def floor_second(moment: datetime) -> int:
    """Give the second an instant lies in."""
    elapsed = moment - EPOCH
    return elapsed.days * SECONDS_A_DAY + elapsed.seconds


def ceil_second(moment: datetime) -> int:
    """Give the first whole second at or after an instant."""
    return floor_second(moment) + ((moment - EPOCH).microseconds > 0)


def first_and_last_day(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Give the civil days that hold the first and the last moment (end excluded)."""
    last = max(end.astimezone(UTC) - timedelta(microseconds=1), start.astimezone(UTC))
    return start.astimezone(zone).date(), last.astimezone(zone).date()


def half_days(start: datetime, end: datetime, zone: ZoneInfo) -> dict[int, int]:
    """Count the half-days met by a minute or more, by civil year; halves are cut at noon local."""
    return dict(_half_days(start, end, zone))


@lru_cache(maxsize=4096)
def _half_days(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    first, last = first_and_last_day(start, end, zone)
    halves: Counter[int] = Counter()
    for day in sorted({first, last}):
        halves[day.year] += _halves_met(day, start, end, zone)
    # The days strictly between are met whole: only their year is to be found.
    day = first + timedelta(days=1)
    while day < last:
        stop = min(last, date(day.year + 1, 1, 1))
        halves[day.year] += 2 * (stop - day).days
        day = stop
    return tuple((year, count) for year, count in halves.items() if count)


def _halves_met(day: date, start: datetime, end: datetime, zone: ZoneInfo) -> int:
    following = day + timedelta(days=1)
    midnight, noon, next_midnight = (
        datetime(one.year, one.month, one.day, hour, tzinfo=zone).astimezone(UTC)
        for one, hour in ((day, 0), (day, 12), (following, 0))
    )
    return sum(
        min(end, upper) - max(start, lower) >= SHORTEST_IN_A_HALF
        for lower, upper in ((midnight, noon), (noon, next_midnight))
    )
