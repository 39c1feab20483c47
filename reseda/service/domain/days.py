"""Half-days of service and working days, as the law and the forces count them.

A civil date is cut at noon, local time; a half counts when a stretch of service overlaps it by a
minute or more (smallest period: half a day, Code de la défense, R4221-5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import IntEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS: tzinfo = ZoneInfo("Europe/Paris")
NOON = time(12)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SUNDAY = 6


class HalfName(IntEnum):
    """Which half of a civil date."""

    MORNING = 0
    AFTERNOON = 1


@dataclass(frozen=True, order=True)
class Half:
    """One half of a civil date."""

    day: date
    half: HalfName


def halves(start: datetime, end: datetime, zone: tzinfo = PARIS) -> Iterator[Half]:
    """Yield, in order, the halves that a stretch of service overlaps by a minute or more.

    Both instants are aware; the halves are those of the zone, so that the day on which clocks
    change has a morning of 11 or 13 hours.
    """
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    for index in range((last - first).days + 1):
        day = first + index * DAY
        midnight = _instant(day, time(), zone)
        noon = _instant(day, NOON, zone)
        tomorrow = _instant(day + DAY, time(), zone)
        if min(end, noon) - max(start, midnight) >= MINUTE:
            yield Half(day, HalfName.MORNING)
        if min(end, tomorrow) - max(start, noon) >= MINUTE:
            yield Half(day, HalfName.AFTERNOON)


def days(start: datetime, end: datetime, zone: tzinfo = PARIS) -> float:
    """Return how many days a stretch of service lasts, by halves of 0.5."""
    return sum(1 for _half in halves(start, end, zone)) / 2


def _instant(day: date, hour: time, zone: tzinfo) -> datetime:
    # Compared in UTC: two aware times of one zone would be compared by the wall clock.
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Tell whether a date is a *jour ouvrable*: Monday to Saturday, public holidays excluded."""
    return day.weekday() != SUNDAY and day not in public_holidays(day.year)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays of a year in France (Code du travail, L3133-1).

    Those proper to Alsace and Moselle and to the overseas departments are not counted.
    """
    easter = easter_sunday(year)
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset(
        [date(year, month, day) for month, day in fixed] + [easter + n * DAY for n in moving]
    )


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of a year of the Gregorian calendar.

    Anonymous Gregorian computus (Nature, 20 April 1876; Meeus, Astronomical Algorithms, ch. 8).
    """
    golden, century, rest = year % 19, year // 100, year % 100
    correction = (century - century // 4 - (century - (century + 8) // 25 + 1) // 3) % 30
    epact = (19 * golden + correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
