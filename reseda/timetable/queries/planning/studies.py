"""The timetables of many people at once: as many queries for one as for a thousand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Max, Q
from django.utils import timezone

from reseda.timetable.domain import groups
from reseda.timetable.domain.events import GROUP_SEPARATOR, Event
from reseda.timetable.domain.planning.model import Busy
from reseda.timetable.models import Correction, Feed, Lesson

Window = tuple[datetime, datetime]
Combination = tuple[str, bool]


@dataclass(frozen=True)
class Studies:
    """What is known of somebody’s studies in some windows of time.

    `known_until` is the day of the last lesson of all (None without any lesson: nothing can be said
    of these studies); `is_doubtful` when a feed failed or shrank, and is kept as it was.
    """

    busy: tuple[Busy, ...] = ()
    known_until: date | None = None
    is_doubtful: bool = False


@dataclass
class _Sheet:
    """The feeds of one person while they are read: latest first, a lesson once."""

    rank: dict[int, int] = field(default_factory=dict)
    lessons: dict[tuple[str, datetime, datetime], tuple[int, str]] = field(default_factory=dict)
    last_at: datetime | None = None
    is_doubtful: bool = False


def studies(people: Collection[int], windows: Iterable[Window]) -> dict[int, Studies]:
    """Return the studies of people (by key) inside windows of time (four queries).

    The same lessons as `lessons.timetable` gives: kinds as corrected, groups as chosen, a lesson of
    two feeds once, as the latest says it. People who share a timetable share its objects.
    """
    merged = merge(windows)
    feeds = list(Feed.objects.filter(person__in=people, removed_at__isnull=True))
    sheets: dict[int, _Sheet] = defaultdict(_Sheet)
    owner: dict[int, int] = {}
    last = last_moments([feed.pk for feed in feeds])
    for rank, feed in enumerate(feeds):
        sheet, owner[feed.pk] = sheets[feed.person_id], feed.person_id
        sheet.rank[feed.pk] = rank
        sheet.is_doubtful |= feed.state != Feed.State.FRESH
        if ends_at := last.get(feed.pk):
            sheet.last_at = max(ends_at, sheet.last_at or ends_at)
    if merged:
        _read(feeds, sheets, owner, merged)
    return _shared(sheets)


def last_moments(feeds: Collection[int]) -> dict[int, datetime]:
    """Return when the last lesson of each feed ends, by key (one query)."""
    lessons = Lesson.objects.filter(feed__in=feeds).order_by()
    return dict(lessons.values_list("feed").annotate(last=Max("ends_at")))


def merge(windows: Iterable[Window]) -> list[Window]:
    """Return windows of time without overlap, in order."""
    found: list[Window] = []
    for start, end in sorted(windows):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _read(
    feeds: Sequence[Feed],
    sheets: Mapping[int, _Sheet],
    owner: Mapping[int, int],
    windows: Sequence[Window],
) -> None:
    keys = [feed.pk for feed in feeds]
    groups_of = attended([feed for feed in feeds if feed.chosen_groups])
    corrected = {
        (feed, uid): kind
        for feed, uid, kind in Correction.objects.filter(feed__in=keys).values_list(
            "feed", "uid", "kind"
        )
    }
    during = reduce(or_, (Q(starts_at__lt=end, ends_at__gt=start) for start, end in windows))
    rows = Lesson.objects.filter(during, feed__in=keys).order_by()
    for feed, uid, start, end, kind, group, is_whole in rows.values_list(
        "feed", "uid", "starts_at", "ends_at", "kind", "group", "is_for_whole_promotion"
    ).iterator(chunk_size=5000):
        if feed in groups_of and (group, is_whole) not in groups_of[feed]:
            continue
        sheet = sheets[owner[feed]]
        key, rank = (uid, start, end), sheet.rank[feed]
        if key not in sheet.lessons or rank < sheet.lessons[key][0]:
            sheet.lessons[key] = (rank, corrected.get((feed, uid), kind))


def attended(feeds: Sequence[Feed]) -> dict[int, set[Combination]]:
    """Return, for feeds whose person chose groups, the groups written on what they attend.

    Told on the whole feed, never on a window of it, which may not show all its groups.
    """
    combinations: dict[int, list[Event]] = defaultdict(list)
    moment = timezone.now()
    rows = Lesson.objects.filter(feed__in=[feed.pk for feed in feeds]).order_by()
    for feed, group, is_whole in rows.values_list(
        "feed", "group", "is_for_whole_promotion"
    ).distinct():
        shell = Event(moment, moment, "", group=group, is_for_whole_promotion=is_whole)
        combinations[feed].append(shell)
    return {
        feed.pk: {
            (GROUP_SEPARATOR.join(event.groups), event.is_for_whole_promotion)
            for event in groups.for_groups(combinations[feed.pk], feed.chosen_groups)
        }
        for feed in feeds
    }


def _shared(sheets: Mapping[int, _Sheet]) -> dict[int, Studies]:
    events: dict[tuple[str, datetime, datetime, str], Busy] = {}
    timetables: dict[tuple[int, ...], tuple[Busy, ...]] = {}
    found = {}
    for person, sheet in sheets.items():
        busy = []
        for (uid, start, end), (_rank, kind) in sorted(sheet.lessons.items()):
            key = (uid, start, end, kind)
            busy.append(events.setdefault(key, Busy(uid, start, end, kind)))
        shared = timetables.setdefault(tuple(id(one) for one in busy), tuple(busy))
        until = timezone.localtime(sheet.last_at).date() if sheet.last_at else None
        found[person] = Studies(shared, until, sheet.is_doubtful)
    return found


def widened(start: datetime, end: datetime, minutes: int) -> Window:
    """Return a stretch of time with a margin at both ends."""
    margin = timedelta(minutes=minutes)
    return start - margin, end + margin
