"""The pages of frameworks: who reads them, how they are written, taken away and brought back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reseda.competencies import queries
from reseda.competencies.actions import exchange, frameworks, items
from reseda.competencies.domain.exchange import sheet
from reseda.competencies.models import FrameworkVersion
from reseda.documents.models import StoredFile
from reseda.journal.actions import SYSTEM
from reseda.people.models import Person, Role
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_programme, make_school

pytestmark = pytest.mark.django_db

HEAD = "Code;Code parent;Nature;Libellé français;Libellé anglais\n"
TREE = "C1;;compétence;Concevoir;Design\nN1;C1;niveau;Novice;\nA1;N1;apprentissage;Reformuler;\n"
LIST_QUERIES = 6


@pytest.fixture
def published(school: School) -> FrameworkVersion:
    return frameworks.load_example(school, "ecole", by=SYSTEM)


def as_role(client: Client, role: Role, school: School, **kwargs: Any) -> Person:
    person = make_person(f"{role}@{school.slug}.fr", role, school=school, **kwargs)
    client.force_login(person)
    return person


def open_draft(client: Client, school: School) -> FrameworkVersion:
    as_role(client, Role.COMPETENCY_ENGINEER, school)
    client.post("/competences/nouveau/", {"kind": "school", "title": "Ingénieur"})
    return FrameworkVersion.objects.get(status="draft")


def send(client: Client, version: FrameworkVersion, data: bytes | str) -> Any:
    content = data.encode() if isinstance(data, str) else data
    return client.post(
        f"/competences/{version.pk}/import/", {"file": SimpleUploadedFile("f.csv", content)}
    )


@pytest.mark.parametrize("role", list(Role))
def test_a_published_framework_is_for_the_whole_school(
    client: Client, school: School, published: FrameworkVersion, role: Role
) -> None:
    as_role(client, role, school)
    expected = 404 if role == Role.UNIT_CORRESPONDENT else 200
    assert client.get("/competences/").status_code == expected
    page = client.get(f"/competences/{published.pk}/")
    assert page.status_code == expected
    if expected == 200:
        assert "Conduire un projet jusqu’à son résultat" in page.content.decode()


def test_a_member_limited_to_one_programme_reads_it_too(
    client: Client, school: School, published: FrameworkVersion
) -> None:
    as_role(client, Role.ASSESSOR, school, scope=make_programme(school))
    assert client.get(f"/competences/{published.pk}/").status_code == 200


def test_an_english_reader_reads_it_in_english(
    client: Client, school: School, published: FrameworkVersion
) -> None:
    as_role(client, Role.STUDENT, school)
    client.cookies["django_language"] = "en"
    page = client.get(f"/competences/{published.pk}/")
    assert "Lead a project to its result" in page.content.decode()


def test_a_draft_is_seen_by_its_writers_alone(client: Client, school: School) -> None:
    draft = open_draft(client, school)
    assert client.get(f"/competences/{draft.pk}/").status_code == 200
    as_role(client, Role.STUDENT, school)
    assert client.get(f"/competences/{draft.pk}/").status_code == 404
    assert "Ingénieur" not in client.get("/competences/").content.decode()


def test_the_stranger_finds_nothing(
    client: Client, school: School, published: FrameworkVersion
) -> None:
    as_role(client, Role.COMPETENCY_ENGINEER, make_school("ecole-b"))
    item = published.items.first()
    assert item is not None
    version = f"/competences/{published.pk}/"
    for url in (version, f"{version}referentiel.csv", f"{version}ajouter/", f"{version}import/"):
        assert client.get(url).status_code == 404
    for url in (
        f"{version}publier/",
        f"{version}retirer/",
        f"{version}nouvelle-version/",
        f"/competences/elements/{item.pk}/",
        f"/competences/elements/{item.pk}/supprimer/",
        f"/competences/elements/{item.pk}/monter/",
    ):
        assert client.post(url).status_code == 404
    assert "généraliste" not in client.get("/competences/").content.decode()


def test_a_student_reads_but_finds_no_button_to_write(
    client: Client, school: School, published: FrameworkVersion
) -> None:
    as_role(client, Role.STUDENT, school)
    page = client.get(f"/competences/{published.pk}/").content.decode()
    assert "nouvelle-version/" not in page
    assert client.post(f"/competences/{published.pk}/nouvelle-version/").status_code == 404
    assert client.get("/competences/nouveau/").status_code == 404
    assert client.get("/competences/modele.csv").status_code == 404


def test_a_framework_is_created_imported_published_and_derived(
    client: Client, school: School
) -> None:
    draft = open_draft(client, school)
    preview = send(client, draft, HEAD + TREE)
    assert "Reformuler" in client.get(preview.url).content.decode()
    assert not draft.items.exists()
    client.post(f"{preview.url}confirmer/")
    assert draft.items.count() == 3
    assert not StoredFile.objects.exists()
    client.post(f"/competences/{draft.pk}/publier/")
    draft.refresh_from_db()
    assert draft.status == "published"
    answer = client.post(f"/competences/{draft.pk}/nouvelle-version/")
    assert "Version 2" in client.get(answer.url).content.decode()
    versions = client.get(f"{answer.url}versions/").content.decode()
    assert f"/competences/{draft.pk}/" in versions


def test_what_keeps_a_draft_from_publication_is_listed(client: Client, school: School) -> None:
    draft = open_draft(client, school)
    answer = client.post(f"/competences/{draft.pk}/publier/")
    assert answer.status_code == 422
    assert "Ajoutez au moins une compétence" in answer.content.decode()


def test_items_are_written_with_plain_forms_and_buttons(client: Client, school: School) -> None:
    draft = open_draft(client, school)
    add = f"/competences/{draft.pk}/ajouter/"
    told = {"code": "C1", "statement": "Concevoir", "statement_en": "Design"}
    assert client.get(f"{add}?nature=competency").status_code == 200
    assert client.post(f"{add}?nature=competency", told | {"code": ""}).status_code == 422
    assert client.post(f"{add}?nature=competency", told).status_code == 302
    assert client.post(f"{add}?nature=competency", told).status_code == 422
    client.post(f"{add}?nature=competency", told | {"code": "C2"})
    first, second = draft.items.order_by("rank")
    for wrong in (
        "?nature=level",
        "?sous=x",
        f"?nature=competency&sous={first.pk}",
        "?nature=level&sous=0",
    ):
        assert client.get(add + wrong).status_code == 404
    client.post(f"{add}?nature=level&sous={first.pk}", told | {"code": "N1"})
    page = client.get(f"/competences/{draft.pk}/").content.decode()
    assert f"/competences/elements/{first.pk}/descendre/" in page
    client.post(f"/competences/elements/{first.pk}/descendre/")
    assert list(draft.items.filter(parent=None).order_by("rank")) == [second, first]
    changed = client.post(f"/competences/elements/{second.pk}/", told | {"code": "C9"})
    assert changed.url.endswith(f"#e{second.pk}")
    done = client.post(f"/competences/elements/{first.pk}/supprimer/", follow=True)
    assert "2 éléments retirés" in done.content.decode()
    assert [item.code for item in draft.items.all()] == ["C9"]


def test_a_published_item_is_not_changed_by_its_forms(
    client: Client, school: School, published: FrameworkVersion
) -> None:
    as_role(client, Role.COMPETENCY_ENGINEER, school)
    item = published.items.get(code="C1")
    told = {"code": "C1", "statement": "Autre", "statement_en": ""}
    answer = client.post(f"/competences/elements/{item.pk}/", told)
    assert answer.status_code == 422
    assert "elle ne change plus" in answer.content.decode()
    done = client.post(f"/competences/elements/{item.pk}/supprimer/", follow=True)
    assert "elle ne change plus" in done.content.decode()
    item.refresh_from_db()
    assert item.statement != "Autre"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_importing_an_export_changes_nothing_in_either_language(
    client: Client, school: School, published: FrameworkVersion, kind: str, language: str
) -> None:
    engineer = as_role(client, Role.COMPETENCY_ENGINEER, school)
    client.cookies["django_language"] = language
    draft = frameworks.derive(published, by=engineer)
    taken = client.get(f"/competences/{draft.pk}/referentiel.{kind}").content
    assert exchange.planned(draft, sheet.read(taken)).is_nothing
    page = client.get(send(client, draft, taken).url).content.decode()
    assert "confirmer/" not in page


def test_a_statement_that_starts_like_a_formula_survives_the_round_trip(
    client: Client, school: School
) -> None:
    draft = open_draft(client, school)
    items.add_item(
        draft, kind="competency", by=SYSTEM, code="C1", statement="=1+1", statement_en="- dash"
    )
    for kind in ("csv", "xlsx"):
        taken = client.get(f"/competences/{draft.pk}/referentiel.{kind}").content
        assert exchange.planned(draft, sheet.read(taken)).is_nothing


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_itself_a_file_that_can_be_imported(
    client: Client, school: School, kind: str
) -> None:
    draft = open_draft(client, school)
    assert send(client, draft, client.get(f"/competences/modele.{kind}").content).status_code == 302


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Ce fichier est vide"),
        (b"\x00\x01\x02" * 100, "n’est pas un tableau"),
        (b"Code;Nature\nC1;niveau\n", "Colonne manquante"),
        (HEAD + TREE + TREE, "Ce code est déjà à la ligne 2"),
        (HEAD + "C1;C1;compétence;Concevoir;\n", "placé sous lui-même"),
        (HEAD + "N1;;niveau;Novice;\n", "ne se place pas sous"),
        (HEAD + "C1;;talent;Concevoir;\n", "Nature inconnue"),
    ],
)
def test_a_wrong_file_is_told_and_never_kept(
    client: Client, school: School, data: bytes | str, words: str
) -> None:
    draft = open_draft(client, school)
    answer = send(client, draft, data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert not draft.items.exists()


def test_the_list_costs_the_same_for_one_framework_and_for_three(
    client: Client, school: School, django_assert_num_queries: Any
) -> None:
    as_role(client, Role.COMPETENCY_ENGINEER, school)
    for number in range(3):
        frameworks.create_framework(school, kind="school", title=f"Voie {number}", by=SYSTEM)
        if number in (0, 2):
            with django_assert_num_queries(LIST_QUERIES):
                page = client.get("/competences/").content.decode()
            assert page.count('<th scope="row"') == number + 1


def test_the_engineer_is_told_what_awaits(school: School) -> None:
    engineer = make_person("inge@a.fr", Role.COMPETENCY_ENGINEER, school=school)
    assert [str(one.pill) for one in queries.todo(Viewer.of(engineer))] == ["Absent"]
    frameworks.create_framework(school, kind="school", title="Ingénieur", by=engineer)
    assert [str(one.pill) for one in queries.todo(Viewer.of(engineer))] == ["Brouillon"]
    student = make_person("zoe@a.fr", Role.STUDENT, school=school)
    assert queries.todo(Viewer.of(student)) == []
