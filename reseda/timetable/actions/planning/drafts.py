"""A plan before it is computed: asked for, named, stopped, started again, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import SYSTEM, Actor, Verb, record
from reseda.people.models import Organisation, Person
from reseda.schools.models import School
from reseda.timetable.models import Plan
from reseda.timetable.permissions import CHANGE_PLAN

DRAFT = Verb("timetable.draft_plan", _("a demandé un plan de conciliation"))
RENAME = Verb("timetable.rename_plan", _("a renommé un plan de conciliation"))
STOP = Verb("timetable.ask_stop_plan", _("a demandé l’arrêt d’un calcul de plan"))
RESTART = Verb("timetable.restart_plan", _("a relancé le calcul d’un plan"))
REMOVE = Verb("timetable.remove_plan", _("a supprimé un plan qui n’était pas publié"))
RESTORE = Verb("timetable.restore_plan", _("a rétabli un plan supprimé"))
FORGET = Verb("timetable.forget_plan", _("a effacé un plan supprimé depuis un mois"))

Status = Plan.Status
COMPUTING = (Status.QUEUED, Status.RUNNING)
STOPPED = (Status.FAILED, Status.CANCELLED)
# For how long a plan that was thrown away can be restored.
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Wanted:
    """What is asked of the planner: days, programme (None: the whole school), rules as stored."""

    name: str
    starts_on: date
    ends_on: date
    programme: Organisation | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def draft(school: School, *, wanted: Wanted, based_on: Plan | None = None, by: Person) -> Plan:
    """Ask for a plan, to be computed by a task; from another plan, so that few things change."""
    if wanted.ends_on < wanted.starts_on:
        raise ValidationError(
            {"ends_on": _("Le dernier jour précède le premier.")}, code="ends_before_start"
        )
    plan = Plan.objects.create(
        school=school,
        programme=wanted.programme,
        name=wanted.name,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        policy=dict(wanted.policy),
        based_on=based_on,
        created_by=by,
    )
    # Decided on the row itself: a mandate limited to a programme plans for that programme alone.
    CHANGE_PLAN.require(by, plan)
    if based_on is not None:
        CHANGE_PLAN.require(by, based_on)
    record(DRAFT, plan, by=by, organisation=school.pk)
    return plan


@transaction.atomic
def rename(plan: Plan, *, name: str, by: Person) -> Plan:
    """Give a plan another name."""
    held = locked(plan, by)
    held.name = name
    held.save(update_fields=["name"])
    record(RENAME, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def ask_stop(plan: Plan, *, by: Person) -> Plan:
    """Ask the computation to stop; one that has not begun is stopped at once."""
    held = locked(plan, by)
    if held.status not in COMPUTING:
        raise ValidationError(_("Ce calcul est déjà terminé."), code="not_computing")
    held.stop_asked_at = held.stop_asked_at or timezone.now()
    if held.status == Status.QUEUED:
        held.status, held.finished_at = Status.CANCELLED, held.stop_asked_at
    held.save(update_fields=["stop_asked_at", "status", "finished_at"])
    record(STOP, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def restart(plan: Plan, *, by: Person) -> Plan:
    """Queue again a computation that failed, was stopped, or whose plan nobody published."""
    held = locked(plan, by)
    if held.status not in (*STOPPED, Status.READY):
        raise ValidationError(_("Ce plan ne peut pas être recalculé."), code="not_stopped")
    held.status, held.progress, held.failure = Status.QUEUED, 0, ""
    held.stop_asked_at = held.started_at = held.finished_at = None
    held.created_at = timezone.now()
    held.save()
    record(RESTART, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def remove(plan: Plan, *, by: Person) -> Plan:
    """Throw away a plan that nobody was told of; it can be restored for a month."""
    held = locked(plan, by)
    if held.status not in (*STOPPED, Status.READY):
        raise ValidationError(
            _("Un plan en calcul ou publié ne se supprime pas."), code="not_a_draft"
        )
    held.removed_at = timezone.now()
    held.save(update_fields=["removed_at"])
    record(REMOVE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def restore(plan: Plan, *, by: Person) -> Plan:
    """Take back a plan that was thrown away, as it was."""
    held = _row(plan, by)
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    record(RESTORE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def forget_removed(*, by: Actor = SYSTEM) -> int:
    """Delete, lines and all, the plans thrown away a month ago, and return how many."""
    gone = Plan.objects.select_for_update().filter(removed_at__lt=timezone.now() - KEPT)
    count = 0
    for plan in gone:
        record(FORGET, plan, by=by, organisation=plan.school_id)
        plan.delete()
        count += 1
    return count


def locked(plan: Plan, by: Person) -> Plan:
    """Return the row of a plan that somebody may change, locked."""
    held = _row(plan, by)
    if held.removed_at is not None:
        raise ValidationError(_("Ce plan est supprimé : rétablissez-le d’abord."), code="removed")
    return held


def _row(plan: Plan, by: Person) -> Plan:
    CHANGE_PLAN.require(by, plan)
    return Plan.objects.select_for_update(of=("self",)).select_related("school").get(pk=plan.pk)
