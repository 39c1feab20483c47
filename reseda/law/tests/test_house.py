"""No legal figure is written in the code or the pages of the house: each is read from the law."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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
# Figures of the law that nothing else of the house is likely to be: the others are minutes, tenths.
TELLING = {37, 72, 150, 185, 210, 370}
NUMBER = r"(?:\d+|deux|trois|cinq|dix|quinze|trente|soixante|quatre-vingt-dix)"
NAMES = r"(?:jours?|jours ouvrés|jours ouvrables|mois|ans)"
WRITTEN = re.compile(rf"\b(?:plafond|préavis|délai|dans les|au plus|sous) {NUMBER}\s{NAMES}\b")
# Verbs of the journal begin with the name of a room.
HEADS = {code.split(".")[0] for code in queries.book()} - set(ROOMS)
CODE = re.compile(rf"(?:{'|'.join(sorted(HEADS))})(?:\.[a-z_]+)+")
# A road of appeal written in a letter of a decision: general administrative law, not a rule here.
APPEAL = "Recours gracieux auprès de la direction dans les deux mois"


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def name(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_figure_of_the_law_is_a_constant_of_the_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    ]
    assert not TELLING & set(found)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_sentence_of_the_code_writes_a_figure_of_the_law(path: Path) -> None:
    for text in strings(path):
        assert not WRITTEN.search(text.replace(APPEAL, ""))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_page_writes_a_figure_of_the_law(path: Path) -> None:
    assert not WRITTEN.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*SOURCES, *TEMPLATES], ids=name)
def test_every_legal_value_that_is_asked_for_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    asked = (
        {found for found in strings(path) if CODE.fullmatch(found)}
        if path.suffix == ".py"
        else set(re.findall(r'{% why "([^"]+)"', text))
    )
    known = queries.book()
    assert all(code in known or any(one.startswith(f"{code}.") for one in known) for code in asked)
