"""What kind of session a title announces; exams are what must not be missed."""

import re

import pytest

from reseda.timetable.domain.reading import read
from reseda.timetable.domain.typing_rules import (
    DEFAULT_RULES,
    KINDS,
    Rule,
    kind_of,
    kind_of_structured,
)
from reseda.timetable.tests.calendars import ade, ade_event, test_data


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


# Read by eye in the real files: every title that announces an exam contains one of these.
SIGNS = re.compile(
    r"ctrl|crtrl|exam|ds\b|partiel|soutenance|rattrapage|[ée]valuation|\btest\b|\boral\b|qcm",
    re.IGNORECASE,
)
NOT_EXAMS = re.compile(r"TECHNIQUES DE TEST - (?:TP|CM)$")


@pytest.mark.parametrize(
    ("name", "exams"),
    [
        ("ade_enseeiht_2019_apprentis_515ev.ics", 19),
        ("ade_iut_rt_but1_2023_1432ev.ics", 124),
        ("hp_avignon_ceri_m1_2024_369ev.ics", 22),
    ],
)
def test_every_exam_of_the_real_files_is_found_and_nothing_else_is(name: str, exams: int):
    events = read(test_data("timetables", name).read_bytes()).events
    announced = {e.uid for e in events if SIGNS.search(e.title) and not NOT_EXAMS.search(e.title)}

    assert announced == {event.uid for event in events if event.kind == "exam"}
    assert len(announced) == exams


def test_most_sessions_of_the_real_files_have_a_kind():
    for path in sorted(test_data("timetables").glob("*ev.ics")):
        events = read(path.read_bytes()).events
        unknown = sum(event.kind == "unknown" for event in events)
        assert unknown <= 0.06 * len(events), path.name
