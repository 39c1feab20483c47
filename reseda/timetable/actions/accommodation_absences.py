"""What is done with justified absences: read, and followed when the timetable moves."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.timetable.actions.accommodation import (
    Wanted,
    absence_of,
    known_teachers,
    tell_directors,
)
from reseda.timetable.actions.accommodation_mail import tell_teachers
from reseda.timetable.domain.events import Event
from reseda.timetable.models import Absence, AccommodationRequest
from reseda.timetable.permissions import CHANGE_REQUEST, READ_ABSENCE
from reseda.timetable.queries.catch_up import Change, changes

SEE = Verb("timetable.see_absence", _("a lu une absence justifiée"))
UNSEE = Verb("timetable.unsee_absence", _("a marqué une absence justifiée comme non lue"))
FOLLOW = Verb(
    "timetable.follow_timetable", _("a mis à jour sa demande d’aménagement ({changes} changements)")
)

Status = AccommodationRequest.Status


@transaction.atomic
def see(absence: Absence, *, by: Person) -> Absence:
    """Note that the teacher read a justified absence."""
    held = _own(absence, by)
    held.seen_at = held.seen_at or timezone.now()
    held.save(update_fields=["seen_at"])
    record(SEE, held, by=by)
    return held


@transaction.atomic
def unsee(absence: Absence, *, by: Person) -> Absence:
    """Put a justified absence back among those to read."""
    held = _own(absence, by)
    held.seen_at = None
    held.save(update_fields=["seen_at"])
    record(UNSEE, held, by=by)
    return held


def _own(absence: Absence, by: Person) -> Absence:
    READ_ABSENCE.require(by, absence)
    held = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    if held.teacher_id != by.pk:
        raise ValidationError(_("Cette séance n’est pas la vôtre."), code="not_the_teacher")
    return held


@transaction.atomic
def follow(found: AccommodationRequest, *, by: Person) -> AccommodationRequest:
    """Bring a request that still counts in line with the timetable as it is now.

    Lessons that moved move with their answer; those no longer missed are left out; new ones await
    the director of studies. Once granted, teachers are told of their own, and the student agrees
    again to what changed.
    """
    CHANGE_REQUEST.require(by, found)
    held = (
        AccommodationRequest.objects.select_for_update(of=("self",))
        .select_related("person", "school", "period")
        .get(pk=found.pk)
    )
    moved = changes(held)
    if not moved:
        raise ValidationError(
            _("Rien n’a changé depuis : votre demande est à jour."), code="unchanged"
        )
    missed: dict[Person, list[Absence]] = {}
    for change in moved:
        absence = _follow(held, change)
        if absence and absence.teacher and absence.answer == Absence.Answer.EXCUSED:
            missed.setdefault(absence.teacher, []).append(absence)
    if held.status == Status.GRANTED:
        held.agreed_at = None
        held.save(update_fields=["agreed_at"])
        tell_teachers("timetable.absence_changed", held, missed)
        if any(change.what == "added" for change in moved):
            tell_directors(held)
    record(FOLLOW, held, by=by, organisation=held.school_id, changes=len(moved))
    return held


def _follow(held: AccommodationRequest, change: Change) -> Absence | None:
    """Apply one change; return the absence as its teacher has to know of it."""
    if change.absence is None:
        if change.event:
            _add(held, change.event)
        return None
    absence = Absence.objects.select_related("teacher").get(pk=change.absence.pk)
    if change.what in {"gone", "out"}:
        absence.delete()
        return absence
    if change.what == "moved" and change.event:
        absence.starts_at, absence.ends_at = change.event.starts_at, change.event.ends_at
    if change.what.startswith("catch_up"):
        absence.catch_up_at = change.at
        if change.at is None:
            absence.catch_up_uid = ""
    absence.seen_at = None
    absence.save()
    return absence


def _add(held: AccommodationRequest, event: Event) -> None:
    teachers = known_teachers(held.school, {event.module})
    absence_of(held, event, teachers, Wanted()).save()
