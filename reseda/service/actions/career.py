"""What a reservist notes of their path: ranks, training, qualifications, suspensions, wishes."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.law import queries as law
from reseda.law.domain.dates import term_end
from reseda.law.domain.values import NotInForce
from reseda.people.models import Person
from reseda.service.actions.period import lock
from reseda.service.domain import qualifications
from reseda.service.domain.counters import REGIME_OF_FORCE
from reseda.service.domain.rules import Refusal
from reseda.service.domain.suspensions import Asked, suspension_refusal
from reseda.service.models import (
    Engagement,
    Period,
    Promotion,
    Qualification,
    Suspension,
    Training,
    TrainingStep,
)
from reseda.service.permissions import (
    CHANGE_ENGAGEMENT,
    CHANGE_PROMOTION,
    CHANGE_STEP,
    CHANGE_SUSPENSION,
)
from reseda.ui.templatetags.ui import jour, span

PROMOTE = Verb("service.add_promotion", _("a noté un grade ou une spécialité"))
TRAIN = Verb("service.add_step", _("a noté une étape de formation"))
MARK = Verb("service.mark_step", _("a noté où en est une étape de formation ({status})"))
QUALIFY = Verb("service.add_qualification", _("a noté une qualification"))
UNQUALIFY = Verb("service.remove_qualification", _("a retiré une qualification"))
SUSPEND = Verb("service.suspend", _("a noté la suspension de son contrat"))
REMOVE = Verb("service.remove_item", _("a retiré une ligne de son parcours"))
RESTORE = Verb("service.restore_item", _("a rétabli une ligne de son parcours"))
TARGET = Verb("service.set_target", _("a dit combien de jours elle ou il souhaite faire par an"))

# What a step, once done, says of the training as a whole; the planner reads it.
REACHED = {
    TrainingStep.Kind.INITIAL: Training.INITIAL_DONE,
    TrainingStep.Kind.SPECIALITY: Training.SPECIALISED,
}
LONGEST = "reserve.suspension.months.max"
Item = TypeVar("Item", Promotion, TrainingStep, Suspension)


@dataclass(frozen=True)
class Step:
    """A step of training as its holder notes it."""

    kind: str
    starts_on: date
    ends_on: date
    status: str = TrainingStep.Status.PLANNED
    name: str = ""


def _held(engagement: Engagement, by: Person) -> Engagement:
    CHANGE_ENGAGEMENT.require(by, engagement)
    return lock(engagement.pk)


@transaction.atomic
def add_promotion(
    engagement: Engagement, *, kind: str, name: str, since_on: date, by: Person
) -> Promotion:
    """Note a rank or a speciality held from a day; one rank a day."""
    held = _held(engagement, by)
    ranks = held.promotions.filter(kind=Promotion.Kind.RANK, removed_at__isnull=True)
    if kind == Promotion.Kind.RANK and ranks.filter(since_on=since_on).exists():
        raise ValidationError(
            {"since_on": _("Un grade est déjà noté à cette date : retirez-le d’abord.")},
            code="rank_twice",
        )
    made = Promotion.objects.create(engagement=held, kind=kind, name=name, since_on=since_on)
    record(PROMOTE, made, by=by, organisation=held.school_id)
    return made


@transaction.atomic
def add_step(engagement: Engagement, *, step: Step, by: Person) -> TrainingStep:
    """Note a step of training, from before the contract to the speciality."""
    held = _held(engagement, by)
    if step.ends_on < step.starts_on:
        raise ValidationError(
            {"ends_on": _("La formation se termine avant d’avoir commencé.")},
            code="ends_before_start",
        )
    made = TrainingStep.objects.create(
        engagement=held,
        kind=step.kind,
        name=step.name,
        starts_on=step.starts_on,
        ends_on=step.ends_on,
        status=step.status,
    )
    _reach(held, made)
    record(TRAIN, made, by=by, organisation=held.school_id)
    return made


@transaction.atomic
def mark_step(step: TrainingStep, *, status: str, by: Person) -> TrainingStep:
    """Say whether a step of training was done, or stopped."""
    CHANGE_STEP.require(by, step)
    engagement = lock(step.engagement_id)
    held = TrainingStep.objects.select_for_update().get(pk=step.pk)
    if status not in TrainingStep.Status.values:
        raise ValidationError(_("Cet état n’existe pas."), code="unknown_status")
    held.status = status
    held.save(update_fields=["status"])
    _reach(engagement, held)
    record(MARK, held, by=by, organisation=engagement.school_id, status=status)
    return held


def _reach(engagement: Engagement, step: TrainingStep) -> None:
    """Raise the declared training to what a finished step proves; never lower it."""
    reached = REACHED.get(TrainingStep.Kind(step.kind))
    order = Training.values
    if step.status != TrainingStep.Status.DONE or reached is None:
        return
    if order.index(reached) > order.index(engagement.training):
        engagement.training = reached
        engagement.save(update_fields=["training"])


@transaction.atomic
def add_qualification(
    engagement: Engagement, *, code: str, obtained_on: date | None = None, by: Person
) -> Qualification:
    """Note what its holder holds beyond the training; the same one is noted once."""
    held = _held(engagement, by)
    try:
        read = qualifications.read(code)
    except ValueError as error:
        raise ValidationError(
            {"code": _("Quarante caractères au plus : abrégez.")}, code="code_too_long"
        ) from error
    if len(read) != 1:
        raise ValidationError(
            {"code": _("Notez une qualification à la fois.")}, code="one_at_a_time"
        )
    if held.qualifications.filter(code=read[0]).exists():
        raise ValidationError(
            {"code": _("Cette qualification est déjà notée.")}, code="already_held"
        )
    made = Qualification.objects.create(engagement=held, code=read[0], obtained_on=obtained_on)
    record(QUALIFY, made, by=by, organisation=held.school_id)
    return made


@transaction.atomic
def remove_qualification(engagement: Engagement, *, code: str, by: Person) -> Engagement:
    """Take a qualification back; nothing happens when it is no longer there."""
    held = _held(engagement, by)
    held.qualifications.filter(code=code).delete()
    record(UNQUALIFY, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def suspend(engagement: Engagement, *, starts_on: date, ends_on: date, by: Person) -> Suspension:
    """Note that the contract is suspended: at most what the law allows, its end unmoved."""
    held = _held(engagement, by)
    made = Suspension(engagement=held, starts_on=starts_on, ends_on=ends_on)
    _check_suspension(made)
    made.save()
    record(SUSPEND, made, by=by, organisation=held.school_id)
    return made


def _check_suspension(suspension: Suspension) -> None:
    engagement = suspension.engagement
    others = engagement.suspensions.filter(removed_at__isnull=True).exclude(pk=suspension.pk)
    periods = engagement.periods.exclude(status=Period.Status.CANCELLED)
    asked = Asked(
        suspension.starts_on,
        suspension.ends_on,
        engagement.contract_start_on,
        engagement.contract_end_on,
        _longest(engagement, suspension.starts_on),
    )
    refusal = suspension_refusal(
        asked,
        others.values_list("starts_on", "ends_on"),
        [(_day(start), _day(end)) for start, end in periods.values_list("starts_at", "ends_at")],
    )
    if refusal:
        raise ValidationError(_words(refusal), code=refusal.code)


def _day(moment: object) -> date:
    return timezone.localtime(moment).date()  # type: ignore[arg-type]  # a moment, by the query


def _longest(engagement: Engagement, starts_on: date) -> date:
    """Return the last day the law lets a suspension last; only the military code limits it."""
    if REGIME_OF_FORCE[engagement.force] != "military":
        return engagement.contract_end_on
    try:
        months = law.value(LONGEST, starts_on)
    except NotInForce:  # the text is only known from a later day
        months = law.history(LONGEST)[-1]
    return term_end(starts_on, months=int(months.value))


def _words(refusal: Refusal) -> dict[str, object]:
    facts = refusal.facts
    if refusal.code == "ends_before_start":
        return {"ends_on": _("La suspension se termine avant d’avoir commencé.")}
    if refusal.code == "too_long":
        sentence = _("C’est plus que la durée permise : elle s’arrête au plus tard le %(day)s.")
        return {"ends_on": sentence % {"day": jour(facts["end"])}}  # type: ignore[arg-type]  # a day, by this code
    dates = span(facts["start"], facts["end"])  # type: ignore[arg-type]  # days, by these codes
    sentences = {
        "outside_contract": _(
            "La suspension reste dans le contrat (%(dates)s) : elle n’en recule pas la fin."
        ),
        "suspended_twice": _("Une suspension est déjà notée %(dates)s."),
        "period_meanwhile": _(
            "Une période est prévue %(dates)s : annulez-la d’abord, un contrat suspendu ne se "
            "sert pas."
        ),
    }
    return {"starts_on": sentences[refusal.code] % {"dates": dates}}


def _require(item: Promotion | TrainingStep | Suspension, by: Person) -> None:
    if isinstance(item, Promotion):
        CHANGE_PROMOTION.require(by, item)
    elif isinstance(item, TrainingStep):
        CHANGE_STEP.require(by, item)
    else:
        CHANGE_SUSPENSION.require(by, item)


@transaction.atomic
def remove_item(item: Item, *, by: Person) -> Item:
    """Take a line of one’s path back; `restore_item` puts it there again."""
    _require(item, by)
    engagement = lock(item.engagement_id)
    item.removed_at = timezone.now()
    item.save(update_fields=["removed_at"])
    record(REMOVE, item, by=by, organisation=engagement.school_id)
    return item


@transaction.atomic
def restore_item(item: Item, *, by: Person) -> Item:
    """Put back a line of one’s path, unless another took its place meanwhile."""
    _require(item, by)
    engagement = lock(item.engagement_id)
    if isinstance(item, Suspension):
        _check_suspension(item)
    rivals = engagement.promotions.filter(kind=Promotion.Kind.RANK, removed_at__isnull=True)
    if (
        isinstance(item, Promotion)
        and item.kind == Promotion.Kind.RANK
        and rivals.filter(since_on=item.since_on).exclude(pk=item.pk).exists()
    ):
        raise ValidationError(
            _("Un autre grade est noté à cette date : retirez-le d’abord."), code="rank_twice"
        )
    item.removed_at = None
    item.save(update_fields=["removed_at"])
    record(RESTORE, item, by=by, organisation=engagement.school_id)
    return item


@transaction.atomic
def set_target(engagement: Engagement, *, days: int | None, by: Person) -> Engagement:
    """Say how many days a year its holder would like to serve; the planner aims at it."""
    held = _held(engagement, by)
    held.target_days = days
    held.save(update_fields=["target_days"])
    record(TARGET, held, by=by, organisation=held.school_id)
    return held
