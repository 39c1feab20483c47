"""The calendar feed of a person: their periods and their lessons, under discreet titles."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from reseda.people.models import Person
from reseda.service.models import Period
from reseda.timetable.domain.feed import Entry
from reseda.timetable.models import Absence, AccommodationRequest, CalendarAccess
from reseda.timetable.queries.lessons import timetable


def digest_of(token: str) -> str:
    """Return what is compared of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def access(token: str) -> CalendarAccess | None:
    """Return the calendar that a token opens, if it opens one and its person may still sign in."""
    found = CalendarAccess.objects.select_related("person").filter(token_digest=digest_of(token))
    return found.filter(person__is_active=True).first()


def entries(person: Person) -> list[Entry]:
    """Return what the calendar shows: service as "Indisponible", lessons, lessons excused.

    Calendars are read over shoulders and shared: no force, no unit, no place, no purpose.
    """
    periods = Period.objects.filter(engagement__person=person).exclude(
        status=Period.Status.CANCELLED
    )
    found = [
        Entry(
            uid=f"occupation-{period.pk}@reseda",
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            title=_("Indisponible"),
        )
        for period in periods
    ]
    excused, seen = excused_lessons(person), set[str]()
    for event in timetable(person).events:
        is_excused = (event.uid, event.starts_at) in excused
        title = f"{event.title} · {_('absence justifiée')}" if is_excused else event.title
        # A lesson that one feed knows at its former time and another at the new one.
        uid = event.uid if event.uid not in seen else f"{event.uid}#{event.starts_at:%Y%m%dT%H%M}"
        seen.add(event.uid)
        found.append(
            Entry(
                uid=uid,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                is_all_day=event.is_all_day,
                title=title,
                location=event.location,
            )
        )
    return found


def excused_lessons(person: Person) -> set[tuple[str, datetime]]:
    """Return the lessons, by UID and start, that an accommodation excuses: not once moved."""
    granted = Absence.objects.filter(
        request__person=person, request__status=AccommodationRequest.Status.GRANTED
    ).exclude(request__period__status=Period.Status.CANCELLED)
    return set(granted.values_list("uid", "starts_at"))
