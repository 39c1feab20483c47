"""What is done with the secret address of a calendar: opened, changed, closed."""

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.timetable.models import CalendarAccess
from reseda.timetable.queries.calendars import digest_of

OPEN = Verb("timetable.open_calendar", _("a ouvert l’adresse de son agenda"))
CLOSE = Verb("timetable.close_calendar", _("a fermé l’adresse de son agenda"))


@transaction.atomic
def open_access(person: Person, *, by: Person) -> CalendarAccess:
    """Give the person’s calendar a new secret address; the former one stops working."""
    token = secrets.token_urlsafe(32)
    access, _is_new = CalendarAccess.objects.update_or_create(
        person=person, defaults={"token": token, "token_digest": digest_of(token)}
    )
    record(OPEN, access, by=by)
    return access


@transaction.atomic
def close_access(access: CalendarAccess, *, by: Person) -> None:
    """Close the calendar’s address."""
    record(CLOSE, access, by=by)
    access.delete()
