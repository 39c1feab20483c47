"""Malformed files are told with their place, and leave nothing behind."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client

from reseda.competencies.models import FrameworkVersion
from reseda.competencies.tests.exchange_files import (
    BLOCKS,
    CASE,
    ESCO,
    HEAD,
    KEY,
    into,
    left,
    opened,
    send,
)
from reseda.people.models import Person
from reseda.schools.models import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client: Client, school: School, engineer: Person) -> FrameworkVersion:
    return opened(client, school, engineer)


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
