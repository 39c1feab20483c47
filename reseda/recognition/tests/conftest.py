"""A school, and a browser where anybody of it signs in."""

from collections.abc import Callable

import pytest
from django.test import Client

from reseda.people.models import Person
from reseda.recognition.tests import factories as make
from reseda.recognition.tests.factories import World


@pytest.fixture
def world() -> World:
    return make.world()


@pytest.fixture
def sign_in(client: Client) -> Callable[[Person], Client]:
    def signed(person: Person) -> Client:
        client.force_login(person)
        return client

    return signed
