"""Every format: what is written comes back unchanged, what others write is understood."""

import io
import json
import os
import zipfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.competencies.domain.changes import Known, Told, compare
from reseda.competencies.domain.exchange import esco, formats, moodle, rncp, rome, sheet
from reseda.competencies.domain.framework import MAX_STATEMENT, UNDER, About, Line, Link, check
from reseda.schools.domain.workbooks import Unreadable
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


def real(name: str) -> bytes:
    folder = os.environ.get("RESEDA_TEST_DATA")
    if not folder:
        pytest.skip(f"RESEDA_TEST_DATA is not set: {name} is not tried")
    return (Path(folder) / "competencies" / name).read_bytes()


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


BLOCKS = [
    {
        "id": "RNCP1BC01",
        "prefLabel": ["Bloc un"],
        "competency": [
            {"id": "a", "prefLabel": ["Faire"]},
            {"id": "a", "prefLabel": ["Faire"]},
            {"id": "b", "prefLabel": ["Défaire"]},
        ],
    },
    {"id": "RNCP2BC01", "prefLabel": ["Bloc deux"], "competenciesSource": "- Dire\n- Redire"},
]


def test_blocks_of_several_certifications_become_groups_blocks_and_competencies() -> None:
    kind, told = formats.read(json.dumps(BLOCKS).encode())
    assert kind == formats.RNCP
    assert [(line.code, line.parent, line.kind) for line in told.lines] == [
        ("RNCP1", "", "group"),
        ("RNCP1BC01", "RNCP1", "block"),
        ("RNCP1BC01-1", "RNCP1BC01", "competency"),
        ("RNCP1BC01-2", "RNCP1BC01", "competency"),
        ("RNCP2", "", "group"),
        ("RNCP2BC01", "RNCP2", "block"),
    ]
    assert told.lines[-1].extra == {"notes": "- Dire\n- Redire"}
    assert [(fault.facts["place"], fault.code) for fault in told.remarks] == [
        ("[0].competency[1]", "said_twice")
    ]
    assert told.about is not None
    assert "France compétences" in told.about.notes
    assert compare(told, Known()).faults == ()
    assert formats.read(json.dumps(BLOCKS).encode())[1] == told


@pytest.mark.parametrize(
    ("found", "place"),
    [
        ([BLOCKS[0], {"id": "Bloc 2", "prefLabel": ["x"]}], (2, "id", "not_a_block")),
        ([BLOCKS[0], "texte"], (2, "id", "not_a_block")),
        ([*BLOCKS, BLOCKS[1]], (3, "code", "repeated_code")),
    ],
)
def test_a_wrong_block_is_named_by_its_place(found: list[Any], place: tuple[int, str, str]) -> None:
    faults = compare(formats.read(json.dumps(found).encode())[1], Known()).faults
    assert place in {(fault.line, fault.column, fault.code) for fault in faults}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_official_table_of_the_rome_is_read_with_its_macro_competencies(
    separator: str, encoding: str
) -> None:
    rows = [
        ("code_ogr", "nature", "libelle_competence", "code_ogr_macro_comp"),
        ("101", "Compétence", "Préparer un véhicule", "900"),
        ("900", "Macro", "Préparer son matériel", ""),
        ("102", "Compétence", "Veiller", "901"),
        ("103", "Savoir-être", "Persévérer", ""),
    ]
    data = "\n".join(separator.join(row) for row in rows).encode(encoding)
    kind, told = formats.read(data)
    assert kind == formats.ROME
    assert [(line.code, line.parent, line.kind, line.statement) for line in told.lines] == [
        ("900", "", "group", "Préparer son matériel"),
        ("901", "", "group", "Macro-compétence 901"),
        ("101", "900", "competency", "Préparer un véhicule"),
        ("102", "901", "competency", "Veiller"),
        ("103", "", "competency", "Persévérer"),
    ]
    assert told.about is not None
    assert "France Travail, ROME 4.0" in told.about.notes
    assert compare(told, Known()).faults == ()


