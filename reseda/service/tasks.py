"""What service does later: the attestation asked of the unit once a confirmed period is over."""

from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task

from reseda.people.models import AnswerLink
from reseda.service import actions
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


@receiver(unit_confirmed, dispatch_uid="service.plan_attestation")
def plan(period: Period, **_: object) -> None:
    """Plan the question for the end of a period that the unit confirmed before."""
    ask_attestation.using(run_after=period.ends_at).enqueue(period.pk)
