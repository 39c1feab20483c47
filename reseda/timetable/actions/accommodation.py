"""What is done about accommodation: asked, withdrawn, decided; absences told, never why."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from reseda.journal.actions import Verb, record
from reseda.mail.actions import send
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.schools.queries import enrolment, holders
from reseda.service.models import Period
from reseda.service.permissions import CHANGE_PERIOD
from reseda.timetable.models import Absence, AccommodationRequest, ModuleTeacher
from reseda.timetable.permissions import CHANGE_REQUEST, DECIDE_REQUEST, READ_ABSENCE
from reseda.timetable.queries.periods import live_request, meeting

ASK = Verb("timetable.request_accommodation", _("a demandé un aménagement ({lessons} séances)"))
WITHDRAW = Verb("timetable.withdraw_request", _("a retiré sa demande d’aménagement"))
REOPEN = Verb("timetable.reopen_request", _("a rétabli sa demande d’aménagement"))
GRANT = Verb("timetable.grant_accommodation", _("a accordé un aménagement"))
REFUSE = Verb("timetable.refuse_accommodation", _("a refusé un aménagement"))
SEE = Verb("timetable.see_absence", _("a lu une absence justifiée"))

Status = AccommodationRequest.Status
Arranged = Mapping[int, tuple[Person | None, str]]


@transaction.atomic
def request(period: Period, *, wish: str, by: Person) -> AccommodationRequest:
    """Ask for an accommodation around a period; the lessons it touches are copied as they are now.

    The director of studies is told that a request waits: asking is what discloses the absence, and
    nothing of the engagement itself.
    """
    viewer = CHANGE_PERIOD.require(by, period)
    if Role.STUDENT not in viewer.roles:
        raise ValidationError(
            _("Un aménagement des études se demande pour un élève."), code="not_a_student"
        )
    held = (
        Period.objects.select_for_update(of=("self",))
        .select_related("engagement__person", "engagement__school")
        .get(pk=period.pk)
    )
    if held.status == Period.Status.CANCELLED:
        raise ValidationError(_("Cette période est annulée."), code="cancelled")
    if live_request(held):
        raise ValidationError(
            _("Une demande existe déjà pour cette période."), code="already_requested"
        )
    person, school = held.engagement.person, held.engagement.school
    place = enrolment(person, timezone.localtime(held.starts_at).date())
    if place is not None and place.school_id != school.pk:
        place = None
    found = AccommodationRequest.objects.create(
        period=held,
        person=person,
        school=school,
        programme=place.cohort.programme.organisation if place else None,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        wish=wish,
    )
    absences = _touched(found, held, school)
    for director in holders(school, Role.STUDIES_DIRECTOR, timezone.localdate()):
        # A director of another programme must not learn of it.
        if director.pk != person.pk and DECIDE_REQUEST.allows(Viewer.of(director), found):
            _tell("timetable.request_to_decide", director, found)
    record(ASK, found, by=by, organisation=school.pk, lessons=len(absences))
    return found


def _touched(found: AccommodationRequest, period: Period, school: School) -> list[Absence]:
    clashes = meeting(period).clashes
    modules = {clash.event.module for clash in clashes if clash.event.module}
    taught = ModuleTeacher.objects.filter(school=school, module__in=modules)
    teachers = dict(taught.values_list("module", "teacher"))
    # Two sessions that begin together under one UID are one for whoever is absent.
    alike = {(clash.event.uid, clash.event.starts_at): clash.event for clash in clashes}
    return Absence.objects.bulk_create(
        Absence(
            request=found,
            uid=event.uid,
            title=event.title[:300],
            module=event.module[:200],
            kind=event.kind,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            teacher_id=teachers.get(event.module),
        )
        for event in alike.values()
    )


@transaction.atomic
def withdraw(found: AccommodationRequest, *, by: Person) -> AccommodationRequest:
    """Take back a request that is not decided yet."""
    CHANGE_REQUEST.require(by, found)
    held = _still_open(found)
    held.status = Status.WITHDRAWN
    held.save(update_fields=["status"])
    record(WITHDRAW, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def reopen(found: AccommodationRequest, *, by: Person) -> AccommodationRequest:
    """Put back a request that was withdrawn, unless another one was made since."""
    CHANGE_REQUEST.require(by, found)
    held = AccommodationRequest.objects.select_for_update().get(pk=found.pk)
    # The period is locked as it is when a request is made: one of the two comes first.
    period = Period.objects.select_for_update().get(pk=held.period_id)
    is_free = live_request(period) is None and period.status != Period.Status.CANCELLED
    if held.status != Status.WITHDRAWN or not is_free:
        raise ValidationError(_("Cette demande ne peut plus être rétablie."), code="not_withdrawn")
    held.status = Status.REQUESTED
    held.save(update_fields=["status"])
    record(REOPEN, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def decide(
    found: AccommodationRequest,
    *,
    is_granted: bool,
    reason: str,
    measures: str,
    arranged: Arranged,
    by: Person,
) -> AccommodationRequest:
    """Decide, once: `arranged` says, for each absence, who teaches it and how it is caught up.

    The student is told; each teacher concerned learns of a justified absence, without its reason.
    """
    DECIDE_REQUEST.require(by, found)
    if not is_granted and not reason.strip():
        raise ValidationError(_("Un refus doit dire pourquoi."), code="reason_missing")
    held = _still_open(found)
    if held.person_id == by.pk:
        raise ValidationError(_("Nul ne décide de sa propre demande."), code="own_request")
    held.status = Status.GRANTED if is_granted else Status.REFUSED
    held.reason, held.measures = reason, measures if is_granted else ""
    held.decided_at, held.decided_by = timezone.now(), by
    held.save()
    if is_granted:
        _arrange(held, arranged)
    _tell("timetable.request_decided", held.person, held)
    record(GRANT if is_granted else REFUSE, held, by=by, organisation=held.school_id)
    return held


def _arrange(held: AccommodationRequest, arranged: Arranged) -> None:
    allowed = set(
        holders(held.school, Role.TEACHER, timezone.localdate()).values_list("pk", flat=True)
    )
    missed: dict[Person, list[Absence]] = {}
    for absence in held.absences.all():
        teacher, absence.catch_up = arranged.get(absence.pk, (None, ""))
        absence.teacher = teacher if teacher and teacher.pk in allowed else None
        absence.save(update_fields=["teacher", "catch_up"])
        if absence.teacher:
            missed.setdefault(absence.teacher, []).append(absence)
            if absence.module:
                ModuleTeacher.objects.update_or_create(
                    school=held.school,
                    module=absence.module,
                    defaults={"teacher": absence.teacher},
                )
    for teacher, lessons in missed.items():
        # Their own lessons, not the period: a teacher learns of nothing else.
        span = min(one.starts_at for one in lessons), max(one.ends_at for one in lessons)
        _tell("timetable.absence_justified", teacher, held, span)


def _still_open(found: AccommodationRequest) -> AccommodationRequest:
    held = (
        AccommodationRequest.objects.select_for_update(of=("self",))
        .select_related("person", "school")
        .get(pk=found.pk)
    )
    if held.status != Status.REQUESTED:
        raise ValidationError(
            _("Cette demande est déjà close : %(state)s."),
            code="closed",
            params={"state": held.get_status_display()},
        )
    return held


def _tell(
    template: str,
    person: Person,
    found: AccommodationRequest,
    span: tuple[datetime, datetime] | None = None,
) -> None:
    is_for_teacher = template == "timetable.absence_justified"
    page = reverse("timetable:request", args=[found.pk])
    url = reverse("timetable:absences") if is_for_teacher else page
    start, end = span or (found.starts_at, found.ends_at)
    with override(person.language):
        first = formats.date_format(timezone.localtime(start), "j F Y")
        last = formats.date_format(timezone.localtime(end), "j F Y")
    send(
        template,
        to=person.email,
        organisation=found.school,
        language=person.language,
        context={
            "first_name": person.first_name,
            "student": str(found.person),
            "from_day": first,
            "to_day": last,
            "url": f"{settings.PUBLIC_URL}{url}",
        },
    )


@transaction.atomic
def see(absence: Absence, *, by: Person) -> Absence:
    """Note that the teacher read a justified absence."""
    READ_ABSENCE.require(by, absence)
    held = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    if held.teacher_id != by.pk:
        raise ValidationError(_("Cette séance n’est pas la vôtre."), code="not_the_teacher")
    held.seen_at = held.seen_at or timezone.now()
    held.save(update_fields=["seen_at"])
    record(SEE, held, by=by)
    return held
