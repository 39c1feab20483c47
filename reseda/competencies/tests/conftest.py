"""What every test of the room starts from, and what many of them share."""

import pytest
from django.core.cache import cache

from reseda.competencies.models import FrameworkVersion
from reseda.competencies.tests import provider
from reseda.competencies.tests.crosswalks import World, world
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    """Requests are counted by address and by minute: each test starts from none."""
    cache.clear()


@pytest.fixture
def school(db: None) -> School:
    return make_school()


@pytest.fixture
def engineer(school: School) -> Person:
    return make_person("inge@a.fr", Role.COMPETENCY_ENGINEER, school=school)


@pytest.fixture
def made(db: None) -> World:
    return world()


@pytest.fixture
def served(school: School) -> FrameworkVersion:
    """A published framework of two competencies."""
    return provider.publish(provider.framework(school, provider.competencies(2)))
