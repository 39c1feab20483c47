"""What is read of a crosswalk: windows, progress, turns, agreement, coverage."""

from typing import Any

import pytest

from reseda.competencies.actions import reviews
from reseda.competencies.models import Suggestion
from reseda.competencies.queries import crosswalks as read
from reseda.competencies.tests.crosswalks import World, world
from reseda.people.models import Person
from reseda.people.policy import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> World:
    return world()


def agree(made: World, pairs: list[tuple[int, int]], **told: Any) -> None:
    for person in (made.assessor, made.juror):
        reviews.give(made.version, pairs, **told, by=person)


def grid(made: World, person: Person, **told: Any) -> read.Grid:
    return read.matrix(Viewer.of(person), made.version, **told)


def test_rows_and_columns_are_the_items_compared_in_the_order_of_their_tree(made: World) -> None:
    found = grid(made, made.assessor)
    assert [row.code for row in found.rows] == ["R1", "R2", "R3"]
    assert [column.code for column in found.columns] == ["S1", "S2"]
    assert found.cell(*made.pair(2, 1)).state == ""


def test_the_opinion_of_the_other_is_hidden_until_one_has_given_ones_own(made: World) -> None:
    reviews.give(made.version, [made.pair()], relation="total", rationale="Idem", by=made.assessor)
    cell = grid(made, made.juror).cell(*made.pair())
    assert (cell.state, cell.relation, cell.mapping, cell.others) == ("proposed", "", None, ())
    assert cell.is_hidden
    reviews.give(made.version, [made.pair()], relation="none", by=made.juror)
    cell = grid(made, made.juror).cell(*made.pair())
    assert (cell.state, [one.relation for one in cell.others]) == ("conflict", ["total"])


def test_the_next_pair_is_a_suggested_one_then_row_by_row(made: World) -> None:
    viewer = Viewer.of(made.assessor)
    Suggestion.objects.create(
        version=made.version,
        origin=made.origins[1],
        destination=made.destinations[1],
        rank=1,
        score=1.0,
        band="strong",
    )
    seen, pair = [], None
    for _turn in range(6):
        pair = read.next_pair(viewer, made.version, pair)
        assert pair
        seen.append(pair)
        reviews.give(made.version, [pair], relation="none", by=made.assessor)
    assert seen[0] == made.pair(1, 1)
    assert sorted(seen) == sorted(made.pairs)
    assert read.next_pair(viewer, made.version, pair) is None
