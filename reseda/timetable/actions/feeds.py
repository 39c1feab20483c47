"""What is done with timetables: given, read again, corrected, removed."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Actor, Verb, record
from reseda.people.models import Person
from reseda.schools.models import School
from reseda.timetable.domain.events import Event, Reading
from reseda.timetable.models import Correction as CorrectionRow
from reseda.timetable.models import Feed, Kind, Lesson
from reseda.timetable.permissions import READ_FEED

ADD = Verb("timetable.add_feed", _("a ajouté un emploi du temps ({lessons} séances)"))
REFRESH = Verb("timetable.refresh_feed", _("a relu un emploi du temps ({outcome})"))
ACCEPT = Verb("timetable.accept_feed", _("a confirmé qu’un emploi du temps fait foi"))
CHOOSE = Verb("timetable.choose_groups", _("a choisi ses groupes"))
CORRECT = Verb("timetable.correct_kind", _("a corrigé le type d’une séance"))
REMOVE = Verb("timetable.remove_feed", _("a retiré un emploi du temps"))
RESTORE = Verb("timetable.restore_feed", _("a rétabli un emploi du temps"))

# A feed that loses more than this part of its lessons at once must be checked by its person.
SHRUNK = 0.5
HOURS_BETWEEN_READINGS = 6
LONGEST_BACK_OFF_HOURS = 48


@transaction.atomic
def add(
    person: Person, *, school: School, name: str, reading: Reading, by: Person, address: str = ""
) -> Feed:
    """Keep a timetable that was read; with an address, it will be read again from there."""
    now = timezone.now()
    feed = Feed.objects.create(
        person=person,
        school=school,
        name=name,
        origin=Feed.Origin.ADDRESS if address else Feed.Origin.FILE,
        address=address,
        digest=reading.digest,
        state=Feed.State.FRESH if reading.events else Feed.State.ALARM,
        problems=[asdict(problem) for problem in reading.problems[:200]],
        read_at=now,
        next_read_at=now + timedelta(hours=HOURS_BETWEEN_READINGS) if address else None,
    )
    _store(feed, reading.events)
    record(ADD, feed, by=by, organisation=school.pk, lessons=len(reading.events))
    return feed


def _store(feed: Feed, events: tuple[Event, ...]) -> None:
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
    known = Lesson.objects.filter(feed=held, starts_at__gte=timezone.now()).count()
    coming = sum(1 for event in reading.events if event.starts_at >= timezone.now())
    has_shrunk = held.digest != "" and coming < known * SHRUNK
    is_suspicious = has_shrunk or (held.digest and not reading.events)
    held.state = Feed.State.ALARM if is_suspicious else Feed.State.FRESH
    held.problems = [asdict(problem) for problem in reading.problems[:200]]
    held.read_at = timezone.now()
    held.etag = etag
    held.failures = 0
    held.next_read_at = _next(held)
    if held.state == Feed.State.FRESH and held.digest != reading.digest:
        held.digest = reading.digest
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
    held.digest = ""
    held.save(update_fields=["state", "digest"])
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
    held.state = Feed.State.FRESH if held.state == Feed.State.FAILING else held.state
    held.next_read_at = _next(held)
    held.save()
    record(REFRESH, held, by=by, organisation=held.school_id, outcome="unchanged")
    return held


def _next(feed: Feed) -> datetime | None:
    if feed.origin != Feed.Origin.ADDRESS:
        return None
    hours = min(HOURS_BETWEEN_READINGS * 2**feed.failures, LONGEST_BACK_OFF_HOURS)
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
def correct(feed: Feed, *, uid: str, kind: Kind, by: Person) -> CorrectionRow:
    """Say what a lesson really is; the correction outlives the next readings of the feed."""
    READ_FEED.require(by, feed)
    correction, _is_new = CorrectionRow.objects.update_or_create(
        feed=feed, uid=uid, defaults={"kind": kind}
    )
    record(CORRECT, feed, by=by, organisation=feed.school_id, kind=str(kind))
    return correction


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
