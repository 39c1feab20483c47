"""What is done to frameworks: drafts change, published versions never do."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from reseda.competencies import queries
from reseda.competencies.actions import branches, exchange, frameworks, items
from reseda.competencies.actions.drafts import Unsound
from reseda.competencies.domain.changes import Told
from reseda.competencies.domain.exchange import sheet
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.journal.actions import SYSTEM
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

HEAD = "Code;Code parent;Nature;Libellé français;Libellé anglais\n"
TREE = "C1;;compétence;Concevoir;Design\nN1;C1;niveau;Novice;\nA1;N1;apprentissage;Reformuler;\n"


def told(text: str) -> Told:
    return sheet.read(text.encode())


@pytest.fixture
def draft(school: School, engineer: Person) -> FrameworkVersion:
    version = frameworks.create_framework(school, kind="school", title="Ingénieur", by=engineer)
    exchange.import_items(version, told=told(HEAD + TREE), by=engineer)
    return version


def words(code: str) -> dict[str, str]:
    return {"code": code, "statement": f"Énoncé {code}", "statement_en": ""}


def shape(version: FrameworkVersion) -> list[tuple[str, str, int]]:
    return [(line.code, line.parent, line.rank) for line in queries.lines(version)]


def test_an_imported_file_makes_the_tree_it_tells(draft: FrameworkVersion) -> None:
    assert shape(draft) == [("C1", "", 1), ("N1", "C1", 1), ("A1", "N1", 1)]


def test_the_same_import_again_changes_nothing(draft: FrameworkVersion, engineer: Person) -> None:
    changes = exchange.import_items(draft, told=told(HEAD + TREE), by=engineer)
    assert changes.is_nothing
    assert changes.unchanged == 3


@pytest.mark.parametrize(
    "lines",
    [
        # Children before parents, codes exchanged, an item moved and its old parent gone.
        "A1;N1;apprentissage;Reformuler;\nN1;C1;niveau;Novice;\nC1;;compétence;Concevoir;\n",
        "N1;;compétence;Concevoir;\nC1;N1;niveau;Novice;\nA1;C1;apprentissage;Reformuler;\n",
        "C2;;compétence;Conduire;\nN2;C2;niveau;Novice;\nA1;N2;apprentissage;Reformuler;\n",
        "C1;;compétence;Concevoir;\n",
    ],
)
def test_a_draft_becomes_exactly_what_any_sound_file_says(
    draft: FrameworkVersion, engineer: Person, lines: str
) -> None:
    expected = sorted(tuple(line.split(";")[:2]) for line in lines.splitlines())
    exchange.import_items(draft, told=told(HEAD + lines), by=engineer)
    assert sorted((code, parent) for code, parent, _rank in shape(draft)) == expected
    assert Item.objects.filter(version=draft).count() == len(expected)


def test_a_child_stays_when_another_item_takes_the_code_of_its_parent(
    draft: FrameworkVersion, engineer: Person
) -> None:
    first = draft.items.get(code="C1")
    data = (
        "Code;Code parent;Nature;Libellé français;Identifiant\n"
        f"C2;;compétence;Concevoir;{first.identifier}\n"
        "C1;;compétence;Conduire;\nN1;C1;niveau;Novice;\nA1;N1;apprentissage;Reformuler;\n"
    )
    exchange.import_items(draft, told=told(data), by=engineer)
    first.refresh_from_db()
    assert first.code == "C2"
    assert ("N1", "C1", 1) in shape(draft)
    assert draft.items.count() == 4


def test_a_file_with_one_fault_leaves_the_draft_as_it_was(
    draft: FrameworkVersion, engineer: Person
) -> None:
    before = shape(draft)
    with pytest.raises(Unsound):
        exchange.import_items(draft, told=told(HEAD + TREE + TREE), by=engineer)
    assert shape(draft) == before


def test_items_are_added_last_edited_moved_and_removed_with_what_they_hold(
    draft: FrameworkVersion, engineer: Person
) -> None:
    second = items.add_item(draft, kind="competency", by=engineer, **words("C2"))
    assert shape(draft)[-1] == ("C2", "", 2)
    branches.move_item(second, way="up", by=engineer)
    branches.move_item(second, way="up", by=engineer)
    assert [code for code, parent, _rank in shape(draft) if not parent] == ["C2", "C1"]
    branches.move_item(second, way="down", by=engineer)
    assert [code for code, parent, _rank in shape(draft) if not parent] == ["C1", "C2"]
    items.edit_item(second, by=engineer, **words("C3"))
    assert len(branches.delete_item(draft.items.get(code="C1"), by=engineer).content["items"]) == 3
    assert [code for code, _parent, _rank in shape(draft)] == ["C3"]


def test_an_item_is_refused_where_its_kind_does_not_belong_or_its_code_is_taken(
    draft: FrameworkVersion, engineer: Person
) -> None:
    level = draft.items.get(code="N1")
    with pytest.raises(ValidationError, match="ne peut pas se placer ici"):
        items.add_item(draft, kind="level", parent=level, by=engineer, **words("N2"))
    with pytest.raises(ValidationError):
        items.add_item(draft, kind="critical_learning", parent=level, by=engineer, **words("A1"))
    items.add_item(draft, kind="critical_learning", parent=level, by=engineer, **words("A2"))
    assert draft.items.count() == 4


def test_a_published_version_refuses_every_change(
    draft: FrameworkVersion, engineer: Person
) -> None:
    version = frameworks.publish(draft, by=engineer)
    item = version.items.get(code="N1")
    attempts: list[Any] = [
        lambda: items.add_item(version, kind="competency", by=engineer, **words("C2")),
        lambda: items.edit_item(item, by=engineer, **words("N1")),
        lambda: branches.delete_item(item, by=engineer),
        lambda: branches.move_item(item, way="up", by=engineer),
        lambda: exchange.import_items(version, told=told(HEAD + TREE), by=engineer),
        lambda: frameworks.publish(version, by=engineer),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError) as caught:
            attempt()
        assert caught.value.code == "frozen"


def test_an_incomplete_draft_is_not_published(draft: FrameworkVersion, engineer: Person) -> None:
    branches.delete_item(draft.items.get(code="A1"), by=engineer)
    with pytest.raises(Unsound) as caught:
        frameworks.publish(draft, by=engineer)
    assert [fault.code for fault in caught.value.faults] == ["without_critical_learning"]
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_derived_version_keeps_identifiers_and_replaces_the_first_when_published(
    draft: FrameworkVersion, engineer: Person
) -> None:
    first = frameworks.publish(draft, by=engineer)
    second = frameworks.derive(first, by=engineer)
    assert second.number == 2
    assert queries.lines(second) == queries.lines(first)
    with pytest.raises(ValidationError, match="déjà ouvert"):
        frameworks.derive(first, by=engineer)
    items.edit_item(second.items.get(code="N1"), by=engineer, **words("N1"))
    frameworks.publish(second, by=engineer)
    first.refresh_from_db()
    assert first.status == "retired"
    assert first.items.get(code="N1").statement == "Novice"


def test_the_version_in_force_follows_the_days(draft: FrameworkVersion, engineer: Person) -> None:
    school, today = draft.framework.school, timezone.localdate()
    assert queries.published_version(school, "school", today) is None
    first = frameworks.publish(draft, by=engineer)
    assert queries.published_version(school, "school", today) == first
    assert queries.published_version(school, "reserve", today) is None
    assert queries.published_version(school, "school", today - timedelta(days=1)) is None
    second = frameworks.publish(frameworks.derive(first, by=engineer), by=engineer)
    assert queries.published_version(school, "school", today) == second
    frameworks.retire(second, by=engineer)
    assert queries.published_version(school, "school", today) is None


@pytest.mark.parametrize("role", [Role.STUDENT, Role.REFERENT, Role.TEACHER, Role.JURY_MEMBER])
def test_only_those_who_write_frameworks_change_them(
    draft: FrameworkVersion, engineer: Person, role: Role
) -> None:
    school = draft.framework.school
    other = make_person("other@a.fr", role, school=school)
    for attempt in (
        lambda by: frameworks.create_framework(school, kind="school", title="Autre", by=by),
        lambda by: items.edit_item(draft.items.get(code="N1"), by=by, **words("N1")),
        lambda by: frameworks.publish(draft, by=by),
    ):
        with pytest.raises(PermissionDenied):
            attempt(other)
        attempt(engineer)


def test_the_engineer_of_another_school_changes_nothing_here(draft: FrameworkVersion) -> None:
    stranger = make_person("inge@b.fr", Role.COMPETENCY_ENGINEER, school=make_school("ecole-b"))
    with pytest.raises(PermissionDenied):
        frameworks.publish(draft, by=stranger)


def test_a_title_is_given_once_in_a_school(school: School, engineer: Person) -> None:
    frameworks.create_framework(school, kind="school", title="Ingénieur", by=engineer)
    with pytest.raises(ValidationError):
        frameworks.create_framework(school, kind="school", title="Ingénieur", by=engineer)
    assert Framework.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "kind", "competencies", "size"),
    [("ecole", "school", 6, 166), ("reserve", "reserve", 12, 68)],
)
def test_the_examples_are_whole_published_and_in_two_languages(
    school: School, name: str, kind: str, competencies: int, size: int
) -> None:
    frameworks.load_example(school, name, by=SYSTEM)
    version = queries.published_version(school, kind, timezone.localdate())
    assert version is not None
    assert version.items.filter(kind="competency").count() == competencies
    assert version.items.count() == size
    assert not version.items.filter(statement_en="").exists()
    for one in version.items.filter(kind="competency"):
        assert one.children.filter(kind="level").count() == (3 if kind == "school" else 0)


def test_the_tree_costs_one_query_whatever_its_size(
    draft: FrameworkVersion, engineer: Person, django_assert_num_queries: Any
) -> None:
    for code in ("C2", "C3"):
        with django_assert_num_queries(1):
            tree = queries.tree(draft)
            assert tree[0].size == 3
        items.add_item(draft, kind="competency", by=engineer, **words(code))
