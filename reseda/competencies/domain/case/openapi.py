"""The OpenAPI 3 description by which programs discover the service, made from our own objects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from reseda.competencies.domain.case import objects
from reseda.competencies.domain.case.selection import LIMIT, MOST

PREFIX = "ims/case/v1p1"
DISCOVERY = "discovery/imscasev1p1_openapi3_v1p0.json"
PROFILES = ("core", "ext")
REFERENCE = "#/components/schemas/{name}"
JSON = "application/json"


@dataclass(frozen=True)
class Call:
    """One call of the service: where it is, what it is called, what it answers."""

    path: str
    operation: str
    answer: type[objects.CaseObject]
    summary: str
    has_profile: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it takes what selects documents rather than an identifier."""
        return self.answer is objects.CFDocumentSet


CALLS = (
    Call("CFDocuments", "getAllCFDocuments", objects.CFDocumentSet, "Every published framework"),
    Call("CFDocuments", "getCFDocument", objects.CFDocument, "What a framework says of itself"),
    Call("CFPackages", "getCFPackage", objects.CFPackage, "A framework with all it holds", True),
    Call("CFItems", "getCFItem", objects.CFItem, "One item"),
    Call(
        "CFItemAssociations",
        "getCFItemAssociations",
        objects.CFAssociationSet,
        "One item and its links",
        True,
    ),
    Call("CFAssociations", "getCFAssociation", objects.CFAssociation, "One link", True),
    Call(
        "CFAssociationGroupings",
        "getCFAssociationGrouping",
        objects.CFAssociationGrouping,
        "One grouping of links",
    ),
    Call("CFConcepts", "getCFConcept", objects.CFConceptSet, "A concept, then those under it"),
    Call("CFItemTypes", "getCFItemType", objects.CFItemTypeSet, "A type, then those under it"),
    Call("CFLicenses", "getCFLicense", objects.CFLicense, "One licence"),
    Call("CFSubjects", "getCFSubject", objects.CFSubjectSet, "A subject, then those under it"),
    Call("CFRubrics", "getCFRubric", objects.CFRubric, "One rubric"),
)
FAILURES = {
    "400": "A parameter cannot be read: invalid_selection_field or invalid_sort_field",
    "404": "Nothing answers: unknownobject, or invalid_uuid",
    "406": "Only JSON is served",
    "429": "Too many requests: server_busy",
    "default": "Any other failure",
}
SELECTING: Mapping[str, tuple[str, dict[str, Any]]] = {
    "limit": (
        "How many documents at most",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
    ),
    "offset": (
        "How many documents to pass over",
        {"type": "integer", "minimum": 0, "maximum": MOST, "default": 0},
    ),
    "sort": ("The field to sort by; an unknown one leaves the order as it is", {"type": "string"}),
    "orderBy": ("The direction of the sort", {"type": "string", "enum": ["asc", "desc"]}),
    "filter": (
        "Conditions such as title~'projet', joined by AND or OR; predicates = != > >= < <= ~",
        {"type": "string"},
    ),
    "fields": (
        "The fields wanted, separated by commas; an unknown one gives them all",
        {"type": "array", "items": {"type": "string", "minLength": 1}},
    ),
}


def describe(address: str) -> dict[str, Any]:
    """Return the OpenAPI description of the service as it is served from `address`."""
    kinds: list[type[objects.CaseObject]] = [*(call.answer for call in CALLS), objects.StatusInfo]
    references, schemas = msgspec.json.schema_components(kinds, ref_template=REFERENCE)
    answers = dict(zip(kinds, references, strict=True))
    paths: dict[str, Any] = {}
    for call in CALLS:
        path = f"/{call.path}" if call.is_list else f"/{call.path}/{{sourcedId}}"
        paths[path] = {"get": _operation(call, answers)}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "CASE 1.1 provider of Réséda",
            "version": "1.1",
            "description": "Published frameworks of competencies and crosswalks, read only.",
        },
        "servers": [{"url": address}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(call: Call, answers: Mapping[type[objects.CaseObject], Any]) -> dict[str, Any]:
    failure = {JSON: {"schema": answers[objects.StatusInfo]}}
    success: dict[str, Any] = {
        "description": call.summary,
        "content": {JSON: {"schema": answers[call.answer]}},
    }
    if call.is_list:
        success["headers"] = {
            "X-Total-Count": {
                "description": "How many documents answer in all",
                "schema": {"type": "integer"},
            },
            "Link": {
                "description": "The first, prev, next and last pages",
                "schema": {"type": "string"},
            },
        }
    return {
        "operationId": call.operation,
        "summary": call.summary,
        "parameters": [*_parameters(call)],
        "responses": {
            "200": success,
            **{code: {"description": why, "content": failure} for code, why in FAILURES.items()},
        },
    }


def _parameters(call: Call) -> Iterator[dict[str, Any]]:
    if call.is_list:
        for name, (why, schema) in SELECTING.items():
            yield {"name": name, "in": "query", "description": why, "schema": schema}
    else:
        yield {
            "name": "sourcedId",
            "in": "path",
            "required": True,
            "description": "The UUID of the object",
            "schema": {"type": "string"},
        }
    if call.has_profile:
        yield {
            "name": "profile",
            "in": "query",
            "description": "Of a crosswalk: types of CASE alone (core), or also ours (ext)",
            "schema": {"type": "string", "enum": [*PROFILES], "default": PROFILES[0]},
        }
    yield {
        "name": "extensions",
        "in": "query",
        "description": "1 to add what CASE has no field for (credits, coverage)",
        "schema": {"type": "string", "enum": ["0", "1"], "default": "0"},
    }
