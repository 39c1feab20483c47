"""The import of people: what a table would do to a school, told before anything is written."""

from dataclasses import replace

import pytest

from reseda.schools.domain import roster
from reseda.schools.domain.roster import Known, Person, Place

ING1 = Place("INFO", "2026-2027", "ING1")
HEAD = "E-mail;Nom;Prénom;Numéro étudiant;Formation;Promotion;Année;Groupes;Rôle\n"
ZOE = "zoe@ecole.fr;Lefèvre;Zoé;1001;INFO;ING1;2026-2027;TD1, TP2;élève\n"
KNOWN = Known(
    programmes={"INFO": "Informatique et systèmes", "GC": "Génie civil"},
    years=frozenset({"2025-2026", "2026-2027"}),
    year="2026-2027",
    cohorts=frozenset({ING1}),
    people={},
    groups=frozenset({(ING1, "TD1"), (ING1, "TP2")}),
)
KNOWS_ZOE = replace(
    KNOWN,
    people={
        "zoe@ecole.fr": Person(
            "Lefèvre",
            "Zoé",
            frozenset({"student"}),
            {"2026-2027": (ING1, "1001", frozenset({"TD1", "TP2"}))},
        )
    },
    numbers={(ING1, "1001"): "zoe@ecole.fr"},
)


def read(lines: str, known: Known = KNOWN, head: str = HEAD) -> roster.Roster:
    return roster.read((head + lines).encode(), known)


def faults(lines: str, known: Known = KNOWN) -> list[tuple[int, str, str, str]]:
    return [(f.line, f.column, f.value, f.code) for f in read(lines, known).faults]


def test_a_new_person_is_to_be_created_with_what_the_line_says() -> None:
    (change,) = read(ZOE).changes
    assert change.is_new
    assert change.entry.place == ING1
    assert change.entry.groups == {"TD1", "TP2"}
    assert change.entry.roles == ("student",)


def test_the_same_file_again_changes_nothing() -> None:
    found = read(ZOE, KNOWS_ZOE)
    assert (found.created, found.updated, found.unchanged) == ((), (), 1)


@pytest.mark.parametrize(
    ("was", "now", "fields"),
    [
        ("Lefèvre", "Lefebvre", [("last_name", "Lefèvre", "Lefebvre")]),
        ("TD1, TP2", "TD1", [("groups", "TD1, TP2", "TD1")]),
        ("ING1", "ING2", [("cohort", "ING1", "ING2")]),
        ("INFO", "GC", [("programme", "INFO", "GC")]),
        ("1001", "1002", [("student_number", "1001", "1002")]),
        ("élève", "élève, évaluatrice", [("role", "student", "assessor")]),
        (
            "2026-2027",
            "2025/26",
            [
                ("programme", "", "INFO"),
                ("cohort", "", "ING1"),
                ("year", "", "2025-2026"),
                ("student_number", "", "1001"),
                ("groups", "", "TD1, TP2"),
            ],
        ),
    ],
)
def test_a_change_tells_each_field_before_and_after(
    was: str, now: str, fields: list[tuple[str, str, str]]
) -> None:
    (change,) = read(ZOE.replace(was, now), KNOWS_ZOE).updated
    assert list(change.fields) == fields


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("zoe@ecole.fr", "ZOE@Ecole.FR"),
        ("INFO", "informatique et SYSTEMES"),
        ("ING1", "ing 1"),
        ("2026-2027", "2026/27"),
        ("2026-2027", "2026"),
        ("2026-2027", ""),
        ("TD1, TP2", "td1 / tp 2"),
        ("élève", "Étudiante"),
        ("élève", ""),
        ("Zoé", "Zoe\u0301"),
    ],
)
def test_what_people_write_otherwise_but_mean_the_same_changes_nothing(was: str, now: str) -> None:
    assert read(ZOE.replace(was, now), KNOWS_ZOE).unchanged == 1


