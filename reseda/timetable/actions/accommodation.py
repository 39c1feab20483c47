"""What is done about accommodation: asked, withdrawn, decided, completed, agreed to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.documents.actions import erase, keep
from reseda.journal.actions import Verb, record
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.schools.queries import current_year, enrolment, holders
from reseda.service.models import Period
from reseda.service.permissions import CHANGE_PERIOD
from reseda.timetable.actions.accommodation_mail import tell, tell_teachers
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.semesters import review_due_on
from reseda.timetable.models import (
    Absence,
    AccommodationRequest,
    AccommodationReview,
    ModuleTeacher,
)
from reseda.timetable.permissions import CHANGE_REQUEST, DECIDE_REQUEST
from reseda.timetable.queries.contracts import contract, reference
from reseda.timetable.queries.periods import key_of, live_request, meeting

ASK = Verb("timetable.request_accommodation", _("a demandé un aménagement ({lessons} séances)"))
WITHDRAW = Verb("timetable.withdraw_request", _("a retiré sa demande d’aménagement"))
REOPEN = Verb("timetable.reopen_request", _("a rétabli sa demande d’aménagement"))
GRANT = Verb("timetable.grant_accommodation", _("a accordé un aménagement"))
REFUSE = Verb("timetable.refuse_accommodation", _("a refusé un aménagement"))
COMPLETE = Verb("timetable.complete_accommodation", _("a complété un aménagement"))
AGREE = Verb("timetable.agree_to_measures", _("a accepté les mesures de son aménagement"))

Status = AccommodationRequest.Status
Answer = Absence.Answer
# Shorter names are found in ordinary words.
LEAST_LETTERS = 4


@dataclass(frozen=True)
class Wanted:
    """How a student proposes to make up for one lesson: in words, or at a session of the feed."""

    text: str = ""
    uid: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Arrangement:
    """What is decided of one lesson missed: excused or not, its teacher, its measure, when."""

    teacher: Person | None = None
    catch_up: str = ""
    measure: str = ""
    at: datetime | None = None
    is_excused: bool = True


Arranged = Mapping[int, Arrangement]


@transaction.atomic
def request(
    period: Period,
    *,
    wish: str,
    by: Person,
    travel_minutes: int = 0,
    wanted: Mapping[str, Wanted] | None = None,
) -> AccommodationRequest:
    """Ask for an accommodation around a period; the lessons it touches are copied as they are now.

    `wanted` says, for the key of a lesson (`queries.periods.key_of`), how the student proposes to
    make up for it; `travel_minutes` are counted before and after the period. The director of
    studies is told that a request waits: asking is what discloses the absence, and nothing of the
    engagement itself.
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
    wanted = wanted or {}
    check_discreet(held, [wish, *(one.text for one in wanted.values())])
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
        travel_minutes=travel_minutes,
        wish=wish,
    )
    absences = _touched(found, wanted)
    tell_directors(found)
    record(ASK, found, by=by, organisation=school.pk, lessons=len(absences))
    return found


def check_discreet(period: Period, texts: Iterable[str]) -> None:
    """Refuse a text of the student, which others will read, that names the unit or the place."""
    hidden = {period.place.strip().casefold(), period.engagement.unit_name.strip().casefold()}
    for text in texts:
        if any(len(word) >= LEAST_LETTERS and word in text.casefold() for word in hidden):
            raise ValidationError(
                _("Ce texte nomme votre unité ou le lieu, que l’école n’a pas à lire : ôtez-les."),
                code="names_unit",
            )


def tell_directors(found: AccommodationRequest) -> None:
    """Tell those who may decide that something waits for them, the student apart."""
    for director in holders(found.school, Role.STUDIES_DIRECTOR, timezone.localdate()):
        # A director of another programme must not learn of it.
        if director.pk != found.person_id and DECIDE_REQUEST.allows(Viewer.of(director), found):
            tell("timetable.request_to_decide", director, found)


