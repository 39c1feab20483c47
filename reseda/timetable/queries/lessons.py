"""Lessons of a timetable, as they count for its person: corrections and sub-groups applied."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db.models import QuerySet

from reseda.people.models import Person
from reseda.timetable.domain import groups
from reseda.timetable.domain.events import Event
from reseda.timetable.models import Correction, Feed, Lesson

MOST_LESSONS = 20_000


def feeds_of(person: Person) -> QuerySet[Feed]:
    """Return the timetables that a person keeps, latest first."""
    return Feed.objects.filter(person=person, removed_at__isnull=True)


def event(lesson: Lesson, kind: str | None = None) -> Event:
    """Turn a stored lesson into what the engine reads, under its corrected kind if there is one."""
    return Event(
        starts_at=lesson.starts_at.astimezone(UTC),
        ends_at=lesson.ends_at.astimezone(UTC),
        uid=lesson.uid,
        is_all_day=lesson.is_all_day,
        title=lesson.title,
        location=lesson.location,
        group=lesson.group,
        module=lesson.module,
        kind=kind or lesson.kind,
        is_sure=bool(kind) or lesson.is_sure,
        rule="correction" if kind else lesson.rule,
        is_for_whole_promotion=lesson.is_for_whole_promotion,
    )


def events(feed: Feed) -> tuple[Event, ...]:
    """Return the events of a feed, all groups, corrected."""
    lessons = Lesson.objects.filter(feed=feed)
    corrected = dict(Correction.objects.filter(feed=feed).values_list("uid", "kind"))
    return tuple(event(lesson, corrected.get(lesson.uid)) for lesson in lessons[:MOST_LESSONS])


def own_events(
    feeds: Iterable[Feed], window: tuple[datetime, datetime] | None = None
) -> tuple[Event, ...]:
    """Return the events that concern the person: those of the chosen groups of each feed.

    A feed whose groups were not chosen is kept whole: better a conflict too many than one missed.
    Groups are told apart on the whole feed, never on a window of it, which may not show them all.
    """
    kept: list[Event] = []
    for feed in feeds:
        kept += groups.for_groups(events(feed), feed.chosen_groups)
    if window:
        kept = [one for one in kept if one.starts_at < window[1] and one.ends_at > window[0]]
    return tuple(sorted(kept, key=lambda one: (one.starts_at, one.ends_at, one.uid)))