def test_groups_are_left_alone_by_a_file_that_has_no_such_column() -> None:
    head = "E-mail;Nom;Prénom;Numéro étudiant;Formation;Promotion\n"
    assert read("zoe@ecole.fr;Lefèvre;Zoé;1001;INFO;ING1\n", KNOWS_ZOE, head).unchanged == 1


def test_staff_need_neither_number_nor_programme() -> None:
    (change,) = read("m@ecole.fr;Roux;Max;;;;;;enseignant, évaluateur\n").changes
    assert (change.entry.roles, change.entry.place) == (("teacher", "assessor"), None)


def test_new_cohorts_and_groups_are_announced() -> None:
    found = read(ZOE.replace("ING1", "ING9"))
    place = Place("INFO", "2026-2027", "ING9")
    assert found.new_cohorts == (place,)
    assert found.new_groups == ((place, "TD1"), (place, "TP2"))


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("zoe@ecole.fr", "", (2, "email", "", "missing")),
        ("zoe@ecole.fr", "zoe@ecole", (2, "email", "zoe@ecole", "not_an_address")),
        ("zoe@ecole.fr", "zoé ecole.fr", (2, "email", "zoé ecole.fr", "not_an_address")),
        ("Lefèvre", "", (2, "last_name", "", "missing")),
        ("Zoé", "Z" * 81, (2, "first_name", "Z" * 81, "too_long")),
        ("1001", "", (2, "student_number", "", "missing")),
        ("INFO", "", (2, "programme", "", "missing")),
        ("INFO", "CHIMIE", (2, "programme", "CHIMIE", "unknown_programme")),
        ("ING1", "", (2, "cohort", "", "missing")),
        ("2026-2027", "2031-2032", (2, "year", "2031-2032", "unknown_year")),
        ("2026-2027", "2026-2028", (2, "year", "2026-2028", "unknown_year")),
        ("2026-2027", "3", (2, "year", "3", "unknown_year")),
        ("élève", "capitaine", (2, "role", "capitaine", "unknown_role")),
        ("élève", "direction des études", (2, "role", "direction des études", "unknown_role")),
    ],
)
def test_a_wrong_cell_is_named_by_line_column_and_value(
    was: str, now: str, fault: tuple[int, str, str, str]
) -> None:
    assert faults(ZOE.replace(was, now)) == [fault]


def test_one_wrong_line_holds_back_all_the_others() -> None:
    found = read(ZOE + "max@ecole.fr;Roux;;1002;INFO;ING1;;;\n")
    assert [(f.line, f.column) for f in found.faults] == [(3, "first_name")]
    assert found.changes == ()


def test_a_repeated_person_is_named_with_both_lines() -> None:
    (first, second) = read(ZOE + ZOE).faults
    assert (first.code, first.line, first.facts["first"]) == ("repeated_email", 3, 2)
    assert (second.code, second.line, second.facts["first"]) == ("repeated_student_number", 3, 2)


def test_an_account_of_another_school_gets_a_mute_refusal() -> None:
    known = replace(KNOWN, elsewhere=frozenset({"zoe@ecole.fr"}))
    (fault,) = read(ZOE, known).faults
    assert (fault.code, dict(fault.facts)) == ("address_refused", {})


def test_a_student_number_held_by_somebody_else_is_refused() -> None:
    lines = ZOE.replace("zoe@", "zoe.lefevre@")
    assert faults(lines, KNOWS_ZOE) == [(2, "student_number", "1001", "number_taken")]


def test_without_a_current_year_an_empty_cell_is_refused() -> None:
    known = replace(KNOWN, year="")
    assert faults(ZOE.replace("2026-2027", ""), known) == [(2, "year", "", "no_current_year")]


def test_twenty_thousand_lines_are_read_whole() -> None:
    lines = "".join(f"p{n}@ecole.fr;Nom{n};Prénom;{n};INFO;ING1;;;\n" for n in range(20_000))
    assert len(read(lines).created) == 20_000
