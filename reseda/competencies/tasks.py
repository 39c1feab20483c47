"""What is done for crosswalks without anybody waiting: suggestions computed, lost ones asked again.

A request never computes suggestions: a draft shows those of before, or none, until they are there.
"""

from datetime import timedelta

from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from reseda.competencies.actions import suggestions
from reseda.competencies.actions.corpora import model_of
from reseda.competencies.domain.crosswalk import suggest
from reseda.competencies.models import CrosswalkVersion
from reseda.competencies.queries.suggestions import given
from reseda.journal.actions import SYSTEM

# After which the worker of a computation is held for dead.
PATIENCE = timedelta(minutes=30)
States = CrosswalkVersion.Suggesting


@task()
def compute(pk: int) -> str:
    """Compute the suggestions of a draft, and return the state they are left in; safe to run twice.

    Whatever goes wrong leaves a state of failure, from which they can be asked again.
    """
    version = (
        CrosswalkVersion.objects.filter(pk=pk, status="draft", suggesting=States.QUEUED)
        .select_related("crosswalk__school", "source__framework", "target__framework")
        .first()
    )
    if version is None:
        return ""
    try:
        return _computed(version).suggesting
    except Exception:
        # A version deleted while it was computed has nothing left to note.
        if CrosswalkVersion.objects.filter(pk=pk).exists():
            suggestions.fail(version)
        raise


def _computed(version: CrosswalkVersion) -> CrosswalkVersion:
    """No transaction is open while the engine works: on SQLite it would stop every writer."""
    found = given(version)
    model = model_of(found.corpus)
    answer = suggest(found.source, found.target, model=model, learned=found.learned)
    return suggestions.store(version, answer, given=found)


@task()
def watch_suggestions() -> int:
    """Have suggestions that were never asked, or whose task was lost, computed; safe to run twice.

    Returns how many were put in the queue.
    """
    drafts = CrosswalkVersion.objects.filter(status="draft")
    count = 0
    for version in drafts.filter(suggesting=States.NONE):
        suggestions.ask(version, by=SYSTEM)
        count += 1
    alive = _alive()
    for pk in drafts.filter(suggesting=States.QUEUED).values_list("pk", flat=True):
        if pk not in alive:
            compute.enqueue(pk)
            count += 1
    return count


@receiver(suggestions.asked, dispatch_uid="competencies.compute")
def enqueue(version: CrosswalkVersion, **_: object) -> None:
    """Give a version to the worker, in the transaction that asks for it."""
    compute.enqueue(version.pk)


@receiver(post_save, sender=CrosswalkVersion, dispatch_uid="competencies.first_suggestions")
def ask_first(instance: CrosswalkVersion, created: bool, raw: bool, **_: object) -> None:
    """Ask for the suggestions of a draft as soon as it is opened."""
    if created and not raw and instance.is_draft:
        held = suggestions.ask(instance, by=SYSTEM)
        # Whoever just created it may save it again.
        instance.suggesting = held.suggesting


def _alive() -> set[int]:
    """The versions that a task waits to compute, or is computing."""
    started = timezone.now() - PATIENCE
    waiting = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.READY)
        | Q(status=TaskResultStatus.RUNNING, started_at__gte=started),
        task_path=compute.module_path,
    )
    return {found["args"][0] for found in waiting.values_list("args_kwargs", flat=True)}
