"""Small files of every format, and how they are sent."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reseda.competencies.actions import frameworks
from reseda.competencies.domain.exchange import formats
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.documents.models import StoredFile
from reseda.journal.actions import SYSTEM
from reseda.journal.models import Entry
from reseda.people.models import Person
from reseda.schools.models import School

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


def opened(client: Client, school: School, engineer: Person) -> FrameworkVersion:
    """An empty draft, before the eyes of the engineer who writes it."""
    client.force_login(engineer)
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
