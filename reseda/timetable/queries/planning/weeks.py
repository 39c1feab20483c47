"""The weeks of people’s studies as the planner draws them: with exams, without lessons, unknown."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from reseda.timetable.domain.planner_picture import A_WEEK, Frame, monday_of
from reseda.timetable.models import Correction, Feed, Kind, Lesson
from reseda.timetable.queries.planning.studies import attended, last_moments

HARMLESS = (Kind.HOLIDAY, Kind.ADMIN)


@dataclass(frozen=True)
class Calendar:
    """The weeks of somebody’s studies, by their Mondays; `known_until` is the last day known."""

    exams: frozenset[date] = frozenset()
    idle: frozenset[date] = frozenset()
    known_until: date | None = None
    is_doubtful: bool = False


def calendars_of(people: Collection[int], paper: Frame) -> dict[int, Calendar]:
    """Return the weeks of studies of people, by key (six queries at most).

    Sub-groups are told apart for exams alone: a week without lessons has none of any group.
    """
    feeds = list(Feed.objects.filter(person__in=people, removed_at__isnull=True))
    keys = [feed.pk for feed in feeds]
    start = timezone.make_aware(datetime.combine(paper.mondays[0], time()))
    end = timezone.make_aware(datetime.combine(paper.mondays[-1] + A_WEEK, time()))
    lessons = Lesson.objects.filter(feed__in=keys, starts_at__gte=start, starts_at__lt=end)
    busy: dict[int, set[date]] = defaultdict(set)
    weeks = lessons.exclude(kind__in=HARMLESS).order_by().annotate(week=TruncWeek("starts_at"))
    for feed, week in weeks.values_list("feed", "week").distinct():
        busy[feed].add(timezone.localtime(week).date())
    exams, last = _exams(feeds, lessons), last_moments(keys)
    owned: dict[int, list[Feed]] = defaultdict(list)
    for one in feeds:
        owned[one.person_id].append(one)
    return {
        person: _calendar(own, busy, exams, last, paper.mondays) for person, own in owned.items()
    }


def _exams(feeds: Sequence[Feed], lessons: QuerySet[Lesson]) -> dict[int, set[date]]:
    """Return the weeks with exams of each feed, as corrected, of the groups chosen."""
    groups_of = attended([feed for feed in feeds if feed.chosen_groups])
    corrected: dict[tuple[int, str], str] = {
        (feed, uid): kind
        for feed, uid, kind in Correction.objects.filter(
            feed__in=[feed.pk for feed in feeds]
        ).values_list("feed", "uid", "kind")
    }
    said = {uid for (_feed, uid), kind in corrected.items() if kind == Kind.EXAM}
    found: dict[int, set[date]] = defaultdict(set)
    rows = lessons.filter(Q(kind=Kind.EXAM) | Q(uid__in=said)).order_by()
    for feed, uid, starts_at, kind, group, is_whole in rows.values_list(
        "feed", "uid", "starts_at", "kind", "group", "is_for_whole_promotion"
    ):
        if corrected.get((feed, uid), kind) != Kind.EXAM:
            continue
        if feed in groups_of and (group, is_whole) not in groups_of[feed]:
            continue
        found[feed].add(monday_of(timezone.localtime(starts_at).date()))
    return found


def _calendar(
    feeds: Sequence[Feed],
    busy: Mapping[int, set[date]],
    exams: Mapping[int, set[date]],
    last: Mapping[int, datetime],
    mondays: Sequence[date],
) -> Calendar:
    taken = {week for feed in feeds for week in busy.get(feed.pk, ())}
    moments = [last[feed.pk] for feed in feeds if feed.pk in last]
    until = timezone.localtime(max(moments)).date() if moments else None
    return Calendar(
        exams=frozenset(week for feed in feeds for week in exams.get(feed.pk, ())),
        idle=frozenset(
            monday for monday in mondays if until and monday <= until and monday not in taken
        ),
        known_until=until,
        is_doubtful=any(feed.state != Feed.State.FRESH for feed in feeds),
    )
