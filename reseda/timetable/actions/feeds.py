"""What is done with timetables: given, read again, corrected, removed."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Actor, Verb, record
from reseda.people.models import Person
from reseda.schools.models import School
from reseda.timetable.domain.events import Event, Reading
from reseda.timetable.domain.school_rules import retyped
from reseda.timetable.models import Correction as CorrectionRow
from reseda.timetable.models import Feed, Kind, Lesson
from reseda.timetable.permissions import ADD_FEED, READ_FEED
from reseda.timetable.queries.rules import school_rules

ADD = Verb("timetable.add_feed", _("a ajouté un emploi du temps ({lessons} séances)"))
REFRESH = Verb("timetable.refresh_feed", _("a relu un emploi du temps ({outcome})"))
ACCEPT = Verb("timetable.accept_feed", _("a confirmé qu’un emploi du temps fait foi"))
CHOOSE = Verb("timetable.choose_groups", _("a choisi ses groupes"))
CORRECT = Verb("timetable.correct_kind", _("a corrigé le type d’une séance"))
REMOVE = Verb("timetable.remove_feed", _("a retiré un emploi du temps"))
RESTORE = Verb("timetable.restore_feed", _("a rétabli un emploi du temps"))

# A feed that loses more than this part of its lessons at once must be checked by its person.
SHRUNK = 0.5
MOST_PROBLEMS = 200
LONGEST_ETAG = 200
HOURS_BETWEEN_READINGS = 6
# A feed that keeps failing is tried again every two days.
LONGEST_WAIT = 8


@transaction.atomic
def add(
    person: Person, *, school: School, name: str, reading: Reading, by: Person, address: str = ""
) -> Feed:
    """Keep a timetable that was read; with an address, it will be read again from there.

    The same timetable is never kept twice: refused (`already_added`) while it is in use, taken up
    again when it had been removed. A newer export of one takes its place, and the groups and
    corrections of its person stay.
    """
    ADD_FEED.require(by, school)
    # Two presses of the button come here one after the other.
    Person.objects.select_for_update().get(pk=person.pk)
    feed = _former(person, reading, address)
    now = timezone.now()
    if feed is None:
        feed = Feed(person=person, school=school, name=name, origin=Feed.Origin.FILE, read_at=now)
    if address:
        feed.origin, feed.address, feed.name = Feed.Origin.ADDRESS, address, name
    _take(feed, reading)
    feed.removed_at = None
    if not reading.events:
        feed.state = Feed.State.ALARM
    feed.save()
    _store(feed, reading.events)
    record(ADD, feed, by=by, organisation=school.pk, lessons=len(reading.events))
    return feed


def _former(person: Person, reading: Reading, address: str) -> Feed | None:
    """Return the feed that a reading is another copy of; refuse what would change nothing."""
    own = Feed.objects.select_for_update().filter(person=person)
    in_use = own.filter(removed_at__isnull=True)
    same = in_use.filter(digest=reading.digest).first()
    if address:
        same = next((feed for feed in in_use if feed.address == address), same)
    if same is not None:
        if not address or same.address:
            raise ValidationError(
                _("Vous avez déjà cet emploi du temps : « %(name)s ». Rien n’a été ajouté."),
                code="already_added",
                params={"name": same.name},
            )
        return same
    removed = own.filter(digest=reading.digest).first()
    return removed or next((feed for feed in in_use if _is_newer(feed, reading)), None)


def _is_newer(feed: Feed, reading: Reading) -> bool:
    """Tell whether a reading is a later export of a feed: most of its lessons are in it, and most
    of those to come, so that taking it frees nobody.
    """
    given = {event.uid for event in reading.events}
    lessons = Lesson.objects.filter(feed=feed)
    known = set(lessons.values_list("uid", flat=True))
    coming = set(lessons.filter(starts_at__gte=timezone.now()).values_list("uid", flat=True))
    return len(known & given) > len(known) * SHRUNK and len(coming & given) >= len(coming) * SHRUNK


def _take(feed: Feed, reading: Reading, etag: str = "") -> None:
    feed.digest = reading.digest
    feed.state = Feed.State.FRESH
    feed.problems = _told(reading)
    feed.read_at = timezone.now()
    feed.etag = etag if len(etag) <= LONGEST_ETAG else ""
    feed.failures = 0
    feed.next_read_at = _next(feed)


def _told(reading: Reading) -> list[dict[str, Any]]:
    return [asdict(problem) for problem in reading.problems[:MOST_PROBLEMS]]


def _store(feed: Feed, events: tuple[Event, ...]) -> None:
    # The file was read without knowing whose it is: the rules of the school come in here.
    events = retyped(events, school_rules(feed.school))
    Lesson.objects.filter(feed=feed).delete()
    Lesson.objects.bulk_create(
        [
            Lesson(
                feed=feed,
                uid=event.uid[:255],
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                is_all_day=event.is_all_day,
                title=event.title[:300],
                location=event.location[:200],
                group=event.group[:500],
                module=event.module[:200],
                kind=event.kind,
                is_sure=event.is_sure,
                rule=event.rule[:60],
                is_for_whole_promotion=event.is_for_whole_promotion,
            )
            for event in events
        ],
        batch_size=500,
    )


@transaction.atomic
def replace(feed: Feed, *, reading: Reading, by: Actor, etag: str = "") -> Feed:
    """Take a new reading of a feed. One that lost most of its lessons raises an alarm instead.

    An empty or shrunken feed must never silently free a student’s year: the lessons known so far
    are kept until the person removes the timetable or a normal reading comes.
    """
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    now = timezone.now()
    known = Lesson.objects.filter(feed=held, starts_at__gte=now).count()
    coming = sum(1 for event in reading.events if event.starts_at >= now)
    if held.digest and (coming < known * SHRUNK or not reading.events):
        held.state = Feed.State.ALARM
        held.problems = _told(reading)
        # No tag is kept: the server must give this content again once it is accepted.
        held.read_at, held.etag, held.failures = now, "", 0
        held.next_read_at = _next(held)
    else:
        is_same = held.digest == reading.digest
        _take(held, reading, etag)
        if not is_same:
            _store(held, reading.events)
    held.save()
    record(REFRESH, held, by=by, organisation=held.school_id, outcome=held.state)
    return held


@transaction.atomic
def accept(feed: Feed, *, by: Person) -> Feed:
    """End the alarm of a timetable that is rightly short; an unreadable one cannot be accepted."""
    READ_FEED.require(by, feed)
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    if held.state != Feed.State.ALARM:
        raise ValidationError(
            _("Cet emploi du temps n’attend pas de vérification."), code="no_alarm"
        )
    held.state = Feed.State.FRESH
    # An empty digest: the next reading is taken whole, however short.
    held.digest = held.etag = ""
    held.save(update_fields=["state", "digest", "etag"])
    record(ACCEPT, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def note_failure(feed: Feed, *, code: str, by: Actor) -> Feed:
    """Note that a feed could not be read; what was known is kept, the next try waits longer."""
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    held.failures += 1
    held.state = Feed.State.FAILING
    held.problems = [{"code": code, "facts": {}, "place": ""}]
    held.next_read_at = _next(held)
    held.save()
    record(REFRESH, held, by=by, organisation=held.school_id, outcome=held.state)
    return held


@transaction.atomic
def note_unchanged(feed: Feed, *, by: Actor) -> Feed:
    """Note that the server says the feed did not change."""
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    held.read_at = timezone.now()
    held.failures = 0
    if held.state == Feed.State.FAILING:
        held.state, held.problems = Feed.State.FRESH, []
    held.next_read_at = _next(held)
    held.save()
    record(REFRESH, held, by=by, organisation=held.school_id, outcome="unchanged")
    return held


def _next(feed: Feed) -> datetime | None:
    if feed.origin != Feed.Origin.ADDRESS:
        return None
    hours = HOURS_BETWEEN_READINGS * min(2**feed.failures, LONGEST_WAIT)
    return timezone.now() + timedelta(hours=hours)


@transaction.atomic
def choose_groups(feed: Feed, *, groups: list[str], by: Person) -> Feed:
    """Keep the sub-groups that are the person’s own; none means that every lesson counts."""
    READ_FEED.require(by, feed)
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    held.chosen_groups = sorted(set(groups))
    held.save(update_fields=["chosen_groups"])
    record(CHOOSE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def correct(feed: Feed, *, uid: str, kind: Kind, by: Person, is_for_all: bool = False) -> int:
    """Say what a lesson, or every lesson of the same title, really is; return how many.

    Corrections outlive the next readings of the feed.
    """
    READ_FEED.require(by, feed)
    lesson = Lesson.objects.filter(feed=feed, uid=uid).first()
    if lesson is None:
        raise ValidationError(
            _("Cette séance n’est plus dans l’emploi du temps."), code="unknown_lesson"
        )
    alike = Lesson.objects.filter(feed=feed, title=lesson.title) if is_for_all else [lesson]
    made = CorrectionRow.objects.bulk_create(
        [CorrectionRow(feed=feed, uid=one.uid, kind=kind) for one in alike],
        update_conflicts=True,
        unique_fields=["feed", "uid"],
        update_fields=["kind", "corrected_at"],
    )
    record(CORRECT, feed, by=by, organisation=feed.school_id, kind=str(kind))
    return len(made)


@transaction.atomic
def remove(feed: Feed, *, by: Person) -> Feed:
    """Stop using a timetable; it can be restored."""
    READ_FEED.require(by, feed)
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    held.removed_at = timezone.now()
    held.save(update_fields=["removed_at"])
    record(REMOVE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def restore(feed: Feed, *, by: Person) -> Feed:
    """Use again a timetable that was removed."""
    READ_FEED.require(by, feed)
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    record(RESTORE, held, by=by, organisation=held.school_id)
    return held
