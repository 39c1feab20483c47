"""Reading the periods that a unit offers from a calendar (RFC 5545), recurrences unfolded.

The title is the purpose; lines « places : 12 » of the description say the rest, under the headings
of the tables.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import icalendar
import recurring_ical_events
from icalendar.error import BrokenCalendarProperty
from icalendar.prop import vRecur

from reseda.schools.domain.sheets import plain
from reseda.schools.domain.workbooks import Unreadable
from reseda.service.domain.days import PARIS
from reseda.service.domain.offer_files import COLUMNS, MOST_OFFERS, Found, Reading, gather

MAX_BYTES = 2 * 1024 * 1024
MOST_TIMES = 120
LONGEST_SERIES = timedelta(days=800)
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
# Parts by which a rule can say thousands of moments a day, or almost none in a thousand years.
COSTLY = {"BYHOUR", "BYMINUTE", "BYSECOND", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"}
HEADINGS = {plain(name): code for code, names in COLUMNS.items() for name in names}
SAID_BY_EVENT = {"starts_at", "ends_at", "purpose", "place", "uid"}


def read_calendar(data: bytes, *, force: str = "", unit_name: str = "") -> Found:
    """Read a calendar; the events of one are numbered from 1, in their order in the file.

    Raises `Unreadable`: too_big, broken_calendar, no_events.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("too_big", limit=MAX_BYTES // 1024**2)
    readings: list[Reading] = []
    for series in _series(_components(data)):
        readings.extend(_readings(series))
        if len(readings) > MOST_OFFERS:
            raise Unreadable("too_many_rows", limit=MOST_OFFERS)
    found = gather(readings, force=force, unit_name=unit_name)
    return Found(found.drafts, found.faults, is_calendar=True)


def _components(data: bytes) -> list[tuple[int, icalendar.Event]]:
    try:
        calendars = icalendar.Calendar.from_ical(_utf8(data), multiple=True)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Unreadable("broken_calendar") from error
    found = (event for one in calendars for event in one.walk("VEVENT"))
    events = [event for event in found if isinstance(event, icalendar.Event)]
    if not events:
        raise Unreadable("no_events")
    if len(events) > MOST_OFFERS:
        raise Unreadable("too_many_rows", limit=MOST_OFFERS)
    return list(enumerate(events, start=1))


def _utf8(data: bytes) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf")


Numbered = tuple[int, icalendar.Event]


def _series(events: list[Numbered]) -> Iterator[list[Numbered]]:
    """Yield together the events of one UID: a series with what moves or removes some of them."""
    groups: dict[str, list[Numbered]] = {}
    for number, event in events:
        groups.setdefault(str(event.get("UID", "")) or f"#{number}", []).append((number, event))
    for uid, members in groups.items():
        is_series = any("RRULE" in event or "RDATE" in event for _n, event in members)
        if is_series or uid.startswith("#") or len(members) == 1:
            yield members
        else:
            yield from ([member] for member in members)


def _readings(series: list[Numbered]) -> Iterator[Reading]:
    number, event = series[0]
    if _is_cancelled(event) and len(series) == 1:
        return
    code = _unfit(series)
    if code:
        wrong = Reading(number, {"purpose": str(event.get("SUMMARY", ""))})
        wrong.wrong("starts_at", code, most=MOST_TIMES)
        yield wrong
        return
    if not any("RRULE" in one or "RDATE" in one for _n, one in series):
        yield Reading(number, _cells(event))
        return
    for occurrence in _occurrences(series):
        yield Reading(number, _cells(occurrence, is_occurrence=True))


def _is_cancelled(event: icalendar.Event) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _unfit(series: list[Numbered]) -> str:
    """Return why the events of a series cannot be read, or nothing."""
    for _number, event in series:
        start = _when(event, "DTSTART")
        if start is None:
            return "missing"
        rule = event.get("RRULE")
        if isinstance(rule, list):
            return "recurrence"
        if rule is not None and not _may_unfold(rule, start):
            return "recurrence"
    return ""


def _may_unfold(rule: vRecur, start: date) -> bool:
    if set(rule.get("FREQ", [])) - FREQUENCIES or COSTLY & set(rule):
        return False
    counts, untils = rule.get("COUNT", []), rule.get("UNTIL", [])
    if counts:
        return all(0 < int(count) <= MOST_TIMES for count in counts)
    last = start + LONGEST_SERIES
    return bool(untils) and all(_day(until) <= _day(last) for until in untils)


def _occurrences(series: list[Numbered]) -> list[icalendar.Event]:
    calendar = icalendar.Calendar()
    for _number, event in series:
        calendar.add_component(event)
    first = min(_day(start) for _n, one in series if (start := _when(one, "DTSTART")))
    found = recurring_ical_events.of(calendar, components=["VEVENT"]).between(
        first - timedelta(days=1), first + LONGEST_SERIES + timedelta(days=1)
    )
    kept = [one for one in found if isinstance(one, icalendar.Event) and not _is_cancelled(one)]
    return sorted(kept, key=lambda one: _iso(_when(one, "DTSTART")))[: MOST_OFFERS + 1]


def _cells(event: icalendar.Event, *, is_occurrence: bool = False) -> dict[str, str]:
    start = _when(event, "DTSTART")
    end = _end(event, start)
    uid = str(event.get("UID", ""))
    if is_occurrence:
        named = _when(event, "RECURRENCE-ID") or start
        uid = f"{uid}@{_iso(named)}"
    cells = _said(str(event.get("DESCRIPTION", "")))
    return cells | {
        "starts_at": _iso(start),
        "ends_at": _iso(end),
        "purpose": _line(event, "SUMMARY"),
        "place": _line(event, "LOCATION"),
        "uid": uid,
    }


def _line(event: icalendar.Event, name: str) -> str:
    return " ".join(str(event.get(name, "")).split())


def _said(description: str) -> dict[str, str]:
    """Return what the lines of a description say under the headings of the tables."""
    cells: dict[str, str] = {}
    for line in description.splitlines():
        heading, mark, value = line.partition(":")
        code = HEADINGS.get(plain(heading)) if mark else None
        if code and code not in SAID_BY_EVENT:
            cells[code] = " ".join(value.split())
    return cells


def _when(event: icalendar.Event, name: str) -> date | None:
    found = _value(event, name)
    return found if isinstance(found, date) else None


def _value(event: icalendar.Event, name: str) -> object:
    """Return the moment or the length that a line says, None when it cannot be read."""
    try:
        return getattr(event.get(name), "dt", None)
    except BrokenCalendarProperty:
        return None


def _end(event: icalendar.Event, start: date | None) -> date | None:
    end = _when(event, "DTEND")
    length = _value(event, "DURATION")
    if end is None and start is not None and isinstance(length, timedelta):
        end = start + length
    if end is None or isinstance(end, datetime):
        return end
    # The end of whole days is the day after the last.
    return max(end - timedelta(days=1), start) if start and not isinstance(start, datetime) else end


def _iso(moment: date | None) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat() if moment else ""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
