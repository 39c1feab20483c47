"""What is done in service: each deed, and beside it what makes it be refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from reseda.journal.models import Entry
from reseda.law.queries import notice
from reseda.mail.models import OutgoingMail
from reseda.people.models import AnswerLink, Mandate, Person, Role
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.service import actions, queries
from reseda.service.actions import Details
from reseda.service.models import Attestation, Engagement, Period
from reseda.service.permissions import FOLLOW_RESERVIST, READ_PERIOD
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import asked, in_database, latest_link
from reseda.ui.templatetags.ui import span


def test_an_engagement_is_declared_by_its_holder_and_nobody_knows(
    student: Person, school: School, referent: Person
) -> None:
    made = actions.declare(student, school=school, declaration=make.declaration(), by=student)
    assert queries.engagement_of(student, date(2026, 6, 1)) == made
    assert not made.disclosures.exists()
    assert not FOLLOW_RESERVIST.rows(Viewer.of(referent)).exists()


def test_nobody_declares_for_another_nor_in_another_school(
    student: Person, school: School, referent: Person, stranger: Person
) -> None:
    for somebody in (referent, stranger):
        with pytest.raises(PermissionDenied):
            actions.declare(student, school=school, declaration=make.declaration(), by=somebody)
    assert not Engagement.objects.exists()


def test_a_second_contract_of_one_force_waits_for_the_end_of_the_first(
    engagement: Engagement, student: Person, school: School
) -> None:
    def again(start: date, force: str = "terre") -> Engagement:
        said = make.declaration(
            force=force, contract_start_on=start, contract_end_on=date(2041, 1, 1)
        )
        return actions.declare(student, school=school, declaration=said, by=student)

    with pytest.raises(ValidationError):
        again(date(2030, 1, 1))
    assert again(date(2030, 1, 1), "securite_civile").pk
    renewed = again(date(2037, 1, 1))
    engagement.refresh_from_db()
    assert engagement.ended_on == engagement.contract_end_on
    assert renewed.ended_on is None


def test_a_contract_ends_after_it_starts_in_the_action_and_in_the_database(
    engagement: Engagement, student: Person
) -> None:
    said = make.declaration(contract_end_on=date(2021, 1, 1))
    with pytest.raises(ValidationError):
        actions.edit(engagement, declaration=said, by=student)
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.filter(pk=engagement.pk).update(contract_end_on=date(2021, 1, 1))


def test_sensitive_words_are_unreadable_in_the_database(engagement: Engagement) -> None:
    period = make.period(engagement, make.ago(10))
    rows = in_database(engagement) + in_database(period)
    assert [word for word in (*make.WORDS[:3], "lou.vidal", "Vidal") if word in rows] == []
    assert Period.objects.get(pk=period.pk).place == make.PLACE


def test_a_holder_chooses_who_may_know_and_changes_their_mind(
    engagement: Engagement, student: Person, referent: Person
) -> None:
    def may_know() -> bool:
        return FOLLOW_RESERVIST.allows(Viewer.of(referent), engagement)

    actions.disclose(engagement, audiences=["referent"], by=student)
    assert may_know()
    actions.disclose(engagement, audiences=[], by=student)
    assert not may_know()
    actions.undo(engagement, by=student)
    assert may_know()


def test_only_the_holder_discloses_and_only_to_those_offered(
    engagement: Engagement, student: Person, referent: Person
) -> None:
    with pytest.raises(PermissionDenied):
        actions.disclose(engagement, audiences=["referent"], by=referent)
    with pytest.raises(ValidationError):
        actions.disclose(engagement, audiences=["human_resources"], by=student)
    assert not engagement.disclosures.exists()


def test_each_audience_sees_only_what_is_disclosed_to_it(student: Person, school: School) -> None:
    held = make.engagement(student, school, "referent")
    period = make.period(held, make.ago(10))
    for role in Role:
        somebody = Viewer.of(make.person(school, role))
        assert FOLLOW_RESERVIST.allows(somebody, held) == (role == Role.REFERENT), role
        assert READ_PERIOD.allows(somebody, period) == (role == Role.REFERENT), role


def test_a_staff_member_discloses_to_human_resources(school: School) -> None:
    somebody = make.person(school, Role.STAFF)
    held = make.engagement(somebody, school, "human_resources")
    office = make.person(school, Role.HUMAN_RESOURCES)
    assert FOLLOW_RESERVIST.allows(Viewer.of(office), held)


def test_an_edit_an_end_and_their_undo_put_back_what_was(
    engagement: Engagement, student: Person
) -> None:
    actions.edit(engagement, declaration=make.declaration(unit_name="Autre unité"), by=student)
    assert actions.undo(engagement, by=student).unit_name == make.UNIT
    actions.end(engagement, ended_on=date(2026, 6, 1), by=student)
    with pytest.raises(ValidationError):
        actions.end(engagement, ended_on=date(2026, 6, 2), by=student)
    assert actions.undo(engagement, by=student).ended_on is None


def test_there_is_nothing_to_undo_at_first(engagement: Engagement, student: Person) -> None:
    with pytest.raises(ValidationError):
        actions.undo(engagement, by=student)


def test_the_notice_read_is_kept_with_its_version_once(
    engagement: Engagement, student: Person
) -> None:
    with pytest.raises(ValidationError):
        actions.acknowledge(engagement, version="1789-08-26", language="fr", by=student)
    version = notice(timezone.localdate(), "fr").version
    first = actions.acknowledge(engagement, version=version, language="fr", by=student)
    second = actions.acknowledge(engagement, version=version, language="fr", by=student)
    assert (first.pk, first.version) == (second.pk, version)
    assert "L611-9" in first.text


def test_a_period_is_kept_to_the_minute_within_the_contract(engagement: Engagement) -> None:
    start = make.paris(2026, 5, 4, 8, 0, 42)
    made = actions.add_period(
        engagement, starts_at=start, ends_at=start + timedelta(days=1), by=engagement.person
    )
    assert made.starts_at == make.paris(2026, 5, 4, 8)
    assert list(queries.periods_of(engagement.person)) == [made]


@pytest.mark.parametrize(
    ("start", "days"),
    [((2026, 5, 4), 0), ((2026, 5, 4), 400), ((2021, 12, 30), 5), ((2026, 6, 2), 2)],
)
def test_a_period_that_cannot_be_is_refused(
    start: tuple[int, int, int], days: int, engagement: Engagement
) -> None:
    make.period(engagement, make.paris(2026, 6, 1))
    with pytest.raises(ValidationError):
        make.period(engagement, make.paris(*start), days)
    assert Period.objects.count() == 1


def test_periods_of_two_engagements_of_one_person_do_not_overlap_either(
    engagement: Engagement, student: Person, school: School, coming: Period
) -> None:
    other = make.engagement(student, school, force="securite_civile")
    with pytest.raises(ValidationError):
        make.period(other, coming.starts_at)


def test_the_database_itself_refuses_an_overlap(engagement: Engagement, coming: Period) -> None:
    def twin(**given: object) -> None:
        with transaction.atomic():
            Period.objects.create(
                engagement=engagement, starts_at=coming.starts_at, ends_at=coming.ends_at, **given
            )

    with pytest.raises(IntegrityError):
        twin()
    twin(status="cancelled", cancelled_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.filter(status="cancelled").update(status="planned", cancelled_at=None)


def test_the_database_itself_refuses_an_attestation_without_a_confirmation(coming: Period) -> None:
    def attest() -> None:
        with transaction.atomic():
            Attestation.objects.create(period=coming, days=1, activities="a", signed_name="b")

    with pytest.raises(IntegrityError):
        attest()
    Period.objects.filter(pk=coming.pk).update(status="confirmed", confirmed_at=timezone.now())
    attest()
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.filter(pk=coming.pk).update(status="planned", confirmed_at=None)


def test_a_period_cancelled_no_longer_counts_until_it_is_restored(
    engagement: Engagement, past: Period
) -> None:
    def done() -> float:
        counts = queries.counters_of(engagement, timezone.now(), timezone.localdate())
        return sum(count.days.done for count in counts)

    assert done() == 2.0
    actions.cancel_period(past, by=engagement.person)
    assert done() == 0
    actions.undo_period(past, by=engagement.person)
    assert done() == 2.0


def test_a_period_cannot_be_restored_where_another_took_its_place(
    engagement: Engagement, coming: Period
) -> None:
    actions.cancel_period(coming, by=engagement.person)
    make.period(engagement, coming.starts_at)
    with pytest.raises(ValidationError):
        actions.undo_period(coming, by=engagement.person)


def test_only_its_holder_touches_a_period(coming: Period, referent: Person) -> None:
    actions.disclose(coming.engagement, audiences=["referent"], by=coming.engagement.person)
    with pytest.raises(PermissionDenied):
        actions.cancel_period(coming, by=referent)
    with pytest.raises(PermissionDenied):
        actions.ask_confirmation(coming, by=referent)


def test_new_dates_need_a_new_confirmation_and_new_words_do_not(coming: Period) -> None:
    actions.confirm(coming, link=asked(coming), name="Lou Vidal")

    def changed(days: int) -> str:
        made = actions.edit_period(
            coming,
            starts_at=coming.starts_at,
            ends_at=coming.ends_at + timedelta(days=days),
            details=Details("autre objet"),
            by=coming.engagement.person,
        )
        return str(made.status)

    assert changed(0) == "confirmed"
    assert changed(1) == "planned"
    assert actions.undo_period(coming, by=coming.engagement.person).status == "confirmed"


def test_no_confirmation_is_asked_without_an_address(coming: Period) -> None:
    holder = coming.engagement.person
    actions.edit(coming.engagement, declaration=make.declaration(contact_email=""), by=holder)
    with pytest.raises(ValidationError) as caught:
        actions.ask_confirmation(Period.objects.get(pk=coming.pk), by=holder)
    assert caught.value.code == "no_contact"
    assert not AnswerLink.objects.exists()


def test_the_unit_is_written_to_in_french_whoever_asks(coming: Period) -> None:
    with translation.override("en"):
        actions.ask_confirmation(coming, by=coming.engagement.person)
    with translation.override("fr"):
        dates = span(coming.starts_at, coming.ends_at)
    assert f"indique une période {dates}." in OutgoingMail.objects.get().body


def test_opening_a_record_is_written_and_read_by_its_holder(
    engagement: Engagement, student: Person, referent: Person, stranger: Person
) -> None:
    with pytest.raises(PermissionDenied):
        actions.consult(engagement, by=referent)
    actions.disclose(engagement, audiences=["referent"], by=student)
    actions.consult(engagement, by=referent)
    with pytest.raises(PermissionDenied):
        actions.consult(engagement, by=stranger)
    assert [one.name for one in queries.readings(engagement)] == [str(referent)]


def test_no_force_unit_or_place_reaches_the_journal_or_a_subject(
    engagement: Engagement, past: Period, student: Person
) -> None:
    actions.disclose(engagement, audiences=["referent"], by=student)
    actions.edit(engagement, declaration=make.declaration(), by=student)
    actions.confirm(past, link=asked(past), name="Lou Vidal")
    actions.attest(past, link=latest_link(), statement=make.statement())
    told = " ".join(
        [
            *OutgoingMail.objects.values_list("subject", flat=True),
            *(mail.body for mail in OutgoingMail.objects.all()),
            *(f"{entry.subject} {entry.facts}" for entry in Entry.objects.all()),
        ]
    ).lower()
    forbidden = (*make.WORDS, *Engagement._meta.get_field("force").choices[0], "réserv", "armée")
    assert [word for word in forbidden if f" {str(word).lower()}" in told] == []
    subjects = " ".join(OutgoingMail.objects.values_list("subject", flat=True))
    assert str(student) not in subjects


def test_what_awaits_a_reservist_changes_as_the_thread_goes(past: Period, student: Person) -> None:
    def titles() -> list[str]:
        return [str(one.title) for one in queries.todo(Viewer.of(student))]

    assert any("notice" in title for title in titles())
    assert any("confirmer" in title for title in titles())
    actions.confirm(past, link=asked(past), name="Lou Vidal")
    assert any("attestation" in title for title in titles())
    actions.attest(past, link=latest_link(), statement=make.statement())
    assert [title for title in titles() if "période" in title] == []


def test_a_former_student_loses_the_right_to_change(
    engagement: Engagement, student: Person
) -> None:
    Mandate.objects.filter(person=student).update(to_on=date(2021, 1, 1))
    with pytest.raises(PermissionDenied):
        actions.end(engagement, ended_on=date(2026, 1, 1), by=student)


def test_a_jury_sees_only_the_attested_periods_opened_to_it(
    student: Person, school: School, past: Period, coming: Period
) -> None:
    member = Viewer.of(make.person(school, Role.JURY_MEMBER))
    actions.disclose(past.engagement, audiences=["jury"], by=student)
    assert not READ_PERIOD.rows(member).exists()
    actions.confirm(past, link=asked(past), name="Lou Vidal")
    actions.attest(past, link=latest_link(), statement=make.statement())
    assert list(READ_PERIOD.rows(member)) == [past]
    assert queries.tell_period(member, past.pk).url == ""
    assert queries.tell_period(member, coming.pk) is None


def test_a_closed_engagement_takes_no_later_period(engagement: Engagement) -> None:
    actions.end(engagement, ended_on=date(2026, 5, 1), by=engagement.person)
    assert make.period(engagement, make.paris(2026, 4, 1)).pk
    with pytest.raises(ValidationError):
        make.period(engagement, make.paris(2026, 5, 2))


def test_closing_after_the_contract_does_not_prolong_it(engagement: Engagement) -> None:
    said = make.declaration(contract_end_on=date(2025, 12, 31))
    actions.edit(engagement, declaration=said, by=engagement.person)
    actions.end(engagement, ended_on=date(2026, 5, 1), by=engagement.person)
    with pytest.raises(ValidationError):
        make.period(engagement, make.paris(2026, 3, 1))
