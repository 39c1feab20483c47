"""What tests of CASE share: the official schemas, samples of other servers, packages of ours."""

import json
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from reseda.competencies.domain.case import build
from reseda.competencies.domain.case.build import Identity
from reseda.competencies.domain.changes import Known, Told
from reseda.competencies.domain.exchange import case
from reseda.competencies.domain.framework import About

NOON = datetime(2026, 10, 1, 12, 0, 0, 250, tzinfo=UTC)
DAY = date(2026, 10, 1)
SAMPLES = ("cfpackage_opencase_compeito_v1p1.json", "cfpackage_opensalt_sample_v1p0.json")
SCHOOL = "École des Garrigues"


def key(name: str) -> str:
    """A UUID that a name always gives."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://essai.example/{name}"))


DOCUMENT = key("document")


def identity(**fields: Any) -> Identity:
    told: dict[str, Any] = {"title": "Ingénieur", "version": "3", "started_on": DAY} | fields
    return Identity("https://reseda.example", DOCUMENT, creator=SCHOOL, changed_at=NOON, **told)


# --- Packages of others, as briefly as they may be


def read(content: Any) -> Told:
    return case.read(json.dumps(content).encode(), creator=SCHOOL)


def known(told: Told) -> Known:
    return Known(told.lines, told.links or (), told.terms or (), told.about or About())


def exported(what: Known, **fields: Any) -> bytes:
    return build.encode(build.package(identity(**fields), what))


def item(name: str, **fields: Any) -> dict[str, Any]:
    return {"identifier": key(name), "fullStatement": f"Énoncé {name}", **fields}


def placed(child: str, parent: str, **fields: Any) -> dict[str, Any]:
    return beside("isChildOf", child, parent, **fields)


def beside(kind: str, origin: str, destination: str, **fields: Any) -> dict[str, Any]:
    return {
        "identifier": key(f"{kind} {origin} {destination}"),
        "associationType": kind,
        "originNodeURI": {"identifier": key(origin)},
        "destinationNodeURI": {"identifier": key(destination)},
        **fields,
    }


def package(items: Any, links: Any = (), **fields: Any) -> dict[str, Any]:
    document = {"identifier": DOCUMENT, "title": "Référentiel", "creator": "Auteur"}
    return {"CFDocument": document, "CFItems": items, "CFAssociations": list(links), **fields}


def remarks(told: Told) -> dict[str, int]:
    return {remark.code: int(remark.facts["count"]) for remark in told.remarks}


def tree(told: Told) -> dict[str, str]:
    """Statements of items, with those of their parents."""
    by_code = {line.code: line.statement for line in told.lines}
    return {line.statement: by_code.get(line.parent, "") for line in told.lines}


# --- The official files


def given(name: str) -> bytes:
    folder = os.environ.get("RESEDA_TEST_DATA")
    if not folder:
        pytest.skip(f"RESEDA_TEST_DATA is not set: {name} was NOT compared to anything of ours")
    return (Path(folder) / "case" / name).read_bytes()


@cache
def schema() -> Any:
    return json.loads(given("case-v1p1-cfpackage.official.schema.json"))


@cache
def official() -> Any:
    """The validator of 1EdTech's schema; its formats (uuid, date, date-time) are rules."""
    return jsonschema_rs.Draft201909Validator(schema(), validate_formats=True)


@cache
def described() -> Any:
    """The validator of a package in the OpenAPI description of the service."""
    whole = json.loads(given("imscasev1p1_openapi3_v1p0.json"))
    wanted = {"$ref": "#/components/schemas/CFPackageDType", "components": whole["components"]}
    return jsonschema_rs.Draft202012Validator(wanted, validate_formats=True)


def refused(validator: Any, content: Any) -> list[str]:
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(content)]


# --- A package that fills every field


def link(name: str) -> dict[str, str]:
    return {"title": f"Titre {name}", "identifier": key(name), "uri": f"https://a.example/{name}"}


def stamp(name: str) -> dict[str, Any]:
    moment = {"lastChangeDateTime": "2026-09-01T08:00:00+02:00", "extensions": {"autre": [1, None]}}
    return {"identifier": key(name), "uri": f"https://a.example/{name}", **moment}


def association(name: str, kind: str, ends: tuple[str, str], **more: Any) -> dict[str, Any]:
    targets = {"originNodeURI": link(ends[0]), "destinationNodeURI": link(ends[1])}
    return {**stamp(name), "associationType": kind, **targets, **more}


