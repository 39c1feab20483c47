"""Plans drafted, settled by hand, published, answered: what each act does, and refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from reseda.journal.queries import history
from reseda.mail.models import OutgoingMail
from reseda.people.models import Mandate, Role
from reseda.schools.tests.factories import make_programme
from reseda.service.actions import cancel_period, disclose
from reseda.service.models import Offer, Period, Wish
from reseda.service.tests import factories as service
from reseda.timetable.actions import planning
from reseda.timetable.models import Pin, Plan, PlanLine
from reseda.timetable.tests import plan_world as make

Status, Answer = Plan.Status, PlanLine.Answer


@pytest.fixture
def world(db: None) -> make.Little:
    return make.build()


def test_a_plan_is_drafted_by_the_referent_alone(world):
    assert make.drafted(world).status == Status.QUEUED
    for person in (world.director, world.students[0], service.person(service.school(), *Role)):
        with pytest.raises(PermissionDenied):
            planning.draft(world.school, wanted=make.wanted(), by=person)
    assert Plan.objects.count() == 1


def test_a_plan_ends_after_it_starts(world):
    wanted = make.wanted()
    turned = make.wanted(starts_on=wanted.ends_on, ends_on=wanted.starts_on)
    with pytest.raises(ValidationError, match="précède"):
        planning.draft(world.school, wanted=turned, by=world.referent)


def test_a_mandate_for_one_programme_plans_for_it_alone(world):
    programme = make_programme(world.school, "GM").organisation
    Mandate.objects.filter(person=world.referent).update(scope=programme)
    wanted = make.wanted(programme=programme)
    assert planning.draft(world.school, wanted=wanted, by=world.referent).programme == programme
    with pytest.raises(PermissionDenied):
        make.drafted(world)


def test_an_exam_is_never_missed_and_the_rare_place_is_given_once(world):
    plan = make.computed(world)
    assert plan.status == Status.READY
    assert plan.is_proven
    first, second = world.engagements
    for one in (first, second):
        refused = make.line(plan, one, world.offers["exam"])
        assert (refused.is_granted, refused.reason) == (False, "clash")
        assert refused.facts["events"][0]["kind"] == "exam"
        assert make.line(plan, one, world.offers["wide"]).is_granted
    rare = PlanLine.objects.filter(plan=plan, offer=world.offers["rare"])
    assert sorted(rare.values_list("is_granted", "reason")) == [(False, "full"), (True, "")]


def test_who_told_nobody_is_neither_planned_nor_counted(world):
    plan = make.computed(world)
    assert not PlanLine.objects.filter(engagement=world.silent).exists()
    assert plan.totals["people"] == [one.pk for one in world.engagements]
    assert str(world.silent.pk) not in plan.totals["left_out"]


def test_an_offer_to_another_force_is_no_line_of_anybody(world):
    Offer.objects.filter(pk=world.offers["wide"].pk).update(force="marine")
    plan = make.computed(world)
    assert not PlanLine.objects.filter(plan=plan, offer=world.offers["wide"]).exists()


def test_a_pin_is_followed_and_taken_back(world):
    plan = make.computed(world)
    loser = PlanLine.objects.get(plan=plan, offer=world.offers["rare"], is_granted=False)
    pinned = {"offer": world.offers["rare"], "by": world.referent}
    planning.pin(loser.engagement, is_granted=True, **pinned)
    again = make.computed(world)
    assert make.line(again, loser.engagement, world.offers["rare"]).is_granted
    planning.pin(loser.engagement, is_granted=False, **pinned)
    assert (
        make.line(make.computed(world), loser.engagement, world.offers["rare"]).reason == "excluded"
    )
    planning.unpin(loser.engagement, **pinned)
    assert not Pin.objects.exists()


def test_a_stranger_pins_nobody(world):
    stranger = service.person(service.school(), *Role)
    given = {"offer": world.offers["rare"], "is_granted": True, "by": stranger}
    with pytest.raises(PermissionDenied):
        planning.pin(world.engagements[0], **given)
    with pytest.raises(PermissionDenied):
        planning.pin(world.silent, **{**given, "by": world.referent})
    assert not Pin.objects.exists()


def test_a_wish_of_never_is_stronger_than_a_pin(world):
    first = world.engagements[0]
    Wish.objects.create(engagement=first, offer=world.offers["wide"], level=Wish.Level.NEVER)
    planning.pin(first, offer=world.offers["wide"], is_granted=True, by=world.referent)
    plan = make.computed(world)
    assert make.line(plan, first, world.offers["wide"]).reason == "excluded"


def test_publishing_tells_each_person_in_words_that_say_nothing(world):
    plan = make.published(world)
    assert plan.status == Status.PUBLISHED
    mails = OutgoingMail.objects.filter(template="timetable.plan_published")
    assert sorted(mail.to for mail in mails) == sorted(one.email for one in world.students)
    for mail in mails:
        said = f"{mail.subject} {mail.body}"
        assert "plan d’année est publié" in said
        assert not [word for word in make.SECRETS if word.casefold() in said.casefold()]


def test_publishing_tells_a_unit_how_many_places_and_no_name(world):
    make.published(world)
    (mail,) = OutgoingMail.objects.filter(template="timetable.plan_to_unit")
    assert mail.to == "lou.vidal@example.org"
    assert "1 place retenue sur 1" in mail.body
    assert "2 places retenues sur 5" in mail.body
    assert not [one for one in world.students if one.last_name in mail.body]


def test_publishing_replaces_the_former_plan(world):
    former, latter = make.published(world), make.published(world, name="Autre")
    former.refresh_from_db()
    assert (former.status, latter.status) == (Status.REPLACED, Status.PUBLISHED)
    # Nothing changed for anybody: nobody is written to twice.
    assert OutgoingMail.objects.filter(template="timetable.plan_published").count() == 2


def test_a_plan_that_does_not_hold_any_more_is_not_published(world):
    plan = make.computed(world)
    make.exam_on(world, world.students[0], world.offers["wide"].starts_at + timedelta(hours=2))
    with pytest.raises(ValidationError, match="recalculez"):
        planning.publish(plan, by=world.referent)
    assert not OutgoingMail.objects.filter(template__startswith="timetable.plan").exists()


def test_only_a_computed_plan_is_published_and_by_the_referent(world):
    with pytest.raises(ValidationError, match="calculé"):
        planning.publish(make.drafted(world), by=world.referent)
    with pytest.raises(PermissionDenied):
        planning.publish(make.computed(world), by=world.director)


def test_accepting_makes_the_period_with_the_dates_of_the_offer(world):
    plan = make.published(world)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    accepted = planning.accept(line, by=world.students[0])
    period = Period.objects.get()
    assert accepted.period == period
    assert (period.starts_at, period.ends_at) == (line.offer.starts_at, line.offer.ends_at)
    assert (period.purpose, period.place) == (make.PURPOSE, make.HERE)
    with pytest.raises(ValidationError, match="déjà répondu"):
        planning.accept(line, by=world.students[0])


def test_only_its_person_answers_a_line_and_only_once_published(world):
    plan = make.computed(world)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    with pytest.raises(PermissionDenied):
        planning.accept(line, by=world.students[0])
    planning.publish(plan, by=world.referent)
    for person in (world.students[1], world.referent, world.director):
        with pytest.raises(PermissionDenied):
            planning.decline(line, by=person)
    assert not Period.objects.exists()


def test_a_line_that_broke_is_not_accepted(world):
    plan = make.published(world)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    make.exam_on(world, world.students[0], line.offer.starts_at + timedelta(hours=2))
    with pytest.raises(ValidationError, match="ne tient plus"):
        planning.accept(line, by=world.students[0])
    assert not Period.objects.exists()


def test_declining_frees_the_place_and_is_taken_back_while_it_is_free(world):
    plan = make.published(world)
    line = PlanLine.objects.get(plan=plan, offer=world.offers["rare"], is_granted=True)
    person = line.engagement.person
    planning.decline(line, by=person)
    reopened = planning.reopen(line, by=person)
    assert reopened.answer == ""
    planning.decline(line, by=person)
    again = make.replanned(world, plan)
    winner = PlanLine.objects.get(plan=again, offer=world.offers["rare"], is_granted=True)
    assert winner.engagement_id != line.engagement_id


def test_what_was_accepted_stays_in_the_next_plan_with_its_answer(world):
    plan = make.published(world)
    line = PlanLine.objects.get(plan=plan, offer=world.offers["rare"], is_granted=True)
    planning.accept(line, by=line.engagement.person)
    again = planning.publish(make.replanned(world, plan), by=world.referent)
    kept = make.line(again, line.engagement, world.offers["rare"])
    assert (kept.is_granted, kept.answer) == (True, Answer.ACCEPTED)
    assert kept.period == Period.objects.get()


def test_a_period_accepted_then_cancelled_is_not_planned_again(world):
    plan = make.published(world)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    period = planning.accept(line, by=world.students[0]).period
    cancel_period(period, by=world.students[0])
    again = make.replanned(world, plan)
    assert make.line(again, world.engagements[0], world.offers["wide"]).reason == "excluded"


def test_whoever_stops_being_known_of_is_told_nothing_and_planned_no_more(world):
    plan = make.computed(world)
    disclose(world.engagements[0], audiences=(), by=world.students[0])
    with pytest.raises(ValidationError):
        planning.publish(plan, by=world.referent)
    again = make.published(world)
    assert again.totals["people"] == [world.engagements[1].pk]
    assert not OutgoingMail.objects.filter(
        template="timetable.plan_published", to=world.students[0].email
    ).exists()


def test_a_draft_is_renamed_and_removed_a_published_plan_is_not_removed(world):
    plan = make.computed(world)
    assert planning.rename(plan, name="Autre nom", by=world.referent).name == "Autre nom"
    planning.remove(plan, by=world.referent)
    with pytest.raises(ValidationError, match="supprimé"):
        planning.publish(plan, by=world.referent)
    planning.restore(plan, by=world.referent)
    assert planning.publish(plan, by=world.referent).status == Plan.Status.PUBLISHED
    with pytest.raises(ValidationError, match="ne se supprime pas"):
        planning.remove(plan, by=world.referent)


def test_a_plan_removed_is_forgotten_after_a_month_and_not_before(world):
    plan, kept = make.computed(world), make.computed(world)
    planning.remove(plan, by=world.referent)
    assert planning.forget_removed() == 0
    Plan.objects.update(removed_at=timezone.now() - timedelta(days=31))
    planning.restore(kept, by=world.referent)
    assert planning.forget_removed() == 1
    assert list(Plan.objects.all()) == [kept]
    assert not PlanLine.objects.filter(plan=plan.pk).exists()


def test_every_act_is_in_the_journal_without_a_secret(world):
    plan = make.published(world)
    verbs = [entry.verb for entry in history(plan)]
    assert {"timetable.draft_plan", "timetable.compute_plan", "timetable.publish_plan"} <= set(
        verbs
    )
    told = " ".join(str(entry.facts) for entry in history(plan))
    assert not [word for word in make.SECRETS if word in told]
