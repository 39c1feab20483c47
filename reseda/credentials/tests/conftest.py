"""The cast of these tests: a school, what it issued, and nobody counted yet."""

import pytest
from django.core.cache import cache

from reseda.credentials.tests import factories as make
from reseda.people.models import Role
from reseda.recognition.tests import factories as recognition


@pytest.fixture(autouse=True)
def _no_attempt_counted_yet():
    cache.clear()


@pytest.fixture
def world(db):
    return make.world()


@pytest.fixture
def stranger(db):
    """Somebody of another school who holds every role there."""
    elsewhere = make.world()
    person = recognition.person(Role.STUDENT, elsewhere.school)
    for role in Role:
        if role != Role.STUDENT:
            person.mandates.create(
                role=role,
                organisation=elsewhere.school,
                from_on=person.mandates.get(role=Role.STUDENT).from_on,
            )
    return person


@pytest.fixture
def signed_in(client):
    return lambda person: make.sign_in(client, person)
