"""Persons of one school and of another; counters of attempts start from nothing in every test."""

import pytest
from django.core.cache import cache

from reseda.people.models import Role
from reseda.people.tests.factories import PHRASE, a_director, a_person, a_school, somebody


@pytest.fixture(autouse=True)
def _no_attempt_counted_yet():
    cache.clear()


@pytest.fixture
def person():
    return a_person(password=PHRASE)


@pytest.fixture
def school():
    return a_school()


@pytest.fixture
def director(school):
    return a_director(school)


@pytest.fixture
def student(school):
    return somebody(Role.STUDENT, school)


@pytest.fixture
def stranger():
    return a_director(a_school("ailleurs"))
