"""Many hands in the tree of the same draft: each move whole, nobody lost, on a real database."""

import pytest

from reseda.competencies import queries
from reseda.competencies.actions import branches, frameworks, items
from reseda.competencies.domain.outline import Place
from reseda.journal.actions import SYSTEM
from reseda.schools.tests.factories import make_school
from reseda.schools.tests.hands import together

HANDS = 12

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_moves_made_at_once_leave_every_item_in_one_place_of_a_sound_tree() -> None:
    version = frameworks.create_framework(make_school(), kind="school", title="Voie", by=SYSTEM)
    groups = [
        items.add_item(
            version, kind="group", by=SYSTEM, code=f"G{n}", statement="Groupe", statement_en=""
        )
        for n in range(2)
    ]
    moved = [
        items.add_item(
            version,
            kind="group",
            parent=groups[0],
            by=SYSTEM,
            code=f"S{n}",
            statement="Groupe",
            statement_en="",
        )
        for n in range(4)
    ]

    def move(number: int) -> str:
        item = moved[number % len(moved)]
        other = moved[(number + 1) % len(moved)]
        if number % 3 == 0:
            branches.move_item(item, way="up", by=SYSTEM)
        elif number % 3 == 1:
            branches.place_item(item, place=Place(groups[1].pk, 0), by=SYSTEM)
        else:
            # Under one another: together they would make a loop.
            branches.place_item(item, place=Place(other.pk, 0), by=SYSTEM)
        return "moved"

    told = together(move, HANDS)
    assert set(told) <= {"moved", "kind_not_allowed"}
    lines = queries.lines(version)
    assert sorted(line.code for line in lines) == ["G0", "G1", "S0", "S1", "S2", "S3"]
    ranks: dict[str, list[int]] = {}
    for item in version.items.all():
        ranks.setdefault(str(item.parent_id), []).append(item.rank)
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in ranks.values())
