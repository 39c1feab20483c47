"""What recovers the lessons that a period takes, and what moved since a request was made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from reseda.service.models import Period
from reseda.timetable.domain import catch_up, conflicts
from reseda.timetable.domain.catch_up import Proposal, Recovery
from reseda.timetable.domain.events import Event
from reseda.timetable.models import Absence, AccommodationRequest, Lesson
from reseda.timetable.queries.lessons import Timetable, events, timetable
from reseda.timetable.queries.periods import HARMLESS, LIVE, Clash, Meeting, rank

Status = AccommodationRequest.Status


@dataclass(frozen=True)
class Recovered:
    """A lesson that a period covers, and what is proposed to recover it."""

    clash: Clash
    recovery: Recovery

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The sessions proposed, the surest first."""
        return self.recovery.proposals

    @property
    def recoveries(self) -> tuple[Proposal, ...]:
        """The sessions that give the lesson again."""
        return tuple(one for one in self.recovery.proposals if one.is_recovery)


def whole(studies: Timetable) -> tuple[Event, ...]:
    """Return the sessions of every group (two queries for each feed whose groups were chosen)."""
    others = [one for feed in studies.feeds if feed.chosen_groups for one in events(feed)]
    kept = {(one.uid, one.starts_at, one.ends_at): one for one in (*others, *studies.events)}
    return tuple(kept.values())


def recovered(met: Meeting) -> tuple[Recovered, ...]:
    """Return what recovers each lesson that a period covers, in the order of its list.

    No proposal meets any period of the student, cancelled ones apart (one query, besides those of
    `whole`).
    """
    clashes = met.clashes
    if not clashes:
        return ()
    engagement = met.period.engagement
    away = Period.objects.filter(engagement__person=engagement.person_id)
    away = away.exclude(status=Period.Status.CANCELLED)
    spans = [conflicts.Period(str(one.pk), one.starts_at, one.ends_at) for one in away]
    found = catch_up.recoveries(
        [clash.event for clash in clashes],
        whole(met.timetable),
        met.timetable.events,
        [met.span, *spans],
    )
    return tuple(Recovered(*pair) for pair in zip(clashes, found, strict=True))


def sums(found: Iterable[Recovered]) -> tuple[catch_up.Sum, ...]:
    """Add up what is missed and what stays lost, kind by kind."""
    return catch_up.sums(one.recovery for one in found)


@dataclass(frozen=True)
class Change:
    """What a timetable read since did to a request: `absence` as it was, `event` as it is now.

    `what`: "moved" (still under the period), "out" (moved, no longer missed), "gone" (no longer in
    the timetable), "added" (a lesson that the request does not know), "catch_up_moved" and
    "catch_up_gone" (the session chosen to recover it).
    """

    what: str
    absence: Absence | None = None
    event: Event | None = None
    at: datetime | None = None


def changes(found: AccommodationRequest, studies: Timetable | None = None) -> tuple[Change, ...]:
    """Return what moved in the student's timetable since a request that still counts was made.

    Lessons already over are left alone. Two queries, besides those of the timetable.
    """
    if found.status not in LIVE or found.ends_at <= timezone.now():
        return ()
    studies = studies or timetable(found.person)
    if not studies.feeds:
        return ()
    absences = list(found.absences.all())
    known = {one.uid for one in absences}
    ahead = [one for one in absences if one.ends_at > timezone.now()]
    touched = _touched(found, studies)
    moved = [change for one in ahead if (change := _moved(one, studies, touched))]
    added = [
        Change("added", event=one)
        for one in touched
        if one.uid not in known and one.ends_at > timezone.now()
    ]
    gone = {change.absence.pk for change in moved if change.absence and change.what != "moved"}
    kept = [one for one in ahead if one.pk not in gone]
    return (*moved, *added, *_moved_catch_ups(found, kept))


def _touched(found: AccommodationRequest, studies: Timetable) -> Sequence[Event]:
    span = conflicts.Period("", found.starts_at, found.ends_at)
    met = conflicts.conflicts(studies.events, [span], travel_minutes=found.travel_minutes)
    alike = {(one.uid, one.event.starts_at): one.event for one in met if one.kind not in HARMLESS}
    return sorted(alike.values(), key=lambda one: (rank(one.kind), one.starts_at))


def _moved(absence: Absence, studies: Timetable, touched: Sequence[Event]) -> Change | None:
    alike = [one for one in studies.events if one.uid == absence.uid]
    if not alike:
        return Change("gone", absence)
    if any((one.starts_at, one.ends_at) == (absence.starts_at, absence.ends_at) for one in alike):
        return None
    missed = next((one for one in touched if one.uid == absence.uid), None)
    return Change("moved", absence, missed) if missed else Change("out", absence, alike[0])


def _moved_catch_ups(found: AccommodationRequest, absences: Sequence[Absence]) -> list[Change]:
    chosen = [one for one in absences if one.catch_up_uid and one.catch_up_at]
    if not chosen:
        return []
    lessons = Lesson.objects.filter(
        feed__person=found.person_id,
        feed__removed_at__isnull=True,
        uid__in={one.catch_up_uid for one in chosen},
    )
    starts: dict[str, list[datetime]] = {}
    for uid, start in lessons.values_list("uid", "starts_at"):
        starts.setdefault(uid, []).append(start)
    told = []
    for one in chosen:
        now = starts.get(one.catch_up_uid, [])
        if one.catch_up_at not in now:
            what = "catch_up_moved" if now else "catch_up_gone"
            told.append(Change(what, one, at=now[0] if now else None))
    return told
