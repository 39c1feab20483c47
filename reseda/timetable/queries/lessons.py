"""Lessons of a timetable, as they count for its person: corrections and sub-groups applied."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import QuerySet

from reseda.people.models import Person
from reseda.schools.queries import enrolment
from reseda.timetable.domain import groups
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.groups import GroupCount
from reseda.timetable.models import Correction, Feed, Lesson

MOST_LESSONS = 20_000


@dataclass(frozen=True)
class Timetable:
    """What a person has to attend: the feeds, their lessons once each, by their start.

    `unsorted` are the feeds of several sub-groups of which none was chosen: they are kept whole,
    since a conflict too many is better than one missed.
    """

    feeds: tuple[Feed, ...] = ()
    events: tuple[Event, ...] = ()
    unsorted: tuple[Feed, ...] = ()

    def within(self, start: datetime, end: datetime) -> tuple[Event, ...]:
        """Return the lessons that touch the time from `start` to `end`, excluded."""
        return tuple(one for one in self.events if one.starts_at < end and one.ends_at > start)


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
    """Return the events of a feed, all groups, corrected (two queries)."""
    lessons = Lesson.objects.filter(feed=feed)
    corrected = dict(Correction.objects.filter(feed=feed).values_list("uid", "kind"))
    return tuple(event(lesson, corrected.get(lesson.uid)) for lesson in lessons[:MOST_LESSONS])


def timetable(person: Person) -> Timetable:
    """Return what a person has to attend (one query, and two a feed).

    A lesson that two feeds give is kept once, as the latest feed says it. Groups are told apart on
    the whole feed, never on a window of it, which may not show them all.
    """
    feeds = tuple(feeds_of(person))
    kept: dict[tuple[str, datetime, datetime], Event] = {}
    unsorted = []
    for feed in feeds:
        found = events(feed)
        if not feed.chosen_groups and has_several(groups.groups(found)):
            unsorted.append(feed)
        for one in groups.for_groups(found, feed.chosen_groups):
            kept.setdefault((one.uid, one.starts_at, one.ends_at), one)
    order = sorted(kept.values(), key=lambda one: (one.starts_at, one.ends_at, one.uid))
    return Timetable(feeds, tuple(order), tuple(unsorted))


def has_several(counts: tuple[GroupCount, ...]) -> bool:
    """Tell whether a feed is that of several sub-groups, among which a person has to choose."""
    return sum(1 for one in counts if one.level == groups.SUBGROUP) > 1


def suggested_groups(person: Person, counts: tuple[GroupCount, ...], on: date) -> tuple[str, ...]:
    """Return the groups of a feed that bear the codes of the person’s enrolment on a day."""
    held = enrolment(person, on)
    if held is None:
        return ()
    codes = {_folded(code) for code in held.groups.values_list("code", flat=True)}
    return tuple(one.code for one in counts if _folded(one.code) in codes)


def _folded(code: str) -> str:
    return " ".join(code.casefold().split())
