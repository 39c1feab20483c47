"""A crosswalk as files, read back by readers that know nothing of us."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from django.core.management import call_command

from reseda.competencies.actions import crosswalks, reviews
from reseda.competencies.domain.exchange import sssom
from reseda.competencies.domain.judgement import Opinion
from reseda.competencies.models import CrosswalkVersion, Item
from reseda.competencies.queries import crosswalks as read
from reseda.competencies.tests.crosswalks import World, world
from reseda.people.models import Person
from reseda.ui.http.sheets import csv_bytes

pytestmark = pytest.mark.django_db

TOTAL = {"relation": "total", "rationale": 'Même geste,\nmême cadre\tet « mêmes » "moyens"'}
WITHIN = {"relation": "partial", "coverage": 25, "is_within": True}
OVERLAP = {"relation": "partial", "coverage": 75}
COMPLEMENTARY = {"relation": "complementary"}
NONE = {"relation": "none"}


@pytest.fixture
def made() -> World:
    """Three rows of two columns, each decided: the last row has no counterpart at all."""
    made = world(title="Réserve : et formation # 1", note="Deux lignes\net « des » guillemets")
    told = [[TOTAL, WITHIN], [OVERLAP, COMPLEMENTARY], [NONE, NONE]]
    for place, row in enumerate(told):
        for column, opinion in enumerate(row):
            for person in (made.assessor, made.juror):
                give(made, person, place, column, **opinion)
    return made


def give(made: World, person: Person, row: int, column: int, **told: Any) -> None:
    reviews.give(made.version, [made.pair(row, column)], **told, by=person)


def publish(made: World) -> CrosswalkVersion:
    crosswalks.publish(made.version, by=made.engineer)
    return CrosswalkVersion.objects.select_related(
        "crosswalk__school", "source__framework", "target__framework"
    ).get(pk=made.version.pk)


def parsed(data: bytes) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Read SSSOM as its specification tells: comments are YAML, the rest is a table."""
    text = data.decode("utf-8")
    lines = text.splitlines(keepends=True)
    header = [line.removeprefix("#") for line in lines if line.startswith("#")]
    body = io.StringIO("".join(lines[len(header) :]), newline="")
    return yaml.safe_load("".join(header)), list(csv.DictReader(body, delimiter="\t"))


def test_sssom_is_read_back_by_anybody(made: World) -> None:
    about, rows = parsed(read.as_sssom(publish(made)))
    version = CrosswalkVersion.objects.select_related("crosswalk").get()
    assert about["mapping_set_title"] == "Réserve : et formation # 1"
    assert about["mapping_set_description"] == "Deux lignes\net « des » guillemets"
    assert about["mapping_set_version"] == "1"
    assert about["mapping_set_id"].endswith(f"/CFDocuments/{version.crosswalk.identifier}")
    assert about["license"].startswith("https://")
    assert set(about["curie_map"]) == {"item", "semapv", "skos", "sssom"}
    assert about["publication_date"] is not None
    told = [(row["subject_label"], row["predicate_id"], row["object_label"]) for row in rows]
    assert told == [
        ("Savoir-faire 1", "skos:exactMatch", "Attendu 1"),
        ("Savoir-faire 1", "skos:broadMatch", "Attendu 2"),
        ("Savoir-faire 2", "skos:closeMatch", "Attendu 1"),
        ("Savoir-faire 2", "skos:relatedMatch", "Attendu 2"),
        ("Savoir-faire 3", "skos:relatedMatch", ""),
    ]
    assert rows[-1]["object_id"] == "sssom:NoTermFound"
    assert rows[0]["comment"] == 'Même geste, même cadre et « mêmes » "moyens"'
    assert [row["other"] for row in rows] == ["", "coverage=25", "coverage=75", "", ""]
    for row in rows:
        assert row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert row["author_label"] == "reviewer 1|reviewer 2"
        for name in ("subject_id", "predicate_id", "object_id"):
            assert row[name].partition(":")[0] in about["curie_map"]
    subject = about["curie_map"]["item"] + rows[0]["subject_id"].removeprefix("item:")
    assert subject.endswith(f"/ims/case/v1p1/CFItems/{made.origins[0].identifier}")


