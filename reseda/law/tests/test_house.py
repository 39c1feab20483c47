"""No legal figure is written in the code or the pages of the house: each is read from the law."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from reseda.law import queries

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("service", "timetable", "recognition", "hall")
SOURCES = sorted(
    path
    for room in ROOMS
    for path in (HOUSE / room).rglob("*.py")
    if not {"tests", "migrations", "demo"} & set(path.parts)
)
TEMPLATES = sorted(path for room in ROOMS for path in (HOUSE / room).rglob("templates/**/*.html"))
# Figures of the law that nothing else of the house is likely to be; 60 or 90 may be minutes.
TELLING = {37, 72, 185, 210, 370}
NUMBER = r"(?:\d+|un|deux|trois|cinq|dix|quinze|trente|soixante|quatre-vingt-dix)"
NAMES = r"(?:jours?|jours ouvrés|jours ouvrables|mois|ans)"
WRITTEN = re.compile(
    rf"\b(?:plafond|préavis|délai|dans les?|au plus|sous) {NUMBER}\s{NAMES}\b"
    rf"|[\"“]{NUMBER}\s{NAMES}[\"”]"
)
# Verbs of the journal begin with the name of a room.
HEADS = {code.split(".")[0] for code in queries.book()} - set(ROOMS)
CODE = re.compile(rf"(?:{'|'.join(sorted(HEADS))})(?:\.[a-z_]+)+")
# A road of appeal written in a letter of a decision: general administrative law, not a rule here.
APPEAL = "Recours gracieux auprès de la direction dans les deux mois"


@cache
def constants(path: Path) -> tuple[object, ...]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return tuple(node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))


def strings(path: Path) -> Iterator[str]:
    return (value for value in constants(path) if isinstance(value, str))


def name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def asked(path: Path) -> set[str]:
    if path.suffix == ".py":
        return {found for found in strings(path) if CODE.fullmatch(found)}
    return set(re.findall(r'{% (?:why|legal) "([^"]+)"', path.read_text(encoding="utf-8")))


def test_no_figure_of_the_law_is_a_constant_of_the_code() -> None:
    assert not {
        (name(path), value)
        for path in SOURCES
        for value in constants(path)
        if type(value) in (int, float) and value in TELLING
    }


def test_no_sentence_of_the_code_writes_a_figure_of_the_law() -> None:
    assert not {
        (name(path), text)
        for path in SOURCES
        for text in strings(path)
        if WRITTEN.search(f'"{text.replace(APPEAL, "")}"')
    }


def test_no_page_writes_a_figure_of_the_law() -> None:
    found = {name(path): WRITTEN.findall(path.read_text(encoding="utf-8")) for path in TEMPLATES}
    wrong = {path: figures for path, figures in found.items() if figures}
    assert not wrong, "write {% legal code day %} instead, and {% why code day %} beside it"


def test_every_legal_value_that_is_asked_for_exists() -> None:
    known = queries.book()
    heads = {code.rsplit(".", n)[0] for code in known for n in range(4)}
    assert not {
        (name(path), code) for path in [*SOURCES, *TEMPLATES] for code in asked(path) - heads
    }
