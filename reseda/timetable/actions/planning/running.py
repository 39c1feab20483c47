"""A plan while it is computed: claimed once, followed, stored whole or given up."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import SYSTEM, Actor, Verb, record
from reseda.timetable.domain.planning import model
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.queries.planning.answers import lines_of
from reseda.timetable.queries.planning.problems import Given, digest

COMPUTE = Verb(
    "timetable.compute_plan", _("a calculé un plan de conciliation ({granted} retenues)")
)
CANCEL = Verb("timetable.cancel_plan", _("a interrompu le calcul d’un plan"))
FAIL = Verb("timetable.fail_plan", _("n’a pas pu calculer un plan ({code})"))

Status = Plan.Status
# After which a computation of which nothing is heard is lost with its worker.
PATIENCE = timedelta(minutes=20)
AT_ONCE = 1000


def claim(pk: int) -> Plan | None:
    """Take a queued plan to compute it, or return None: another worker has it, or it was stopped.

    One UPDATE under a condition: of two workers, the database lets one through.
    """
    waiting = Plan.objects.filter(pk=pk, status=Status.QUEUED)
    if not waiting.update(status=Status.RUNNING, started_at=timezone.now(), progress=1):
        return None
    return Plan.objects.select_related("school").get(pk=pk)


def note_progress(pk: int, progress: int) -> bool:
    """Write how far a computation is, and tell whether it was asked to stop."""
    running = Plan.objects.filter(pk=pk, status=Status.RUNNING)
    running.filter(progress__lt=progress).update(progress=min(progress, 99))
    return not running.filter(stop_asked_at__isnull=True).exists()


@transaction.atomic
def store(plan: Plan, *, given: Given, answer: model.Plan, by: Actor = SYSTEM) -> Plan:
    """Store the answer of the engine, all of it or nothing."""
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.status != Status.RUNNING:
        return held
    PlanLine.objects.filter(plan=held).delete()
    PlanLine.objects.bulk_create(lines_of(held, given, answer), batch_size=AT_ONCE)
    held.status, held.progress, held.finished_at = Status.READY, 100, timezone.now()
    held.is_proven = answer.status == "optimal"
    held.value, held.bound = answer.value, answer.bound
    held.input_digest = digest(given.problem)
    held.totals = {
        **answer.totals,
        "people": sorted(one.pk for one in given.engagements.values()),
        "left_out": {str(pk): why for pk, why in given.left_out.items()},
    }
    held.save()
    record(COMPUTE, held, by=by, organisation=held.school_id, granted=len(answer.granted))
    return held


@transaction.atomic
def stop(plan: Plan, *, by: Actor = SYSTEM) -> Plan:
    """Note that a computation stopped because it was asked to; nothing of it is kept."""
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.status == Status.RUNNING:
        held.status, held.finished_at = Status.CANCELLED, timezone.now()
        held.save(update_fields=["status", "finished_at"])
        record(CANCEL, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def fail(plan: Plan, *, code: str, by: Actor = SYSTEM) -> Plan:
    """Note why a computation failed, as a code; it can be started again."""
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    if held.status == Status.RUNNING:
        held.status, held.failure, held.finished_at = Status.FAILED, code[:60], timezone.now()
        held.save(update_fields=["status", "failure", "finished_at"])
        record(FAIL, held, by=by, organisation=held.school_id, code=held.failure)
    return held


@transaction.atomic
def give_up_lost(*, by: Actor = SYSTEM) -> int:
    """Fail the computations whose worker died, and return how many."""
    before = timezone.now() - PATIENCE
    lost = Plan.objects.filter(status=Status.RUNNING, started_at__lt=before)
    return sum(1 for plan in lost if fail(plan, code="lost", by=by).status == Status.FAILED)


@transaction.atomic
def note_drift(plan: Plan, broken: Iterable[tuple[int, Mapping[str, Any]]]) -> Plan:
    """Write which lines of a published plan do not hold any more: line -> rule and facts."""
    held = Plan.objects.select_for_update().get(pk=plan.pk)
    found = {str(line): dict(what) for line, what in broken}
    held.totals["drift"] = {"at": timezone.now().isoformat(), "lines": found}
    held.save(update_fields=["totals"])
    return held
