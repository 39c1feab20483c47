"""The official description of the CASE calls, driven by schemathesis against our application.

Each call is asked what its description allows, and what it forbids: the answer is always one that
the description foresees, with its status, its type and its shape.
"""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from reseda.competencies.domain.case.openapi import describe
from reseda.competencies.tests import provider
from reseda.competencies.tests.provider import CALLS, PREFIX
from reseda.schools.models import School

pytestmark = pytest.mark.django_db

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EXAMPLES = {GenerationMode.POSITIVE: 6, GenerationMode.NEGATIVE: 3}
KEYS = {
    "CFItems": "c1",
    "CFItemAssociations": "c1",
    "CFAssociations": "link-1",
    "CFAssociationGroupings": "grouping",
    "CFConcepts": "concept-1",
    "CFItemTypes": "type-1",
    "CFLicenses": "license",
    "CFSubjects": "subject-1",
    "CFRubrics": "rubric",
}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The application answers in the transaction of the test, as Django's own client lets it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def known(whole: dict[str, Any], identifier: str) -> dict[str, Any]:
    """The same description, where a call is also asked for an object that is there."""
    made = copy.deepcopy(whole)
    for name in CALLS:
        key = provider.key(KEYS[name]) if name in KEYS else identifier
        (parameter,) = (
            one
            for one in made["paths"][f"/{name}/{{sourcedId}}"]["get"]["parameters"]
            if one["in"] == "path"
        )
        parameter["schema"] = {"anyOf": [{"enum": [key]}, {"type": "string"}]}
    return made


def operations(whole: dict[str, Any]) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(whole)
    schema.app = get_wsgi_application()
    schema.config.update(base_url=f"http://testserver{PREFIX}")
    for found in schema.get_all_operations():
        yield found.ok()


def drive(whole: dict[str, Any], mode: GenerationMode) -> set[int]:
    """Ask every call; return the statuses that were met."""
    met: set[int] = set()
    for operation in operations(whole):
        asked = whole["paths"][operation.path]["get"]["parameters"]
        if mode is GenerationMode.NEGATIVE and not any(one["in"] == "query" for one in asked):
            # Any text is allowed in an address: nothing there can be forbidden.
            continue

        @seed(11)
        @settings(
            max_examples=EXAMPLES[mode],
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            response = case.call()
            met.add(response.status_code)
            case.validate_response(response, checks=CHECKS)

        ask()
    return met


@pytest.mark.parametrize("description", ["official", "ours"])
def test_every_call_answers_as_its_description_foresees(school: School, description: str) -> None:
    version = provider.rich(school)
    whole = (
        provider.official("imscasev1p1_openapi3_v1p0.json")
        if description == "official"
        else describe(f"http://testserver{PREFIX}")
    )
    told = known(whole, str(version.framework.identifier))
    assert drive(told, GenerationMode.POSITIVE) >= {200, 404}
    assert drive(told, GenerationMode.NEGATIVE) >= {400}
