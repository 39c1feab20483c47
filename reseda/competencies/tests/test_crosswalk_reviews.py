"""Opinions on pairs: given by two people, changed, withdrawn, settled, and never once published."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from reseda.competencies.actions import reviews
from reseda.competencies.models import Mapping, Review
from reseda.competencies.tests.crosswalks import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> World:
    return world()


def standing(made: World, origin: int = 0, destination: int = 0) -> tuple[Any, ...]:
    """Where a pair stands, () when nobody has an opinion on it."""
    pair = dict(zip(("origin", "destination"), made.pair(origin, destination), strict=True))
    found = Mapping.objects.filter(version=made.version, **pair).first()
    return (found.state, found.relation, found.coverage, found.is_within) if found else ()


def refusal(act: Any, *given: Any, **told: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        act(*given, **told)
    return str(next(iter(_flat(caught.value))).code)


def _flat(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [one for found in error.error_dict.values() for one in found]
    return list(error.error_list)


def test_two_people_of_the_same_mind_agree_on_a_pair(made: World) -> None:
    told = {"relation": "partial", "coverage": 50, "is_within": True}
    reviews.give(made.version, [made.pair()], **told, by=made.assessor)
    assert standing(made) == ("proposed", "partial", 50, True)
    reviews.give(made.version, [made.pair()], **told, by=made.juror)
    assert standing(made) == ("agreed", "partial", 50, True)


def test_the_same_person_twice_is_one_opinion(made: World) -> None:
    for relation in ("total", "none"):
        reviews.give(made.version, [made.pair()], relation=relation, by=made.assessor)
    assert standing(made) == ("proposed", "none", None, False)
    assert Review.objects.count() == 1
