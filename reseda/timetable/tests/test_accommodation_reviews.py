"""Each semester is looked back on; a measure that harmed is reported to the one person who may."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Mandate, Person, Role
from reseda.people.policy import Viewer
from reseda.service import actions as service
from reseda.timetable.actions import accommodation, reviews
from reseda.timetable.domain.semesters import next_review_on, review_due_on
from reseda.timetable.models import AccommodationRequest, AccommodationReview, Concern
from reseda.timetable.queries.thread import todo
from reseda.timetable.tests import factories as make

TO_HOLD = "Un bilan d’aménagement est à faire"
REPORTED = "Un élève signale une mesure défavorable"


@pytest.fixture
def granted(world: make.World) -> AccommodationRequest:
    make.feed(world)
    return make.granted(world)


@pytest.fixture
def review(granted: AccommodationRequest) -> AccommodationReview:
    """The review of an absence that is over, due in five days."""
    over = timezone.now() - timedelta(days=2)
    AccommodationRequest.objects.update(starts_at=over - timedelta(days=3), ends_at=over)
    AccommodationReview.objects.update(due_on=timezone.localdate() + timedelta(days=5))
    return AccommodationReview.objects.get()


def hold(review: AccommodationReview, by: Person, **given: str) -> AccommodationReview:
    return reviews.hold(review, **{"outcome": "kept", "note": "Tout va bien.", **given}, by=by)


def todos(person: Person) -> list[str]:
    return [str(one.title) for one in todo(Viewer.of(person))]


def code(act: object, *args: object, **given: object) -> str:
    with pytest.raises(ValidationError) as refused:
        act(*args, **given)  # type: ignore[operator]
    return str(refused.value.code)


# --- When


@pytest.mark.parametrize(
    ("absence_ends", "year_ends", "due"),
    [
        (date(2026, 11, 13), date(2027, 8, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 8, 31), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 8, 31), date(2027, 6, 30)),
        (date(2027, 5, 3), date(2027, 6, 11), date(2027, 6, 11)),
        (date(2027, 7, 5), date(2027, 7, 15), date(2027, 7, 15)),
        (date(2027, 7, 5), None, date(2028, 1, 31)),
        (date(2027, 7, 20), date(2027, 7, 15), date(2028, 1, 31)),
    ],
)
def test_a_review_is_due_at_the_end_of_the_semester_of_the_absence(absence_ends, year_ends, due):
    assert review_due_on(absence_ends, year_ends) == due


@pytest.mark.parametrize(
    ("last", "year_ends", "following"),
    [
        (date(2027, 1, 31), date(2027, 8, 31), date(2027, 6, 30)),
        (date(2027, 1, 31), date(2027, 6, 11), date(2027, 6, 11)),
        (date(2027, 1, 31), None, date(2027, 6, 30)),
        (date(2027, 6, 30), None, None),
        (date(2027, 6, 11), date(2027, 6, 11), None),
    ],
)
def test_the_next_review_comes_a_semester_later_within_the_year(last, year_ends, following):
    assert next_review_on(last, year_ends) == following


def test_a_grant_has_one_review_and_a_refusal_none(world: make.World) -> None:
    make.feed(world)
    accommodation.decide(
        make.asked(world),
        is_granted=False,
        reason="Un jury.",
        measures="",
        arranged={},
        by=world.director,
    )
    assert not AccommodationReview.objects.exists()

    found = make.granted(world)
    (review,) = found.reviews.all()
    assert review.due_on >= timezone.localtime(found.ends_at).date()


# --- Held


def test_a_review_waits_for_the_director_and_for_a_referent_who_was_told(
    world: make.World, review: AccommodationReview
) -> None:
    assert TO_HOLD in todos(world.director)
    assert TO_HOLD not in todos(world.referent)

    service.disclose(world.engagement, audiences=["referent"], by=world.student)
    assert TO_HOLD in todos(world.referent)
    for person in (world.student, world.teacher, world.registry, world.stranger):
        assert TO_HOLD not in todos(person)


def test_a_review_of_an_absence_to_come_waits_for_nobody(
    world: make.World, granted: AccommodationRequest
) -> None:
    AccommodationReview.objects.update(due_on=timezone.localdate())

    assert TO_HOLD not in todos(world.director)
    assert code(hold, granted.reviews.get(), world.director) == "too_early"


def test_a_review_is_held_once_told_to_the_student_and_followed_by_the_next(
    world: make.World, review: AccommodationReview
) -> None:
    AccommodationReview.objects.update(due_on=date(timezone.localdate().year, 1, 31))
    held = hold(review, world.director)

    assert (held.outcome, held.held_by) == ("kept", world.director)
    mail = OutgoingMail.objects.get(template="timetable.review_held")
    assert mail.to == world.student.email
    assert not [word for word in make.SECRETS if word.lower() in mail.body.lower()]
    assert AccommodationReview.objects.count() == 2
    assert code(hold, review, world.director) == "held"


def test_what_is_ended_has_no_next_review(world: make.World, review: AccommodationReview) -> None:
    AccommodationReview.objects.update(due_on=date(timezone.localdate().year, 1, 31))
    hold(review, world.director, outcome="ended")

    assert AccommodationReview.objects.count() == 1


def test_a_review_is_opened_again_by_who_held_it_alone(
    world: make.World, review: AccommodationReview
) -> None:
    AccommodationReview.objects.update(due_on=date(timezone.localdate().year, 1, 31))
    hold(review, world.director)
    service.disclose(world.engagement, audiences=["referent"], by=world.student)
    assert code(reviews.redo, review, by=world.referent) == "not_yours"

    again = reviews.redo(review, by=world.director)
    assert (again.outcome, again.held_at, again.note) == ("", None, "Tout va bien.")
    assert AccommodationReview.objects.count() == 1


def test_nobody_else_holds_a_review_nor_their_own(
    world: make.World, review: AccommodationReview
) -> None:
    for person in (world.student, world.teacher, world.registry, world.referent, world.stranger):
        with pytest.raises(PermissionDenied):
            hold(review, person)
    Mandate.objects.create(
        person=world.student,
        role=Role.STUDIES_DIRECTOR,
        organisation=world.school,
        from_on=make.service.START,
    )
    assert code(hold, review, world.student) == "own_review"


def test_the_student_adds_a_word_and_nobody_in_their_place(
    world: make.World, review: AccommodationReview
) -> None:
    said = reviews.say(review, word="Il manque un corrigé.", by=world.student)

    assert said.word_at
    assert code(reviews.say, review, word="x", by=world.director) == "not_yours"
    with pytest.raises(PermissionDenied):
        reviews.say(review, word="x", by=world.stranger)


def test_a_word_that_names_the_unit_is_not_kept(
    world: make.World, review: AccommodationReview
) -> None:
    unit = world.period.engagement.unit_name
    assert unit
    assert code(reviews.say, review, word=f"Avec le {unit}.", by=world.student) == "names_unit"


def test_the_review_of_a_cancelled_period_is_nobody_s_work(
    world: make.World, review: AccommodationReview
) -> None:
    service.cancel_period(world.period, by=world.student)

    assert TO_HOLD not in todos(world.director)


# --- A measure that harmed


def report(world: make.World, found: AccommodationRequest) -> Concern:
    return reviews.report(found, text="Zéro à un TP excusé.", by=world.student)


def test_a_report_goes_to_the_referent_who_was_told_and_to_nobody_else(
    world: make.World, granted: AccommodationRequest
) -> None:
    service.disclose(world.engagement, audiences=["referent"], by=world.student)
    concern = report(world, granted)

    assert concern.audience == "referent"
    assert REPORTED in todos(world.referent)
    for person in (world.director, world.teacher, world.registry, world.stranger):
        assert REPORTED not in todos(person)
        with pytest.raises(PermissionDenied):
            reviews.read_concern(concern, by=person)
    (mail,) = OutgoingMail.objects.filter(template="timetable.concern_reported")
    assert mail.to == world.referent.email


def test_without_a_referent_told_of_it_a_report_goes_to_the_director(
    world: make.World, granted: AccommodationRequest
) -> None:
    concern = report(world, granted)

    assert concern.audience == "studies_director"
    assert REPORTED in todos(world.director)
    assert REPORTED not in todos(world.referent)


def test_a_report_is_read_and_answered_once_and_its_words_stay_in_the_page(
    world: make.World, granted: AccommodationRequest
) -> None:
    concern = report(world, granted)
    assert reviews.read_concern(concern, by=world.director).read_at
    answered = reviews.answer_concern(concern, answer="La note est retirée.", by=world.director)

    assert answered.answered_by == world.director
    assert code(reviews.answer_concern, concern, answer="x", by=world.director) == "answered"
    assert REPORTED not in todos(world.director)
    written = [f"{one.subject} {one.body}" for one in OutgoingMail.objects.all()]
    written += [str(one.facts) for one in Entry.objects.all()]
    assert not [text for text in written if "Zéro" in text or "retirée" in text]
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, answer FROM timetable_concern")
        assert not [one for one in cursor.fetchone() if "Zéro" in one or "retirée" in one]


def test_a_report_is_taken_back_and_put_back_until_it_is_answered(
    world: make.World, granted: AccommodationRequest
) -> None:
    concern = report(world, granted)
    reviews.withdraw_concern(concern, by=world.student)
    assert REPORTED not in todos(world.director)
    with pytest.raises(PermissionDenied):
        reviews.answer_concern(concern, answer="x", by=world.director)

    reviews.restore_concern(concern, by=world.student)
    reviews.answer_concern(concern, answer="Corrigé.", by=world.director)
    assert code(reviews.withdraw_concern, concern, by=world.student) == "closed"


def test_only_the_student_reports_and_an_empty_report_is_refused(
    world: make.World, granted: AccommodationRequest
) -> None:
    assert code(reviews.report, granted, text="  ", by=world.student) == "empty"
    for person in (world.director, world.teacher, world.referent, world.stranger):
        with pytest.raises(PermissionDenied):
            reviews.report(granted, text="x", by=person)
