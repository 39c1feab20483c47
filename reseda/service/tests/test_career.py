"""The path of a reservist: each line noted, and beside it what makes it be refused or undone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reseda.documents.actions import keep
from reseda.documents.models import StoredFile
from reseda.mail.models import OutgoingMail
from reseda.people.models import Person
from reseda.schools.models import School
from reseda.service import actions, queries
from reseda.service.actions import Details, Employer, Step
from reseda.service.domain.suspensions import Asked, suspension_refusal, unanswered_in_a_row
from reseda.service.models import Employment, Engagement, Period, Promotion, ReactivityClause
from reseda.service.queries.consulting import named
from reseda.service.tests import factories as make
from reseda.service.tests.conftest import in_database

TODAY = date(2026, 11, 22)


def told(engagement: Engagement) -> list[str]:
    now = timezone.now()
    return [one.code for one in queries.standing(engagement, now, timezone.localdate()).told]


# --- Ranks, training, qualifications


def test_a_rank_is_sealed_removed_and_restored(engagement: Engagement, student: Person) -> None:
    made = actions.add_promotion(
        engagement, kind="rank", name="caporal-chef", since_on=date(2025, 5, 1), by=student
    )
    assert "caporal" not in in_database(made)
    actions.remove_item(made, by=student)
    assert not engagement.promotions.filter(removed_at__isnull=True).exists()
    actions.restore_item(made, by=student)
    assert engagement.promotions.get(removed_at__isnull=True).name == "caporal-chef"


def test_two_ranks_of_one_day_are_refused_noted_or_restored(
    engagement: Engagement, student: Person
) -> None:
    def rank(kind: str = "rank") -> Promotion:
        day = date(2025, 5, 1)
        return actions.add_promotion(engagement, kind=kind, name="a", since_on=day, by=student)

    first = rank()
    with pytest.raises(ValidationError):
        rank()
    assert rank("speciality").pk
    actions.remove_item(first, by=student)
    rank()
    with pytest.raises(ValidationError):
        actions.restore_item(first, by=student)


def test_a_training_done_raises_what_was_declared_and_never_lowers_it(
    engagement: Engagement, student: Person
) -> None:
    day = date(2025, 7, 1)
    step = actions.add_step(engagement, step=Step("speciality", day, day, "done"), by=student)
    engagement.refresh_from_db()
    assert engagement.training == "specialised"
    actions.add_step(engagement, step=Step("initial", day, day), by=student)
    actions.mark_step(
        engagement.training_steps.exclude(pk=step.pk).get(), status="done", by=student
    )
    engagement.refresh_from_db()
    assert engagement.training == "specialised"


def test_before_the_contract_a_trainee_is_a_civilian(
    engagement: Engagement, student: Person
) -> None:
    day = date(2021, 7, 1)
    kinds = {
        kind: actions.add_step(engagement, step=Step(kind, day, day), by=student).is_civilian
        for kind in ("pmr", "pmg", "pmip", "initial", "speciality", "other")
    }
    assert kinds == dict.fromkeys(("pmr", "pmg", "pmip"), True) | dict.fromkeys(
        ("initial", "speciality", "other"), False
    )


def test_a_training_ends_after_it_starts(engagement: Engagement, student: Person) -> None:
    with pytest.raises(ValidationError):
        actions.add_step(
            engagement, step=Step("pmr", date(2025, 7, 2), date(2025, 7, 1)), by=student
        )


def test_a_qualification_is_noted_once_and_taken_back(
    engagement: Engagement, student: Person
) -> None:
    assert actions.add_qualification(engagement, code=" permis  c ", by=student).code == "PERMIS C"
    for wrong in ("PERMIS C", "A, B", "x" * 41):
        with pytest.raises(ValidationError):
            actions.add_qualification(engagement, code=wrong, by=student)
    actions.remove_qualification(engagement, code="PERMIS C", by=student)
    assert not engagement.qualifications.exists()


def test_nobody_else_writes_a_path(
    engagement: Engagement, referent: Person, stranger: Person
) -> None:
    actions.disclose(engagement, audiences=["referent"], by=engagement.person)
    for somebody in (referent, stranger):
        with pytest.raises(PermissionDenied):
            actions.set_target(engagement, days=10, by=somebody)
        with pytest.raises(PermissionDenied):
            actions.add_promotion(
                engagement, kind="rank", name="a", since_on=date(2025, 1, 1), by=somebody
            )


# --- Suspension


def suspend(engagement: Engagement, start: date, end: date) -> None:
    actions.suspend(engagement, starts_on=start, ends_on=end, by=engagement.person)


def test_a_suspension_lasts_two_years_at_most_and_moves_no_end(engagement: Engagement) -> None:
    suspend(engagement, date(2026, 1, 1), date(2027, 12, 31))
    end = engagement.contract_end_on
    engagement.refresh_from_db()
    assert engagement.contract_end_on == end
    assert "suspended" in told(engagement)
    with pytest.raises(ValidationError):
        suspend(engagement, date(2028, 1, 1), date(2028, 2, 1))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 1), date(2028, 1, 1)),
        (date(2026, 1, 2), date(2026, 1, 1)),
        (date(2021, 12, 31), date(2022, 6, 1)),
        (date(2036, 6, 1), date(2037, 1, 1)),
    ],
)
def test_a_suspension_that_cannot_be_is_refused(
    start: date, end: date, engagement: Engagement
) -> None:
    with pytest.raises(ValidationError):
        suspend(engagement, start, end)
    assert not engagement.suspensions.exists()


def test_a_suspended_contract_is_not_served(engagement: Engagement) -> None:
    period = make.period(engagement, make.paris(2026, 5, 4))
    with pytest.raises(ValidationError):
        suspend(engagement, date(2026, 5, 1), date(2026, 6, 1))
    actions.cancel_period(period, by=engagement.person)
    suspend(engagement, date(2026, 5, 1), date(2026, 6, 1))
    with pytest.raises(ValidationError) as refused:
        make.period(engagement, make.paris(2026, 5, 31))
    assert "suspendu" in str(refused.value)
    with pytest.raises(ValidationError):
        actions.undo_period(period, by=engagement.person)


DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(DAYS, DAYS, st.lists(st.tuples(DAYS, DAYS).map(lambda two: tuple(sorted(two))), max_size=3))
def test_a_suspension_accepted_overlaps_nothing_and_stays_in_its_bounds(
    start: date, end: date, others: list[tuple[date, date]]
) -> None:
    contract = (date(2022, 1, 1), date(2030, 12, 31))
    longest = start + timedelta(days=729)
    asked = Asked(start, end, *contract, longest)
    if suspension_refusal(asked, others, []) is None:
        assert contract[0] <= start <= end <= min(contract[1], longest)
        assert all(end < first or last < start for first, last in others)


@pytest.mark.parametrize(
    ("answers", "row"), [([], 0), ([""], 1), (["", "", ""], 3), (["", "yes", ""], 1), (["no"], 0)]
)
def test_calls_in_a_row_stop_at_the_last_answer(answers: list[str], row: int) -> None:
    assert unanswered_in_a_row(answers) == row


# --- Employer and reactivity clause


def hired(engagement: Engagement, since_on: date, kind: str = "private") -> Employment:
    employer = Employer(kind, since_on, name="Atelier Vernet")
    return actions.change_employer(engagement, employer=employer, by=engagement.person)


def agreed(engagement: Engagement, **said: object) -> ReactivityClause:
    given = {"agreed_on": date(2025, 1, 1), "consented_on": date(2025, 1, 2), **said}
    return actions.agree_clause(engagement, by=engagement.person, **given)


def test_the_clause_lapses_with_the_employer_and_its_holder_is_told(
    engagement: Engagement,
) -> None:
    first = hired(engagement, date(2024, 1, 1))
    assert "Vernet" not in in_database(first)
    clause = agreed(engagement)
    second = hired(engagement, date(2026, 1, 1))
    clause.refresh_from_db()
    assert (clause.lapse, clause.lapsed_on) == ("employer", date(2026, 1, 1))
    assert OutgoingMail.objects.filter(template="service.clause_lapsed").count() == 1
    assert "clause_lapsed" in told(engagement)
    actions.undo_employer(second, by=engagement.person)
    clause.refresh_from_db()
    first.refresh_from_db()
    assert (clause.lapsed_on, first.ended_on) == (None, None)


def test_a_clause_needs_an_employer_and_its_consent(engagement: Engagement) -> None:
    with pytest.raises(ValidationError):
        agreed(engagement)
    hired(engagement, date(2024, 1, 1))
    clause = agreed(engagement, consented_on=None, notice_days=40)
    assert clause.notice_days == 15
    assert "clause_unconsented" in told(engagement)
    with pytest.raises(ValidationError):
        agreed(engagement)


def test_a_clause_given_up_is_restored_while_the_employer_is_the_same(
    engagement: Engagement,
) -> None:
    hired(engagement, date(2024, 1, 1))
    clause = agreed(engagement)
    actions.give_up_clause(clause, on=date(2025, 6, 1), by=engagement.person)
    actions.restore_clause(clause, by=engagement.person)
    actions.give_up_clause(clause, on=date(2025, 6, 1), by=engagement.person)
    hired(engagement, date(2026, 1, 1))
    with pytest.raises(ValidationError):
        actions.restore_clause(clause, by=engagement.person)


def test_a_new_employer_begins_after_the_former(engagement: Engagement) -> None:
    hired(engagement, date(2024, 1, 1))
    with pytest.raises(ValidationError):
        hired(engagement, date(2024, 1, 1))
    assert Employment.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "quota", "unit"),
    [("private", 10, "business_day"), ("small", 5, "business_day"), ("public", 30, "day")],
)
def test_days_of_the_force_and_of_the_employer_stand_side_by_side(
    kind: str, quota: int, unit: str, engagement: Engagement
) -> None:
    hired(engagement, date(2024, 1, 1), kind)
    # From Friday to Monday: four days for the force and a public employer, two business days.
    make.period(engagement, make.paris(2026, 5, 29), 4)
    now = make.paris(2026, 7, 1)
    pair = queries.standing(engagement, now, date(2026, 7, 1)).current[0]
    assert pair.force
    assert pair.employer
    assert pair.force.days.done == 4
    assert pair.employer.done == (2 if unit == "business_day" else 4)
    assert (pair.employer.quota.days, pair.employer.quota.unit) == (quota, unit)


def test_an_agreement_gives_more_than_the_law_never_less(engagement: Engagement) -> None:
    employer = Employer("private", date(2024, 1, 1), agreed_days=3)
    actions.change_employer(engagement, employer=employer, by=engagement.person)
    rule = queries.employer_of(engagement, TODAY)
    assert rule
    assert queries.quota_of(rule, "military", TODAY).days == 10
    better = Employer("private", date(2025, 1, 1), agreed_days=15)
    actions.change_employer(engagement, employer=better, by=engagement.person)
    rule = queries.employer_of(engagement, TODAY)
    assert rule
    assert queries.quota_of(rule, "military", TODAY).is_agreed


def test_without_employer_nothing_is_counted_beside_the_force(engagement: Engagement) -> None:
    standing = queries.standing(engagement, timezone.now(), TODAY)
    assert standing.employer is None
    assert {pair.employer for pair in standing.years} == {None}


def test_thresholds_are_told_as_information_with_their_article(engagement: Engagement) -> None:
    make.period(engagement, make.paris(2026, 2, 2), 40)
    found = queries.standing(engagement, make.paris(2026, 11, 22), TODAY).thresholds
    reached = {one.code: one.is_reached for one in found}
    assert reached == {
        "allowance.days": True,
        "loyalty_bonus.days": True,
        "medal.silver.days": False,
        "citizen_account.days": False,
    }
    assert all(one.article for one in found)


# --- Convocations


def test_three_calls_in_a_row_without_answer_are_told(engagement: Engagement) -> None:
    periods = [make.period(engagement, make.ago(40 - 10 * rank)) for rank in range(4)]
    for rank, period in enumerate(periods[:3]):
        actions.note_call_up(period, received_on=date(2026, 1, 1 + rank), by=engagement.person)
        assert ("unanswered" in told(engagement)) == (rank == 2)
    actions.note_call_up(
        periods[3], received_on=date(2026, 1, 4), answer="no", by=engagement.person
    )
    assert not {"unanswered", "unanswered_near"} & set(told(engagement))


def test_an_answer_comes_after_its_call_and_can_be_changed(past: Period) -> None:
    def note(**said: object) -> str:
        day = {"received_on": date(2026, 3, 10), **said}
        return actions.note_call_up(past, by=past.engagement.person, **day).answer

    with pytest.raises(ValidationError):
        note(answer="yes", answered_on=date(2026, 3, 9))
    assert note(answer="yes", answered_on=date(2026, 3, 10)) == "yes"
    assert note() == ""
    assert past.call_up.answered_on is None


@pytest.fixture
def with_file(engagement: Engagement, school: School) -> Callable[[bytes], Period]:
    def made(data: bytes) -> Period:
        file = keep(
            data,
            name="c.pdf",
            content_type="application/pdf",
            organisation=school,
            owner=engagement.person,
            by=engagement.person,
        )
        start = make.ago(-30)
        held = engagement.periods.first()
        details = Details(make.PURPOSE, make.PLACE, file)
        if held:
            return actions.edit_period(
                held,
                starts_at=held.starts_at,
                ends_at=held.ends_at,
                details=details,
                by=engagement.person,
            )
        return actions.add_period(
            engagement,
            starts_at=start,
            ends_at=start + timedelta(days=2),
            details=details,
            by=engagement.person,
        )

    return made


def test_a_summary_takes_the_place_of_the_convocation_and_no_copy_remains(
    with_file: Callable[[bytes], Period],
) -> None:
    with_file(b"%PDF-1.4 first")
    period = with_file(b"%PDF-1.4 second")
    originals = set(StoredFile.objects.values_list("sha256", flat=True))
    masked = actions.mask_convocation(period, is_signed=True, by=period.engagement.person)
    period.refresh_from_db()
    assert period.convocation == masked.file
    assert masked.original_sha256 in originals
    assert StoredFile.objects.count() == 1
    data = masked.file.read()
    assert data.startswith(b"%PDF")
    with pytest.raises(ValidationError):
        actions.mask_convocation(period, is_signed=True, by=period.engagement.person)
    with pytest.raises(ValidationError):
        actions.undo_period(period, by=period.engagement.person)


def test_a_summary_is_made_again_for_a_new_convocation(
    with_file: Callable[[bytes], Period],
) -> None:
    period = with_file(b"%PDF-1.4 first")
    actions.mask_convocation(period, is_signed=False, by=period.engagement.person)
    period = with_file(b"%PDF-1.4 corrected")
    masked = actions.mask_convocation(period, is_signed=True, by=period.engagement.person)
    assert period.masked.pk == masked.pk
    assert StoredFile.objects.count() == 1


def test_who_opened_a_record_is_told_by_name_and_role(
    engagement: Engagement, referent: Person
) -> None:
    actions.disclose(engagement, audiences=["referent"], by=engagement.person)
    actions.consult(engagement, by=referent)
    found = named(queries.consultations(engagement), engagement)
    assert [(one.name, one.roles) for one in found] == [(str(referent), ("référent défense",))]
