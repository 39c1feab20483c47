"""Journeys of files: brought into a draft or made into a framework, in every format."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reseda.competencies import queries
from reseda.competencies.actions import exchange, frameworks
from reseda.competencies.domain.changes import Changes
from reseda.competencies.domain.exchange import formats
from reseda.competencies.domain.framework import About, Line, Link
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.competencies.tests.exchange_files import CASE, FILES, HEAD, KEY, into, opened, send
from reseda.documents.models import StoredFile
from reseda.journal.actions import SYSTEM
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

PREVIEW_QUERIES, CONFIRM_QUERIES = 8, 35


@pytest.fixture
def draft(client: Client, school: School, engineer: Person) -> FrameworkVersion:
    return opened(client, school, engineer)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_any_format_is_recognised_shown_then_written_and_forgotten(
    client: Client, draft: FrameworkVersion, kind: str
) -> None:
    data, size = FILES[kind]
    answer = send(client, into(draft), data)
    assert answer.status_code == 302
    assert not draft.items.exists()
    page = client.get(answer.url)
    assert page.status_code == 200
    assert str(page.context["format"]) in page.content.decode()
    assert len(page.context["changes"].created) == size
    client.post(f"{answer.url}confirmer/")
    assert draft.items.count() == size
    assert not StoredFile.objects.exists()
    again = client.get(send(client, into(draft), data).url)
    assert again.context["changes"].is_nothing
    assert "confirmer/" not in again.content.decode()


@pytest.mark.parametrize("kind", FILES)
def test_a_framework_is_made_of_a_file_of_any_format(
    client: Client, draft: FrameworkVersion, kind: str
) -> None:
    data, size = FILES[kind]
    answer = send(client, "/competences/importer/", data)
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {"title": "", "kind": "school"}).status_code == 422
    taken = client.post(answer.url, {"title": "Réserve", "kind": "school"})
    assert taken.status_code == 422
    assert "porte déjà ce titre" in taken.content.decode()
    done = client.post(answer.url, {"title": "Venu d’ailleurs", "kind": "school"})
    version = FrameworkVersion.objects.get(framework__title="Venu d’ailleurs")
    assert done.url == f"/competences/{version.pk}/"
    assert version.items.count() == size
    assert not StoredFile.objects.exists()


def test_a_framework_keeps_the_identifier_and_the_title_of_its_package_where_they_are_free(
    client: Client, draft: FrameworkVersion
) -> None:
    key = CASE["CFDocument"]["identifier"]
    answer = send(client, "/competences/importer/", json.dumps(CASE))
    page = client.get(answer.url)
    assert 'value="Cadre CASE"' in page.content.decode()
    client.post(answer.url, {"title": "Premier", "kind": "reserve"})
    first = Framework.objects.get(title="Premier")
    assert str(first.identifier) == key
    assert str(Item.objects.get(version__framework=first).identifier) == KEY
    answer = send(client, "/competences/importer/", json.dumps(CASE))
    client.post(answer.url, {"title": "Second", "kind": "reserve"})
    second = Framework.objects.get(title="Second")
    assert str(second.identifier) != key
    moved = Item.objects.get(version__framework=second)
    assert str(moved.identifier) != KEY
    # The same file, once more, is followed by the identifiers that it was given here.
    version = second.versions.get()
    again = client.get(send(client, into(version), json.dumps(CASE)).url)
    assert again.context["changes"].unchanged == 1
    assert again.context["changes"].is_nothing


@pytest.fixture
def whole(draft: FrameworkVersion) -> FrameworkVersion:
    """A draft with links, a notice, credits, texts on several lines, and what runs in a table."""
    lines = (
        Line("C1", "", "competency", "=Concevoir,\n« bien »", "Design; well"),
        Line("I1", "C1", "indicator", "Un besoin " + "très long " * 20, extra={"notes": "Vu"}),
        Line("UE1", "", "teaching_unit", "Conception", rank=2, source="https://exemple.fr/ue"),
    )
    links = (
        Link("isRelatedTo", "UE1", "C1"),
        Link("isPeerOf", "C1", "", {"title": "x", "identifier": KEY, "uri": "https://e.fr/x"}),
    )
    about = About(description="Un cadre\nsur deux lignes", notes="Note")
    exchange.write(draft, Changes(created=lines, lines=lines, links=links, about=about))
    Item.objects.filter(code="UE1").update(credits="2.5")
    return draft


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "name", ["csv", "xlsx", "moodle.csv", "case.json", "case.json?extensions=1"]
)
def test_importing_an_export_of_any_format_changes_nothing(
    client: Client, whole: FrameworkVersion, name: str, language: str
) -> None:
    client.cookies["django_language"] = language
    taken = client.get(f"/competences/{whole.pk}/referentiel.{name}")
    assert taken.status_code == 200
    assert name.partition("?")[0] in taken["Content-Disposition"]
    page = client.get(send(client, into(whole), taken.content).url)
    assert page.context["changes"].is_nothing, page.context["changes"]


def test_whoever_reads_a_draft_may_take_it_away_and_nobody_else(
    client: Client, whole: FrameworkVersion, school: School
) -> None:
    url = f"/competences/{whole.pk}/referentiel.case.json"
    assert json.loads(client.get(url).content)["CFDocument"]["adoptionStatus"] == "Draft"
    client.force_login(make_person("zoe@a.fr", Role.STUDENT, school=school))
    for name in ("csv", "xlsx", "moodle.csv", "case.json"):
        assert client.get(f"/competences/{whole.pk}/referentiel.{name}").status_code == 404
    assert client.get("/competences/importer/").status_code == 404


def test_what_changes_is_shown_before_and_after(client: Client, whole: FrameworkVersion) -> None:
    package = json.loads(client.get(f"/competences/{whole.pk}/referentiel.case.json").content)
    package["CFDocument"]["description"] = "Nouvelle présentation"
    package["CFItems"][0]["fullStatement"] = "Concevoir autrement"
    package["CFAssociations"] = [
        one for one in package["CFAssociations"] if one["associationType"] != "isPeerOf"
    ]
    page = client.get(send(client, into(whole), json.dumps(package)).url)
    text = page.content.decode()
    for words in ("Nouvelle présentation", "Concevoir autrement", "« bien »", "retirés : 1"):
        assert words in text
    assert page.context["links"]["gone"] == 1


def test_a_script_in_a_label_is_shown_and_never_run(
    client: Client, draft: FrameworkVersion
) -> None:
    evil = "<script>alert(1)</script>"
    package = json.loads(json.dumps(CASE))
    package["CFItems"][0]["fullStatement"] = evil
    package["CFDocument"]["title"] = evil
    for data in (HEAD + f"C1;;compétence;{evil};\n", json.dumps(package)):
        for url in (into(draft), "/competences/importer/"):
            page = client.get(send(client, url, data).url).content.decode()
            assert evil not in page
            assert "&lt;script&gt;" in page
    faulty = send(client, into(draft), HEAD + f"C1;;{evil};x;\n").content.decode()
    assert evil not in faulty
    assert "&lt;script&gt;" in faulty


def test_a_format_that_is_chosen_is_the_one_that_is_read(
    client: Client, draft: FrameworkVersion
) -> None:
    data = "Abattre un arbre\nRanger le bois\n"
    page = client.get(send(client, into(draft), data, kind=formats.ROME_LABELS).url)
    assert "France Travail" in page.content.decode()
    assert send(client, into(draft), data, kind=formats.CASE).status_code == 422
    assert send(client, into(draft), data, kind=formats.RNCP).status_code == 422
    assert send(client, into(draft), data, kind="autre").status_code == 422


def test_faults_and_changes_are_shown_in_bounds_with_their_totals(
    client: Client, draft: FrameworkVersion
) -> None:
    wrong = HEAD + "".join(f"C{n};;talent;Un;\n" for n in range(300))
    page = send(client, into(draft), wrong).content.decode()
    assert "300 points à corriger" in page
    assert "Et 200 autres" in page
    assert page.count("<tr>") < 120
    right = HEAD + "".join(f"C{n};;compétence;Un;\n" for n in range(300))
    preview = client.get(send(client, into(draft), right).url).content.decode()
    assert "Et 200 autres" in preview
    assert preview.count("<tr>") < 120


def test_the_stranger_and_the_colleague_find_no_file_of_another(
    client: Client, draft: FrameworkVersion, school: School
) -> None:
    inside = send(client, into(draft), FILES[formats.SHEET][0]).url
    outside = send(client, "/competences/importer/", FILES[formats.SHEET][0]).url
    other = frameworks.create_framework(school, kind="school", title="Autre", by=SYSTEM)
    key = inside.rstrip("/").rsplit("/", 1)[-1]
    # The file of one draft is not that of another, nor one of which a framework is made.
    assert client.get(f"{into(other)}{key}/").status_code == 404
    assert client.get(f"/competences/importer/{key}/").status_code == 404
    for home, name in ((school, "autre@a.fr"), (make_school("ecole-b"), "inge@b.fr")):
        client.force_login(make_person(name, Role.COMPETENCY_ENGINEER, school=home))
        assert client.get(inside).status_code == 404
        assert client.post(f"{inside}confirmer/").status_code == 404
        assert client.post(f"{inside}abandonner/").status_code == 404
        assert client.get(outside).status_code == 404
        assert client.post(outside, {"title": "x", "kind": "school"}).status_code == 404
        assert client.post(f"{outside}abandonner/").status_code == 404
    assert client.get(into(draft)).status_code == 404
    assert send(client, into(draft), FILES[formats.SHEET][0]).status_code == 404


def test_a_file_that_is_given_up_is_erased(client: Client, draft: FrameworkVersion) -> None:
    inside = send(client, into(draft), FILES[formats.SHEET][0]).url
    outside = send(client, "/competences/importer/", FILES[formats.SHEET][0]).url
    client.post(f"{inside}abandonner/")
    client.post(f"{outside}abandonner/")
    assert not StoredFile.objects.exists()


def test_a_preview_and_a_confirmation_cost_the_same_for_one_item_and_for_three(
    client: Client, draft: FrameworkVersion, django_assert_num_queries: Any
) -> None:
    for size in (1, 3):
        lines = "".join(f"C{n};;compétence;Un {size};\n" for n in range(size))
        url = send(client, into(draft), HEAD + lines).url
        with django_assert_num_queries(PREVIEW_QUERIES):
            client.get(url)
        with django_assert_num_queries(CONFIRM_QUERIES):
            client.post(f"{url}confirmer/")
        draft.items.all().delete()


def real(name: str) -> bytes:
    folder = os.environ.get("RESEDA_TEST_DATA")
    if not folder:
        pytest.skip(f"RESEDA_TEST_DATA is not set: {name} is not imported")
    return (Path(folder) / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("competencies/rome_labels.txt", 14_489),
        ("competencies/rncp/RNCPblocks.json", 4_112),
        ("competencies/esco/v1.2_transversalSkillsCollection_fr.csv", 120),
        ("case/cfpackage_opensalt_sample_v1p0.json", 16),
        ("case/cfpackage_opencase_compeito_v1p1.json", 36),
    ],
)
def test_real_files_become_frameworks_and_change_nothing_the_second_time(
    client: Client, draft: FrameworkVersion, name: str, size: int
) -> None:
    data = real(name)
    answer = send(client, "/competences/importer/", data, Path(name).name)
    assert client.get(answer.url).status_code == 200
    client.post(answer.url, {"title": "Source", "kind": "reserve"})
    version = FrameworkVersion.objects.get(framework__title="Source")
    assert version.items.count() == size
    again = client.get(send(client, into(version), data, Path(name).name).url)
    assert again.context["changes"].is_nothing
    assert queries.known(version).lines
