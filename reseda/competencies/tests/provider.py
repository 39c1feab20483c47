"""What the tests of the CASE provider share: frameworks to serve, and the official schemas."""

import json
import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from reseda.competencies.actions import exchange
from reseda.competencies.domain.changes import Changes
from reseda.competencies.domain.framework import About, Line, Link, Term
from reseda.competencies.models import (
    Crosswalk,
    CrosswalkVersion,
    Framework,
    FrameworkVersion,
    Item,
    Mapping,
)
from reseda.schools.models import School

PREFIX = "/ims/case/v1p1"
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
# The call of each list of a package, and the schema of what it answers.
CALLS = {
    "CFDocuments": "CFDocument",
    "CFPackages": "CFPackage",
    "CFItems": "CFItem",
    "CFItemAssociations": "CFAssociationSet",
    "CFAssociations": "CFAssociation",
    "CFAssociationGroupings": "CFAssociationGrouping",
    "CFConcepts": "CFConceptSet",
    "CFItemTypes": "CFItemTypeSet",
    "CFLicenses": "CFLicense",
    "CFSubjects": "CFSubjectSet",
    "CFRubrics": "CFRubric",
}
SETS = ("CFConcepts", "CFItemTypes", "CFSubjects")


# --- The official schemas


@cache
def official(name: str) -> Any:
    folder = os.environ.get("RESEDA_TEST_DATA")
    if not folder:
        pytest.skip("RESEDA_TEST_DATA is not set: nothing was compared to the official schemas")
    return json.loads((Path(folder) / "case" / name).read_text(encoding="utf-8"))


