"""A draft written in its tree: added, moved, copied, taken out and put back, by those who may."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from reseda.competencies import queries
from reseda.competencies.actions import branches, frameworks, items, units
from reseda.competencies.domain.outline import Place
from reseda.competencies.models import Association, FrameworkVersion, Item, Removal
from reseda.competencies.queries import branches as shown
from reseda.journal.actions import SYSTEM
from reseda.journal.models import Entry
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture
def draft(school: School) -> FrameworkVersion:
    """G1 > C1 > N1 > A1, C2; UE1 that develops C1; C3."""
    version = frameworks.create_framework(school, kind="school", title="Ingénieur", by=SYSTEM)
    group = add(version, "group", "G1")
    first = add(version, "competency", "C1", group)
    level = add(version, "level", "N1", first)
    add(version, "critical_learning", "A1", level)
    add(version, "competency", "C2", group)
    unit = add(version, "teaching_unit", "UE1", credits=Decimal("3.5"))
    add(version, "competency", "C3")
    units.develop(version, added=[(unit.pk, first.pk)], removed=[], by=SYSTEM)
    return version


def add(
    version: FrameworkVersion, kind: str, code: str, parent: Item | None = None, **told: Any
) -> Item:
    facts: Any = {"code": code, "statement": f"Énoncé {code}", "statement_en": "", **told}
    return items.add_item(version, kind=kind, parent=parent, by=SYSTEM, **facts)


def one(version: FrameworkVersion, code: str) -> Item:
    return version.items.get(code=code)


def shape(version: FrameworkVersion) -> list[str]:
    return [
        f"{line.parent}>{line.code}" if line.parent else line.code
        for line in queries.lines(version)
    ]


def test_an_item_is_added_right_after_another(draft: FrameworkVersion, engineer: Person) -> None:
    told: Any = {"code": "C0", "statement": "Écouter", "statement_en": ""}
    items.add_item(draft, kind="competency", after=one(draft, "C1"), by=engineer, **told)
    assert shape(draft)[:6] == ["G1", "G1>C1", "C1>N1", "N1>A1", "G1>C0", "G1>C2"]


def test_each_way_moves_an_item_with_what_it_holds(
    draft: FrameworkVersion, engineer: Person
) -> None:
    before = shape(draft)
    ways = (("C1", "down"), ("C1", "up"), ("C2", "out"))
    for code, way in ways:
        assert branches.move_item(one(draft, code), way=way, by=engineer) is not None
    assert shape(draft) == ["G1", "G1>C1", "C1>N1", "N1>A1", "C2", "UE1", "C3"]
    was = branches.move_item(one(draft, "C2"), way="in", by=engineer)
    assert was == Place(None, 1)
    assert shape(draft) == before
    assert branches.move_item(one(draft, "A1"), way="in", by=engineer) is None
    assert shape(draft) == before


def test_an_item_goes_under_another_only_where_its_kind_belongs(
    draft: FrameworkVersion, engineer: Person
) -> None:
    branches.place_item(one(draft, "N1"), place=Place(one(draft, "C3").pk, 0), by=engineer)
    assert shape(draft)[-3:] == ["C3", "C3>N1", "N1>A1"]
    for under in (one(draft, "G1").pk, one(draft, "A1").pk, None, 0):
        with pytest.raises(ValidationError) as caught:
            branches.place_item(one(draft, "N1"), place=Place(under, 0), by=engineer)
        assert caught.value.code == "kind_not_allowed"
    assert shape(draft)[-3:] == ["C3", "C3>N1", "N1>A1"]


def test_a_branch_taken_out_comes_back_exactly_as_it_was(
    draft: FrameworkVersion, engineer: Person
) -> None:
    Item.objects.filter(pk=one(draft, "C1").pk).update(
        extra={"notes": "gardé"}, parent_link="11111111-1111-4111-8111-111111111111"
    )
    Association.objects.create(
        version=draft,
        kind="exactMatchOf",
        origin=one(draft, "N1"),
        outside={"uri": "https://exemple.fr/n1", "title": "N1"},
        rank=2,
    )
    before, keys = queries.known(draft), set(draft.items.values_list("pk", flat=True))
    for code in ("G1", "C1", "UE1"):
        removal = branches.delete_item(one(draft, code), by=engineer)
        assert f"{code}" not in {line.code for line in queries.lines(draft)}
        branches.restore(removal, by=engineer)
        assert queries.known(draft) == before
    assert set(draft.items.values_list("pk", flat=True)) == keys
    assert not Removal.objects.exists()


def test_a_branch_does_not_come_back_twice_nor_where_its_place_or_its_code_is_gone(
    draft: FrameworkVersion, engineer: Person
) -> None:
    inner = branches.delete_item(one(draft, "N1"), by=engineer)
    outer = branches.delete_item(one(draft, "C1"), by=engineer)
    with pytest.raises(ValidationError) as caught:
        branches.restore(inner, by=engineer)
    assert caught.value.code == "place_gone"
    add(draft, "competency", "C1", one(draft, "G1"))
    with pytest.raises(ValidationError) as caught:
        branches.restore(outer, by=engineer)
    assert caught.value.code == "repeated_code"
    branches.delete_item(one(draft, "C1"), by=engineer)
    branches.restore(outer, by=engineer)
    branches.restore(inner, by=engineer)
    with pytest.raises(ValidationError) as caught:
        branches.restore(inner, by=engineer)
    assert caught.value.code == "already_restored"
    assert shape(draft)[1:4] == ["G1>C1", "C1>N1", "N1>A1"]


def test_a_copy_has_its_own_codes_and_identifiers_and_the_same_links(
    draft: FrameworkVersion, engineer: Person
) -> None:
    copy = branches.duplicate_item(one(draft, "G1"), by=engineer)
    assert shape(draft)[5:10] == ["G2", "G2>C4", "C4>N2", "N2>A2", "G2>C5"]
    assert copy.identifier != one(draft, "G1").identifier
    unit = branches.duplicate_item(one(draft, "UE1"), by=engineer)
    assert unit.credits == Decimal("3.5")
    assert shown.developed(draft)[unit.pk] == [one(draft, "C1").pk]
    assert draft.items.count() == 7 + 5 + 1


def test_a_kind_changes_only_where_its_place_and_what_it_holds_allow_it(
    draft: FrameworkVersion, engineer: Person
) -> None:
    told: Any = {"code": "C2", "statement": "Bloc", "statement_en": ""}
    items.edit_item(one(draft, "C2"), kind="block", by=engineer, **told)
    assert one(draft, "C2").kind == "block"
    with pytest.raises(ValidationError) as caught:
        items.edit_item(one(draft, "C1"), kind="block", by=engineer, **(told | {"code": "C1"}))
    assert caught.value.code == "kind_not_allowed"
    assert one(draft, "C1").kind == "competency"


def test_units_and_competencies_are_linked_and_unlinked_once(
    draft: FrameworkVersion, engineer: Person
) -> None:
    unit, first, third = (one(draft, code).pk for code in ("UE1", "C1", "C3"))
    pairs = [(unit, first), (unit, third)]
    assert units.develop(draft, added=pairs, removed=[], by=engineer) == 1
    assert units.develop(draft, added=pairs, removed=[], by=engineer) == 0
    assert units.develop(draft, added=[], removed=[(unit, first)], by=engineer) == 1
    assert shown.developed(draft) == {unit: [third]}
    with pytest.raises(ValidationError):
        units.develop(draft, added=[(first, third)], removed=[], by=engineer)
    assert shown.developed(draft) == {unit: [third]}


GESTURES: list[Callable[[FrameworkVersion, Person], object]] = [
    lambda version, by: branches.move_item(one(version, "C1"), way="down", by=by),
    lambda version, by: branches.place_item(one(version, "C2"), place=Place(None, 0), by=by),
    lambda version, by: branches.duplicate_item(one(version, "C3"), by=by),
    lambda version, by: units.develop(
        version, added=[(one(version, "UE1").pk, one(version, "C3").pk)], removed=[], by=by
    ),
    lambda version, by: branches.restore(branches.delete_item(one(version, "A1"), by=by), by=by),
]


@pytest.mark.parametrize("gesture", GESTURES)
def test_a_gesture_is_recorded_and_refused_to_others_and_on_what_is_published(
    draft: FrameworkVersion, engineer: Person, gesture: Callable[[FrameworkVersion, Person], object]
) -> None:
    student = make_person("zoe@a.fr", Role.STUDENT, school=draft.framework.school)
    stranger = make_person("i@b.fr", Role.COMPETENCY_ENGINEER, school=make_school("ecole-b"))
    before, entries = queries.known(draft), Entry.objects.count()
    for other in (student, stranger):
        with pytest.raises(PermissionDenied):
            gesture(draft, other)
    assert (queries.known(draft), Entry.objects.count()) == (before, entries)
    gesture(draft, engineer)
    assert Entry.objects.count() > entries
    for code in ("C1", "C2", "C3"):
        told = {"code": f"{code}-N9", "statement": "Niveau", "statement_en": ""}
        level = items.add_item(
            draft,
            kind="level",
            parent=one(draft, code),
            by=SYSTEM,
            **told,  # type: ignore[arg-type]  # texts alone
        )
        add(draft, "critical_learning", f"{code}-N9-A1", level)
    for extra in draft.items.filter(kind="competency").exclude(code__in=["C1", "C2", "C3"]):
        branches.delete_item(extra, by=SYSTEM)
    version = frameworks.publish(draft, by=engineer)
    with pytest.raises(ValidationError) as caught:
        gesture(version, engineer)
    assert caught.value.code == "frozen"


@pytest.mark.parametrize("way", ["monter", "descendre", "entrer", "sortir"])
def test_the_script_is_told_where_an_item_went_and_how_to_take_it_back(
    client: Client, draft: FrameworkVersion, engineer: Person, way: str
) -> None:
    client.force_login(engineer)
    moved = {"monter": "C2", "descendre": "C1", "entrer": "C3", "sortir": "C2"}[way]
    if way == "entrer":
        branches.place_item(one(draft, "UE1"), place=Place(None, 0), by=SYSTEM)
    before = shape(draft)
    item = one(draft, moved)
    answer = client.post(f"/competences/elements/{item.pk}/{way}/", headers=JSON)
    told = answer.json()
    item.refresh_from_db()
    assert (told["key"], told["parent"], told["position"]) == (
        item.pk,
        item.parent_id,
        item.rank - 1,
    )
    assert moved in told["said"]
    assert shape(draft) != before
    assert client.post(told["undo"], headers=JSON).status_code == 200
    assert shape(draft) == before


def test_a_move_that_leads_nowhere_says_so(
    client: Client, draft: FrameworkVersion, engineer: Person
) -> None:
    client.force_login(engineer)
    url = f"/competences/elements/{one(draft, 'G1').pk}/monter/"
    answer = client.post(url, headers=JSON)
    assert (answer.status_code, answer.json()["said"]) == (
        422,
        "Cet élément est déjà le premier.",
    )
    assert "déjà le premier" in client.post(url, follow=True).content.decode()


def test_plain_pages_move_copy_remove_and_put_back(
    client: Client, draft: FrameworkVersion, engineer: Person
) -> None:
    client.force_login(engineer)
    item = one(draft, "C2")
    page = client.get(f"/competences/elements/{item.pk}/place/").content.decode()
    assert f'value="{one(draft, "UE1").pk}"' not in page
    before = shape(draft)
    client.post(f"/competences/elements/{item.pk}/place/", {"under": "sommet"})
    assert shape(draft)[-1] == "C2"
    client.post(f"/competences/elements/{item.pk}/place/", {"under": str(one(draft, "G1").pk)})
    assert shape(draft) == before
    wrong = client.post(
        f"/competences/elements/{item.pk}/place/", {"under": str(one(draft, "A1").pk)}
    )
    assert wrong.status_code == 422
    client.post(f"/competences/elements/{item.pk}/dupliquer/")
    assert "G1>C4" in shape(draft)
    done = client.post(f"/competences/elements/{item.pk}/supprimer/", follow=True).content.decode()
    removal = Removal.objects.get()
    assert f"/competences/remettre/{removal.pk}/" in done
    client.post(f"/competences/remettre/{removal.pk}/", {"undo": "1"})
    assert "G1>C2" in shape(draft)


def test_who_may_not_write_a_draft_finds_none_of_its_gestures(
    client: Client, draft: FrameworkVersion, engineer: Person
) -> None:
    removal = branches.delete_item(one(draft, "C3"), by=SYSTEM)
    key = one(draft, "C1").pk
    paths = [
        f"/competences/remettre/{removal.pk}/",
        f"/competences/{draft.pk}/unites/",
        f"/competences/{draft.pk}/presentation/",
        f"/competences/{draft.pk}/titre/",
        f"/competences/{draft.pk}/supprimer/",
        *(
            f"/competences/elements/{key}/{word}/"
            for word in ("monter", "entrer", "place", "dupliquer", "supprimer")
        ),
    ]
    before = queries.known(draft)
    for role in (Role.STUDENT, Role.TEACHER, Role.UNIT_CORRESPONDENT):
        client.force_login(make_person(f"{role}@a.fr", role, school=draft.framework.school))
        for path in paths:
            assert client.post(path).status_code == 404, path
        assert client.get(f"/competences/elements/{key}/branche/").status_code == 404
    assert queries.known(draft) == before
    client.force_login(engineer)
    assert client.get(f"/competences/elements/{key}/branche/").status_code == 200


def test_a_big_tree_sends_its_branches_only_when_they_are_unfolded(
    client: Client, draft: FrameworkVersion, engineer: Person, django_assert_num_queries: Any
) -> None:
    client.force_login(engineer)
    group = one(draft, "G1")
    for number in range(2):
        parent = add(draft, "competency", f"B{number}", group)
        Item.objects.bulk_create(
            Item(
                version=draft, parent=parent, kind="indicator", code=f"I{number}-{n}", statement="I"
            )
            for n in range(shown.WHOLE)
        )
    url = f"/competences/{draft.pk}/"
    with django_assert_num_queries(7):
        page = client.get(url).content.decode()
    assert "I0-7" not in page
    leaf = one(draft, "I0-7")
    assert f"sous={leaf.parent_id}" in page
    assert f'id="e{leaf.pk}"' in client.get(f"{url}?vue=arbre&voir={leaf.pk}").content.decode()
    part = client.get(f"/competences/elements/{leaf.parent_id}/branche/").content.decode()
    assert part.count("<li") == shown.WHOLE + 1
    assert "I0-7" in client.get(f"{url}?vue=arbre&sous={leaf.parent_id}").content.decode()


def test_the_pages_of_a_version_cost_the_same_for_one_competency_and_for_three(
    client: Client, draft: FrameworkVersion, engineer: Person, django_assert_num_queries: Any
) -> None:
    client.force_login(engineer)
    for code in ("", "C8", "C9"):
        if code:
            add(draft, "competency", code)
        for path, count in (
            ("?vue=arbre", 7),
            ("?vue=lecture", 9),
            ("elements/", 9),
            ("unites/", 8),
            ("versions/", 7),
            ("presentation/", 8),
        ):
            with django_assert_num_queries(count):
                assert client.get(f"/competences/{draft.pk}/{path}").status_code == 200


def test_what_is_lacking_is_found_and_never_blocks(
    client: Client, draft: FrameworkVersion, engineer: Person
) -> None:
    client.force_login(engineer)
    for number in range(3):
        add(draft, "indicator", f"C3-I{number}", one(draft, "C3"))
    page = client.get(f"/competences/{draft.pk}/").content.decode()
    assert "2 compétences ont moins de trois indicateurs" in page
    listed = client.get(f"/competences/{draft.pk}/elements/?manque=indicateurs").content.decode()
    assert "Énoncé C1" in listed
    assert "Énoncé C3" not in listed
    found = client.get(f"/competences/{draft.pk}/elements/?q=C3-I1").content.decode()
    assert found.count('<th scope="row"') == 1


def test_units_are_shown_as_boxes_to_their_writers_and_as_signs_to_readers(
    client: Client, draft: FrameworkVersion, engineer: Person
) -> None:
    client.force_login(engineer)
    unit, first, third = (one(draft, code).pk for code in ("UE1", "C1", "C3"))
    url = f"/competences/{draft.pk}/unites/"
    assert f'value="{unit}-{first}" checked' in client.get(url).content.decode()
    client.post(url, {"avant": f"{unit}-{first}", "lien": f"{unit}-{third}"})
    assert shown.developed(draft) == {unit: [third]}
    assert client.post(url, {"lien": "x"}).status_code == 404
