"""A message written in a transaction leaves once, later, whatever happens to the worker."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail as outside
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reseda.journal import queries as journal
from reseda.mail import actions, tasks
from reseda.mail.domain import retry, templates
from reseda.mail.models import OutgoingMail, StoredTemplate
from reseda.mail.tests.factories import VISIT, a_person, a_school

pytestmark = pytest.mark.django_db
ADDRESS = "https://reseda.example/repondre/abc/"


@pytest.fixture
def school():
    return a_school()


def a_mail(school, **changes):
    context = {"name": "Camille", "address": ADDRESS} | changes
    return actions.send(VISIT.code, to="unite@example.org", organisation=school, context=context)


def test_a_message_is_a_row_of_the_outbox_and_a_line_of_the_journal(school):
    mail = a_mail(school)
    assert (mail.status, mail.subject) == ("queued", "Visite de Camille")
    assert mail.body.endswith(f"\n{ADDRESS}\n")
    assert [entry.verb for entry in journal.history(mail)] == ["mail.write"]
    assert outside.outbox == []


def test_a_message_of_a_transaction_that_fails_never_existed(
    school, django_capture_on_commit_callbacks
):
    @transaction.atomic
    def change():
        a_mail(school)
        raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        change()
    assert OutgoingMail.objects.count() == 0
    assert DBTaskResult.objects.count() == 0


def test_the_worker_hears_of_the_message_once_it_is_committed(
    school, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        mail = a_mail(school)
        assert DBTaskResult.objects.count() == 0
    paths = {result.task_path: result.args_kwargs for result in DBTaskResult.objects.all()}
    assert paths["reseda.mail.tasks.deliver"]["args"] == [str(mail.pk)]
    assert "reseda.mail.tasks.sweep" in paths


def test_a_second_message_plans_no_second_sweep(school, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        a_mail(school)
        a_mail(school)
    sweeps = DBTaskResult.objects.filter(task_path="reseda.mail.tasks.sweep")
    assert sweeps.count() == 1


def test_a_task_run_twice_sends_once(school):
    mail = a_mail(school)
    assert tasks.deliver.call(str(mail.pk)) == "sent"
    assert tasks.deliver.call(str(mail.pk)) == "not due"
    (sent,) = outside.outbox
    assert sent.extra_headers["Message-ID"] == f"<{mail.pk}@testserver>"
    assert (sent.to, sent.subject) == (["unite@example.org"], "Visite de Camille")


def test_a_message_whose_task_was_lost_leaves_at_the_next_sweep(school):
    mail = a_mail(school)
    assert DBTaskResult.objects.count() == 0
    assert tasks.sweep.call() == 1
    mail.refresh_from_db()
    assert mail.status == "sent"
    assert DBTaskResult.objects.filter(task_path="reseda.mail.tasks.sweep").count() == 1


def test_the_operator_sweeps_from_the_console(school, capsys):
    a_mail(school)
    call_command("mail_sweep")
    call_command("mail_sweep")
    assert capsys.readouterr().out.split() == ["1", "0"]
    assert len(outside.outbox) == 1


def test_a_message_in_the_hands_of_a_worker_is_left_to_it_then_taken_back(school):
    mail = a_mail(school)
    assert actions.take(str(mail.pk)) is not None
    assert tasks.deliver.call(str(mail.pk)) == "not due"
    OutgoingMail.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert tasks.deliver.call(str(mail.pk)) == "sent"


def test_outside_the_demo_the_text_is_forgotten_once_it_has_left(school, settings):
    settings.IS_DEMO = False
    mail = a_mail(school)
    tasks.deliver.call(str(mail.pk))
    mail.refresh_from_db()
    assert (mail.status, mail.body) == ("sent", "")


def test_the_text_is_unreadable_in_the_database(school):
    a_mail(school)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM mail_outgoingmail")
        (stored,) = cursor.fetchone()
    assert "repondre" not in stored


class Broken:
    """A mail backend whose server refuses everything."""

    def __init__(self, **_):
        pass

    def send_messages(self, _messages):
        raise smtplib.SMTPDataError(451, b"try later: camille@example.org unknown")


@pytest.fixture
def _broken_server(settings):
    settings.EMAIL_BACKEND = "reseda.mail.tests.test_actions.Broken"


@pytest.mark.usefixtures("_broken_server")
def test_a_failed_try_is_planned_again_and_tells_no_more_than_its_code(school):
    mail = a_mail(school)
    assert tasks.deliver.call(str(mail.pk)) == "queued"
    mail.refresh_from_db()
    assert (mail.attempts, mail.last_error) == (1, "SMTPDataError 451")
    assert mail.next_try_at > timezone.now()
    (planned,) = DBTaskResult.objects.all()
    assert planned.run_after == mail.next_try_at


@pytest.mark.usefixtures("_broken_server")
def test_after_the_last_try_the_message_is_given_up_and_stays_visible(school):
    mail = a_mail(school)
    OutgoingMail.objects.update(attempts=retry.MAX_ATTEMPTS - 1)
    assert tasks.deliver.call(str(mail.pk)) == "failed"
    mail.refresh_from_db()
    assert mail.body != ""


def given_up(school):
    mail = a_mail(school)
    OutgoingMail.objects.update(status="failed", attempts=retry.MAX_ATTEMPTS, last_error="x")
    mail.refresh_from_db()
    return mail


def test_the_referent_sends_again_a_message_that_was_given_up(school):
    mail = given_up(school)
    actions.try_again(mail, by=a_person("referent", school))
    assert tasks.deliver.call(str(mail.pk)) == "sent"
    with pytest.raises(ValidationError, match="pas en échec"):
        actions.try_again(mail, by=a_person("referent", school))


@pytest.mark.parametrize("role", ["student", "teacher", "jury_member"])
def test_others_do_not_send_again(school, role):
    mail = given_up(school)
    with pytest.raises(PermissionDenied):
        actions.try_again(mail, by=a_person(role, school))


def test_the_referent_of_another_school_does_not_send_again(school):
    mail = given_up(school)
    with pytest.raises(PermissionDenied):
        actions.try_again(mail, by=a_person("referent", a_school("ailleurs")))


def rewritten(school, by, **changes):
    text = {"subject": "{name} vient", "body": "Ici :\n{address}"} | changes
    return actions.rewrite(school, template=VISIT.code, language="fr", by=by, **text)


def test_a_school_s_own_text_replaces_the_default_one_in_its_language_alone(school):
    rewritten(school, a_person("referent", school))
    assert a_mail(school).subject == "Camille vient"
    english = actions.send(
        VISIT.code,
        to="a@example.org",
        organisation=school,
        context={"name": "Camille", "address": ADDRESS},
        language="en",
    )
    assert english.subject == "Camille’s visit"
    assert a_mail(a_school("ailleurs")).subject == "Visite de Camille"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"body": "{address} {unit}"}, "{unit}"),
        ({"body": "Venez."}, "{address}"),
        ({"subject": "  "}, "Écrivez l’objet"),
    ],
)
def test_a_text_that_would_break_the_message_is_refused(school, changes, says):
    with pytest.raises(ValidationError, match=says.replace("{", r"\{")):
        rewritten(school, a_person("referent", school), **changes)
    assert StoredTemplate.objects.count() == 0


def test_resetting_returns_to_the_default_text_and_doing_it_twice_changes_nothing(school):
    by = a_person("referent", school)
    rewritten(school, by)
    assert actions.reset(school, template=VISIT.code, language="fr", by=by) is True
    assert actions.reset(school, template=VISIT.code, language="fr", by=by) is False
    assert a_mail(school).subject == "Visite de Camille"


def test_a_stored_text_that_the_template_outgrew_gives_way_to_the_default(school):
    StoredTemplate.objects.create(
        organisation=school, code=VISIT.code, language="fr", subject="{gone}", body="{address}"
    )
    assert a_mail(school).subject == "Visite de Camille"


def test_an_unknown_language_is_written_in_french(school):
    mail = actions.send(
        VISIT.code,
        to="a@example.org",
        organisation=None,
        context={"name": "Camille", "address": ADDRESS},
        language="de",
    )
    assert (mail.language, mail.subject) == ("fr", "Visite de Camille")


def test_a_value_cannot_add_a_header(school):
    mail = a_mail(school, name="Camille\r\nBcc: all@example.org")
    assert mail.subject == "Visite de Camille Bcc: all@example.org"


def test_a_missing_value_is_an_error_of_the_caller_and_writes_nothing(school):
    with pytest.raises(templates.UnfilledVariable, match="address"):
        actions.send(VISIT.code, to="a@example.org", organisation=None, context={"name": "C"})
    assert OutgoingMail.objects.count() == 0


def test_an_address_that_is_none_is_refused(school):
    with pytest.raises(ValidationError):
        actions.send(VISIT.code, to="nobody", organisation=None, context={})
