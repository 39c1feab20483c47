"""What icalendar and recurring-ical-events make of a calendar, to compare with our reading."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

PARIS = ZoneInfo("Europe/Paris")
SPAN = timedelta(days=365)
# Days are counted in several zones: none of them may fall on the edge of the window.
MARGIN = timedelta(days=2)

Told = tuple[str, datetime, datetime]


def utc(moment: date) -> datetime:
    """Give the instant of a day, or of a time without a zone, as a school in Paris means it."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=PARIS)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=PARIS)
    return moment.astimezone(UTC)


def calendars(data: bytes) -> list[icalendar.Calendar]:
    """Parse a file as icalendar does; raise whatever it raises."""
    return list(icalendar.Calendar.from_ical(data, multiple=True))


def window(parsed: list[icalendar.Calendar]) -> tuple[date, date] | None:
    """The year that follows the first event; None without any event."""
    events = [event for calendar in parsed for event in calendar.walk("VEVENT")]
    starts = [utc(event.start) for event in events if isinstance(event, icalendar.Event)]
    if not starts:
        return None
    return (min(starts) - MARGIN).date(), (min(starts) + SPAN).date()


def occurrences(parsed: list[icalendar.Calendar], days: tuple[date, date]) -> set[Told]:
    """List the occurrences that touch the days, the last one included."""
    first, last = utc(days[0]), utc(days[1] + timedelta(days=1))
    found = (
        (str(event.get("UID", "")).strip(), utc(event.start), utc(event.end))
        for calendar in parsed
        for event in recurring_ical_events.of(calendar, components=["VEVENT"]).between(first, last)
    )
    return set(found)
