"""What makes a sound framework, and what a file would change of one."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.competencies.domain import framework as rules
from reseda.competencies.domain.changes import Changes, Known, Told, compare
from reseda.competencies.domain.exchange import sheet
from reseda.competencies.domain.framework import Line
from reseda.schools.domain.workbooks import Unreadable

C1 = Line("C1", "", "competency", "Concevoir", "Design", 1, "", line=2)
N1 = Line("N1", "C1", "level", "Novice", "Novice", 1, "", line=3)
A1 = Line("A1", "N1", "critical_learning", "Reformuler un besoin", "", 1, "", line=4)
SOUND = [C1, N1, A1]
HEAD = "Code;Code parent;Nature;Libellé français;Libellé anglais;Identifiant\n"
IDS = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(10)]


def codes(lines: list[Line]) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, fault.code) for fault in rules.check(lines)]


def test_a_sound_tree_has_no_fault() -> None:
    assert codes(SOUND) == []
    assert rules.missing(SOUND, has_levels=True) == ()


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([C1, replace(N1, parent="C9"), A1], (3, "parent", "unknown_parent")),
        ([C1, replace(N1, parent=""), A1], (3, "parent", "kind_not_allowed")),
        ([C1, N1, replace(A1, parent="C1")], (4, "parent", "kind_not_allowed")),
        ([*SOUND, replace(C1, line=5)], (5, "code", "repeated_code")),
        ([C1, replace(N1, code="", line=3)], (3, "code", "missing")),
        ([C1, N1, replace(A1, statement="")], (4, "statement", "missing")),
        ([C1, N1, replace(A1, statement="x" * 2001)], (4, "statement", "too_long")),
        ([C1, replace(N1, code="x" * 41)], (3, "code", "too_long")),
        ([*SOUND, replace(N1, code="N2", line=5)], (5, "code", "rank_twice")),
        (
            [replace(C1, identifier=IDS[0]), replace(N1, identifier=IDS[0])],
            (3, "identifier", "repeated_identifier"),
        ),
    ],
)
def test_each_fault_is_named_by_its_line_and_column(
    lines: list[Line], fault: tuple[int, str, str]
) -> None:
    assert codes(lines) == [fault]


def test_a_loop_is_found_on_each_of_its_items() -> None:
    lines = [replace(N1, parent="A1"), A1]
    assert {(line, code) for line, _column, code in codes(lines) if code == "loop"} == {
        (3, "loop"),
        (4, "loop"),
    }
    assert (2, "parent", "loop") in codes([replace(C1, parent="C1")])


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "without_competency"),
        ([C1], "without_level"),
        ([C1, N1], "without_critical_learning"),
    ],
)
def test_a_school_framework_is_published_only_when_complete(lines: list[Line], code: str) -> None:
    assert [fault.code for fault in rules.missing(lines, has_levels=True)] == [code]


def test_a_reserve_framework_needs_no_level() -> None:
    assert rules.missing([C1], has_levels=False) == ()


def test_a_file_is_read_with_kinds_in_french_or_english_and_siblings_in_order() -> None:
    text = HEAD + "C1;;Compétence;Concevoir;Design;\nB;C1;NIVEAU;Deux;;\nA;C1;level;Un;;\n"
    told = sheet.read(text.encode("cp1252"))
    assert told.faults == ()
    assert [(line.code, line.kind, line.rank, line.line) for line in told.lines] == [
        ("C1", "competency", 1, 2),
        ("B", "level", 1, 3),
        ("A", "level", 2, 4),
    ]


def test_an_unknown_kind_and_a_broken_identifier_are_named() -> None:
    told = sheet.read((HEAD + "C1;;Talent;Concevoir;;42\n").encode())
    assert [(f.line, f.column, f.value, f.code) for f in told.faults] == [
        (2, "kind", "Talent", "unknown_kind"),
        (2, "identifier", "42", "not_an_identifier"),
    ]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(Unreadable) as caught:
        sheet.read(b"Code;Nature\nC1;niveau\n")
    assert caught.value.facts["columns"] == "parent, statement"


def changes(lines: list[Line], known: list[Line]) -> Changes:
    return compare(Told(tuple(lines)), Known(tuple(known)))


KNOWN = [replace(line, identifier=IDS[rank]) for rank, line in enumerate(SOUND)]


def test_the_same_lines_change_nothing_with_or_without_identifiers() -> None:
    assert changes(SOUND, KNOWN).is_nothing
    assert changes(KNOWN, KNOWN).unchanged == len(SOUND)


def test_an_item_is_followed_by_its_identifier_when_its_code_changes() -> None:
    found = changes([KNOWN[0], KNOWN[1], replace(KNOWN[2], code="A9")], KNOWN)
    assert [(was.code, now.code) for was, now in found.updated] == [("A1", "A9")]
    assert (found.created, found.removed) == ((), ())


def test_what_the_file_no_longer_says_is_removed_and_what_is_new_created() -> None:
    found = changes([C1, replace(N1, code="N9")], KNOWN)
    assert [line.code for line in found.created] == ["N9"]
    assert [line.code for line in found.removed] == ["N1", "A1"]


@given(
    st.lists(
        st.builds(
            Line,
            st.sampled_from(["a", "b", "c", ""]),
            st.sampled_from(["", "a", "b", "c"]),
            st.sampled_from(list(rules.UNDER)),
            st.just("x"),
        ),
        max_size=6,
    )
)
def test_any_lines_are_checked_to_the_end_and_accepted_ones_make_a_tree(lines: list[Line]) -> None:
    if not rules.check(lines):
        parents = {line.code: line.parent for line in lines}
        for line in lines:
            place, steps = line.code, 0
            while place:
                place, steps = parents[place], steps + 1
            assert steps <= 4