def full() -> dict[str, Any]:
    """A package where every optional field of every object of CASE 1.1 says something."""
    defined = {
        name: {**stamp(name), "title": f"Titre {name}", "description": "Décrit.", **more}
        for name, more in (
            ("concept", {"hierarchyCode": "1.2", "keywords": "risque, projet"}),
            ("subject", {"hierarchyCode": "1"}),
            ("license", {"licenseText": "Réutilisation libre."}),
            ("type", {"hierarchyCode": "2", "typeCode": "CAP"}),
            ("grouping", {}),
        )
    }
    item = {
        **stamp("item"),
        "fullStatement": "Concevoir un système *sûr*",
        "alternativeLabel": "Conception",
        "CFItemType": "Titre type",
        "humanCodingScheme": "C.1",
        "listEnumeration": "1.",
        "abbreviatedStatement": "Concevoir",
        "conceptKeywords": ["risque"],
        "conceptKeywordsURI": link("concept"),
        "notes": "À lire avec le guide.",
        "subject": ["Ingénierie"],
        "subjectURI": [link("subject")],
        "language": "fr",
        "educationLevel": ["Niveau 7"],
        "CFItemTypeURI": link("type"),
        "licenseURI": link("license"),
        "statusStartDate": "2026-09-01",
        "statusEndDate": "2030-08-31",
    }
    level = {
        **stamp("step"),
        "description": "Fait seul",
        "quality": "Bien",
        "score": 2.5,
        "feedback": "Continuez.",
        "position": 1,
        "rubricCriterionId": key("criterion"),
        "extensions": [{"autre": 1}],
    }
    criterion = {
        **stamp("criterion"),
        "category": "Méthode",
        "description": "Suit une méthode",
        "CFItemURI": link("item"),
        "weight": 0.5,
        "position": 1,
        "rubricId": key("rubric"),
        "CFRubricCriterionLevels": [level],
    }
    return {
        "CFDocument": {
            **stamp("document"),
            "creator": "Conseil des études",
            "title": "Référentiel complet",
            "frameworkType": "Standards",
            "caseVersion": "1.1",
            "officialSourceURL": "https://a.example/texte",
            "publisher": "Éditeur",
            "description": "Décrit.",
            "subject": ["Défense"],
            "subjectURI": [link("subject")],
            "language": "fr",
            "version": "2.0",
            "adoptionStatus": "Draft",
            "statusStartDate": "2026-09-01",
            "statusEndDate": "2030-08-31",
            "licenseURI": link("license"),
            "notes": "À relire.",
        },
        "CFItems": [item, {**stamp("other"), "fullStatement": "Conduire une équipe"}],
        "CFAssociations": [
            association(
                "top",
                "isChildOf",
                ("item", "document"),
                sequenceNumber=1,
                notes="Au sommet.",
                CFAssociationGroupingURI=link("grouping"),
            ),
            association("under", "isChildOf", ("other", "item"), sequenceNumber=1),
            {
                **association("beside", "ext:inspired.By", ("other", "rome"), sequenceNumber=4),
                "destinationNodeURI": {
                    "title": "Conduire",
                    "identifier": "rome:100",
                    "uri": "https://rome.example/100",
                    "targetType": "ext:rome",
                },
            },
            association(
                "inner",
                "precedes",
                ("item", "other"),
                notes="D’abord.",
                CFAssociationGroupingURI=link("grouping"),
            ),
        ],
        "CFDefinitions": {
            "CFConcepts": [defined["concept"]],
            "CFSubjects": [defined["subject"]],
            "CFLicenses": [defined["license"]],
            "CFItemTypes": [defined["type"]],
            "CFAssociationGroupings": [defined["grouping"]],
            "extensions": {"autre": True},
        },
        "CFRubrics": [
            {
                **stamp("rubric"),
                "title": "Grille",
                "description": "Décrite.",
                "CFRubricCriteria": [criterion],
            }
        ],
        "extensions": {"autre": {"profond": []}},
    }


# --- Mutations


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a value, as a path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, one in inner:
        yield (*path, name)
        if isinstance(one, (dict, list)):
            yield from places(one, (*path, name))


WRONG: tuple[Any, ...] = (None, "", "x", 1.5, True, ["x"], [None], {"title": "x"})


def mutants(package: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every place of a package left out, replaced by each wrong value, or given a strange key; the
    package is changed in place, and is itself again after each.
    """
    for path in list(places(package)):
        name, held = ".".join(map(str, path)), _at(package, path[:-1])
        was = held[path[-1]]
        for value in WRONG:
            held[path[-1]] = value
            yield f"{name} = {value!r}", package
        held[path[-1]] = was
        if isinstance(was, dict):
            was["inconnu"] = 1
            yield f"{name} with a strange key", package
            del was["inconnu"]
        # What is put back comes last among keys: their order says nothing.
        del held[path[-1]]
        yield f"{name} left out", package
        if isinstance(held, dict):
            held[path[-1]] = was
        else:
            held.insert(path[-1], was)


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for name in path:
        value = value[name]
    return value
