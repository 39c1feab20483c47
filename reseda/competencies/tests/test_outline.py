"""Where items may go, what their codes become, what units add up to, what two versions say."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.competencies.domain import codes, framework, outline, units
from reseda.competencies.domain.changes import Known
from reseda.competencies.domain.difference import difference, words
from reseda.competencies.domain.framework import UNDER, Line, Link
from reseda.competencies.domain.outline import Key, Outline, Place

Rows = list[tuple[int, Key, str]]


@st.composite
def trees(draw: st.DrawFn) -> Outline:
    """Draw a sound tree of up to a dozen items."""
    rows: Rows = []
    choices = st.tuples(st.integers(0, 99), st.integers(0, 99))
    for key, (place, rank) in enumerate(draw(st.lists(choices, min_size=2, max_size=12)), 1):
        above: list[tuple[Key, str]] = [(None, ""), *((one, kind) for one, _up, kind in rows)]
        able = [one for one in above if UNDER[one[1]]]
        parent, around = able[place % len(able)]
        rows.append((key, parent, UNDER[around][rank % len(UNDER[around])]))
    return outline.outline(rows)


def lines(tree: Outline) -> list[Line]:
    ordered = [key for top in tree.under(None) for key in tree.branch(top)]
    return [
        Line(f"K{key}", f"K{up}" if (up := tree.parents[key]) else "", tree.kinds[key], "Énoncé")
        for key in ordered
    ]


def faults(tree: Outline) -> set[str]:
    found = {fault.code for fault in framework.check(lines(tree))}
    return found - {"rank_twice"}


def everywhere(tree: Outline, key: int) -> set[Key]:
    """Try every parent by hand, and keep those that the rules of a framework find no fault with."""
    sound: set[Key] = set()
    for parent in {None, *tree.kinds} - {*tree.branch(key)}:
        below = {up: tuple(k for k in keys if k != key) for up, keys in tree.below.items()}
        below[parent] = (*below.get(parent, ()), key)
        if not faults(Outline(tree.kinds, below)):
            sound.add(parent)
    return sound


@given(trees(), st.data())
def test_the_places_allowed_are_those_the_rules_find_no_fault_with(
    tree: Outline, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(tree.kinds)))
    assert set(outline.allowed(tree, key)) == everywhere(tree, key)


@given(trees(), st.data())
def test_a_move_keeps_everybody_in_a_sound_tree_and_goes_where_it_says(
    tree: Outline, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(tree.kinds)))
    way = data.draw(st.sampled_from(outline.WAYS))
    place = outline.target(tree, key, way)
    if place is None:
        return
    moved = outline.put(tree, key, place)
    assert not faults(moved)
    assert moved.place(key) == place
    assert sorted(moved.parents) == sorted(tree.kinds)
    for one in set(tree.kinds) - {key}:
        assert moved.parents[one] == tree.parents[one]
    assert outline.put(moved, key, tree.place(key)) == tree


@given(trees(), st.data())
def test_up_undoes_down_and_out_undoes_in(tree: Outline, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(tree.kinds)))
    for way, back in ((outline.DOWN, outline.UP), (outline.IN, outline.OUT)):
        if (place := outline.target(tree, key, way)) is None:
            continue
        moved = outline.put(tree, key, place)
        home = outline.target(moved, key, back)
        assert home is not None
        assert outline.put(moved, key, home) == tree


@given(trees(), st.data())
def test_a_kind_may_change_only_into_one_that_fits_above_and_below(
    tree: Outline, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from(sorted(tree.kinds)))
    sound = {
        kind
        for kind in framework.UNDER
        if kind and not faults(Outline({**tree.kinds, key: kind}, tree.below))
    }
    assert set(outline.kinds_for(tree, key)) == sound


def test_an_item_is_not_put_under_itself_nor_where_its_kind_does_not_belong() -> None:
    tree = outline.outline([(1, None, "group"), (2, 1, "competency"), (3, 2, "level")])
    for parent in (1, 2, 3):
        with pytest.raises(ValueError, match="may not stand"):
            outline.put(tree, 1, Place(parent, 0))
    with pytest.raises(ValueError, match="may not stand"):
        outline.put(tree, 3, Place(1, 0))


@pytest.mark.parametrize(
    ("kind", "parent", "siblings", "expected"),
    [
        ("competency", "", ["C1", "C2"], "C3"),
        ("competency", "", ["C1", "Projet"], "C2"),
        ("level", "C1", [], "C1-N1"),
        ("indicator", "C1-N2", ["C1-N2-I1"], "C1-N2-I2"),
        ("teaching_unit", "UE1", ["UE1"], "UE2"),
        ("resource", "", [], "R1"),
    ],
)
def test_a_new_item_is_offered_the_code_that_follows(
    kind: str, parent: str, siblings: list[str], expected: str
) -> None:
    assert codes.suggested(kind, parent, siblings, set(siblings)) == expected


def test_the_codes_of_a_copy_follow_that_of_its_root_and_are_free() -> None:
    taken = {"C1", "C1-N1", "C2", "C3-N1", "X"}
    found = codes.copied(["C1", "C1-N1", "X"], taken)
    assert found == {"C1": "C3", "C1-N1": "C3-N2", "X": "X-2"}


@given(st.lists(st.text("AC1-9", min_size=1, max_size=40), min_size=1, max_size=8, unique=True))
def test_the_codes_of_any_copy_are_new_short_and_distinct(branch: list[str]) -> None:
    found = codes.copied(branch, set(branch))
    assert len(set(found.values())) == len(branch)
    assert not set(found.values()) & set(branch)
    assert all(len(code) <= framework.MAX_CODE for code in found.values())


def unit(code: str, parent: str = "", amount: str | None = None) -> Line:
    return Line(
        code, parent, framework.UNIT, code, credits=None if amount is None else Decimal(amount)
    )


def test_credits_are_counted_once_where_a_unit_holds_others() -> None:
    told = [unit("S5", "", "30"), unit("UE1", "S5", "12"), unit("UE2", "S5", "17"), unit("UE9")]
    found = units.sum_of(told)
    assert (found.total, found.without) == (Decimal(30), ("UE9",))
    assert [(one.code, one.parts) for one in found.disagreements] == [("S5", Decimal(29))]
    assert units.sum_of([unit("S5"), *told[1:3]]).total == Decimal(29)


def item(key: str, parent: str = "", **said: object) -> Line:
    line = Line(key, parent, "group", f"Énoncé {key}", identifier=f"id-{key}")
    return replace(line, **said)  # type: ignore[arg-type]  # the fields of a line


def test_a_difference_says_what_came_went_changed_and_moved() -> None:
    before = Known((item("A"), item("B"), item("C"), item("D", "A")), (Link("precedes", "A", "B"),))
    other = item("Bis", identifier="id-B", statement="Énoncé B")
    after = Known(
        (item("C"), item("A"), other, item("D", "C"), item("E")),
        (Link("precedes", "A", "Bis"), Link("isRelatedTo", "A", "C")),
    )
    found = difference(before, after)
    assert [line.code for line in found.added] == ["E"]
    assert found.removed == ()
    assert [(one.now.code, one.fields, one.is_moved) for one in found.changed] == [
        ("C", (), True),
        ("Bis", ("code",), False),
        ("D", (), True),
    ]
    assert found.unchanged == 1
    assert [link.kind for link in found.links_added] == ["isRelatedTo"]
    assert found.links_removed == ()
    assert difference(before, before).is_nothing


@given(trees(), trees())
def test_a_difference_read_backwards_swaps_what_came_and_what_went(a: Outline, b: Outline) -> None:
    before, after = (
        Known(tuple(replace(line, identifier=line.code) for line in lines(one))) for one in (a, b)
    )
    found, back = difference(before, after), difference(after, before)
    assert [line.code for line in found.added] == [line.code for line in back.removed]
    assert len(found.changed) == len(back.changed)
    assert len(found.added) + len(found.changed) + found.unchanged == len(after.lines)


def test_words_that_stay_go_and_come_are_told_apart() -> None:
    assert words("Conduire une équipe", "Conduire une grande équipe") == [
        ("", "Conduire une"),
        ("ins", "grande"),
        ("", "équipe"),
    ]