def test_an_origin_that_has_a_counterpart_somewhere_is_not_said_to_have_none(made: World) -> None:
    for person in (made.assessor, made.juror):
        give(made, person, 2, 1, **COMPLEMENTARY)
    _about, rows = parsed(read.as_sssom(publish(made)))
    assert not [row for row in rows if row["object_id"] == "sssom:NoTermFound"]


def test_nor_is_an_origin_that_was_not_looked_at_everywhere(made: World) -> None:
    for person in (made.assessor, made.juror):
        reviews.withdraw(made.version, [made.pair(2, 1)], by=person)
    _about, rows = parsed(read.as_sssom(publish(made)))
    assert [row["subject_label"] for row in rows].count("Savoir-faire 3") == 0


@pytest.mark.parametrize(
    ("told", "property_", "case"),
    [
        (Opinion("total"), "skos:exactMatch", "exactMatchOf"),
        # Reading a map stands whole within finding one's way: the school's is the broader.
        (Opinion("partial", 25, is_within=True), "skos:broadMatch", "isPartOf"),
        (Opinion("partial", 25), "skos:closeMatch", "isRelatedTo"),
        (Opinion("complementary"), "skos:relatedMatch", "isRelatedTo"),
    ],
)
def test_a_narrow_ability_of_the_reserve_is_told_as_a_part_of_a_broad_one_of_the_school(
    told: Opinion, property_: str, case: str
) -> None:
    from reseda.competencies.domain.case.crosswalk import (  # noqa: PLC0415
        Node,
        Pair,
        association_type,
    )

    assert sssom.predicate(told) == property_
    narrow = Node("Lire une carte d’état-major", "n", "https://a.fr/n")
    broad = Node("S’orienter en milieu inconnu", "b", "https://a.fr/b")
    pair = Pair("p", narrow, broad, told.relation, told.coverage, told.is_within)
    assert association_type(pair) == case


def test_the_direction_is_from_the_reserve_to_the_school_in_every_format(made: World) -> None:
    version = publish(made)
    part = str(made.origins[0].identifier), str(made.destinations[1].identifier)
    _about, rows = parsed(read.as_sssom(version))
    broad = next(row for row in rows if row["predicate_id"] == "skos:broadMatch")
    assert (broad["subject_id"], broad["object_id"]) == (f"item:{part[0]}", f"item:{part[1]}")
    links = json.loads(read.as_case(version))["CFAssociations"]
    ends = [
        (link["originNodeURI"]["identifier"], link["destinationNodeURI"]["identifier"])
        for link in links
        if link["associationType"] == "isPartOf"
    ]
    assert ends == [part]


def test_case_tells_what_matches_and_nobody(made: World) -> None:
    version = publish(made)
    links = json.loads(read.as_case(version))["CFAssociations"]
    assert [link["associationType"] for link in links] == [
        "exactMatchOf",
        "isPartOf",
        "isRelatedTo",
        "isRelatedTo",
    ]
    extended = json.loads(read.as_case(version, profile="ext"))["CFAssociations"]
    assert [link["associationType"] for link in extended] == [
        "exactMatchOf",
        "ext:convergentPartial",
        "ext:convergentPartial",
        "ext:complementary",
    ]
    assert links[0]["notes"].startswith("Même geste")
    everything = (read.as_case(version) + read.as_sssom(version)).decode()
    for person in (made.engineer, made.assessor, made.juror):
        assert person.first_name not in everything
        assert person.email not in everything