@cache
def component(name: str) -> Any:
    """The schema of the OpenAPI document of 1EdTech by that name."""
    whole = official("imscasev1p1_openapi3_v1p0.json")
    schema = {"$ref": f"#/components/schemas/{name}DType", "components": whole["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@cache
def package_schema() -> Any:
    schema = official("case-v1p1-cfpackage.official.schema.json")
    return jsonschema_rs.Draft201909Validator(schema, validate_formats=True)


def errors(validator: Any, content: Any) -> list[str]:
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(content)]


def assert_valid(content: Any, name: str) -> None:
    faults = errors(component(name), content)
    assert not faults, faults[:5]
    if name == "CFPackage":
        faults = errors(package_schema(), content)
        assert not faults, faults[:5]


# --- Asking


def ask(client: Client, path: str, status: int = 200, **headers: str) -> Any:
    """What a call answers, once the status is the one expected."""
    response = client.get(f"{PREFIX}/{path}", headers=headers)
    assert response.status_code == status, response.content[:500]
    assert response["Content-Type"] == "application/json"
    return response.json()


def failure(client: Client, path: str, status: int) -> tuple[str, str]:
    """The code and the name of the part that a refusal tells."""
    told = ask(client, path, status)
    assert (told["imsx_codeMajor"], told["imsx_severity"]) == ("failure", "error")
    (part,) = told["imsx_codeMinor"]["imsx_codeMinorField"]
    return part["imsx_codeMinorFieldValue"], part["imsx_codeMinorFieldName"]


def objects_of(package: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of a package that has a call, under the name of the call."""
    yield "CFDocuments", package["CFDocument"]
    lists = {**package, **package.get("CFDefinitions", {})}
    for name in CALLS:
        for one in lists.get(name, []) if name != "CFDocuments" else []:
            yield name, one


# --- Making


def framework(
    school: School,
    lines: Sequence[Line],
    *,
    links: Sequence[Link] = (),
    terms: Sequence[Term] = (),
    about: About | None = None,
    title: str = "Ingénieur",
    kind: str = "school",
) -> FrameworkVersion:
    """A draft that says this."""
    made = Framework.objects.create(school=school, kind=kind, title=title, title_en="Engineer")
    version = FrameworkVersion.objects.create(framework=made, number=1)
    return say(version, lines, links=links, terms=terms, about=about)


def say(
    version: FrameworkVersion,
    lines: Sequence[Line],
    *,
    links: Sequence[Link] = (),
    terms: Sequence[Term] = (),
    about: About | None = None,
) -> FrameworkVersion:
    told = Changes(tuple(lines), lines=tuple(lines), links=tuple(links), terms=tuple(terms))
    exchange.write(version, replace(told, about=about))
    return version


def publish(version: Any, at: datetime = NOON) -> Any:
    """Publish as the actions do, without what they ask of a framework of a school."""
    version.status, version.published_at = "published", at
    version.save()
    return version


def retire(version: Any, at: datetime = NOON + timedelta(days=10)) -> Any:
    version.status, version.retired_at = "retired", at
    version.save()
    return version


def next_version(version: FrameworkVersion, lines: Sequence[Line], **told: Any) -> FrameworkVersion:
    """The draft of the next version, that says this."""
    opened = FrameworkVersion.objects.create(framework=version.framework, number=version.number + 1)
    return say(opened, lines, **told)


def competencies(count: int, prefix: str = "C", **fields: Any) -> list[Line]:
    return [
        Line(
            f"{prefix}{number}",
            "",
            "competency",
            f"Concevoir {prefix}{number}",
            rank=number,
            identifier=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{prefix}{number}")),
            **fields,
        )
        for number in range(1, count + 1)
    ]


def crosswalk(
    school: School,
    source: FrameworkVersion,
    target: FrameworkVersion,
    decided: Sequence[dict[str, Any]],
    title: str = "De la réserve à l’école",
) -> CrosswalkVersion:
    """A draft crosswalk: each pair of the two first lists, with what was decided of it."""
    whole = Crosswalk.objects.create(
        school=school,
        title=title,
        title_en="From reserve to school",
        source=source.framework,
        target=target.framework,
    )
    version = CrosswalkVersion.objects.create(
        crosswalk=whole, number=1, source=source, target=target, note="Relue à deux."
    )
    pair(version, decided)
    return version


def pair(version: CrosswalkVersion, decided: Sequence[dict[str, Any]]) -> None:
    origins = Item.objects.filter(version=version.source, kind="competency").order_by("pk")
    ends = Item.objects.filter(version=version.target, kind="competency").order_by("pk")
    for place, what in enumerate(decided):
        Mapping.objects.create(
            version=version,
            origin=origins[place % len(origins)],
            destination=ends[place // len(origins)],
            state="agreed",
            changed_at=NOON,
            **what,
        )


# --- A framework that fills every field that the standard has


def key(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://a.example/{name}"))


def reference(name: str, where: str = "") -> dict[str, str]:
    uri = where or f"https://a.example/{name}"
    return {"title": f"Titre {name}", "identifier": key(name), "uri": uri}


OTHERS = {"x": {"fait": True}}


def rich_about() -> About:
    return About(
        creator="Conseil des études",
        publisher="École des Garrigues",
        description="Un référentiel **complet**.",
        notes="À relire en 2027.",
        official_source_url="https://garrigues.example/referentiel",
        language="fr",
        framework_type="Approche par compétences",
        extra={
            "subject": ["Défense", "Ingénierie"],
            "subjectURI": [reference("subject-1"), reference("subject-2")],
            "licenseURI": reference("license"),
            "extensions": OTHERS,
        },
    )


def rich_lines() -> list[Line]:
    item = {
        "listEnumeration": "1.",
        "abbreviatedStatement": "Concevoir",
        "conceptKeywords": ["projet", "risque"],
        "conceptKeywordsURI": reference("concept-1"),
        "notes": "Voir le guide.",
        "subject": ["Ingénierie"],
        "subjectURI": [reference("subject-2")],
        "language": "fr",
        "educationLevel": ["Niveau 7"],
        "CFItemType": "Capacité",
        "CFItemTypeURI": reference("type-1"),
        "licenseURI": reference("license"),
        "statusStartDate": "2026-09-01",
        "extensions": OTHERS,
    }
    return [
        Line(
            "C1",
            "",
            "competency",
            "Concevoir un système « sûr »",
            "Design a safe system",
            1,
            key("c1"),
            source="https://a.example/c1",
            parent_link=key("place-1"),
            extra=item,
        ),
        Line("N1", "C1", "level", "Novice", "Novice", 1, key("n1")),
        Line("A1", "N1", "critical_learning", "Reformuler", "", 1, key("a1")),
        Line("C2", "", "competency", "Conduire une équipe", "Lead a team", 2, key("c2")),
        Line("UE1", "", "teaching_unit", "Projet", "", 3, key("ue1"), credits=Decimal("4.5")),
    ]


def rich_links() -> list[Link]:
    outside = {
        "title": "Conduire",
        "identifier": "rome:100",
        "uri": "https://rome.example/100",
        "targetType": "ext:rome",
    }
    group = {"CFAssociationGroupingURI": reference("grouping"), "notes": "Proche."}
    return [
        Link("precedes", "C1", "C2", {}, key("link-1"), 1, {**group, "extensions": OTHERS}),
        Link("isRelatedTo", "UE1", "C1", {}, key("link-2")),
        Link("exactMatchOf", "C2", "", outside, key("link-3"), 2),
        Link("ext:inspiredBy", "", "C2", outside, key("link-4")),
    ]


def rich_terms() -> list[Term]:
    level = {
        "identifier": key("step"),
        "description": "Fait seul",
        "quality": "Bien",
        "score": 2.5,
        "feedback": "Continuez.",
        "position": 1,
        "rubricCriterionId": key("criterion"),
        "extensions": [OTHERS],
    }
    criterion = {
        "identifier": key("criterion"),
        "category": "Méthode",
        "description": "Suit une méthode",
        "CFItemURI": reference("c1"),
        "weight": 0.5,
        "position": 1,
        "rubricId": key("rubric"),
        "CFRubricCriterionLevels": [level],
        "extensions": OTHERS,
    }
    more = {"description": "Décrit.", "extensions": OTHERS}
    return [
        *(
            Term(
                kind,
                key(f"{name}-{place}"),
                f"{name} {code}",
                {"hierarchyCode": code, **more, **only},
            )
            for kind, name, only in (
                ("concept", "concept", {"keywords": "risque"}),
                ("subject", "subject", {}),
                ("item_type", "type", {"typeCode": "cap"}),
            )
            for place, code in enumerate(("1", "1.10", "1.2", "1.2.1", "10", "2"), start=1)
        ),
        Term("license", key("license"), "Etalab 2.0", {"licenseText": "Réutilisez.", **more}),
        Term("grouping", key("grouping"), "Enchaînements", more),
        Term(
            "rubric",
            key("rubric"),
            "Grille",
            {"description": "Décrite.", "CFRubricCriteria": [criterion], "extensions": OTHERS},
        ),
    ]


def rich(school: School) -> FrameworkVersion:
    """Published: whatever the standard lets a framework say is said somewhere in it."""
    draft = framework(
        school,
        rich_lines(),
        links=rich_links(),
        terms=rich_terms(),
        about=rich_about(),
    )
    return publish(draft)


def seeded(school: School, items: int, links: int) -> FrameworkVersion:
    """Published: a large framework, the same each time; links go from item to later item."""
    lines: list[Line] = []
    for number in range(items):
        kind, parent = "competency", ""
        if number % 50:
            above = number - number % 50
            kind, parent = ("level", f"I{above}") if number % 10 == 1 else ("", "")
            if not kind:
                kind, parent = "critical_learning", f"I{number - (number % 10 or 10) + 1}"
        lines.append(
            Line(
                f"I{number}",
                parent,
                kind,
                f"Énoncé {number} : réaliser, vérifier et expliquer l’étape {number % 97}",
                f"Statement {number}" if number % 3 else "",
                number + 1,
                str(uuid.UUID(int=uuid.NAMESPACE_DNS.int + number)),
            )
        )
    wanted = (
        Link(
            ("isRelatedTo", "precedes", "isPeerOf")[number % 3],
            f"I{number % items}",
            f"I{(number % items + 1 + number // items) % items}",
            {},
            str(uuid.UUID(int=uuid.NAMESPACE_URL.int + number)),
            number,
        )
        for number in range(links)
    )
    return publish(framework(school, lines, links=[*wanted], title="Grand référentiel"))
