"""Pages of the account, of persons, and of the matrix of rights."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client

from reseda.people import actions
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer, matrix
from reseda.people.queries import rights
from reseda.people.tests.factories import (
    PHRASE,
    a_day,
    a_mandate,
    a_person,
    a_programme,
    a_school,
    letters,
    mandate_form,
    signed_in,
    somebody,
)

pytestmark = pytest.mark.django_db


# --- List of persons


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries_for_one_and_three_persons(
    client, school, director, count, django_assert_num_queries
):
    for n in range(count - 1):
        somebody(Role.STUDENT, school, f"eleve{n}@exemple.fr")
    signed_in(client, director).get("/personnes/")
    with django_assert_num_queries(6):
        page = client.get("/personnes/")
    assert page.context["listing"].count == count


def test_the_list_holds_the_persons_of_the_school_alone(client, director, student, stranger):
    page = signed_in(client, director).get("/personnes/").content.decode()
    assert student.email in page
    assert stranger.email not in page


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.STUDIES_DIRECTOR, Role.REFERENT}))
def test_the_list_does_not_exist_for_the_other_roles(client, school, role):
    person = somebody(role, school, "quelquun@exemple.fr")
    assert signed_in(client, person).get("/personnes/").status_code == 404
    assert client.get("/personnes/nouvelle/").status_code == 404


def test_a_referent_limited_to_a_programme_lists_that_programme(client, school):
    energy = a_programme(school)
    inside = somebody(Role.TEACHER, school, "dedans@exemple.fr", scope=energy)
    somebody(Role.TEACHER, school, "dehors@exemple.fr")
    referent = somebody(Role.REFERENT, school, scope=energy)
    page = signed_in(client, referent).get("/personnes/").content.decode()
    assert inside.email in page
    assert "dehors@exemple.fr" not in page


def test_the_list_is_searched_filtered_sorted_and_taken_away(client, school, director, student):
    teacher = somebody(Role.TEACHER, school, "prof@exemple.fr", to_on=None)
    signed_in(client, director)
    found = client.get("/personnes/?q=prof").content.decode()
    assert teacher.email in found
    assert student.email not in found
    kept = client.get("/personnes/?role=student").context["listing"]
    assert [person.pk for person in kept.page] == [student.pk]
    export = client.get("/personnes/?export=csv")
    rows = list(csv.reader(io.StringIO(export.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 4
    assert "attachment" in export.headers["Content-Disposition"]


def test_the_filter_by_role_never_reveals_a_role_held_elsewhere(client, director, student):
    a_mandate(student, Role.ASSESSOR, a_school("ailleurs"))
    signed_in(client, director)
    assert client.get("/personnes/?role=assessor").context["listing"].count == 0
    page = client.get(f"/personnes/{student.pk}/").content.decode()
    assert "Ailleurs" not in page


# --- Bringing somebody in


def newcomer(school, **more):
    return {
        "first_name": "Ada",
        "last_name": "Morel",
        "email": "Ada@exemple.fr",
        **mandate_form(school),
        **more,
    }


def test_a_newcomer_gets_an_account_a_mandate_and_a_letter(client, school, director):
    answer = signed_in(client, director).post("/personnes/nouvelle/", newcomer(school))
    ada = Person.objects.get(email="ada@exemple.fr")
    assert answer.url == f"/personnes/{ada.pk}/"
    assert not ada.has_usable_password()
    assert Viewer.of(ada).roles == {Role.TEACHER}
    letter = letters().get()
    assert (letter.template, letter.to) == ("people.welcome", "ada@exemple.fr")
    assert "http://testserver/connexion/lien/" in letter.body


def test_somebody_known_gets_the_mandate_and_keeps_her_name(client, school, director, stranger):
    form = newcomer(school, email=stranger.email.upper())
    signed_in(client, director).post("/personnes/nouvelle/", form)
    assert Person.objects.get(pk=stranger.pk).last_name == "Studies_Director"
    assert stranger.mandates.filter(organisation=school, role=Role.TEACHER).exists()
    assert letters().count() == 0


def test_a_newcomer_wrongly_filled_leaves_nothing_behind(client, school, director):
    before = Person.objects.count()
    form = newcomer(school, email="pas une adresse")
    answer = signed_in(client, director).post("/personnes/nouvelle/", form)
    assert answer.status_code == 422
    assert Person.objects.count() == before
    assert letters().count() == 0


def test_an_account_is_not_opened_by_somebody_without_that_right(school, student):
    with pytest.raises(PermissionDenied):
        actions.open_account(
            "x@exemple.fr", first_name="X", last_name="Y", school=school, by=student
        )
    assert not Person.objects.filter(email="x@e.fr").exists()


# --- The account


def test_the_account_shows_mandates_in_force_alone(client, school, student):
    a_mandate(student, Role.TEACHER, school, to_on=a_day(-1))
    page = signed_in(client, student).get("/mon-compte/").content.decode()
    main = page[page.index('id="mandats"') :]
    assert "Élève" in main
    assert "Enseignant" not in main


@pytest.mark.parametrize("count", [1, 3])
def test_the_account_costs_the_same_queries_whatever_the_mandates(
    client, school, count, django_assert_num_queries
):
    person = a_person()
    for n in range(count):
        a_mandate(person, Role.TEACHER, school, from_on=a_day(-n))
    signed_in(client, person).get("/mon-compte/")
    with django_assert_num_queries(5):
        assert len(client.get("/mon-compte/").context["mandates"]) == count


def test_the_language_of_the_account_is_that_of_the_pages(client, student):
    signed_in(client, student)
    assert 'lang="fr"' in client.get("/mon-compte/").content.decode()
    client.post("/mon-compte/", {"language": "en"})
    student.refresh_from_db()
    assert student.language == "en"
    assert 'lang="en"' in client.get("/mon-compte/").content.decode()
    elsewhere = signed_in(Client(), student)
    assert 'lang="en"' in elsewhere.get("/mon-compte/").content.decode()


def test_the_switch_of_the_page_wins_over_the_account(client, student):
    signed_in(client, student)
    client.post("/langue/", {"language": "en", "next": "/mon-compte/"})
    assert 'lang="en"' in client.get("/mon-compte/").content.decode()
    student.refresh_from_db()
    assert student.language == "fr"


def test_a_language_unknown_is_refused(client, student):
    assert signed_in(client, student).post("/mon-compte/", {"language": "xx"}).status_code == 422
    with pytest.raises(PermissionDenied):
        actions.set_language(student, language="en", by=a_person("autre@exemple.fr"))


def test_one_cannot_rename_oneself(client, student):
    signed_in(client, student)
    client.post("/mon-compte/", {"language": "fr", "last_name": "Autre", "first_name": "Nom"})
    student.refresh_from_db()
    assert student.last_name == "Student"


def test_somebody_with_a_password_is_offered_to_change_it(client):
    signed_in(client, a_person(password=PHRASE))
    assert "Changer de mot de passe" in client.get("/mon-compte/").content.decode()
    signed_in(client, a_person("sans@exemple.fr"))
    assert "Choisir un mot de passe" in client.get("/mon-compte/").content.decode()


# --- The matrix of rights


def test_the_matrix_is_shown_to_whoever_is_signed_in(client, student):
    assert client.get("/droits/").status_code == 302
    page = signed_in(client, student).get("/droits/").content.decode()
    assert "Donner un mandat" in page
    assert "tous les rôles, dans son école" in page


def test_the_matrix_holds_every_permission_once():
    shown = [right.code for room in rights() for right in room.rights]
    assert shown == [permission.code for permission in matrix()]
    assert all(len(right.cells) == len(room.roles) for room in rights() for right in room.rights)


def test_the_command_prints_the_matrix_in_french(capsys):
    call_command("people_rights")
    page = capsys.readouterr().out
    assert page.startswith("# Qui peut quoi")
    assert "| Donner un mandat (`people.give_mandate`) |" in page


def test_the_command_says_whether_the_file_is_up_to_date(capsys, settings, tmp_path):
    settings.BASE_DIR = tmp_path
    with pytest.raises(SystemExit) as refused:
        call_command("people_rights", "--check")
    assert refused.value.code == 1
    assert "docs/rights.md" in capsys.readouterr().err
    (tmp_path / "docs").mkdir()
    call_command("people_rights", "--write")
    call_command("people_rights", "--check")