def _touched(found: AccommodationRequest, wanted: Mapping[str, Wanted]) -> list[Absence]:
    events = [one.event for one in meeting(found.period, found.travel_minutes).clashes]
    teachers = known_teachers(found.school, {one.module for one in events})
    # Two sessions that begin together under one UID are one for whoever is absent.
    alike = {(event.uid, event.starts_at): event for event in events}
    return Absence.objects.bulk_create(
        absence_of(found, event, teachers, wanted.get(key_of(event), Wanted()))
        for event in alike.values()
    )


def absence_of(
    found: AccommodationRequest, event: Event, teachers: Mapping[str, int], way: Wanted
) -> Absence:
    """Return the absence, not stored yet, that a request justifies at a session."""
    return Absence(
        request=found,
        uid=event.uid,
        title=event.title[:300],
        module=event.module[:200],
        kind=event.kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        teacher_id=teachers.get(event.module),
        catch_up=way.text[:300],
        catch_up_uid=way.uid,
        catch_up_at=way.at,
    )


def known_teachers(school: School, modules: Iterable[str]) -> dict[str, int]:
    """Return the key of the teacher of each module, as last chosen in a decision."""
    taught = ModuleTeacher.objects.filter(school=school, module__in={*modules} - {""})
    return dict(taught.values_list("module", "teacher"))


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
    """Decide, once: `arranged` says what becomes of each absence; one not named is excused.

    A lesson that is not excused needs the reason too. The student is told; each teacher concerned
    learns in one message of the justified absences of their lessons, never why. The review of the
    end of the semester becomes due.
    """
    DECIDE_REQUEST.require(by, found)
    held = _still_open(found)
    if held.person_id == by.pk:
        raise ValidationError(_("Nul ne décide de sa propre demande."), code="own_request")
    absences = list(held.absences.all())
    _check_reason(absences, arranged, reason, is_granted=is_granted)
    held.status = Status.GRANTED if is_granted else Status.REFUSED
    held.reason, held.measures = reason, measures if is_granted else ""
    held.decided_at, held.decided_by = timezone.now(), by
    held.save()
    if is_granted:
        _arrange(held, absences, arranged)
        _look_back(held)
    tell("timetable.request_decided", held.person, held)
    record(GRANT if is_granted else REFUSE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def complete(
    found: AccommodationRequest, *, arranged: Arranged, reason: str, by: Person
) -> AccommodationRequest:
    """Answer for the lessons that the timetable put under a granted absence afterwards.

    Who is told is the same as for a decision; the student agrees to the measures again.
    """
    DECIDE_REQUEST.require(by, found)
    held = _locked(found)
    absences = list(held.absences.filter(answer=""))
    if held.status != Status.GRANTED or not absences:
        raise ValidationError(_("Aucune séance n’attend de réponse."), code="closed")
    if held.person_id == by.pk:
        raise ValidationError(_("Nul ne décide de sa propre demande."), code="own_request")
    is_excused = [arranged.get(one.pk, Arrangement()).is_excused for one in absences]
    if not all(is_excused) and not reason.strip():
        raise ValidationError(_("Dites pourquoi une séance reste à suivre."), code="reason_missing")
    _arrange(held, absences, arranged)
    held.reason = "\n".join(filter(None, [held.reason, reason.strip()]))
    held.agreed_at = None
    held.save(update_fields=["reason", "agreed_at"])
    tell("timetable.request_decided", held.person, held)
    record(COMPLETE, held, by=by, organisation=held.school_id, lessons=len(absences))
    return held


@transaction.atomic
def agree(found: AccommodationRequest, *, by: Person) -> AccommodationRequest:
    """Agree to the measures granted: the contract is written, and kept for both sides."""
    CHANGE_REQUEST.require(by, found)
    held = _locked(found)
    if held.status != Status.GRANTED or held.period.status == Period.Status.CANCELLED:
        raise ValidationError(_("Aucune mesure n’est à accepter."), code="not_granted")
    if held.agreed_at:
        raise ValidationError(_("Vous avez déjà accepté ces mesures."), code="agreed")
    if held.absences.filter(answer="").exists():
        raise ValidationError(
            _("Une séance attend encore la réponse de la direction des études."), code="unanswered"
        )
    held.agreed_at, former = timezone.now(), held.contract
    held.contract = keep(
        contract(held),
        name=f"contrat-amenagement-{reference(held)}.pdf",
        content_type="application/pdf",
        organisation=held.school,
        owner=held.person,
        by=by,
    )
    held.save(update_fields=["agreed_at", "contract"])
    if former:
        erase(former, by=by)
    record(AGREE, held, by=by, organisation=held.school_id)
    return held


def _check_reason(
    absences: list[Absence], arranged: Arranged, reason: str, *, is_granted: bool
) -> None:
    excused = [arranged.get(one.pk, Arrangement()).is_excused for one in absences]
    if is_granted and absences and not any(excused):
        raise ValidationError(
            _("Aucune séance n’est accordée : refusez plutôt la demande, en disant pourquoi."),
            code="nothing_granted",
        )
    if reason.strip():
        return
    if not is_granted:
        raise ValidationError(_("Un refus doit dire pourquoi."), code="reason_missing")
    if not all(excused):
        raise ValidationError(_("Dites pourquoi une séance reste à suivre."), code="reason_missing")


def _arrange(held: AccommodationRequest, absences: list[Absence], arranged: Arranged) -> None:
    allowed = set(
        holders(held.school, Role.TEACHER, timezone.localdate()).values_list("pk", flat=True)
    )
    missed: dict[Person, list[Absence]] = {}
    for absence in absences:
        _settle(held, absence, arranged.get(absence.pk, Arrangement()), allowed)
        if absence.teacher:
            missed.setdefault(absence.teacher, []).append(absence)
            if absence.module:
                ModuleTeacher.objects.update_or_create(
                    school=held.school,
                    module=absence.module,
                    defaults={"teacher": absence.teacher},
                )
    tell_teachers("timetable.absence_justified", held, missed)


def _settle(
    held: AccommodationRequest, absence: Absence, given: Arrangement, allowed: set[int]
) -> None:
    if given.at and held.starts_at <= given.at < held.ends_at:
        raise ValidationError(
            _("%(title)s : l’élève est absent au moment du rattrapage."),
            code="absent_then",
            params={"title": absence.title},
        )
    is_teacher = given.is_excused and given.teacher and given.teacher.pk in allowed
    absence.answer = Answer.EXCUSED if given.is_excused else Answer.ATTEND
    absence.teacher = given.teacher if is_teacher else None
    # What the student chose holds as long as the moment is the one they chose.
    if not given.is_excused or given.at != absence.catch_up_at:
        absence.catch_up_uid = ""
    absence.measure = given.measure if given.is_excused else ""
    absence.catch_up = given.catch_up if given.is_excused else ""
    absence.catch_up_at = given.at if given.is_excused else None
    absence.save()


def _look_back(held: AccommodationRequest) -> None:
    last = timezone.localtime(held.ends_at).date()
    year = current_year(held.school, last)
    AccommodationReview.objects.get_or_create(
        request=held, due_on=review_due_on(last, year.ends_on if year else None)
    )


def _locked(found: AccommodationRequest) -> AccommodationRequest:
    return (
        AccommodationRequest.objects.select_for_update(of=("self",))
        .select_related("person", "school", "programme", "period", "decided_by", "contract")
        .get(pk=found.pk)
    )


def _still_open(found: AccommodationRequest) -> AccommodationRequest:
    held = _locked(found)
    if held.status != Status.REQUESTED:
        raise ValidationError(
            _("Cette demande est déjà close : %(state)s."),
            code="closed",
            params={"state": held.get_status_display()},
        )
    return held
