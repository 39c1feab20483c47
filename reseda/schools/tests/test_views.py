"""The pages of the school: who sees them, the import from the file to the confirmation."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reseda.documents.models import StoredFile
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.domain import sheets
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Programme, School
from reseda.schools.queries import todo
from reseda.schools.tests.factories import (
    enrol,
    make_person,
    make_programme,
    make_school,
    make_year,
)

pytestmark = pytest.mark.django_db

HEAD = "E-mail;Nom;Prénom;Numéro étudiant;Formation;Promotion;Groupes;Rôle\n"
ZOE = "zoe@a.fr;Lefèvre;Zoé;1001;INFO;ING1;TD1;élève\n"


@pytest.fixture
def school() -> School:
    found = make_school()
    make_programme(found)
    make_year(found)
    return found


def as_role(client: Client, role: Role, school: School, **kwargs: Any) -> Person:
    person = make_person(f"{role}@{school.slug}.fr", role, school=school, **kwargs)
    client.force_login(person)
    return person


@pytest.fixture
def registry(client: Client, school: School) -> Person:
    return as_role(client, Role.REGISTRY, school)


def send(client: Client, data: bytes | str, name: str = "liste.csv") -> Any:
    content = data.encode() if isinstance(data, str) else data
    return client.post("/ecole/import/", {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_previewed_then_confirmed_and_only_then_written(
    client: Client, registry: Person
) -> None:
    answer = send(client, HEAD + ZOE)
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert "zoe@a.fr" in page.content.decode()
    assert not Enrolment.objects.exists()
    done = client.post(f"{answer.url}confirmer/", follow=True)
    assert "Import terminé : 1 personne créée, " in done.content.decode()
    assert Enrolment.objects.get().person.email == "zoe@a.fr"
    assert not StoredFile.objects.exists()


def test_a_preview_calls_roles_by_their_names(client: Client, registry: Person) -> None:
    client.post(f"{send(client, HEAD + ZOE).url}confirmer/")
    page = client.get(send(client, HEAD + ZOE.replace("élève", "élève, enseignant")).url)
    assert "<del>élève</del>" in page.content.decode()
    assert "<ins>enseignant</ins>" in page.content.decode()


def test_a_preview_of_what_is_already_known_offers_nothing_to_confirm(
    client: Client, registry: Person
) -> None:
    first = send(client, HEAD + ZOE)
    client.post(f"{first.url}confirmer/")
    page = client.get(send(client, HEAD + ZOE).url).content.decode()
    assert "rien à importer" in page
    assert "confirmer/" not in page


def test_what_changed_since_the_preview_is_checked_again(client: Client, registry: Person) -> None:
    answer = send(client, HEAD + ZOE)
    make_person("zoe@a.fr", Role.STUDENT, school=make_school("ecole-b"))
    done = client.post(f"{answer.url}confirmer/", follow=True)
    assert "Rien n’a été écrit" in done.content.decode()
    assert not Enrolment.objects.exists()


def test_an_abandoned_import_erases_its_file(client: Client, registry: Person) -> None:
    answer = send(client, HEAD + ZOE)
    client.post(f"{answer.url}abandonner/")
    assert not StoredFile.objects.exists()
    assert client.get(answer.url).status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Ce fichier est vide"),
        (b"%PDF-1.7", "n’est pas un tableau"),
        (b"\x00\x01\x02" * 100, "n’est pas un tableau"),
        (b"x" * (50 * 1024 * 1024), "trop gros"),
        (b"PK\x03\x04", "abîmé"),
        ("Nom;Prénom\nRoux;Zoé\n".encode("cp1252"), "Colonne manquante"),
        (b"a;b\n1;2\n", "Aucune colonne"),
    ],
)
def test_an_unusable_file_gets_a_sentence_that_says_what_to_do(
    client: Client, registry: Person, data: bytes, words: str
) -> None:
    answer = send(client, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_missing_file_is_asked_for(client: Client, registry: Person) -> None:
    answer = client.post("/ecole/import/")
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.content.decode()


def test_wrong_lines_are_told_one_by_one_and_nothing_is_kept(
    client: Client, registry: Person
) -> None:
    answer = send(client, (HEAD + ZOE + ZOE + "x;Roux;;;;;;chef\n").encode("cp1252"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "déjà à la ligne 2" in page
    assert "Ce n’est pas une adresse" in page
    assert "Rôle inconnu" in page
    assert not StoredFile.objects.exists()


def test_an_address_of_another_school_is_refused_without_a_word_about_it(
    client: Client, registry: Person
) -> None:
    make_person("zoe@a.fr", Role.STUDENT, school=make_school("ecole-b"))
    page = send(client, HEAD + ZOE).content.decode()
    assert "ne peut pas être importée" in page
    assert "ecole-b" not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_template_is_itself_a_file_that_can_be_imported(
    client: Client, registry: Person, kind: str, language: str
) -> None:
    client.cookies["django_language"] = language
    template = client.get(f"/ecole/import/modele.{kind}")
    assert template.headers["Content-Disposition"].endswith(f'.{kind}"')
    assert send(client, template.content).status_code == 302


def test_the_file_of_somebody_else_is_never_shown(client: Client, school: School) -> None:
    as_role(client, Role.REGISTRY, school)
    answer = send(client, HEAD + ZOE)
    as_role(client, Role.STUDIES_DIRECTOR, school)
    assert client.get(answer.url).status_code == 404
    assert client.post(f"{answer.url}confirmer/").status_code == 404
    assert not Enrolment.objects.exists()


PAGES = {
    "/ecole/eleves/": {Role.REFERENT, Role.STUDIES_DIRECTOR, Role.REGISTRY},
    "/ecole/import/": {Role.STUDIES_DIRECTOR, Role.REGISTRY},
    "/ecole/import/modele.csv": {Role.STUDIES_DIRECTOR, Role.REGISTRY},
    "/ecole/annees/nouvelle/": {Role.STUDIES_DIRECTOR, Role.REGISTRY},
    "/ecole/formations/nouvelle/": {Role.STUDIES_DIRECTOR, Role.REGISTRY},
    "/ecole/promotions/nouvelle/": {Role.STUDIES_DIRECTOR, Role.REGISTRY},
    "/ecole/": set(Role) - {Role.UNIT_CORRESPONDENT},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_pages_and_no_other(client: Client, school: School, role: Role) -> None:
    as_role(client, role, school)
    seen = {url: client.get(url).status_code for url in PAGES}
    assert seen == {url: 200 if role in roles else 404 for url, roles in PAGES.items()}


def test_the_stranger_finds_nothing_of_this_school(client: Client, school: School) -> None:
    year, programme = AcademicYear.objects.get(), Programme.objects.get()
    cohort = Cohort.objects.create(programme=programme, year=year, name="ING1")
    enrol(make_person("zoe@a.fr", Role.STUDENT, school=school), cohort, "1001")
    other = make_school("ecole-b")
    as_role(client, Role.REGISTRY, other)
    for url in (
        f"/ecole/annees/{year.pk}/",
        f"/ecole/formations/{programme.pk}/",
        f"/ecole/promotions/{cohort.pk}/",
    ):
        assert client.get(url).status_code == 404
        assert client.post(url, {}).status_code == 404
    for url in ("/ecole/", "/ecole/eleves/"):
        assert "ecole-a" not in (page := client.get(url).content.decode())
        assert "zoe" not in page


def test_a_referent_of_one_programme_lists_its_students_alone(
    client: Client, school: School
) -> None:
    year = AcademicYear.objects.get()
    for code in ("GC", "MAT"):
        programme = make_programme(school, code, code)
        cohort = Cohort.objects.create(programme=programme, year=year, name="ING1")
        enrol(make_person(f"{code}@a.fr".lower(), Role.STUDENT, school=school), cohort, "1")
    as_role(client, Role.REFERENT, school, scope=Programme.objects.get(code="GC"))
    page = client.get("/ecole/eleves/").content.decode()
    assert "gc@a.fr" in page
    assert "mat@a.fr" not in page


def test_the_list_of_students_costs_the_same_for_one_and_for_three(
    client: Client, school: School, django_assert_num_queries: Any
) -> None:
    year, programme = AcademicYear.objects.get(), Programme.objects.get()
    cohort = Cohort.objects.create(programme=programme, year=year, name="ING1")
    as_role(client, Role.REGISTRY, school)
    for number in range(3):
        enrol(make_person(f"p{number}@a.fr", school=school), cohort, str(number))
        if number in (0, 2):
            with django_assert_num_queries(LIST_QUERIES):
                page = client.get("/ecole/eleves/").content.decode()
            assert page.count("@a.fr</td>") == number + 1


LIST_QUERIES = 11


def test_the_list_is_searched_filtered_and_taken_away(client: Client, school: School) -> None:
    year, programme = AcademicYear.objects.get(), Programme.objects.get()
    for name in ("ING1", "ING2"):
        cohort = Cohort.objects.create(programme=programme, year=year, name=name)
        enrol(make_person(f"{name.lower()}@a.fr", school=school), cohort, name)
    as_role(client, Role.REFERENT, school)
    assert "ing2@a.fr" not in client.get("/ecole/eleves/?q=ing1@").content.decode()
    assert "ing1@a.fr" not in client.get("/ecole/eleves/?promotion=ING2").content.decode()
    taken = client.get("/ecole/eleves/?promotion=ING2&export=csv")
    table = sheets.read(taken.content, {"email": ("e-mail",)}, required=("email",))
    assert [row.cells[0] for row in table.rows] == ["ing2@a.fr"]


def test_the_registry_keeps_the_frame_of_the_school(client: Client, registry: Person) -> None:
    AcademicYear.objects.all().delete()
    year = {"name": "2026/2027", "starts_on": "2026-09-01", "ends_on": "2027-08-31"}
    assert client.post("/ecole/annees/nouvelle/", year | {"name": "cette année"}).status_code == 422
    assert client.post("/ecole/annees/nouvelle/", year).status_code == 302
    told = {"name": "Génie civil", "code": "GC", "rncp_code": ""}
    assert client.post("/ecole/formations/nouvelle/", told | {"code": "INFO"}).status_code == 422
    assert client.post("/ecole/formations/nouvelle/", told).status_code == 302
    programme, held = Programme.objects.get(code="GC"), AcademicYear.objects.get()
    cohort = {"programme": programme.pk, "year": held.pk, "name": "ING1"}
    assert client.post("/ecole/promotions/nouvelle/", cohort).status_code == 302
    assert client.post("/ecole/promotions/nouvelle/", cohort).status_code == 422
    made = Cohort.objects.get()
    changed = cohort | {"name": "ING2"}
    assert client.post(f"/ecole/promotions/{made.pk}/", changed).status_code == 302
    page = client.get("/ecole/?annee=2026-2027").content.decode()
    assert "Génie civil" in page
    assert "ING2" in page


def test_the_school_asks_for_its_year_then_for_its_students(school: School) -> None:
    registry = make_person("registry@a.fr", Role.REGISTRY, school=school)
    assert [str(one.pill) for one in todo(Viewer.of(registry))] == ["À importer"]
    AcademicYear.objects.all().delete()
    assert [str(one.pill) for one in todo(Viewer.of(registry))] == ["À ouvrir"]
    assert todo(Viewer.of(make_person("zoe@a.fr", Role.STUDENT, school=school))) == []
