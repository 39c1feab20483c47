"""The hall: home of each role, navigation, journal, health, and the doors of the demo."""

from datetime import date

import pytest
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from reseda.hall.management.demo.cast import ROLES
from reseda.hall.queries import navigation, said, todo
from reseda.journal.actions import SYSTEM, Verb, record
from reseda.journal.models import Entry
from reseda.people.models import Mandate, Person, Role
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db
GREET = Verb("hall.test_greet", "a salué {whom}")
SINCE = date(2020, 1, 1)


def somebody() -> Person:
    return make_person(f"personne-{Person.objects.count()}@ecole.example")


def holder(school: School, *roles: Role) -> Person:
    person = somebody()
    for role in roles:
        Mandate.objects.create(
            person=person, role=role, organisation=school.organisation, from_on=SINCE
        )
    return person


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.mark.parametrize("role", list(Role))
def test_every_place_of_the_navigation_opens_for_the_role_that_sees_it(
    client: Client, role: Role
) -> None:
    signed_in(client, person := holder(make_school(), role))
    links = [one for part in navigation(Viewer.of(person), "/", 0) for one in part.links]
    assert [client.get(link.url).status_code for link in links] == [200] * len(links)


def test_the_navigation_marks_the_page_one_is_on() -> None:
    viewer = Viewer.of(holder(make_school(), Role.STUDENT))
    current = [
        link.url
        for part in navigation(viewer, "/mon-engagement/periodes/4/", 0)
        for link in part.links
        if link.is_current
    ]
    assert current == ["/mon-engagement/"]


def test_somebody_without_any_mandate_has_nothing_to_do(client: Client) -> None:
    person = somebody()
    assert todo(Viewer.of(person)) == []
    assert signed_in(client, person).get("/").status_code == 200


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/connexion/?next=/")


def written(schools: list[School]) -> None:
    for school in schools:
        record(GREET, school, by=SYSTEM, organisation=school.pk, whom="Camille")


def test_the_journal_of_a_school_is_read_by_its_own_data_officer_alone(client: Client) -> None:
    own, other = make_school(), make_school("ecole-b")
    written([own, other])
    page = signed_in(client, holder(own, Role.DATA_PROTECTION)).get("/journal/")
    assert [row.entry.organisation for row in page.context["said"]] == [own.pk]
    assert "a salué Camille" in page.content.decode()
    page = signed_in(client, holder(own, Role.REFERENT)).get("/journal/")
    assert page.context["said"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_journal_costs_the_same_whatever_its_length(
    client: Client, count: int, django_assert_num_queries: object
) -> None:
    school = make_school()
    written([school] * count)
    signed_in(client, holder(school, Role.DATA_PROTECTION)).get("/journal/")
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get("/journal/")


def test_an_entry_whose_facts_are_missing_is_still_told() -> None:
    school = make_school()
    entry = record(GREET, school, by=SYSTEM, organisation=school.pk)
    assert [one.sentence for one in said([entry])] == ["a salué –"]
    assert said(Entry.objects.filter(pk=entry.pk))[0].actor == "Réséda"


def test_the_health_page_answers_anybody(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_the_health_page_says_when_a_migration_is_missing(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="hall").delete()
    MigrationRecorder.Migration.objects.filter(app="credentials").delete()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "migrations")


def test_an_unknown_address_gets_a_page_that_helps(client: Client) -> None:
    answer = client.get("/rien/")
    assert answer.status_code == 404
    assert "Revenir à l’accueil" in answer.content.decode()


@pytest.mark.parametrize("word", sorted(ROLES))
def test_a_button_of_the_demo_signs_in_as_a_member_of_the_cast(client: Client, word: str) -> None:
    member = ROLES[word]
    make_person(member.email)
    answer = client.post(f"/demo/connexion/{word}/", follow=True)
    assert answer.context["user"].email == member.email


@pytest.mark.parametrize("word", ["personne", "direction"])
def test_the_demo_signs_nobody_in_who_is_not_there(client: Client, word: str) -> None:
    assert client.post(f"/demo/connexion/{word}/").status_code == 404


def test_outside_the_demo_its_doors_do_not_open(client: Client, settings: object) -> None:
    make_person(ROLES["eleve"].email)
    settings.IS_DEMO = False  # type: ignore[attr-defined]
    assert client.post("/demo/connexion/eleve/").status_code == 404
