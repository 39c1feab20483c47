"""Calendar feeds: a person’s own under discreet titles, and the half-days a unit may see."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reseda.people.models import Person
from reseda.service.models import Engagement, Period
from reseda.timetable.domain.availability import Block, blocks
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.feed import Entry
from reseda.timetable.domain.planning.model import Policy
from reseda.timetable.models import (
    Absence,
    AccommodationRequest,
    CalendarAccess,
    Plan,
    PlanLine,
    UnitCalendar,
)
from reseda.timetable.queries.lessons import timetable

# A catch-up is as long as the lesson it replaces, an hour where that one is not known.
HOUR = timedelta(hours=1)


def digest_of(token: str) -> str:
    """Return what is compared of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def access(token: str) -> CalendarAccess | None:
    """Return the calendar that a token opens, if it opens one and its person may still sign in."""
    found = CalendarAccess.objects.select_related("person").filter(token_digest=digest_of(token))
    return found.filter(person__is_active=True).first()


def entries(held: CalendarAccess) -> list[Entry]:
    """Return what a person chose to have in their calendar, under discreet titles.

    Calendars are read over shoulders and shared: no force, no unit, no place, no purpose.
    """
    person = held.person
    found: list[Entry] = []
    events = timetable(person).events if held.has_lessons or held.has_catch_ups else ()
    if held.has_periods:
        found.extend(_periods(person))
    if held.has_lessons:
        found.extend(_lessons(person, events))
    if held.has_catch_ups:
        found.extend(_catch_ups(person, events, held.has_lessons))
    if held.has_plan:
        found.extend(_planned(person))
    return found


def _kept(person: Person) -> Iterator[Period]:
    held = Period.objects.filter(engagement__person=person)
    yield from held.exclude(status=Period.Status.CANCELLED)


def _periods(person: Person) -> Iterator[Entry]:
    for period in _kept(person):
        yield Entry(
            uid=f"occupation-{period.pk}@reseda",
            starts_at=period.starts_at,
            ends_at=period.ends_at,
            title=_("Indisponible"),
        )


def _lessons(person: Person, events: tuple[Event, ...]) -> Iterator[Entry]:
    excused, seen = excused_lessons(person), set[str]()
    for event in events:
        is_excused = (event.uid, event.starts_at) in excused
        title = f"{event.title} · {_('absence justifiée')}" if is_excused else event.title
        # A lesson that one feed knows at its former time and another at the new one.
        uid = event.uid if event.uid not in seen else f"{event.uid}#{event.starts_at:%Y%m%dT%H%M}"
        seen.add(event.uid)
        yield Entry(
            uid=uid,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            is_all_day=event.is_all_day,
            title=title,
            location=event.location,
        )


def _catch_ups(person: Person, events: tuple[Event, ...], has_lessons: bool) -> Iterator[Entry]:
    """Yield the catch-ups agreed that have a moment; a lesson already shown is not said twice."""
    known = {(event.uid, event.starts_at): event for event in events}
    for absence in _excused(person).filter(catch_up_at__isnull=False):
        start = absence.catch_up_at
        if start is None:
            continue
        lesson = known.get((absence.catch_up_uid, start))
        if lesson and has_lessons:
            continue
        length = absence.ends_at - absence.starts_at
        yield Entry(
            uid=f"rattrapage-{absence.pk}@reseda",
            starts_at=start,
            ends_at=lesson.ends_at if lesson else start + (length or HOUR),
            title=_("Rattrapage : %(title)s") % {"title": absence.title},
            location=lesson.location if lesson else "",
        )


def _planned(person: Person) -> Iterator[Entry]:
    """Yield what a published plan keeps for a person who has not answered yet."""
    lines = PlanLine.objects.filter(
        engagement__person=person,
        plan__status=Plan.Status.PUBLISHED,
        is_granted=True,
        answer="",
        offer__withdrawn_at__isnull=True,
        offer__ends_at__gt=timezone.now(),
    ).select_related("offer")
    for line in lines:
        yield Entry(
            uid=f"plan-{line.engagement_id}-{line.offer_id}@reseda",
            starts_at=line.offer.starts_at,
            ends_at=line.offer.ends_at,
            title=_("À confirmer"),
            is_busy=False,
            is_tentative=True,
        )


def _excused(person: Person) -> QuerySet[Absence]:
    return Absence.objects.filter(
        request__person=person,
        request__status=AccommodationRequest.Status.GRANTED,
        answer=Absence.Answer.EXCUSED,
    ).exclude(request__period__status=Period.Status.CANCELLED)


def excused_lessons(person: Person) -> set[tuple[str, datetime]]:
    """Return the lessons, by UID and start, that an accommodation excuses: not once moved."""
    return set(_excused(person).values_list("uid", "starts_at"))


# --- What the unit may see


def unit_calendar(token: str, today: date) -> UnitCalendar | None:
    """Return what a token lets a unit see: nothing once closed, past or out of contract."""
    return (
        UnitCalendar.objects.select_related("engagement__person")
        .filter(
            Q(engagement__ended_on__isnull=True) | Q(engagement__ended_on__gt=today),
            token_digest=digest_of(token),
            to_on__gte=today,
            engagement__contract_end_on__gte=today,
            engagement__person__is_active=True,
        )
        .first()
    )


def open_calendar_of(engagement: Engagement) -> UnitCalendar | None:
    """Return what an engagement shares with its unit, open or past."""
    return UnitCalendar.objects.filter(engagement=engagement).first()


def unit_entries(shared: UnitCalendar, today: date) -> list[Entry]:
    """Return what a unit sees: the periods shown to it, and half-days taken by whatever else.

    Taken: lessons that may not be missed and are not excused, and every other period.
    """
    person = shared.engagement.person
    shown_keys = set(shared.periods.values_list("pk", flat=True))
    kept = list(_kept(person))
    shown = [period for period in kept if period.pk in shown_keys]
    others = [(one.starts_at, one.ends_at) for one in kept if one.pk not in shown_keys]
    first = max(shared.from_on, today)
    last = min(shared.to_on, shared.engagement.contract_end_on)
    taken = blocks(
        [*_compulsory(person), *others],
        first=first,
        last=last,
        apart_from=[(period.starts_at, period.ends_at) for period in shown],
    )
    service = [_shown(period) for period in shown if _is_within(period, first, last)]
    return [*service, *(_busy(shared, block) for block in taken)]


def _compulsory(person: Person) -> Iterator[tuple[datetime, datetime]]:
    excused, hard = excused_lessons(person), Policy().hard
    for event in timetable(person).events:
        if event.kind in hard and (event.uid, event.starts_at) not in excused:
            yield event.starts_at, event.ends_at


def _is_within(period: Period, first: date, last: date) -> bool:
    start, end = timezone.localdate(period.starts_at), timezone.localdate(period.ends_at)
    return start <= last and end >= first


def _shown(period: Period) -> Entry:
    is_sure = period.status != Period.Status.PLANNED
    return Entry(
        uid=f"periode-{period.pk}@reseda",
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        title=_("Période confirmée") if is_sure else _("Période prévue"),
        is_tentative=not is_sure,
    )


def _busy(shared: UnitCalendar, block: Block) -> Entry:
    """Name a block by its start, under a key that tells nothing and changes with the address."""
    start = block.starts_at.isoformat()
    name = hmac.new(shared.token_digest.encode(), start.encode(), hashlib.sha256).hexdigest()
    return Entry(
        uid=f"{name[:32]}@reseda",
        starts_at=block.starts_at,
        ends_at=block.ends_at,
        title=_("Indisponible"),
    )
