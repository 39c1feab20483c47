"""The pages: what each one shows, what a stranger never sees, what a GET costs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.service import actions as service
from reseda.service.models import Period
from reseda.timetable.models import AccommodationRequest, Feed, Lesson
from reseda.timetable.tests import factories as make
from reseda.timetable.tests.conftest import Login
from reseda.ui.queries import thread

SAID = {"decision": "granted", "reason": "", "measures": "Examen reporté."}


@pytest.fixture
def asked(world: make.World) -> AccommodationRequest:
    make.feed(world)
    return make.asked(world)


def page(name: str, *args: int) -> str:
    return reverse(f"timetable:{name}", args=args)


# --- A stranger


def test_a_stranger_meets_a_404_at_every_page_and_every_press(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    make.granted(world, asked)
    feed, absence = Feed.objects.get(), make.absences(asked)[0]
    client = signed_in(world.stranger)
    shown = [page("feed", feed.pk), page("conflicts", world.period.pk), page("request", asked.pk)]
    pressed = [
        *(page(one, feed.pk) for one in ("choose_groups", "correct", "refresh", "accept")),
        page("remove", feed.pk),
        page("withdraw", asked.pk),
        page("see_absence", absence.pk),
        *shown[1:],
    ]

    assert {client.get(path).status_code for path in shown} == {404}
    assert {client.post(path, SAID).status_code for path in pressed} == {404}


@pytest.mark.parametrize("name", ["feeds", "requests", "absences", "calendar"])
def test_the_lists_of_a_stranger_hold_nothing_of_others(
    name: str, world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    make.granted(world, asked)
    shown = signed_in(world.stranger).get(page(name)).content.decode()

    for words in (str(world.student), make.CTRL, "Mon année"):
        assert words not in shown


def test_somebody_who_is_not_signed_in_is_asked_to(world: make.World, client) -> None:
    for name in ("feeds", "requests", "absences", "calendar"):
        assert client.get(page(name)).url.startswith("/connexion/")


def test_the_conflicts_of_a_period_are_its_person_s_alone(
    world: make.World, signed_in: Login
) -> None:
    service.disclose(world.engagement, audiences=["referent"], by=world.student)
    path = page("conflicts", world.period.pk)

    assert signed_in(world.student).get(path).status_code == 200
    for person in (world.referent, world.director, world.teacher):
        assert signed_in(person).get(path).status_code == 404


# --- What the period takes


def test_conflicts_are_drawn_told_in_text_and_listed_exams_first(
    world: make.World, signed_in: Login
) -> None:
    make.feed(world)
    shown = signed_in(world.student).get(page("conflicts", world.period.pk)).content.decode()

    assert 'class="box exam touched"' in shown
    assert "Cette période tombe sur 1 examen" in shown
    assert shown.count("touchée par la période</span>") >= 2
    table = shown[shown.index('id="touchees"') :]
    assert table.index(make.CTRL) < table.index(make.LAB)
    assert make.TALK not in table


def test_without_a_timetable_nobody_says_that_all_is_well(
    world: make.World, signed_in: Login
) -> None:
    client, path = signed_in(world.student), page("conflicts", world.period.pk)
    assert "Pas encore d’emploi du temps" in client.get(path).content.decode()

    make.feed(world, [])
    shown = client.get(path).content.decode()
    assert "Emploi du temps à vérifier" in shown
    assert "Aucun conflit connu" in shown


def test_groups_left_unchosen_are_said(world: make.World, signed_in: Login) -> None:
    labs = [make.lesson(f"G{n}", make.LAB, make.at(2, 13), group=f"RT1 TP{n}") for n in (1, 2)]
    make.feed(world, labs)
    shown = signed_in(world.student).get(page("conflicts", world.period.pk)).content.decode()

    assert "Vos groupes ne sont pas choisis" in shown


def test_a_request_is_made_from_the_page_and_not_twice(world: make.World, signed_in: Login) -> None:
    make.feed(world)
    client, path = signed_in(world.student), page("conflicts", world.period.pk)
    assert client.post(path, {"wish": ""}).status_code == 422
    first = client.post(path, {"wish": "Reporter l’examen."})
    again = client.post(path, {"wish": "Encore."}, follow=True)

    assert first.url == page("request", AccommodationRequest.objects.get().pk)
    assert "existe déjà" in again.content.decode()


# --- Decision


def test_the_director_decides_from_the_page_lesson_by_lesson(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    exam = make.absences(asked)[0]
    client, path = signed_in(world.director), page("request", asked.pk)
    client.post(path, SAID | {f"teacher-{exam.pk}": world.teacher.pk, f"catch_up-{exam.pk}": "J12"})

    exam.refresh_from_db()
    asked.refresh_from_db()
    assert (asked.status, exam.teacher, exam.catch_up) == ("granted", world.teacher, "J12")


def test_a_refusal_without_a_reason_is_shown_again_and_with_one_is_kept(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    client, path = signed_in(world.director), page("request", asked.pk)
    answer = client.post(path, {"decision": "refused"})
    assert (answer.status_code, "dire pourquoi" in answer.content.decode()) == (422, True)

    client.post(path, {"decision": "refused", "reason": "Un jury ce jour-là."})
    asked.refresh_from_db()
    assert asked.status == "refused"


def test_who_comes_after_the_decision_is_told_that_it_is_taken(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    client, path = signed_in(world.director), page("request", asked.pk)
    client.post(path, SAID)
    answer = client.post(path, SAID | {"decision": "refused", "reason": "x"}, follow=True)

    assert "déjà close" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.status == "granted"


def test_those_who_only_read_a_request_do_not_decide_it(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    service.disclose(world.engagement, audiences=["referent"], by=world.student)
    path = page("request", asked.pk)

    for person in (world.student, world.referent):
        client = signed_in(person)
        assert "J’accorde" not in client.get(path).content.decode()
        assert client.post(path, SAID).status_code == 404


def test_a_withdrawn_request_leaves_the_director_and_the_message_puts_it_back(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    withdraw = page("withdraw", asked.pk)
    shown = signed_in(world.student).post(withdraw, follow=True).content.decode()
    assert f'action="{withdraw}"' in shown
    assert signed_in(world.director).get(page("request", asked.pk)).status_code == 404

    signed_in(world.student).post(withdraw, {"undo": "1"})
    assert signed_in(world.director).get(page("request", asked.pk)).status_code == 200


def test_a_request_says_when_its_period_changed_since(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    client, path = signed_in(world.director), page("request", asked.pk)
    assert "ont changé" not in client.get(path).content.decode()

    service.cancel_period(world.period, by=world.student)
    assert "La période est annulée" in client.get(path).content.decode()


# --- Discretion


def test_what_others_read_never_says_why(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    make.granted(world, asked)
    seen = {
        world.teacher: [page("absences"), page("absences") + "?export=csv"],
        world.registry: [page("absences")],
        world.director: [page("request", asked.pk), page("requests") + "?export=csv"],
    }
    for person, paths in seen.items():
        client = signed_in(person)
        for path in paths:
            shown = client.get(path).content.decode()
            main = shown.partition("<main")[2].partition("</main>")[0] or shown
            assert str(world.student) in main
            assert not [word for word in make.service.WORDS if word in main], path


def test_an_absence_shows_only_once_granted_and_is_read_in_one_press(
    world: make.World, asked: AccommodationRequest, signed_in: Login
) -> None:
    client = signed_in(world.teacher)
    assert make.CTRL not in client.get(page("absences")).content.decode()

    make.granted(world, asked)
    assert "Absence justifiée, engagement reconnu" in client.get(page("absences")).content.decode()
    client.post(page("see_absences"))
    assert all(one.seen_at for one in make.absences(asked))


def test_the_thread_leads_only_where_its_reader_may_go(
    world: make.World, asked: AccommodationRequest
) -> None:
    service.disclose(world.engagement, audiences=["referent"], by=world.student)

    def told(person: Person) -> dict[str, str]:
        steps = thread(Viewer.of(person), world.period.pk)
        return {str(one.label): one.url for one in steps}

    own = told(world.student)
    assert own["Conflits"] == page("conflicts", world.period.pk)
    assert own["Aménagement"] == page("request", asked.pk)
    assert "Conflits" not in told(world.referent)
    assert told(world.director)["Aménagement"] == page("request", asked.pk)
    assert told(world.stranger) == {}


# --- Lists at one and three


def three_feeds(world: make.World) -> None:
    for number in (1, 2):
        events = [make.lesson(f"X{number}", f"Option {number}", make.at(4, 14 + number))]
        make.feed(world, events, name=f"Option {number}")


def three_requests(world: make.World) -> None:
    for weeks in (1, 2):
        make.asked(world, make.spell(world.engagement, weeks=weeks))


def three_absences(world: make.World) -> None:
    for weeks in (1, 2):
        more = [make.lesson(f"W{weeks}", make.LAB, make.at(2, 13) + make.timedelta(weeks=weeks))]
        make.feed(world, more, name=f"W{weeks}")
        make.granted(world, make.asked(world, make.spell(world.engagement, weeks=weeks)))


LISTS = {
    "feeds": ("student", three_feeds, 5),
    "requests": ("director", three_requests, 5),
    "absences": ("teacher", three_absences, 6),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_with_one_item_and_with_three(
    name: str,
    world: make.World,
    signed_in: Login,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    who, more, cost = LISTS[name]
    make.feed(world, make.year()[:1])
    make.granted(world) if name == "absences" else make.asked(world)
    client = signed_in(getattr(world, who))
    for fill in (lambda _world: None, more):
        fill(world)
        with django_assert_num_queries(cost):
            client.get(page(name))


@pytest.mark.parametrize("lessons", [1, 3])
def test_the_lessons_of_a_feed_cost_the_same_however_many(
    lessons: int,
    world: make.World,
    signed_in: Login,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    feed = make.feed(world, make.year()[:lessons])
    client = signed_in(world.student)

    with django_assert_num_queries(11):
        client.get(page("feed", feed.pk))


def test_lessons_are_found_under_their_corrected_type(world: make.World, signed_in: Login) -> None:
    feed = make.feed(world)
    client = signed_in(world.student)
    client.post(page("correct", feed.pk), {"uid": "TALK", "kind": "exam", "back": "type=lecture"})

    found = client.get(page("feed", feed.pk) + "?type=exam").context["listing"]
    assert {one.uid for one in found.rows} == {"EXAM", "TALK"}
    assert "examen" in client.get(page("feed", feed.pk) + "?q=&export=csv").content.decode()


def test_staff_who_have_no_studies_are_shown_conflicts_but_no_request(
    world: make.World, signed_in: Login
) -> None:
    staff = make.service.person(world.school, Role.STAFF)
    held = make.service.engagement(staff, world.school)
    period = make.spell(held)
    shown = signed_in(staff).get(page("conflicts", period.pk)).content.decode()

    assert "Demander l’aménagement" not in shown


def test_the_thread_of_a_period_that_is_over_tells_and_no_longer_warns(
    world: make.World,
) -> None:
    make.feed(world, [make.lesson("E", "Examen Optique", make.at(1, 9))])
    viewer = Viewer.of(world.student)

    def told() -> dict[str, str]:
        return {str(step.label): step.state for step in thread(viewer, world.period.pk)}

    assert (told()["Conflits"], told()["Aménagement"]) == ("stop", "next")
    over = timezone.now() - timedelta(days=400)
    Period.objects.filter(pk=world.period.pk).update(
        starts_at=over, ends_at=over + timedelta(days=5)
    )
    Lesson.objects.update(starts_at=over, ends_at=over + timedelta(hours=2))
    assert told()["Conflits"] == "done"
    assert "Aménagement" not in told()
