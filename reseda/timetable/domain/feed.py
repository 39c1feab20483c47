"""Writing a calendar feed (RFC 5545) that a telephone or a mail program subscribes to.

What may be said in it is decided by the caller: a feed travels in clear through other people's
servers, so titles and places that reveal an engagement must not be given here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

PRODUCT = "-//Réséda//FR"
REFRESH = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed; `uid` names the thing itself and stays when it moves.

    `starts_at` and `ends_at` are aware, the end excluded; an all-day entry covers the civil days
    they fall on in the zone given to `write`. `revision` grows each time the entry changes.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str
    location: str = ""
    description: str = ""
    is_all_day: bool = False
    is_cancelled: bool = False
    is_tentative: bool = False
    is_busy: bool = True
    revision: int = 0


def write(
    entries: Iterable[Entry], *, name: str, now: datetime, zone: str = "Europe/Paris"
) -> bytes:
    """Write a feed called `name`, as it stands at `now` (aware). Same input, same bytes.

    Raises ValueError for naive moments and for an end before its start: a feed with such an entry
    would be dropped whole by some programs.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", str(name))
    calendar.add("name", str(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    home = ZoneInfo(zone)
    for entry in sorted(entries, key=_order):
        calendar.add_component(_event(entry, now.astimezone(UTC), home))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime, zone: ZoneInfo) -> icalendar.Event:
    _check(entry)
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    if entry.is_all_day:
        first = entry.starts_at.astimezone(zone).date()
        last = (entry.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
        event.add("dtstart", first)
        event.add("dtend", max(first, last) + timedelta(days=1))
    else:
        event.add("dtstart", entry.starts_at.astimezone(UTC))
        event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", str(entry.title))
    event.add("sequence", entry.revision)
    event.add("status", _status(entry))
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    if entry.location:
        event.add("location", str(entry.location))
    if entry.description:
        event.add("description", str(entry.description))
    return event


def _status(entry: Entry) -> str:
    if entry.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if entry.is_tentative else "CONFIRMED"


def _check(entry: Entry) -> None:
    if entry.starts_at.tzinfo is None or entry.ends_at.tzinfo is None:
        raise ValueError(f"{entry.uid}: a moment has no time zone")
    if entry.ends_at < entry.starts_at:
        raise ValueError(f"{entry.uid} ends before it starts")


def _order(entry: Entry) -> tuple[str, str]:
    return entry.starts_at.isoformat(), entry.uid
