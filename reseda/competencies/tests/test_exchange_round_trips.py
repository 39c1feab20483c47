"""What is written in a format comes back unchanged; what Moodle writes is understood."""

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.competencies.domain.changes import Known, compare
from reseda.competencies.domain.exchange import formats, moodle, sheet
from reseda.competencies.domain.framework import UNDER, About, Line, Link, check
from reseda.ui.http.sheets import csv_bytes, xlsx_bytes

IDENTIFIERS = [f"00000000-0000-4000-8000-{n:012x}" for n in range(100)]
WORDS = (
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cs", "Cc", "Co", "Cn"], include_characters="\n"
        ),
        min_size=1,
        max_size=150,
    )
    .map(str.strip)
    .filter(lambda text: bool(sheet.sheets.flat(text)))
)
CODES = st.text("ABC019.-,;%=+' é", min_size=1, max_size=8).map(
    lambda text: sheet.sheets.flat(text) or "X"
)
MOODLE_HEAD = (
    "Parent ID number,ID number,Short name,Description,Description format,Scale values,"
    "Scale configuration,Rule type (optional),Rule outcome (optional),Rule config (optional),"
    "Cross-referenced competency ID numbers,Exported ID (optional),Is framework,Taxonomy\n"
)
A_FRAMEWORK = ',F1,Cadre,<p>Le <b>cadre</b></p>,1,"Non,Oui",[],,,,,,1,"{}"\n'


@st.composite
def frameworks(draw: Any) -> Known:
    """A sound framework of every kind, with links of every kind and texts of any shape."""
    codes = draw(st.lists(CODES, min_size=1, max_size=12, unique=True))
    lines: list[Line] = []
    for number, code in enumerate(codes):
        above = draw(st.sampled_from([None, *lines]))
        kinds = UNDER[above.kind] if above else UNDER[""]
        if not kinds:
            above, kinds = None, UNDER[""]
        kind = draw(st.sampled_from(kinds))
        lines.append(
            Line(
                code,
                above.code if above else "",
                kind,
                draw(WORDS),
                draw(st.one_of(st.just(""), WORDS)),
                identifier=IDENTIFIERS[number],
                credits=draw(st.sampled_from([None, Decimal(6), Decimal("2.5")]))
                if kind == "teaching_unit"
                else None,
                source=draw(st.sampled_from(["", "https://exemple.fr/a;b,c"])),
                extra=draw(st.sampled_from([{}, {"notes": "Une note…"}, {"language": "fr"}])),
            )
        )
    ends = st.sampled_from([line.code for line in lines])
    kinds = st.sampled_from(["isRelatedTo", "precedes", "ext:x"])
    pairs = draw(st.lists(st.tuples(kinds, ends, ends), max_size=6, unique=True))
    links = [
        Link(kind, origin, destination, identifier=IDENTIFIERS[50 + place])
        for place, (kind, origin, destination) in enumerate(pairs)
        if origin != destination
    ]
    outside = Link("isPeerOf", lines[0].code, "", {"uri": "https://x"}, IDENTIFIERS[99])
    about = About(creator="École", description=draw(st.sampled_from(["", "Un\ncadre", "=1+1"])))
    return Known(_ranked(lines), (*links, outside), about=about)


def _ranked(lines: list[Line]) -> tuple[Line, ...]:
    """Parents first, siblings counted: the order in which a framework is read."""
    found: list[Line] = []

    def walk(parent: str) -> None:
        below = [line for line in lines if line.parent == parent]
        for rank, line in enumerate(below, start=1):
            found.append(replace(line, rank=rank))
            walk(line.code)

    walk("")
    return tuple(found)


def in_moodle(known: Known) -> bytes:
    return moodle.written(known, title="Ingénieur, « = »", identifier=IDENTIFIERS[98])


@settings(max_examples=150, deadline=None)
@given(frameworks(), st.sampled_from(["fr", "en"]))
def test_a_table_in_either_language_comes_back_unchanged(known: Known, language: str) -> None:
    assert check(known.lines) == ()
    head, body = sheet.written(known, language)
    kind, told = formats.read(csv_bytes(head, body))
    assert kind == formats.SHEET
    changes = compare(told, known)
    assert changes.is_nothing, changes


@pytest.mark.parametrize("statement", ["'=1", "''=1", "=1", "-x", "'x", " \n'@x", "a\n b"])
def test_a_statement_that_looks_like_a_formula_comes_back_as_it_was(statement: str) -> None:
    known = Known((Line("=C1", "", "competency", statement, identifier=IDENTIFIERS[0]),))
    table = sheet.written(known, "fr")
    for data in (csv_bytes(*table), xlsx_bytes(*table), in_moodle(known)):
        assert compare(formats.read(data)[1], known).is_nothing


@settings(max_examples=15, deadline=None)
@given(frameworks())
def test_a_workbook_comes_back_unchanged(known: Known) -> None:
    changes = compare(sheet.read(xlsx_bytes(*sheet.written(known, "fr"))), known)
    assert changes.is_nothing, changes


@settings(max_examples=150, deadline=None)
@given(frameworks())
def test_a_file_for_moodle_comes_back_unchanged(known: Known) -> None:
    kind, told = formats.read(in_moodle(known))
    assert kind == formats.MOODLE
    assert told.identifier == IDENTIFIERS[98]
    changes = compare(told, known)
    assert changes.is_nothing, changes