def test_the_table_of_the_tree_of_the_rome_gives_every_level() -> None:
    data = (
        "code_enjeu;enjeu;code_objectif;objectif;code_ogr_macro_competence;"
        "libelle_macro_competence;code_ogr_competence;libelle_competence\n"
        "1;Produire;1A;Préparer;900;Préparer son matériel;101;Préparer un véhicule\n"
        "1;Produire;1A;Préparer;900;Préparer son matériel;102;Ranger\n"
    )
    kind, told = formats.read(data.encode())
    assert kind == formats.ROME
    assert [(line.code, line.parent, line.kind, line.rank) for line in told.lines] == [
        ("1", "", "group", 1),
        ("1A", "1", "group", 1),
        ("900", "1A", "group", 1),
        ("101", "900", "competency", 1),
        ("102", "900", "competency", 2),
    ]


def test_labels_keep_their_identifiers_wherever_they_stand() -> None:
    first = formats.read(b"Abattre un arbre\nRanger, trier\n", "ROME.txt")[1]
    again = formats.read(b'Ranger, trier\r\n\r\nPorter "haut"\r\nAbattre un arbre\r\n')[1]
    known = {line.statement: line.identifier for line in first.lines}
    assert {line.statement: line.identifier for line in again.lines}.items() >= known.items()
    assert first.about is not None
    assert again.about is None


URI = "http://data.europa.eu/esco/skill/"
SKILLS = f"""conceptUri,preferredLabel,altLabels,description,broaderConceptUri,broaderConceptPT
{URI}{IDENTIFIERS[1]},écouter,entendre | prêter l’oreille,"Être attentif,
  longtemps",{URI}{IDENTIFIERS[2]} | {URI}S1.2,communiquer | travailler
{URI}{IDENTIFIERS[2]},communiquer,,,,
"""


def test_a_collection_of_esco_becomes_a_tree_with_its_notices() -> None:
    kind, told = formats.read(SKILLS.encode())
    assert kind == formats.ESCO
    assert [(line.kind, line.statement, line.source) for line in told.lines] == [
        ("group", "travailler", f"{URI}S1.2"),
        ("competency", "écouter", URI + IDENTIFIERS[1]),
        ("group", "communiquer", URI + IDENTIFIERS[2]),
    ]
    assert told.lines[1].parent == told.lines[2].code
    assert told.lines[1].identifier == IDENTIFIERS[1]
    assert told.lines[1].extra == {
        "notes": "Être attentif, longtemps",
        "conceptKeywords": ["entendre", "prêter l’oreille"],
    }
    assert [(link.kind, link.destination) for link in told.links or ()] == [("isPartOf", "S1.2")]
    assert [fault.code for fault in told.remarks] == ["second_parent"]
    assert told.about is not None
    assert esco.NOTICE in told.about.notes
    assert esco.NOTICE_EN in told.about.notes
    assert compare(told, Known()).faults == ()


def test_skills_above_themselves_are_told() -> None:
    data = SKILLS.replace("communiquer,,,,", f"communiquer,,,{URI}{IDENTIFIERS[1]},écouter")
    faults = compare(formats.read(data.encode())[1], Known()).faults
    assert {fault.code for fault in faults} == {"loop"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        (b"%PDF-1.7 ...", "binary"),
        (b"\x89PNG\r\n", "binary"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (b'{"a": 1}', "unknown_json"),
        (b'{"a": ', "not_json"),
        (b"[" * 100_000, "not_json"),
        ("nom;prénom;e-mail\nRoux;Camille;c@x.fr\nPetit;Max;m@x.fr\n".encode(), "unknown_format"),
        (b"<html>\n<p>un deux</p>\n</html>", "unknown_format"),
        (b"Code;Nature\nC1;niveau\n", "missing_columns"),
        (b"PK\x03\x04rien", "broken_workbook"),
    ],
)
def test_what_fits_no_format_is_refused_by_a_code(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        formats.read(data, "referentiel.json")
    assert caught.value.code == code


def test_an_archive_that_swells_is_not_opened() -> None:
    swollen = io.BytesIO()
    with zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 90_000_000)
    with pytest.raises(Unreadable, match="too_big"):
        formats.read(swollen.getvalue())


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    try:
        told = formats.read(data)[1]
    except Unreadable:
        return
    assert isinstance(told, Told)
    compare(told, Known())


