"""The description of the service, and what answers where there is nothing."""

from django.http import HttpRequest

from reseda.competencies.api.answers import Answer, Missing, served
from reseda.competencies.domain.case.openapi import describe
from reseda.competencies.queries import case


@served
def describe_service(_request: HttpRequest) -> Answer:
    """Return the OpenAPI description of this provider."""
    return Answer(describe(case.service_address()))


@served
def find_nothing(_request: HttpRequest) -> Answer:
    """Say, in the words of CASE, that no call has this address."""
    raise Missing("No call of CASE 1.1 has this address")