@settings(max_examples=50, deadline=None)
@given(frameworks())
def test_a_file_for_moodle_makes_a_sound_framework_of_its_own(known: Known) -> None:
    """Kinds are not told by Moodle: those that are guessed always make a tree."""
    told = formats.read(in_moodle(known))[1]
    assert compare(told, Known()).faults == ()


def test_what_a_format_cannot_tell_stays_as_it_is_known() -> None:
    one = Line("C1", "", "competency", "Concevoir", "Design", 1, IDENTIFIERS[0], extra={"a": 1})
    told = formats.read(
        MOODLE_HEAD.encode()
        + A_FRAMEWORK.format("domain").encode()
        + b",C1,Concevoir mieux,,,,,,0,null,,,,\n"
    )[1]
    changes = compare(told, Known((one,)))
    assert [now for _was, now in changes.updated] == [replace(one, statement="Concevoir mieux")]


def test_a_short_name_is_cut_at_one_hundred_characters_and_said_whole_below() -> None:
    long = "Conduire " + "un projet " * 20
    data = in_moodle(
        Known((Line("C1", "", "competency", long.strip(), identifier=IDENTIFIERS[0]),))
    )
    names = [row[2] for row in moodle.csv.reader(io.StringIO(data.decode()))]
    assert max(len(name) for name in names) <= 100
    assert formats.read(data)[1].lines[0].statement == long.strip()


def test_an_export_of_moodle_in_any_language_with_columns_of_its_own_is_read() -> None:
    """Heads translated, one column more, related both ways, a description in HTML."""
    data = (
        MOODLE_HEAD.replace("Parent ID number", "親")
        .replace("ID number", "番号")
        .replace("Is framework", "枠組み")
        .replace("Taxonomy", "分類")
        .replace("Short name", "名")
        .replace("\n", ",Extra\n")
        + A_FRAMEWORK.format("domain,competency,behaviour,level").replace("\n", ",z\n")
        + ",D1,Domaine,,1,,,,0,null,,1,,,z\n"
        + 'D1,C1,Concevoir,"<p>D&eacute;crire &amp; <i>faire</i></p>",1,,,,0,null,"C2,C9",2,,,z\n'
        + "D1,C2,Conduire,,1,,,,0,null,C1,3,,,z\n"
        + "C1,I1,Indice,,1,,,,0,null,,4,,,z\n"
    )
    told = formats.read(data.encode())[1]
    assert told.title == "Cadre"
    assert told.about is not None
    assert told.about.description == "Le cadre"
    assert [(line.code, line.kind, line.parent) for line in told.lines] == [
        ("D1", "group", ""),
        ("C1", "competency", "D1"),
        ("C2", "competency", "D1"),
        ("I1", "indicator", "C1"),
    ]
    assert told.lines[1].extra == {"notes": "Décrire & faire"}
    assert [(fault.line, fault.code) for fault in told.remarks] == [
        (0, "kinds_guessed"),
        (4, "link_left_out"),
    ]
    once = compare(told, Known())
    assert once.faults == ()
    assert [(link.origin, link.destination) for link in once.links or ()] == [("C1", "C2")]
    lines = tuple(
        replace(line, identifier=key) for line, key in zip(once.lines, IDENTIFIERS, strict=False)
    )
    # A link that is known the other way round stays as it is.
    back = (Link("isRelatedTo", "C2", "C1", identifier=IDENTIFIERS[60]),)
    known = Known(lines, back, about=About(description="Le cadre"))
    assert compare(told, known).is_nothing


@pytest.mark.parametrize(
    ("taxonomy", "kinds"),
    [
        ("competency,competency,competency,competency", "group competency indicator"),
        ("competency,level,outcome,indicator", "competency level critical_learning"),
        ("competency,practice,indicator,value", "competency component indicator"),
    ],
)
def test_kinds_are_guessed_by_the_names_of_levels_or_by_the_shape(
    taxonomy: str, kinds: str
) -> None:
    rows = ",A,Un,,1,,,,0,,,,,\nA,B,Deux,,1,,,,0,,,,,\nB,C,Trois,,1,,,,0,,,,,\n"
    told = formats.read((MOODLE_HEAD + A_FRAMEWORK.format(taxonomy) + rows).encode())[1]
    assert " ".join(line.kind for line in told.lines) == kinds
    assert check(told.lines) == ()


def test_a_loop_in_an_export_of_moodle_is_told_not_followed_for_ever() -> None:
    rows = "B,A,Un,,1,,,,0,,,,,\nA,B,Deux,,1,,,,0,,,,,\n"
    told = formats.read((MOODLE_HEAD + A_FRAMEWORK.format("level") + rows).encode())[1]
    assert "loop" in {fault.code for fault in compare(told, Known()).faults}


def test_a_description_too_long_to_be_a_statement_stays_a_note() -> None:
    name, long = "x" * 100, "x" * 3_000
    rows = f",C1,{name},{long},2,,,,0,null,,,,\n"
    line = formats.read((MOODLE_HEAD + A_FRAMEWORK.format("level") + rows).encode())[1].lines[0]
    assert (line.statement, line.extra) == (name, {"notes": long})
