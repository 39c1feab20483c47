"""What kind of session a title announces; exams are what must not be missed."""

import hashlib
from pathlib import Path

import pytest
import yaml

from reseda.timetable.domain.events import Event
from reseda.timetable.domain.reading import read
from reseda.timetable.domain.typing_rules import (
    DEFAULT_RULES,
    KINDS,
    Rule,
    kind_of,
    kind_of_structured,
)
from reseda.timetable.tests.calendars import ade, ade_event, test_data

HERE = Path(__file__).parent
LEAST_RECALL, LEAST_PRECISION = 0.995, 0.98


@pytest.mark.parametrize(
    "title",
    [
        "SAE12-TP2_Exam",
        "R954 Optique ctrl TP",
        "R953 Optique crtrl TP",
        "DS Maths",
        "DS2 - Physique",
        "CC1 Algèbre",
        "Contrôle continu d’anglais",
        "CONTRÔLE TERMINAL",
        "X9ZZ01A - EXAMEN - Optique",
        "X9ZZ02A - EXAM SESSION 2",
        "Partiel de mécanique",
        "Soutenance de stage",
        "R951 ctrl RATTRAPAGE",
        "Évaluation finale",
        "Evaluation",
        "Test de positionnement",
        "R952 Anglais oral",
        "QCM veille",
        "Devoir surveillé",
        "Interro de vocabulaire",
        "TP noté",
        "Épreuve écrite",
        "TP2Exam",
        "Examen_terminal",
    ],
)
def test_an_exam_is_found_whatever_its_writing(title: str):
    assert kind_of(title).kind == "exam"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Équations aux dérivées partielles - CM", "lecture"),
        ("Techniques de test - TD", "tutorial"),
        ("Contrôle de gestion CM", "lecture"),
        ("Évaluation des performances des réseaux TP", "practical"),
        ("Expression orale TD", "tutorial"),
        ("R955 Conduite de projet CM", "lecture"),
        ("Droit de l’entreprise - CTD", "tutorial"),
        ("Projet de site d’entreprise", "project"),
        ("SAE 905 Projet TP en autonomie", "practical"),
        ("Stage ouvrier", "placement"),
        ("entreprise", "placement"),
        ("Férié", "holiday"),
        ("Vacances de Noël", "holiday"),
        ("Réunion de rentrée", "admin"),
        ("WEI", "other"),
        ("ZZI901I", "unknown"),
        ("", "unknown"),
    ],
)
def test_other_kinds_are_told_apart_from_exams(title: str, kind: str):
    assert kind_of(title).kind == kind


def test_what_no_rule_knows_is_never_sure():
    assert kind_of("ZZI901I") == ("unknown", "", False)


def test_the_answer_names_the_rule_that_gave_it():
    assert kind_of("R101 ctrl") == ("exam", "exam.control", True)


@pytest.mark.parametrize(("pattern", "kind"), [("(", "exam"), ("x", "party")])
def test_a_rule_that_cannot_work_is_refused(pattern: str, kind: str):
    with pytest.raises(ValueError, match=r"unknown kind|bad pattern"):
        Rule("x", pattern, kind)


def test_the_field_of_the_form_decides_before_the_name_of_the_subject():
    assert kind_of_structured("TP", "UE 7 TECHNIQUES DE TEST", "").kind == "practical"
    assert kind_of_structured("Evaluation", "UE 7 TECHNIQUES DE TEST", "").kind == "exam"


def test_an_exam_announced_in_the_memo_wins_but_waits_for_a_person():
    typed = kind_of_structured("CM", "VEILLE", "QCM en fin de séance")

    assert (typed.kind, typed.is_sure) == ("exam", False)


def test_a_course_whose_name_sounds_administrative_stays_compulsory():
    (event,) = read(ade([ade_event(summary="R301 Conseil et stratégie")])).events

    assert event.kind == "unknown"


def test_every_rule_has_a_code_of_its_own_and_a_kind_of_the_contract():
    assert len({rule.code for rule in DEFAULT_RULES}) == len(DEFAULT_RULES)
    assert {rule.kind for rule in DEFAULT_RULES} <= set(KINDS)


def cases() -> list[tuple[str, str, str]]:
    """Titles in the styles of many schools, with the kind a person expects and its sign."""
    by_style = yaml.safe_load((HERE / "cases" / "typing.yaml").read_text(encoding="utf-8"))
    return [
        (str(title), *expected.partition(" ")[::2])
        for titles in by_style.values()
        for title, expected in titles.items()
    ]


@pytest.mark.parametrize(("title", "kind", "sign"), cases())
def test_a_title_is_typed_as_a_person_would_type_it(title: str, kind: str, sign: str):
    typed = kind_of(title)

    assert typed.kind == kind
    assert {"!": typed.is_sure, "?": not typed.is_sure, "": True}[sign]


def test_the_cases_are_many_and_of_every_kind():
    assert len(cases()) >= 150
    assert {kind for _, kind, _ in cases()} == set(KINDS)


REAL = [
    ("ade_enseeiht_2019_apprentis_515ev.ics", 19),
    ("ade_iut_rt_but1_2023_1432ev.ics", 124),
    ("hp_avignon_ceri_m1_2024_369ev.ics", 22),
]


def labelled() -> set[str]:
    """The sessions of the real files whose title, read by eye, announces an exam: the beginnings of
    the digests of their UIDs, which say nothing of the files.
    """
    text = (HERE / "cases" / "real_exams.txt").read_text(encoding="utf-8")
    return {line for line in text.split("\n") if line and not line.startswith("#")}


def label(event: Event) -> str:
    return hashlib.sha256(event.uid.encode()).hexdigest()[:12]


@pytest.mark.parametrize(("name", "count"), REAL)
def test_the_exams_of_the_real_files_are_found_or_left_to_confirm(name: str, count: int):
    events = read(test_data("timetables", name).read_bytes()).events
    exams = [event for event in events if label(event) in labelled()]

    found = sum(event.kind in ("exam", "unknown") for event in exams)

    assert len(exams) == count
    assert found / count >= LEAST_RECALL


@pytest.mark.parametrize(("name", "count"), REAL)
def test_what_is_called_an_exam_in_the_real_files_is_one(name: str, count: int):
    events = read(test_data("timetables", name).read_bytes()).events
    called = [event for event in events if event.kind == "exam"]

    right = sum(label(event) in labelled() for event in called)

    assert right / len(called) >= LEAST_PRECISION
    assert len(called) <= 1.05 * count


def test_the_exams_among_the_cases_are_found_and_little_else_is():
    exams = [title for title, kind, _ in cases() if kind == "exam"]
    others = [title for title, kind, _ in cases() if kind != "exam"]
    missed = [title for title in exams if kind_of(title).kind not in ("exam", "unknown")]
    wrong = [title for title in others if kind_of(title).kind == "exam"]

    assert len(missed) <= (1 - LEAST_RECALL) * len(exams), missed
    assert len(wrong) <= (1 - LEAST_PRECISION) * len(others), wrong


def test_most_sessions_of_the_real_files_have_a_kind():
    for path in sorted(test_data("timetables").glob("*ev.ics")):
        events = read(path.read_bytes()).events
        unknown = sum(event.kind == "unknown" for event in events)
        assert unknown <= 0.06 * len(events), path.name
