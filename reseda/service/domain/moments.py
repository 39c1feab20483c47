"""Days and hours as people write them in a table: French or ISO, with or without an hour.

A day without an hour is the whole day; a half-day has a name. The ends of a day are those of the
pages: from midnight to noon, from noon to 23:59.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from reseda.service.domain.days import PARIS

DAY_START, NOON, DAY_END = time(0), time(12), time(23, 59)
MONTHS = (
    ("janvier", "janv", "january", "jan"),
    ("fevrier", "fevr", "fev", "february", "feb"),
    ("mars", "march", "mar"),
    ("avril", "avr", "april", "apr"),
    ("mai", "may"),
    ("juin", "june", "jun"),
    ("juillet", "juil", "july", "jul"),
    ("aout", "august", "aug"),
    ("septembre", "sept", "september", "sep"),
    ("octobre", "oct", "october"),
    ("novembre", "nov", "november"),
    ("decembre", "dec", "december"),
)
MONTH_NUMBERS = {name: rank for rank, names in enumerate(MONTHS, start=1) for name in names}
MORNING, AFTERNOON = {"matin", "matinee", "morning"}, {"apres-midi", "aprem", "afternoon"}
EVENING, WHOLE = {"soir", "evening"}, {"", "journee", "jour", "day"}

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:t(?=\d))?")
_NUMBERS = re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})(?!\d)")
_WORDS = re.compile(
    r"(?:[a-z]+\.?\s+)?(?P<day>\d{1,2})(?:er)?\s+(?P<name>[a-z]+)\.?\s+(?P<year>\d{4})(?!\d)"
)
_HOUR = re.compile(
    r"(?P<hour>\d{1,2})\s?(?:h|:)\s?(?P<minute>\d{2})?(?::\d{2}(?:\.\d+)?)?\s?"
    r"(?P<offset>z|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True)
class Moment:
    """A day, and what was said of it: an instant, or the part of the day that it covers."""

    starts_at: datetime
    ends_at: datetime
    is_hour: bool = False


def read(text: str, zone: tzinfo = PARIS) -> Moment:
    """Read a day with its hour or its half-day; raises ValueError for anything else.

    An instant without an offset is in the zone; one with an offset keeps its meaning.
    """
    folded = " ".join(_folded(text).split())
    found = _ISO.match(folded) or _NUMBERS.match(folded) or _WORDS.match(folded)
    if found is None:
        raise ValueError(text)
    day = _day(found.groupdict())
    rest = folded[found.end() :].strip(" ,").removeprefix("a ")
    if (part := _part(rest)) is not None:
        start, end = part
        return Moment(_at(day, start, zone), _at(day, end, zone))
    instant = _instant(day, rest, zone)
    return Moment(instant, instant, is_hour=True)


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).casefold()
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _day(found: dict[str, str]) -> date:
    name = found.get("name", "")
    month = MONTH_NUMBERS.get(name, 0) if name else int(found["month"])
    year = int(found["year"])
    return date(year + 2000 if year < 100 else year, month, int(found["day"]))  # noqa: PLR2004 (two figures)


def _part(rest: str) -> tuple[time, time] | None:
    word = rest.replace("apres midi", "apres-midi").strip("()")
    if word in WHOLE:
        return DAY_START, DAY_END
    if word in MORNING:
        return DAY_START, NOON
    if word in AFTERNOON:
        return NOON, DAY_END
    if word in EVENING:
        return DAY_END, DAY_END
    return (NOON, NOON) if word in {"midi", "noon"} else None


def _instant(day: date, rest: str, zone: tzinfo) -> datetime:
    found = _HOUR.fullmatch(rest)
    if found is None:
        raise ValueError(rest)
    hour = time(int(found["hour"]), int(found["minute"] or 0))
    offset = (found["offset"] or "").upper()
    if not offset:
        return _at(day, hour, zone)
    return datetime.fromisoformat(f"{day.isoformat()}T{hour.isoformat()}{offset}")


def _at(day: date, hour: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone)
