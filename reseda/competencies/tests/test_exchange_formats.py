"""Every format is recognised by what it holds, read whole, or refused with its reason."""

import io
import json
import os
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.competencies.domain.changes import Known, Told, compare
from reseda.competencies.domain.exchange import esco, formats, moodle, rncp, rome
from reseda.competencies.domain.framework import MAX_STATEMENT, About, Line, check
from reseda.schools.domain.workbooks import Unreadable

IDENTIFIERS = [f"00000000-0000-4000-8000-{n:012x}" for n in range(9)]


def real(name: str) -> bytes:
    folder = os.environ.get("RESEDA_TEST_DATA")
    if not folder:
        pytest.skip(f"RESEDA_TEST_DATA is not set: {name} is not tried")
    return (Path(folder) / "competencies" / name).read_bytes()


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
