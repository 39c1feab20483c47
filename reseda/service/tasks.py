"""What service does later: asking for an attestation once a period is over, noting the absences
that silence grants.
"""

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task

from reseda.people.models import AnswerLink
from reseda.service import actions, queries
from reseda.service.actions.period import ATTEST_PURPOSE
from reseda.service.models import Period, unit_confirmed


@task()
def ask_attestation(period_id: int) -> str:
    """Ask for the attestation of a period that is over, once; safe to run twice."""
    period = Period.objects.filter(pk=period_id, status=Period.Status.CONFIRMED).first()
    if period is None or period.ends_at > timezone.now():
        return "not due"
    if AnswerLink.objects.filter(purpose=ATTEST_PURPOSE, subject_key=period_id).exists():
        return "already asked"
    actions.ask_attestation(period)
    return "asked"


@task()
def settle_silences() -> int:
    """Note the absences that silence grants, and return how many; safe to run twice.

    One that is answered meanwhile is left to its answer.
    """
    today, done = timezone.localdate(), 0
    for leave in queries.due_to_silence(today):
        try:
            actions.settle_silence(leave, on=today)
        except ValidationError:
            continue
        done += 1
    return done


@receiver(unit_confirmed, dispatch_uid="service.plan_attestation")
def plan(period: Period, **_: object) -> None:
    """Plan the question for the end of a period that the unit confirmed before."""
    ask_attestation.using(run_after=period.ends_at).enqueue(period.pk)
