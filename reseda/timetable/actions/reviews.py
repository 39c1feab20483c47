"""What is done afterwards: the review of an accommodation, a harmful measure reported."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.queries import current_year, holders
from reseda.timetable.actions.accommodation import check_discreet
from reseda.timetable.actions.accommodation_mail import tell
from reseda.timetable.domain.semesters import next_review_on
from reseda.timetable.models import AccommodationRequest, AccommodationReview, Concern
from reseda.timetable.permissions import (
    ANSWER_CONCERN,
    CHANGE_REQUEST,
    HOLD_REVIEW,
    READ_CONCERN,
    READ_REVIEW,
)
from reseda.timetable.queries.reviews import audience_of

HOLD = Verb("timetable.hold_review", _("a fait le bilan d’un aménagement"))
REDO = Verb("timetable.redo_review", _("a rouvert le bilan d’un aménagement"))
SAY = Verb("timetable.say_word", _("a écrit son mot au bilan de son aménagement"))
REPORT = Verb("timetable.report_concern", _("a signalé une mesure défavorable"))
TAKE_BACK = Verb("timetable.withdraw_concern", _("a retiré son signalement"))
PUT_BACK = Verb("timetable.restore_concern", _("a rétabli son signalement"))
READ = Verb("timetable.read_concern", _("a lu un signalement"))
ANSWER = Verb("timetable.answer_concern", _("a répondu à un signalement"))

Outcome = AccommodationReview.Outcome


@transaction.atomic
def hold(
    review: AccommodationReview, *, outcome: str, note: str, by: Person
) -> AccommodationReview:
    """Hold the review: kept, changed or ended, with what was found; the student is told.

    What is kept or changed is looked back on again at the end of the next semester of the year.
    """
    HOLD_REVIEW.require(by, review)
    held = _locked(review)
    if held.request.person_id == by.pk:
        raise ValidationError(_("Nul ne fait son propre bilan."), code="own_review")
    if held.held_at:
        raise ValidationError(_("Ce bilan est déjà fait."), code="held")
    if timezone.localtime(held.request.starts_at).date() > timezone.localdate():
        raise ValidationError(
            _("L’absence n’a pas commencé : il n’y a encore rien à constater."), code="too_early"
        )
    held.outcome, held.note = Outcome(outcome), note
    held.held_at, held.held_by = timezone.now(), by
    held.save()
    if held.outcome != Outcome.ENDED:
        _again(held)
    url = reverse("timetable:review", args=[held.pk])
    tell("timetable.review_held", held.request.person, held.request, url)
    record(HOLD, held, by=by, organisation=held.request.school_id)
    return held


def _again(held: AccommodationReview) -> None:
    last = timezone.localtime(held.request.ends_at).date()
    year = current_year(held.request.school, last)
    due_on = next_review_on(held.due_on, year.ends_on if year else None)
    if due_on:
        AccommodationReview.objects.get_or_create(request=held.request, due_on=due_on)


@transaction.atomic
def redo(review: AccommodationReview, *, by: Person) -> AccommodationReview:
    """Open again the review that one held, for as long as the next one is not held."""
    HOLD_REVIEW.require(by, review)
    held = _locked(review)
    later = held.request.reviews.filter(due_on__gt=held.due_on)
    is_followed = later.exclude(outcome="", word="").exists()
    if held.held_by_id != by.pk or is_followed:
        raise ValidationError(_("Ce bilan ne peut plus être rouvert."), code="not_yours")
    later.delete()
    held.outcome, held.held_at, held.held_by = "", None, None
    held.save()
    record(REDO, held, by=by, organisation=held.request.school_id)
    return held


@transaction.atomic
def say(review: AccommodationReview, *, word: str, by: Person) -> AccommodationReview:
    """Write the student’s word beside the review, before it is held or after."""
    READ_REVIEW.require(by, review)
    held = _locked(review)
    if held.request.person_id != by.pk:
        raise ValidationError(_("Ce bilan n’est pas le vôtre."), code="not_yours")
    check_discreet(held.request.period, [word])
    held.word, held.word_at = word, timezone.now() if word else None
    held.save(update_fields=["word", "word_at"])
    record(SAY, held, by=by, organisation=held.request.school_id)
    return held


def _locked(review: AccommodationReview) -> AccommodationReview:
    return (
        AccommodationReview.objects.select_for_update(of=("self",))
        .select_related("request__person", "request__school", "request__period__engagement")
        .get(pk=review.pk)
    )


@transaction.atomic
def report(found: AccommodationRequest, *, text: str, by: Person) -> Concern:
    """Report a measure that harmed one’s studies because of an absence (L4211-7).

    It goes to the référent whom the student told, else to the director of studies, who has neither
    the unit nor the place to read.
    """
    CHANGE_REQUEST.require(by, found)
    if not text.strip():
        raise ValidationError(_("Dites ce qui s’est passé."), code="empty")
    audience = audience_of(found)
    if audience == Concern.Audience.STUDIES_DIRECTOR:
        check_discreet(found.period, [text])
    concern = Concern.objects.create(request=found, audience=audience, text=text.strip())
    role = Role.REFERENT if concern.audience == Concern.Audience.REFERENT else Role.STUDIES_DIRECTOR
    url = reverse("timetable:concern", args=[concern.pk])
    for person in holders(found.school, role, timezone.localdate()):
        if person.pk != found.person_id and ANSWER_CONCERN.allows(Viewer.of(person), concern):
            tell("timetable.concern_reported", person, found, url)
    record(REPORT, concern, by=by, organisation=found.school_id)
    return concern


@transaction.atomic
def withdraw_concern(concern: Concern, *, by: Person) -> Concern:
    """Take back one’s report, unless it was answered."""
    held = _own_concern(concern, by)
    if held.answered_at or held.withdrawn_at:
        raise ValidationError(_("Ce signalement ne peut plus être retiré."), code="closed")
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    record(TAKE_BACK, held, by=by, organisation=held.request.school_id)
    return held


@transaction.atomic
def restore_concern(concern: Concern, *, by: Person) -> Concern:
    """Put back the report that one took back."""
    held = _own_concern(concern, by)
    if not held.withdrawn_at:
        raise ValidationError(_("Ce signalement n’est pas retiré."), code="not_withdrawn")
    held.withdrawn_at = None
    held.save(update_fields=["withdrawn_at"])
    record(PUT_BACK, held, by=by, organisation=held.request.school_id)
    return held


@transaction.atomic
def read_concern(concern: Concern, *, by: Person) -> Concern:
    """Open a report for the first time: its student sees that it was read."""
    ANSWER_CONCERN.require(by, concern)
    held = _locked_concern(concern)
    held.read_at = held.read_at or timezone.now()
    held.save(update_fields=["read_at"])
    record(READ, held, by=by, organisation=held.request.school_id)
    return held


@transaction.atomic
def answer_concern(concern: Concern, *, answer: str, by: Person) -> Concern:
    """Answer a report, once: what was done so that the measure stops harming."""
    ANSWER_CONCERN.require(by, concern)
    held = _locked_concern(concern)
    if held.request.person_id == by.pk:
        raise ValidationError(_("Nul ne répond à son propre signalement."), code="own_concern")
    if held.answered_at:
        raise ValidationError(_("Ce signalement a déjà sa réponse."), code="answered")
    if not answer.strip():
        raise ValidationError(_("Dites ce qui a été fait."), code="empty")
    held.answer, held.answered_at, held.answered_by = answer.strip(), timezone.now(), by
    held.read_at = held.read_at or held.answered_at
    held.save()
    url = reverse("timetable:concern", args=[held.pk])
    tell("timetable.concern_answered", held.request.person, held.request, url)
    record(ANSWER, held, by=by, organisation=held.request.school_id)
    return held


def _own_concern(concern: Concern, by: Person) -> Concern:
    READ_CONCERN.require(by, concern)
    held = _locked_concern(concern)
    if held.request.person_id != by.pk:
        raise ValidationError(_("Ce signalement n’est pas le vôtre."), code="not_yours")
    return held


def _locked_concern(concern: Concern) -> Concern:
    return (
        Concern.objects.select_for_update(of=("self",))
        .select_related("request__person", "request__school")
        .get(pk=concern.pk)
    )
