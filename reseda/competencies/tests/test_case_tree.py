"""The tree of a package: places, loops, kinds and codes of items that others wrote."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.competencies.domain.case.kinds import guessed
from reseda.competencies.domain.case.own import ITEM_TYPES
from reseda.competencies.domain.changes import Known, compare
from reseda.competencies.domain.framework import UNDER
from reseda.competencies.tests.packages import (
    exported,
    item,
    known,
    package,
    placed,
    read,
    remarks,
    tree,
)

# --- The tree


def test_siblings_stand_in_the_order_of_their_numbers_then_of_the_file() -> None:
    content = package(
        [item(name) for name in "abcd"],
        [
            placed("a", "document"),
            placed("b", "document", sequenceNumber=20),
            placed("c", "document", sequenceNumber=3),
            placed("d", "document"),
        ],
    )
    told = read(content)
    assert [line.statement[-1] for line in told.lines] == ["c", "b", "a", "d"]
    assert [line.rank for line in told.lines] == [1, 2, 3, 4]


def test_a_second_parent_becomes_a_link_with_a_remark() -> None:
    content = package(
        [item(name) for name in "abc"],
        [
            placed("c", "document"),
            placed("c", "a"),
            placed("c", "b"),
            placed("a", "document"),
            placed("b", "document"),
        ],
    )
    told = read(content)
    assert told.faults == ()
    assert tree(told)["Énoncé c"] == "Énoncé a"
    assert [one.kind for one in told.links or ()] == ["isChildOf", "isChildOf"]
    assert remarks(told)["case_second_parent"] == 2
    assert compare(read(json.loads(exported(known(told)))), known(told)).is_nothing


def test_an_item_without_a_place_stands_at_the_top_with_a_remark() -> None:
    told = read(package([item("a"), item("b")], [placed("a", "document")]))
    assert tree(told) == {"Énoncé a": "", "Énoncé b": ""}
    assert remarks(told)["case_without_place"] == 1


@pytest.mark.parametrize("loop", [["a"], ["a", "b"], ["a", "b", "c", "d"]])
def test_a_loop_is_a_fault_at_each_of_its_items(loop: list[str]) -> None:
    after = [*loop[1:], loop[0]]
    content = package(
        [item(name) for name in "abcde"],
        [placed(*ends) for ends in zip(loop, after, strict=True)],
    )
    told = read(content)
    assert [(one.line, one.code) for one in told.faults] == [
        ("abcde".index(name) + 1, "case_loop") for name in loop
    ]


def test_a_parent_that_is_not_in_the_file_is_a_fault_with_its_place() -> None:
    (fault,) = read(package([item("a")], [placed("a", "nowhere")])).faults
    assert (fault.line, fault.column, fault.code) == (1, "CFAssociations", "case_unknown_parent")
    assert fault.facts["place"] == "CFAssociations[0].destinationNodeURI"


def test_a_chain_without_end_is_refused_by_the_rules_and_breaks_nothing() -> None:
    names = [str(one) for one in range(3_000)]
    content = package(
        [item(name) for name in names],
        [placed(*ends) for ends in pairwise(names)],
    )
    told = read(content)
    assert told.faults == ()
    assert {fault.code for fault in compare(told, Known()).faults} == {"too_deep"}


# --- Kinds and codes


def test_items_of_no_known_kind_are_groups_and_competencies() -> None:
    content = package([item("a"), item("b")], [placed("a", "document"), placed("b", "a")])
    told = read(content)
    assert [line.kind for line in told.lines] == ["group", "competency"]
    assert remarks(told)["case_kind_guessed"] == 2


def test_our_types_are_known_by_identifier_and_those_of_others_by_title() -> None:
    ours = ITEM_TYPES["critical_learning"]
    target = {"title": "Peu importe", "identifier": ours.identifier, "uri": "https://a.example/"}
    content = package(
        [
            item("a", CFItemType="COMPÉTENCE"),
            item("b", CFItemType="Level"),
            item("c", CFItemTypeURI=target),
        ],
        [placed("a", "document"), placed("b", "a"), placed("c", "b")],
    )
    told = read(content)
    assert [line.kind for line in told.lines] == ["competency", "level", "critical_learning"]
    assert [line.extra.get("CFItemType") for line in told.lines] == ["COMPÉTENCE", "Level", None]


def test_a_title_that_cannot_be_a_kind_there_is_not_taken_for_it() -> None:
    content = package(
        [item("a", CFItemType="Component"), item("b", CFItemType="Indicator")],
        [placed("a", "document"), placed("b", "a")],
    )
    told = read(content)
    assert compare(told, Known()).faults == ()
    assert [line.kind for line in told.lines] == ["group", "competency"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    parents=st.lists(st.integers(-1, 20), min_size=1, max_size=20),
    likely=st.dictionaries(st.integers(0, 19), st.sampled_from(list(ITEM_TYPES))),
)
def test_guessed_kinds_make_a_sound_tree_and_stay_when_some_become_sure(
    parents: list[int], likely: dict[int, str]
) -> None:
    above = {child: parent for child, parent in enumerate(parents) if 0 <= parent < child}
    children: dict[int, list[int]] = {}
    for child, parent in above.items():
        children.setdefault(parent, []).append(child)
    order = list(range(len(parents)))
    kinds = guessed(order, children, {}, likely)
    for node in order:
        assert kinds[node] in UNDER[kinds[above[node]] if node in above else ""]
    sure = {node: kinds[node] for node in order[::2]}
    assert guessed(order, children, sure, likely) == kinds


def test_codes_are_kept_when_they_can_be_and_derived_otherwise() -> None:
    content = package(
        [
            item("a", humanCodingScheme="C1"),
            item("b", humanCodingScheme="D"),
            item("c", humanCodingScheme="D"),
            item("d", humanCodingScheme="x" * 41),
            item("e"),
        ]
    )
    told = read(content)
    assert told.lines[0].code == "C1"
    assert len({line.code for line in told.lines}) == 5
    assert all(line.code.startswith("i-") for line in told.lines[1:])
    assert remarks(told)["case_code_derived"] == 3
    assert [line.code for line in read(content).lines] == [line.code for line in told.lines]
    written = json.loads(exported(known(told)))["CFItems"]
    schemes = [one.get("humanCodingScheme") for one in written]
    assert schemes == ["C1", "D", "D", "x" * 41, None]
