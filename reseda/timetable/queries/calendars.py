"""The calendar feed of a person: their periods and their lessons, under discreet titles."""

import hashlib

from django.utils.translation import gettext as _

from reseda.people.models import Person
from reseda.service.models import Period
from reseda.timetable.domain.feed import Entry
from reseda.timetable.models import AccommodationRequest, CalendarAccess
from reseda.timetable.queries.lessons import feeds_of, own_events
from reseda.timetable.queries.periods import LIVE


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
            uid=f"period-{period.pk}",
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            title=_("Indisponible"),
        )
        for period in periods
    ]
    excused = set(
        AccommodationRequest.objects.filter(person=person, status=LIVE[1]).values_list(
            "absences__uid", flat=True
        )
    )
    for event in own_events(feeds_of(person)):
        title = f"{event.title} · {_('absence justifiée')}" if event.uid in excused else event.title
        found.append(
            Entry(
                uid=event.uid,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                is_all_day=event.is_all_day,
                title=title,
                location=event.location,
            )
        )
    return found
