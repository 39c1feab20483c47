"""Authorised absences: what is of right, what is decided, what silence grants, who may not."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.service import actions, queries, tasks
from reseda.service.actions import Employer, Rule
from reseda.service.domain.absences import absence_days, uses
from reseda.service.domain.days import PARIS
from reseda.service.models import Employment, Engagement, Leave
from reseda.service.permissions import DECIDE_LEAVE, READ_LEAVE
from reseda.service.tests import factories as make
from reseda.service.tests.factories import asked, away, monday


def mails(template: str) -> int:
    return OutgoingMail.objects.filter(template=f"service.{template}").count()


def test_within_the_quota_and_with_notice_the_school_is_informed(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    leave = asked(away(staff, school))
    assert (leave.status, leave.is_within, leave.is_notice_kept) == ("informed", True, True)
    assert leave.silence_due_on is None
    assert mails("leave_asked") == 1
    actions.acknowledge_leave(leave, by=office)
    leave.refresh_from_db()
    assert (leave.status, leave.decided_by) == ("acknowledged", office)
    assert mails("leave_answered") == 1


def test_asking_discloses_the_absence_and_nothing_else(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    period = away(staff, school)
    viewer = Viewer.of(office)
    assert not READ_LEAVE.rows(viewer).exists()
    leave = asked(period)
    assert READ_LEAVE.allows(viewer, leave)
    assert not period.engagement.disclosures.exists()
    assert not queries.followed(viewer).exists()


def test_beyond_the_quota_human_resources_answer(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    asked(away(staff, school, 10, 12))
    beyond = asked(away(staff, school, 16, 5))
    assert (beyond.status, beyond.is_within) == ("requested", False)
    assert beyond.counted[0]["used"] == 10
    actions.grant_leave(beyond, by=office)
    beyond.refresh_from_db()
    assert beyond.status == "granted"


def test_without_the_notice_human_resources_answer_and_silence_grants_nothing(
    staff: Person, school: School, agreement: Rule
) -> None:
    late = asked(away(staff, school, 2, 2))
    assert (late.status, late.is_within, late.is_notice_kept) == ("requested", True, False)
    assert late.silence_due_on is None
    assert list(queries.due_to_silence(timezone.localdate() + timedelta(days=400))) == []


def test_a_refusal_has_its_reason_its_delay_and_tells_the_unit_when_allowed(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    asked(away(staff, school, 10, 12))
    first = asked(away(staff, school, 16, 5), tells_unit=True)
    second = asked(away(staff, school, 20, 5))
    with pytest.raises(ValidationError):
        actions.refuse_leave(first, reason="  ", by=office)
    actions.refuse_leave(first, reason="Soutenances.", by=office)
    actions.refuse_leave(second, reason="Soutenances.", by=office)
    assert mails("leave_refused_unit") == 1
    first.refresh_from_db()
    assert first.unit_told_at
    with pytest.raises(ValidationError):
        actions.reopen_leave(first, by=office)
    actions.grant_leave(first, by=office)


def test_after_fifteen_days_nothing_is_refused_any_more(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    asked(away(staff, school, 10, 12))
    leave = asked(away(staff, school, 16, 5))
    today = timezone.localdate()
    assert leave.refusal_due_on == today + timedelta(days=15)
    Leave.objects.filter(pk=leave.pk).update(refusal_due_on=today - timedelta(days=1))
    with pytest.raises(ValidationError):
        actions.refuse_leave(leave, reason="Trop tard.", by=office)
    actions.grant_leave(leave, by=office)


def test_silence_during_the_notice_is_agreement_told_to_both_once(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    asked(away(staff, school, 10, 12))
    leave = asked(away(staff, school, 16, 5))
    assert leave.silence_due_on
    assert tasks.settle_silences.call() == 0
    yesterday = timezone.localdate() - timedelta(days=1)
    Leave.objects.filter(pk=leave.pk).update(silence_due_on=yesterday)
    assert tasks.settle_silences.call() == 1
    assert tasks.settle_silences.call() == 0
    leave.refresh_from_db()
    assert (leave.status, leave.decided_by) == ("silent", None)
    assert (mails("leave_silent_hr"), mails("leave_answered")) == (1, 1)
    entry = Entry.objects.get(verb="service.agree_by_silence")
    assert entry.actor == "system"
    with pytest.raises(ValidationError):
        actions.refuse_leave(leave, reason="Trop tard.", by=office)


def test_the_last_day_of_the_notice_is_still_time_to_answer(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    asked(away(staff, school, 10, 12))
    leave = asked(away(staff, school, 16, 5))
    today = timezone.localdate()
    Leave.objects.filter(pk=leave.pk).update(silence_due_on=today)
    assert tasks.settle_silences.call() == 0
    with pytest.raises(ValidationError):
        actions.settle_silence(leave, on=today)


def test_an_answer_is_taken_back_within_the_hour_and_not_later(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    leave = asked(away(staff, school))
    actions.acknowledge_leave(leave, by=office)
    actions.reopen_leave(leave, by=office)
    leave.refresh_from_db()
    assert (leave.status, leave.decided_at) == ("informed", None)
    actions.acknowledge_leave(leave, by=office)
    Leave.objects.filter(pk=leave.pk).update(decided_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(ValidationError):
        actions.reopen_leave(leave, by=office)


def test_a_request_taken_back_frees_its_days_and_can_be_put_back(
    staff: Person, school: School, agreement: Rule
) -> None:
    period = away(staff, school, 10, 12)
    leave = asked(period)
    with pytest.raises(ValidationError):
        asked(period)
    code = "employer.authorised_days"
    assert sum(queries.used_days(staff, school, code).values()) == 10
    actions.withdraw_leave(leave, by=staff)
    assert not queries.used_days(staff, school, code)
    actions.restore_leave(leave, by=staff)
    actions.withdraw_leave(leave, by=staff)
    again = asked(period)
    with pytest.raises(ValidationError):
        actions.restore_leave(leave, by=staff)
    assert again.status == "informed"


def test_a_request_withdrawn_is_not_put_back_once_its_period_is_cancelled(
    staff: Person, school: School, agreement: Rule
) -> None:
    period = away(staff, school)
    leave = asked(period)
    actions.withdraw_leave(leave, by=staff)
    actions.cancel_period(period, by=staff)
    with pytest.raises(ValidationError) as caught:
        actions.restore_leave(leave, by=staff)
    assert caught.value.code == "cannot_restore"


def test_a_period_cancelled_frees_its_days(staff: Person, school: School, agreement: Rule) -> None:
    period = away(staff, school)
    asked(period)
    actions.cancel_period(period, by=staff)
    assert not queries.used_days(staff, school, "employer.authorised_days")
    with pytest.raises(ValidationError):
        asked(period)


def test_the_agreement_of_the_school_gives_days_and_a_shorter_notice(
    staff: Person, school: School, office: Person
) -> None:
    rule = Rule("private", date(2020, 1, 1), days=20, notice_days=7, agreement="Accord de 2026")
    actions.set_rule(school, rule=rule, by=office)
    leave = asked(away(staff, school, 3, 12))
    assert (leave.status, leave.is_agreed_quota) == ("informed", True)
    assert leave.notice_on == timezone.localtime(leave.starts_at).date() - timedelta(days=7)


def test_a_public_school_counts_every_day_under_the_reserve_of_the_person(
    staff: Person, school: School
) -> None:
    leave = asked(away(staff, school, 10, 7))
    assert (leave.law_code, leave.unit, leave.days) == ("public_agent.days.military", "day", 7)


def test_a_week_end_alone_asks_nothing_of_an_office_that_works_on_weekdays(
    staff: Person, school: School, agreement: Rule
) -> None:
    saturday = monday(10) + timedelta(days=5)
    held = make.engagement(staff, school)
    start = make.paris(saturday.year, saturday.month, saturday.day)
    with pytest.raises(ValidationError) as refused:
        asked(make.period(held, start, 2))
    assert refused.value.code == "no_day_counted"


def test_who_works_elsewhere_asks_elsewhere(staff: Person, school: School) -> None:
    period = away(staff, school)
    employer = Employer("private", date(2024, 1, 1))
    actions.change_employer(period.engagement, employer=employer, by=staff)
    with pytest.raises(ValidationError) as refused:
        asked(period)
    assert refused.value.code == "not_ours"


def test_only_staff_ask_and_only_the_office_of_their_school_answers(
    staff: Person, school: School, student: Person, stranger: Person, agreement: Rule
) -> None:
    leave = asked(away(staff, school))
    teacher = make.person(school, Role.TEACHER)
    for somebody in (staff, student, stranger, teacher):
        assert not DECIDE_LEAVE.allows(Viewer.of(somebody), leave)
        with pytest.raises(PermissionDenied):
            actions.acknowledge_leave(leave, by=somebody)
    for somebody in (student, stranger, teacher):
        assert not READ_LEAVE.allows(Viewer.of(somebody), leave)
    theirs = make.period(make.engagement(student, school), make.ago(-60))
    with pytest.raises(PermissionDenied):
        actions.ask_leave(theirs, by=student)


def test_nobody_answers_their_own_request(school: School, agreement: Rule) -> None:
    both = make.person(school, Role.STAFF, Role.HUMAN_RESOURCES)
    leave = asked(away(both, school))
    with pytest.raises(ValidationError) as refused:
        actions.acknowledge_leave(leave, by=both)
    assert refused.value.code == "own_request"
    assert not queries.office_leaves(Viewer.of(both)).exists()


def test_the_database_itself_keeps_one_live_request_a_period_and_a_reason(
    staff: Person, school: School, agreement: Rule
) -> None:
    leave = asked(away(staff, school))
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.filter(pk=leave.pk).update(status="granted")
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.filter(pk=leave.pk).update(
            status="refused", decided_at=timezone.now(), decided_by=staff
        )
    leave.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        leave.save(force_insert=True)


def test_what_waits_is_told_to_each(
    staff: Person, school: School, office: Person, agreement: Rule
) -> None:
    def titles(somebody: Person) -> list[str]:
        return [str(one.title) for one in queries.todo(Viewer.of(somebody))]

    period = away(staff, school)
    assert "Demander votre autorisation d’absence" in titles(staff)
    leave = asked(period)
    assert "Demander votre autorisation d’absence" not in titles(staff)
    assert titles(office) == ["Accuser réception d’une absence de droit"]
    actions.acknowledge_leave(leave, by=office)
    assert titles(office) == []


INSTANTS = st.datetimes(make.datetime(2026, 1, 1), make.datetime(2026, 12, 1)).map(
    lambda moment: moment.replace(tzinfo=PARIS)
)


@given(INSTANTS, st.integers(1, 60 * 24 * 40), st.floats(0, 30), st.floats(0, 40))
def test_days_asked_never_exceed_the_dates_and_left_is_what_remains(
    start: make.datetime, minutes: int, used: float, limit: float
) -> None:
    end = start + timedelta(minutes=minutes)
    every = sum(absence_days(start, end, "day").values())
    for unit in ("business_day", "working_day"):
        assert 0 <= sum(absence_days(start, end, unit).values()) <= every
    for one in uses((start, end), {2026: used}, limit, "day"):
        assert one.left == one.limit - one.used - one.asked
        assert one.is_within == (one.left >= 0)


def test_an_employer_is_taken_back_from_its_row_as_it_is_now(engagement: Engagement) -> None:
    def hired(since_on: date) -> Employment:
        employer = Employer("private", since_on, name="Atelier Vernet")
        return actions.change_employer(engagement, employer=employer, by=engagement.person)

    stale = hired(date(2024, 1, 1))
    hired(date(2026, 1, 1))
    assert stale.ended_on is None
    with pytest.raises(ValidationError) as caught:
        actions.undo_employer(stale, by=engagement.person)
    assert caught.value.code == "not_the_last"
    assert Employment.objects.filter(person=engagement.person).count() == 2