def test_the_table_tells_every_decision_and_the_opinions_without_names(made: World) -> None:
    give(made, made.engineer, 0, 0, **NONE)
    conflict = made.version.mappings.get(state="conflict")
    reviews.settle(conflict, **WITHIN, rationale="Tranché", by=made.engineer)
    head, body = read.table(publish(made))
    rows = list(csv.reader(io.StringIO(csv_bytes(head, body).decode("utf-8-sig")), delimiter=";"))
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert len(found) == 6
    first, last = found[0], found[-1]
    assert (first["Code d’origine"], first["Énoncé d’arrivée"]) == ("R1", "Attendu 1")
    assert (first["Relation"], first["Part couverte (%)"]) == ("convergente, partielle", "25")
    assert (first["État"], first["Justification"]) == ("tranchée", "Tranché")
    assert [first[name] for name in ("Relecteur 1", "Relecteur 2", "Autres relecteurs")] == [
        "convergente, totale",
        "convergente, totale",
        "aucune correspondance",
    ]
    assert (last["Relation"], last["État"]) == ("aucune correspondance", "d’accord")
    assert "Test" not in str(rows)


def test_a_blind_draft_tells_no_opinion_that_awaits_another(made: World) -> None:
    reviews.withdraw(made.version, [made.pair()], by=made.juror)
    give(made, made.assessor, 0, 1, **NONE)
    told = {(one.origin.code, one.destination.code): one for one in read.decided(made.version)}
    # That somebody gave an opinion is not told either.
    assert ("R1", "S1") not in told
    one = told["R1", "S2"]
    assert (one.state, one.opinion, one.opinions, one.rationale) == ("conflict", None, (), "")
    assert told["R2", "S1"].opinion == Opinion("partial", 75)
    crosswalks.edit(made.version, is_blind=False, by=made.engineer)
    made.version.refresh_from_db()
    assert read.decided(made.version)[0].opinion == Opinion("total")


# --- From the console


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("competencies_export_crosswalk", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_the_command_writes_the_last_published_version_in_each_format(
    made: World, tmp_path: Path
) -> None:
    version = publish(made)
    crosswalks.derive(version, by=made.engineer)
    title = version.crosswalk.title
    assert parsed(run(title, "--format", "sssom").encode())[0]["mapping_set_version"] == "1"
    name = str(version.crosswalk.identifier)
    package = json.loads(run(name, "--format", "case", "--profile", "ext"))
    assert package["CFDocument"]["version"] == "1"
    assert run(title, "--format", "csv").count("convergente") == 9
    file = tmp_path / "table.xlsx"
    told = json.loads(run(title, "--format", "xlsx", "--version", "2", "--output", str(file)))
    assert (told["version"], told["status"], told["crosswalk"]) == (2, "draft", name)
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert (sheet.max_row, sheet["B2"].value) == (7, "Savoir-faire 1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Inconnue", "--format", "csv"], "aucune table de correspondance"),
        (["{title}", "--format", "csv", "--version", "9"], "cette version n’existe pas"),
        (["{title}", "--format", "case"], "publiez d’abord"),
        (["{title}", "--format", "xlsx"], "dites où l’écrire"),
        (["{title}", "--format", "csv", "--school", "nulle-part"], "aucune école"),
        (["{title}", "--format", "csv", "--output", "{folder}/absent/x.csv"], "impossible"),
    ],
)
def test_the_command_says_what_is_wrong_in_one_line_and_ends_with_two(
    made: World, tmp_path: Path, arguments: list[str], words: str
) -> None:
    facts = {"title": made.version.crosswalk.title, "folder": str(tmp_path)}
    out = io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command(
            "competencies_export_crosswalk",
            *(one.format(**facts) for one in arguments),
            stdout=out,
            stderr=out,
        )
    assert caught.value.code == 2
    assert words in out.getvalue()
    assert out.getvalue().count("\n") == 1


def test_labels_are_on_one_line_whatever_people_wrote(made: World) -> None:
    item = Item.objects.get(pk=made.origins[0].pk)
    ends = read.decided(made.version)[0]
    assert ends.origin.identifier == str(item.identifier)
    assert "\t" not in "".join(
        "".join(row.values()) for row in sssom.rows(read.decided(made.version), 2)
    )
