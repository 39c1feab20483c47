"""A plan before it is computed: asked for, named, stopped, started again, thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Organisation, Person
from reseda.schools.models import School
from reseda.timetable.models import Plan
from reseda.timetable.permissions import CHANGE_PLAN

DRAFT = Verb("timetable.draft_plan", _("a demandé un plan de conciliation"))
RENAME = Verb("timetable.rename_plan", _("a renommé un plan de conciliation"))
STOP = Verb("timetable.ask_stop_plan", _("a demandé l’arrêt d’un calcul de plan"))
RESTART = Verb("timetable.restart_plan", _("a relancé le calcul d’un plan"))
DELETE = Verb("timetable.delete_plan", _("a supprimé un plan qui n’était pas publié"))

Status = Plan.Status
COMPUTING = (Status.QUEUED, Status.RUNNING)
STOPPED = (Status.FAILED, Status.CANCELLED)


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
def delete(plan: Plan, *, by: Person) -> None:
    """Throw away a plan that nobody was told of."""
    held = locked(plan, by)
    if held.status not in (*STOPPED, Status.READY):
        raise ValidationError(
            _("Un plan en calcul ou publié ne se supprime pas."), code="not_a_draft"
        )
    record(DELETE, held, by=by, organisation=held.school_id)
    held.delete()


def locked(plan: Plan, by: Person) -> Plan:
    """Return the row of a plan that somebody may change, locked."""
    CHANGE_PLAN.require(by, plan)
    return Plan.objects.select_for_update(of=("self",)).select_related("school").get(pk=plan.pk)
