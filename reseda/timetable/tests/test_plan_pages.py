"""The pages of plans: who reads what of whom, in how many queries, and what buttons do."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from reseda.people.models import Mandate, Role
from reseda.people.policy import Viewer
from reseda.schools.tests.factories import enrol, make_programme, make_year
from reseda.service.actions import disclose
from reseda.service.models import Offer, Period
from reseda.service.tests import factories as service
from reseda.timetable.actions import planning
from reseda.timetable.models import Lesson, Pin, Plan, PlanLine
from reseda.timetable.queries.planning.todo import todo
from reseda.timetable.tests import factories as rooms
from reseda.timetable.tests import plan_world as make

PLANS = "/planification/"


@pytest.fixture
def world(db: None) -> make.Little:
    return make.build()


@pytest.fixture
def stranger(world: make.Little):
    return service.person(service.school("École d’ailleurs"), *Role, first_name="Sacha")


def page(client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"timetable:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def monday_of(offer: Offer) -> str:
    day = timezone.localtime(offer.starts_at).date()
    return f"{day - timedelta(days=day.weekday())}"


def test_without_any_plan_the_page_says_what_it_takes(world, signed_in):
    said = page(signed_in(world.referent), "list_plans")
    assert "4 périodes à venir" in said
    assert "2 personnes" in said
    Offer.objects.all().delete()
    assert "Aucune pour l’instant" in page(signed_in(world.referent), "list_plans")


def test_a_plan_is_asked_for_in_plain_words_and_queued(world, signed_in):
    client = signed_in(world.referent)
    assert "Ce qui ne peut jamais être manqué" in page(client, "create_plan")
    today = timezone.localdate()
    given = {
        "name": "Plan de l’année",
        "starts_on": today,
        "ends_on": today + timedelta(days=200),
        "objective": "fair",
        "target_days": 12,
        "hard": ["practical"],
        "hours": 10,
        "weight": "0.05",
        "travel": 2,
        "rest_days": 1,
    }
    answer = client.post(reverse("timetable:create_plan"), given)
    plan = Plan.objects.get()
    assert answer.url == reverse("timetable:read_plan", args=[plan.pk])
    # An exam cannot be missed, ticked or not.
    assert plan.policy["hard"] == ["exam", "practical"]
    assert plan.policy["max_recoverable_minutes"] == 600
    assert DBTaskResult.objects.filter(task_path__endswith="run_plan").count() == 1
    assert "Le plan se calcule" in page(client, "read_plan", plan.pk)


def test_days_out_of_order_are_said_on_the_form_and_nothing_is_kept(world, signed_in):
    answer = signed_in(world.referent).post(
        reverse("timetable:create_plan"), {"starts_on": "2027-05-01", "ends_on": "2027-04-01"}
    )
    assert answer.status_code == 422
    assert "précède" in answer.content.decode()
    assert not Plan.objects.exists()


def test_progress_is_shown_then_the_page_is_read_again(world, signed_in):
    plan, client = make.drafted(world), signed_in(world.referent)
    assert "En attente" in page(client, "read_progress", plan.pk)
    planning.claim(plan.pk)
    planning.note_progress(plan.pk, 42)
    assert "42" in page(client, "read_progress", plan.pk)
    planning.fail(plan, code="lost")
    address = reverse("timetable:read_progress", args=[plan.pk])
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert client.get(address).status_code == 302
    assert "s’est arrêté sans finir" in page(client, "read_plan", plan.pk)


def test_the_year_shows_each_reservist_and_each_week_leads_to_its_reason(world, signed_in):
    plan, client = make.computed(world), signed_in(world.referent)
    said = page(client, "read_plan", plan.pk)
    assert "optimum prouvé" in said
    assert all(str(one) in said for one in world.students)
    first = world.engagements[0]
    link = reverse(
        "timetable:read_plan_cell", args=[plan.pk, first.pk, monday_of(world.offers["exam"])]
    )
    assert link in said
    cell = client.get(link).content.decode()
    assert "Un examen tombe pendant la période" in cell
    # What her lesson is called is hers.
    assert rooms.CTRL not in cell
    assert "Ce qui la rendrait possible" in cell


def test_who_told_nobody_is_on_no_page_and_in_no_figure(world, signed_in):
    plan, client = make.published(world), signed_in(world.referent)
    name = str(world.silent.person)
    for address in ("read_plan", "list_lines"):
        assert name not in page(client, address, plan.pk)
    address = reverse("timetable:read_plan_person", args=[plan.pk, world.silent.pk])
    assert client.get(address).status_code == 404
    disclose(world.engagements[0], audiences=(), by=world.students[0])
    said = page(client, "read_plan", plan.pk)
    assert str(world.students[0]) not in said
    assert "réservistes planifiés" in said
    context = client.get(reverse("timetable:read_plan", args=[plan.pk])).context
    assert context["figures"].people == 1


def test_the_director_reads_those_who_told_the_direction_and_changes_nothing(world, signed_in):
    plan, client = make.computed(world), signed_in(world.director)
    assert str(world.students[0]) not in page(client, "read_plan", plan.pk)
    disclose(world.engagements[0], audiences=("referent", "studies_director"), by=world.students[0])
    assert str(world.students[0]) in page(client, "read_plan", plan.pk)
    for name in ("publish_plan", "restart_plan", "remove_plan", "rename_plan", "replan"):
        assert client.post(reverse(f"timetable:{name}", args=[plan.pk])).status_code == 404


def test_a_plan_removed_leaves_the_pages_and_comes_back(world, signed_in):
    plan, client = make.computed(world), signed_in(world.referent)
    client.post(reverse("timetable:remove_plan", args=[plan.pk]))
    for name in ("read_plan", "list_lines", "read_progress"):
        assert client.get(reverse(f"timetable:{name}", args=[plan.pk])).status_code == 404
    for name in ("publish_plan", "restart_plan", "rename_plan", "replan", "remove_plan"):
        assert client.post(reverse(f"timetable:{name}", args=[plan.pk])).status_code == 404
    assert "Rétablir" in page(client, "list_plans")
    assert "Rétablir" not in page(signed_in(world.director), "list_plans")
    client = signed_in(world.referent)
    assert client.post(reverse("timetable:restore_plan", args=[plan.pk])).status_code == 302
    assert plan.name in page(client, "read_plan", plan.pk)
    assert client.post(reverse("timetable:restore_plan", args=[plan.pk])).status_code == 404


def test_what_no_longer_holds_is_counted_among_those_one_may_know_of(world, signed_in):
    plan = make.published(world)
    line = plan.lines.filter(engagement=world.engagements[0], is_granted=True).first()
    planning.note_drift(plan, [(line.pk, {"rule": "clash", "facts": {}})])
    for name, args in (("list_plans", ()), ("read_plan", (plan.pk,))):
        assert "ne tient plus" in page(signed_in(world.referent), name, *args)
        assert "ne tient plus" not in page(signed_in(world.director), name, *args)


def test_a_stranger_and_a_teacher_find_nothing(world, stranger, signed_in):
    plan = make.published(world)
    line = PlanLine.objects.filter(plan=plan, is_granted=True).first()
    teacher = service.person(world.school, Role.TEACHER, first_name="Yaël")
    for person in (stranger, teacher):
        client = signed_in(person)
        for name in ("read_plan", "list_lines", "read_progress"):
            assert client.get(reverse(f"timetable:{name}", args=[plan.pk])).status_code == 404
        own = reverse("timetable:possibilities", args=[world.engagements[0].pk])
        assert client.get(own).status_code == 404
        accept = reverse("timetable:accept_line", args=[line.pk])
        assert client.post(accept).status_code == 404
        compare = reverse("timetable:compare_plans")
        assert client.get(f"{compare}?a={plan.pk}&b={plan.pk}").status_code == 404
        pin = reverse("timetable:pin_offer", args=[line.engagement_id, line.offer_id])
        assert client.post(pin, {"sort": "ecarter"}).status_code == 404
    assert not Pin.objects.exists()
    assert make.Plan.objects.get(pk=plan.pk).name not in page(signed_in(stranger), "list_plans")


def test_a_mandate_for_another_programme_sees_no_plan(world, signed_in):
    plan = make.computed(world)
    other = make_programme(world.school, "MAT").organisation
    Mandate.objects.filter(person=world.referent).update(scope=other)
    client = signed_in(world.referent)
    assert client.get(reverse("timetable:read_plan", args=[plan.pk])).status_code == 404


def test_pins_are_set_from_a_cell_with_a_way_back(world, signed_in):
    plan, client = make.computed(world), signed_in(world.referent)
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    address = reverse("timetable:pin_offer", args=[line.engagement_id, line.offer_id])
    cell = reverse("timetable:read_plan_person", args=[plan.pk, line.engagement_id])
    answer = client.post(
        address, {"sort": "ecarter"}, headers={"referer": f"http://testserver{cell}"}
    )
    assert answer.url.endswith(cell)
    assert Pin.objects.get().is_granted is False
    assert "Annuler" in client.get(cell).content.decode()
    client.post(address, {"undo": "1"})
    assert not Pin.objects.exists()


def test_nobody_is_sent_elsewhere_by_a_forged_origin(world, signed_in):
    plan, client = make.computed(world), signed_in(world.referent)
    line = PlanLine.objects.filter(plan=plan).first()
    address = reverse("timetable:pin_offer", args=[line.engagement_id, line.offer_id])
    answer = client.post(address, {"sort": "ecarter"}, headers={"referer": "https://mal.example/"})
    assert answer.url == PLANS


def test_the_table_says_every_reason_and_leaves_as_a_file(world, signed_in):
    plan, client = make.computed(world), signed_in(world.referent)
    assert "examen tombe pendant" in page(client, "list_lines", plan.pk)
    address = reverse("timetable:list_lines", args=[plan.pk])
    file = client.get(f"{address}?export=csv")
    assert file["Content-Disposition"] == 'attachment; filename="plan.csv"'
    rows = file.content.decode("utf-8-sig").strip().splitlines()
    assert len(rows) == 1 + PlanLine.objects.filter(plan=plan).count()


def test_comparing_says_what_changes_for_each(world, signed_in):
    plan, client = make.published(world), signed_in(world.referent)
    make.exam_on(world, world.students[0], world.offers["wide"].starts_at + timedelta(hours=2))
    again = make.replanned(world, plan)
    address = reverse("timetable:compare_plans")
    said = client.get(f"{address}?a={plan.pk}&b={again.pk}").content.decode()
    assert "1 personne concernée" in said
    assert str(world.students[0]) in said
    assert str(world.students[1]) not in said
    same = client.get(f"{address}?a={plan.pk}&b={plan.pk}").content.decode()
    assert "Rien ne change" in same


def test_the_page_of_a_person_says_why_with_the_titles_of_her_own_lessons(world, signed_in):
    client = signed_in(world.students[0])
    said = page(client, "possibilities", world.engagements[0].pk)
    assert rooms.CTRL in said
    assert "Le plan choisi" in said
    assert page(client, "my_possibilities")


def test_without_a_timetable_the_page_says_that_nothing_can_be_said(world, signed_in):
    Lesson.objects.filter(feed__person=world.students[0]).delete()
    said = page(signed_in(world.students[0]), "possibilities", world.engagements[0].pk)
    assert "Rien ne peut être dit de vos études" in said


def test_whoever_plans_alone_makes_a_period_of_an_offer(world, signed_in):
    person, client = world.silent.person, signed_in(world.silent.person)
    offer = world.offers["wide"]
    address = reverse("timetable:enter_offer", args=[world.silent.pk, offer.pk])
    client.post(address)
    period = Period.objects.get(engagement__person=person)
    assert (period.starts_at, period.ends_at) == (offer.starts_at, offer.ends_at)
    said = page(client, "possibilities", world.silent.pk)
    assert "déjà dans votre engagement" in said
    elsewhere = make.offer(service.school("Autre"), offer.starts_at + timedelta(days=30), 1)
    address = reverse("timetable:enter_offer", args=[world.silent.pk, elsewhere.pk])
    assert client.post(address).status_code == 404


def test_a_granted_line_is_accepted_or_declined_from_her_page(world, signed_in):
    make.published(world)
    first = world.engagements[0]
    client = signed_in(world.students[0])
    line = PlanLine.objects.get(engagement=first, offer=world.offers["wide"])
    assert "Retenu pour vous" in page(client, "possibilities", first.pk)
    decline = reverse("timetable:decline_line", args=[line.pk])
    client.post(decline)
    assert "déclinée" in page(client, "possibilities", first.pk)
    client.post(decline, {"undo": "1"})
    client.post(reverse("timetable:accept_line", args=[line.pk]))
    line.refresh_from_db()
    assert line.answer == "accepted"


def test_what_awaits_each_is_told_to_each_alone(world, stranger):
    plan = make.computed(world)

    def titles(person) -> str:
        return " ".join(str(one.title) for one in todo(Viewer.of(person)))

    assert "Un plan est calculé" in titles(world.referent)
    planning.publish(plan, by=world.referent)
    assert "retenue" in titles(world.students[0])
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    planning.decline(line, by=world.students[0])
    assert "place déclinée" in titles(world.referent)
    assert titles(stranger) == titles(world.silent.person) == ""


def test_what_broke_is_told_to_the_referent_and_to_its_person(world, signed_in):
    plan = make.published(world)
    make.exam_on(world, world.students[0], world.offers["wide"].starts_at + timedelta(hours=2))
    signed_in(world.referent).post(reverse("timetable:check_plan", args=[plan.pk]))
    titles = [str(one.title) for one in todo(Viewer.of(world.referent))]
    assert "Une période du plan ne tient plus\u00a0: replanifier" in titles
    own = [str(one.title) for one in todo(Viewer.of(world.students[0]))]
    assert "Une période retenue pour vous ne tient plus" in own
    said = page(signed_in(world.students[0]), "possibilities", world.engagements[0].pk)
    assert "Un examen tombe pendant la période" in said
    assert "ne tient plus" in page(signed_in(world.referent), "read_plan", plan.pk)


@pytest.mark.parametrize("people", [1, 4])
def test_the_year_costs_as_many_queries_whatever_the_people(
    people, db, signed_in, django_assert_num_queries
):
    world = make.build(people)
    programme = make_programme(world.school, "GM")
    cohort = programme.cohorts.create(year=make_year(world.school), name="ING1")
    for n, person in enumerate(world.students):
        enrol(person, cohort, f"n{n}")
    plan, client = make.computed(world), signed_in(world.referent)
    client.get(reverse("timetable:read_plan", args=[plan.pk]))
    with django_assert_num_queries(YEAR_QUERIES):
        client.get(reverse("timetable:read_plan", args=[plan.pk]))


@pytest.mark.parametrize("people", [1, 4])
def test_lists_cost_as_many_queries_whatever_the_rows(
    people, db, signed_in, django_assert_num_queries
):
    world = make.build(people)
    plans = [make.computed(world, name=f"Plan {n}") for n in range(min(people, 3))]
    client = signed_in(world.referent)
    client.get(PLANS)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(PLANS)
    with django_assert_num_queries(TABLE_QUERIES):
        client.get(reverse("timetable:list_lines", args=[plans[0].pk]))


YEAR_QUERIES, LIST_QUERIES, TABLE_QUERIES = 19, 8, 8


def test_an_offer_of_another_school_cannot_be_pinned(world):
    elsewhere = make.offer(service.school("Autre"), world.offers["wide"].starts_at, 1)
    with pytest.raises(ValidationError):
        planning.pin(world.engagements[0], offer=elsewhere, is_granted=True, by=world.referent)
