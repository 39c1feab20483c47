"""Many hands on the same absence: one answer, be it a person’s or silence’s, on a real database."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reseda.mail.models import OutgoingMail
from reseda.people.models import Person, Role
from reseda.schools.tests.hands import together
from reseda.service import actions
from reseda.service.actions import Rule
from reseda.service.models import Leave, Period
from reseda.service.tests import factories as make

HANDS = 20

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def office() -> Person:
    return make.person(make.school(), Role.HUMAN_RESOURCES)


@pytest.fixture
def period(office: Person) -> Period:
    school = office.mandates.get().organisation.as_school
    actions.set_rule(school, rule=Rule("private", date(2020, 1, 1)), by=office)
    staff = make.person(school, Role.STAFF)
    make.asked(make.away(staff, school, 10, 12))
    return make.away(staff, school, 18, 5)


def answered() -> int:
    return OutgoingMail.objects.filter(template="service.leave_answered").count()


def test_an_answer_and_silence_at_once_leave_one_of_them(period: Period, office: Person) -> None:
    leave = make.asked(period)
    today = timezone.localdate()
    Leave.objects.filter(pk=leave.pk).update(silence_due_on=today - timedelta(days=1))

    def act(number: int) -> str:
        if number % 3 == 0:
            actions.settle_silence(leave, on=today)
            return "silent"
        if number % 3 == 1:
            actions.grant_leave(leave, by=office)
            return "granted"
        actions.refuse_leave(leave, reason="Jury ce jour-là.", by=office)
        return "refused"

    told = together(act, HANDS)
    leave.refresh_from_db()
    verdicts = [one for one in told if one in ("silent", "granted", "refused")]
    # A refusal may still be followed by a grant: that alone changes an answer.
    assert verdicts in ([leave.status], ["refused", "granted"], ["granted", "refused"])
    assert leave.status == "granted" or verdicts == [leave.status]
    assert set(told) <= {"silent", "granted", "refused", "not_due", "already_answered"}
    assert answered() == len(verdicts)


def test_the_same_absence_asked_many_times_at_once_is_one_request(period: Period) -> None:
    staff = period.engagement.person

    def ask(_number: int) -> str:
        actions.ask_leave(period, by=staff)
        return "asked"

    told = together(ask, HANDS)
    assert told.count("asked") == 1
    assert set(told) == {"asked", "already_asked"}
    assert Leave.objects.filter(period=period).count() == 1


def test_silence_noted_by_many_workers_is_noted_once(period: Period) -> None:
    leave = make.asked(period)
    today = timezone.localdate()
    Leave.objects.filter(pk=leave.pk).update(silence_due_on=today - timedelta(days=1))

    def settle(_number: int) -> str:
        actions.settle_silence(leave, on=today)
        return "silent"

    told = together(settle, HANDS)
    assert (told.count("silent"), set(told)) == (1, {"silent", "not_due"})
    assert answered() == 1
