"""What a reservist says of what a published plan grants them: accepted, declined, taken back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.service.actions import Details, add_period
from reseda.service.models import Offer
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.permissions import ANSWER_LINE
from reseda.timetable.queries.planning.drift import line_fault

ACCEPT = Verb("timetable.accept_line", _("a accepté une période retenue dans un plan"))
DECLINE = Verb("timetable.decline_line", _("a décliné une période retenue dans un plan"))
REOPEN = Verb("timetable.reopen_line", _("a repris sa réponse à une période retenue dans un plan"))

Answer = PlanLine.Answer


@transaction.atomic
def accept(line: PlanLine, *, by: Person) -> PlanLine:
    """Accept a granted line: it becomes a period of one’s record, with the offer’s dates.

    Refused when it does not hold any more (a lesson moved, the offer was withdrawn).
    """
    held = _unanswered(line, by)
    fault = line_fault(held)
    if fault is not None:
        raise ValidationError(
            _("Cette période ne tient plus : votre emploi du temps ou l’offre a changé."),
            code="broken",
        )
    offer = held.offer
    held.period = add_period(
        held.engagement,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
        details=Details(purpose=offer.purpose, place=offer.place),
        by=by,
    )
    return _answered(held, Answer.ACCEPTED, by)


@transaction.atomic
def decline(line: PlanLine, *, by: Person) -> PlanLine:
    """Decline a granted line: its place is free again."""
    return _answered(_unanswered(line, by), Answer.DECLINED, by)


@transaction.atomic
def reopen(line: PlanLine, *, by: Person) -> PlanLine:
    """Take back a refusal, as long as the place was not given to somebody else."""
    held = _locked(line, by)
    if held.answer != Answer.DECLINED:
        raise ValidationError(_("Il n’y a rien à annuler."), code="not_declined")
    granted = PlanLine.objects.filter(
        offer=held.offer_id, plan__status=Plan.Status.PUBLISHED, is_granted=True
    )
    if granted.exclude(answer=Answer.DECLINED).count() >= held.offer.capacity:
        raise ValidationError(_("La place a été donnée entre-temps."), code="full")
    held.answer, held.answered_at = "", None
    held.save(update_fields=["answer", "answered_at"])
    record(REOPEN, held, by=by, organisation=held.plan.school_id)
    return held


def _answered(held: PlanLine, answer: PlanLine.Answer, by: Person) -> PlanLine:
    held.answer, held.answered_at = answer, timezone.now()
    held.save(update_fields=["answer", "answered_at", "period"])
    verb = ACCEPT if answer == Answer.ACCEPTED else DECLINE
    record(verb, held, by=by, organisation=held.plan.school_id)
    return held


def _unanswered(line: PlanLine, by: Person) -> PlanLine:
    held = _locked(line, by)
    if held.answer:
        raise ValidationError(_("Vous avez déjà répondu."), code="already_answered")
    if held.offer.starts_at <= timezone.now():
        raise ValidationError(_("Cette période a déjà commencé."), code="started")
    return held


def _locked(line: PlanLine, by: Person) -> PlanLine:
    ANSWER_LINE.require(by, line)
    # An answer and the publication of the next plan come one after the other.
    plan = Plan.objects.select_for_update().get(pk=line.plan_id)
    if plan.status != Plan.Status.PUBLISHED:
        raise ValidationError(
            _("Ce plan vient d’être remplacé : relisez ce qui est retenu pour vous."),
            code="replaced",
        )
    # The offer first: two people who settle its last place come one after the other.
    Offer.objects.select_for_update().get(pk=line.offer_id)
    return (
        PlanLine.objects.select_for_update(of=("self",))
        .select_related("plan", "offer", "engagement__person")
        .get(pk=line.pk)
    )
