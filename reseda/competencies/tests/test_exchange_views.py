"""Journeys of files: brought into a draft or made into a framework, in every format."""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reseda.competencies import queries
from reseda.competencies.actions import exchange, frameworks
from reseda.competencies.domain.changes import Changes
from reseda.competencies.domain.exchange import formats
from reseda.competencies.domain.framework import About, Line, Link
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.documents.models import StoredFile
from reseda.journal.actions import SYSTEM
from reseda.journal.models import Entry
from reseda.people.models import Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

HEAD = "Code;Code parent;Nature;Libellé français;Identifiant\n"
KEY = "3f2b8a10-0000-4000-8000-000000000001"
MOODLE = (
    "Parent ID number,ID number,Short name,Description,Description format,Scale values,"
    "Scale configuration,Rule type (optional),Rule outcome (optional),Rule config (optional),"
    "Cross-referenced competency ID numbers,Exported ID (optional),Is framework,Taxonomy\n"
    ',F1,Cadre Moodle,Un cadre,2,"Non,Oui",[],,,,,,1,"competency,behaviour,level,level"\n'
    ",C1,Concevoir,,2,,,,0,null,C2,1,,\n,C2,Conduire,,2,,,,0,null,,2,,\nC1,I1,Indice,,2,,,,0,null,,3,,\n"
)
CASE = {
    "CFDocument": {
        "identifier": KEY.replace("001", "100"),
        "uri": "https://exemple.fr/d",
        "creator": "Ailleurs",
        "title": "Cadre CASE",
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    },
    "CFItems": [
        {
            "identifier": KEY,
            "uri": "https://exemple.fr/i",
            "fullStatement": "Concevoir",
            "humanCodingScheme": "C1",
            "CFItemType": "Competency",
            "lastChangeDateTime": "2026-01-01T00:00:00Z",
        }
    ],
}
ROME = "code_ogr;libelle_competence;code_ogr_macro_comp\n101;Veiller;900\n900;Surveiller;\n"
ESCO = f"conceptUri,preferredLabel\nhttp://data.europa.eu/esco/skill/{KEY},écouter\n"
BLOCKS = [{"id": "RNCP1BC01", "prefLabel": ["Bloc"], "competency": [{"prefLabel": ["Faire"]}]}]
FILES = {
    formats.SHEET: (HEAD + "C1;;compétence;Concevoir;\n", 1),
    formats.MOODLE: (MOODLE, 3),
    formats.CASE: (json.dumps(CASE), 1),
    formats.RNCP: (json.dumps(BLOCKS), 3),
    formats.ROME: (ROME, 2),
    formats.ESCO: (ESCO, 1),
    formats.STATEMENTS: ("Abattre un arbre\nRanger le bois\n", 2),
}
PREVIEW_QUERIES, CONFIRM_QUERIES = 8, 35


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def draft(client: Client, school: School) -> FrameworkVersion:
    client.force_login(make_person("inge@a.fr", Role.COMPETENCY_ENGINEER, school=school))
    return frameworks.create_framework(school, kind="reserve", title="Réserve", by=SYSTEM)


def send(client: Client, url: str, data: bytes | str, name: str = "f.bin", kind: str = "") -> Any:
    content = data.encode() if isinstance(data, str) else data
    return client.post(url, {"file": SimpleUploadedFile(name, content), "kind": kind})


def into(version: FrameworkVersion) -> str:
    return f"/competences/{version.pk}/import/"


def left() -> tuple[int, int, int, int]:
    """What an import may leave behind."""
    return (
        Item.objects.count(),
        StoredFile.objects.count(),
        Framework.objects.count(),
        Entry.objects.count(),
    )


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


def swollen() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 90_000_000)
    return data.getvalue()


def package(**changes: Any) -> str:
    return json.dumps(CASE | changes)


def child(origin: str, destination: str, number: int) -> dict[str, Any]:
    return {
        "identifier": KEY.replace("001", f"2{number:02}"),
        "uri": "https://exemple.fr/a",
        "associationType": "isChildOf",
        "originNodeURI": {"title": "a", "identifier": origin, "uri": "https://exemple.fr/a"},
        "destinationNodeURI": {"title": "b", "identifier": destination, "uri": "https://e.fr/b"},
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    }


ITEM = CASE["CFItems"][0]
OTHER = {**ITEM, "identifier": KEY.replace("001", "002"), "humanCodingScheme": "C2"}
MALFORMED = [
    ("", "Ce fichier est vide"),
    (b"%PDF-1.7 rien", "n’est pas un tableau"),
    (swollen, "trop gros"),
    (b"PK\x03\x04abc", "abîmé"),
    ("nom;e-mail\nRoux;c@x.fr\n", "aucune des formes"),
    ('{"a": 1}', "ni un paquet CASE"),
    ('[{"id": ', "abîmé"),
    ('{"CFDocument": {}, "CFItems": [', "JSON"),
    (json.dumps(CASE).encode("utf-16"), "UTF-8"),
    (b'{"CFDocument": {"title": "\xe9"}}', "UTF-8"),
    (package(CFItems=[]), "Aucun élément"),
    (package(CFItems=[ITEM, ITEM]), "CFItems[1]"),
    (package(CFItems=[{**ITEM, "fullStatement": ""}]), "CFItems[0].fullStatement"),
    (
        package(
            CFItems=[ITEM, OTHER],
            CFAssociations=[
                child(ITEM["identifier"], OTHER["identifier"], 1),
                child(OTHER["identifier"], ITEM["identifier"], 2),
            ],
        ),
        "placé sous lui-même",
    ),
    (
        package(CFAssociations=[child(ITEM["identifier"], KEY.replace("001", "999"), 1)]),
        "n’est pas dans le fichier",
    ),
    (json.dumps([*BLOCKS, *BLOCKS]), "déjà à la ligne"),
    (json.dumps([{"id": "x", "prefLabel": ["\ud800\u0000"]}]), "RNCP12345BC01"),
    (HEAD + f"C1;;compétence;Un;{KEY}\nC2;;compétence;Deux;{KEY}\n", "ligne 3"),
    (HEAD + "C1;C2;niveau;Un;\nC2;C1;compétence;Deux;\n", "placé sous lui-même"),
    (HEAD + "C1;;compétence;x\x07y;\n", "n’est pas un tableau"),
    (ESCO.replace("http://", "javascript:"), "http://"),
]


@pytest.mark.parametrize(
    ("data", "words"), MALFORMED, ids=[f"{place}" for place in range(len(MALFORMED))]
)
def test_a_malformed_file_is_told_and_leaves_nothing_behind(
    client: Client, draft: FrameworkVersion, data: Any, words: str
) -> None:
    content = data() if callable(data) else data
    before = left()
    for url in (into(draft), "/competences/importer/"):
        answer = send(client, url, content)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert left() == before


def test_a_file_of_a_hundred_megabytes_is_refused_before_it_is_read(
    client: Client, draft: FrameworkVersion
) -> None:
    before = left()
    answer = send(client, into(draft), bytes(100 * 1024 * 1024), "paquet.json")
    assert answer.status_code == 422
    assert "32 Mio au plus" in answer.content.decode()
    assert left() == before


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
