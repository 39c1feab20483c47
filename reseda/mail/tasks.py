"""How messages leave: one task per message, and a sweep that finds those whose task was lost."""

import smtplib
from datetime import timedelta

from django.core.mail import EmailMessage, get_connection
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from reseda.mail import actions, queries
from reseda.mail.models import OutgoingMail, queued, sweep_asked

SWEEP_EVERY = timedelta(minutes=5)
SWEEP_AT_MOST = 200


@task()
def deliver(key: str) -> str:
    """Try one message, and plan the next try if this one fails; safe to run twice.

    No transaction is open while the mail server answers: on SQLite it would stop every writer.
    """
    mail = actions.take(key)
    if mail is None:
        return "not due"
    held = actions.settle(mail, error=_carry(mail))
    if held.status == OutgoingMail.Status.QUEUED:
        deliver.using(run_after=held.next_try_at).enqueue(str(held.pk))
    return held.status


@task()
def sweep() -> int:
    """Send what is due whatever became of its task, then plan the next sweep; safe to run twice."""
    keys = list(queries.due().values_list("pk", flat=True)[:SWEEP_AT_MOST])
    for key in keys:
        deliver.call(str(key))
    keep_sweeping()
    return len(keys)


def keep_sweeping() -> None:
    """Plan a sweep unless one is planned; two planned at the same moment merge at the next one."""
    planned = DBTaskResult.objects.filter(
        task_path=sweep.module_path, status=TaskResultStatus.READY
    )
    if not planned.exists():
        sweep.using(run_after=timezone.now() + SWEEP_EVERY).enqueue()


@receiver(queued, dispatch_uid="mail.enqueue")
def enqueue(mail: OutgoingMail, **_: object) -> None:
    """Give a message to the worker as soon as the transaction that wrote it is committed."""
    deliver.enqueue(str(mail.pk))
    keep_sweeping()


@receiver(sweep_asked, dispatch_uid="mail.sweep")
def sweep_now(**_: object) -> int:
    """Sweep without waiting for the worker, and start again the chain of sweeps."""
    return sweep.call()


def _carry(mail: OutgoingMail) -> str:
    """Hand a message to the mail server; return the cause of a failure, or nothing."""
    message = EmailMessage(
        mail.subject,
        mail.body,
        to=[mail.to],
        headers={"Message-ID": mail.message_id},
        # Shorter than the time for which a message is left to the worker that took it.
        connection=get_connection(timeout=30),
    )
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        return f"SMTPRecipientsRefused {code}"
    except smtplib.SMTPResponseException as error:
        return f"{type(error).__name__} {error.smtp_code}"
    except (OSError, ValueError) as error:  # smtplib's errors and Django's BadHeaderError included
        return type(error).__name__
    return ""
