"""Writing a calendar feed (RFC 5545) that a telephone or a mail program subscribes to.

What may be said in it is decided by the caller: a feed travels in clear through other people's
servers, so titles and places that reveal an engagement must not be given here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar

PRODUCT = "-//Réséda//FR"
REFRESH = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed. `key` names the thing itself and never changes: the UID comes from it.

    `starts` and `ends` are both aware moments, or both civil days with the end excluded.
    `revision` grows each time the entry changes.
    """

    key: str
    starts: datetime | date
    ends: datetime | date
    title: str
    location: str = ""
    description: str = ""
    url: str = ""
    revision: int = 0
    is_cancelled: bool = False
    is_busy: bool = True


def write(entries: Iterable[Entry], *, name: str, now: datetime) -> bytes:
    """Write a feed called `name`, as it stands at `now` (aware). Same input, same bytes.

    Raises ValueError for naive moments, for a day mixed with a moment and for an end before its
    start: a feed with such an entry would be dropped whole by some programs.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in sorted(entries, key=_order):
        calendar.add_component(_event(entry, now.astimezone(UTC)))
    return bytes(calendar.to_ical())


def uid(key: str) -> str:
    """The UID of an entry: the same at every writing."""
    return f"{key}@reseda"


def _event(entry: Entry, now: datetime) -> icalendar.Event:
    starts, ends = _checked(entry)
    event = icalendar.Event()
    event.add("uid", uid(entry.key))
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", entry.title)
    event.add("sequence", entry.revision)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT")
    for field in ("location", "description", "url"):
        if value := getattr(entry, field):
            event.add(field, value)
    return event


def _checked(entry: Entry) -> tuple[datetime | date, datetime | date]:
    starts, ends = entry.starts, entry.ends
    is_mixed = isinstance(starts, datetime) != isinstance(ends, datetime)
    if is_mixed:
        raise ValueError(f"{entry.key}: a day and a moment are mixed")
    if isinstance(starts, datetime) and isinstance(ends, datetime):
        if starts.tzinfo is None or ends.tzinfo is None:
            raise ValueError(f"{entry.key}: a moment has no time zone")
        starts, ends = starts.astimezone(UTC), ends.astimezone(UTC)
    if ends < starts:
        raise ValueError(f"{entry.key} ends before it starts")
    return starts, ends


def _order(entry: Entry) -> tuple[str, str]:
    return entry.starts.isoformat(), entry.key