def again(told: Told) -> bool:
    """Whether the same file, once written, changes nothing."""
    first = compare(told, Known())
    assert first.faults == ()
    known = Known(first.lines, first.links or (), first.terms or (), first.about or About())
    return compare(told, known).is_nothing


@pytest.mark.parametrize(
    ("name", "kind", "kinds"),
    [
        ("rome_labels.txt", formats.ROME_LABELS, {"competency": 14_489}),
        (
            "rncp/RNCPblocks.json",
            formats.RNCP,
            {"group": 200, "block": 1_221, "competency": 2_691},
        ),
        ("esco/v1.2.1_labels_skills_fr.csv", formats.ESCO, {"competency": 13_095}),
        (
            "esco/v1.2_transversalSkillsCollection_fr.csv",
            formats.ESCO,
            {"competency": 96, "group": 24},
        ),
    ],
)
def test_real_files_are_recognised_read_whole_and_change_nothing_twice(
    name: str, kind: str, kinds: dict[str, int]
) -> None:
    data = real(name)
    found, told = formats.read(data, name)
    assert (found, Counter(line.kind for line in told.lines)) == (kind, Counter(kinds))
    assert max(len(line.statement) for line in told.lines) <= MAX_STATEMENT
    assert again(told)
    assert formats.recognise(data, name) == kind


def test_what_no_database_takes_is_left_out_or_told() -> None:
    found = [{"id": "RNCP1BC01", "prefLabel": ["Bl\x00oc\ud800"], "competenciesSource": "a\x07"}]
    block = formats.read(json.dumps(found).encode())[1].lines[-1]
    assert (block.statement, block.extra) == ("Bloc", {"notes": "a"})
    line = Line("C1", "", "competency", "a\x00b", "c\x1bd", source="javascript:alert(1)", line=3)
    assert [(fault.column, fault.code) for fault in check([line])] == [
        ("source", "not_an_address"),
        ("statement", "control_character"),
        ("statement_en", "control_character"),
    ]


def test_credits_are_those_of_units_in_tenths() -> None:
    def codes(kind: str, amount: str) -> list[str]:
        line = Line("U", "", kind, "Unité", credits=Decimal(amount))
        return [fault.code for fault in check([line])]

    assert codes("teaching_unit", "2.5") == []
    assert codes("teaching_unit", "2.55") == ["credits_too_fine"]
    assert codes("teaching_unit", "301") == ["credits_out_of_range"]
    assert codes("competency", "2") == ["credits_not_of_unit"]


def test_more_items_than_a_framework_may_hold_are_refused() -> None:
    stated = [{"id": str(n), "prefLabel": [f"Faire {n}"]} for n in range(formats.MAX_ROWS + 1)]
    block = {"id": "RNCP1BC01", "prefLabel": ["Bloc"], "competency": stated}
    labels = "\n".join(f"Faire {n} fois" for n in range(formats.MAX_ROWS + 1))
    for data in (json.dumps([block]), labels):
        with pytest.raises(Unreadable, match="too_many_rows"):
            formats.read(data.encode())


def test_a_description_too_long_to_be_a_statement_stays_a_note() -> None:
    name, long = "x" * 100, "x" * 3_000
    rows = f",C1,{name},{long},2,,,,0,null,,,,\n"
    line = formats.read((MOODLE_HEAD + A_FRAMEWORK.format("level") + rows).encode())[1].lines[0]
    assert (line.statement, line.extra) == (name, {"notes": long})


def test_readers_refuse_what_is_not_theirs() -> None:
    with pytest.raises(Unreadable, match="not_rncp"):
        rncp.read(b"[1, 2]")
    with pytest.raises(Unreadable, match="not_json"):
        rncp.read(b"nothing")
    with pytest.raises(Unreadable, match="not_moodle"):
        moodle.read(b"a,b\n1,2\n")
    with pytest.raises(Unreadable, match="missing_columns"):
        rome.read(b"code_ogr;x\n1;2\n")
    with pytest.raises(Unreadable, match="empty"):
        rome.read_statements(b" \n")
