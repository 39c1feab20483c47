"""Packages of other servers are read with indulgence: what they get wrong is repaired or told."""

import json
from typing import Any

import pytest

from reseda.competencies.domain.case.check import check
from reseda.competencies.domain.case.own import FRAMEWORK_TYPE
from reseda.competencies.domain.exchange import case
from reseda.competencies.tests.packages import (
    DOCUMENT,
    SCHOOL,
    beside,
    exported,
    item,
    key,
    known,
    package,
    placed,
    read,
    remarks,
    tree,
)
from reseda.schools.domain.workbooks import Unreadable

# --- What other servers write


def test_objects_wrapped_in_their_name_are_unwrapped() -> None:
    content = package([item("a")], [placed("a", "document")])
    wrapped = {
        "CFPackage": {
            "CFDocument": {"CFDocument": content["CFDocument"]},
            "CFItems": [{"CFItem": content["CFItems"][0]}],
            "CFAssociations": [{"CFAssociation": content["CFAssociations"][0]}],
        }
    }
    assert read(wrapped).lines == read(content).lines


def test_identifiers_are_the_same_whatever_their_case_and_marks() -> None:
    content = package([item("a"), item("b")], [placed("a", "document"), placed("b", "a")])
    other = json.loads(json.dumps(content))
    other["CFItems"][0]["identifier"] = key("a").upper()
    other["CFAssociations"][1]["destinationNodeURI"]["identifier"] = f"urn:uuid:{key('a').upper()}"
    other["CFAssociations"][1]["originNodeURI"]["identifier"] = "{" + key("b") + "}"
    other["CFAssociations"][0]["destinationNodeURI"]["identifier"] = DOCUMENT.upper()
    assert read(other).lines == read(content).lines


def test_ends_told_by_an_address_alone_are_found() -> None:
    content = package(
        [item("a", uri="https://a.example/a"), item("b", uri=f"https://a.example/{key('b')}")],
        [placed("a", "document"), placed("b", "a")],
    )
    content["CFAssociations"][1]["originNodeURI"] = {"uri": f"https://z.example/{key('b')}"}
    content["CFAssociations"][1]["destinationNodeURI"] = "https://a.example/a"
    assert tree(read(content)) == {"Énoncé a": "", "Énoncé b": "Énoncé a"}


def test_identifiers_that_are_no_uuid_are_replaced_by_the_same_each_time() -> None:
    content = package(
        [item("a", identifier="C1"), item("b", identifier=7)],
        [
            {
                **placed("b", "a"),
                "originNodeURI": {"identifier": "7"},
                "destinationNodeURI": {"identifier": "c1"},
            }
        ],
    )
    told = read(content)
    assert told.faults == ()
    assert tree(told) == {"Énoncé a": "", "Énoncé b": "Énoncé a"}
    assert [line.identifier for line in told.lines] == [
        line.identifier for line in read(content).lines
    ]
    assert remarks(told)["case_identifier_derived"] == 2
    content["CFDocument"]["identifier"] = key("another document")
    assert {line.identifier for line in read(content).lines}.isdisjoint(
        line.identifier for line in told.lines
    )


def test_nulls_empty_values_and_strange_fields_are_left_out() -> None:
    content = package(
        [
            item(
                "a",
                notes=None,
                listEnumeration="",
                subject=[],
                educationLevel="06",
                educationalLevel="07",
                statusStartDate="2026-02-30",
                CFItemAssociationURI="https://a.example/",
                couleur="bleu",
            )
        ]
    )
    told = read(content)
    assert told.faults == ()
    assert told.lines[0].extra == {"educationLevel": ["07"]}
    assert remarks(told)["case_unknown_field"] == 1
    assert remarks(told)["case_left_out"] == 1


def test_markup_is_kept_as_text_and_told() -> None:
    told = read(package([item("a", fullStatement="<script>alert(1)</script> si 2 < 3")]))
    assert told.lines[0].statement == "<script>alert(1)</script> si 2 < 3"
    assert remarks(told)["case_markup"] == 1
    plain = read(package([item("a", fullStatement="si 2 < 3 et 4 > 3")]))
    assert "case_markup" not in remarks(plain)


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\x7f"])
def test_a_control_character_is_a_fault_wherever_it_stands(character: str) -> None:
    content = package([item("a"), item("b", notes=f"a{character}b")])
    (fault,) = read(content).faults
    assert (fault.line, fault.code) == (2, "case_control_character")
    assert fault.facts["place"] == "CFItems[1].notes"
    fine = package([item("a"), item("b", notes="a\tb\nc\u2028d\\b")])
    assert read(fine).faults == ()


def test_an_identifier_given_to_two_items_or_two_links_is_a_fault() -> None:
    content = package([item("a"), item("b", identifier=key("a"))])
    (fault,) = read(content).faults
    assert (fault.line, fault.code) == (2, "case_repeated_identifier")
    assert fault.facts["first"] == "CFItems[0].identifier"
    twice = beside("precedes", "a", "b")
    content = package([item("a"), item("b")], [twice, {**twice, "associationType": "isPeerOf"}])
    (fault,) = read(content).faults
    assert (fault.line, fault.column) == (2, "CFAssociations")


def test_a_missing_wording_and_what_is_no_object_are_faults_with_their_places() -> None:
    content = package([item("a", fullStatement=" "), "b", None])
    told = read(content)
    assert [(one.line, one.code) for one in told.faults] == [
        (2, "case_wrong_type"),
        (3, "case_wrong_type"),
        (1, "case_missing"),
    ]


def test_links_that_lead_nowhere_here_are_left_out_and_told() -> None:
    content = package(
        [item("a"), item("b")],
        [
            beside("isRelatedTo", "x", "y"),
            beside("isRelatedTo", "a", "a"),
            beside("Inconnu", "a", "b"),
            beside("EXACTMATCHOF", "a", "z"),
            beside("isPartOf", "a", "document"),
        ],
    )
    told = read(content)
    assert [one.kind for one in told.links or ()] == ["isRelatedTo", "exactMatchOf", "isPartOf"]
    assert (told.links or ())[1].outside["identifier"] == key("z")
    assert (told.links or ())[2].outside["identifier"] == DOCUMENT
    counted = remarks(told)
    assert counted["case_link_outside"] == 1
    assert counted["case_link_to_itself"] == 1
    assert counted["case_unknown_link_type"] == 1


def test_labels_of_other_frameworks_are_no_wordings_in_english() -> None:
    content = package([item("a", alternativeLabel="Étiquette")])
    told = read(content)
    assert told.lines[0].statement_en == ""
    assert told.lines[0].extra == {"alternativeLabel": "Étiquette"}
    assert "statement_en" not in told.tells
    content["CFDocument"]["frameworkType"] = FRAMEWORK_TYPE
    ours = read(content)
    assert ours.lines[0].statement_en == "Étiquette"
    assert "statement_en" in ours.tells


def test_terms_lacking_what_the_standard_requires_are_completed() -> None:
    defined = {
        "CFSubjects": [{"identifier": key("s"), "title": "Défense", "hierarchyCode": None}],
        "CFItemTypes": [{"identifier": key("t")}],
        "CFLicenses": [{"identifier": key("l"), "title": "Libre"}, {"identifier": key("s")}],
    }
    told = read(package([item("a")], CFDefinitions=defined))
    assert {term.kind: term.title for term in told.terms or ()} == {
        "subject": "Défense",
        "item_type": key("t"),
        "license": "Libre",
    }
    assert remarks(told)["case_repeated_term"] == 1
    assert check(exported(known(told))) == ()


def test_the_school_that_exports_is_not_taken_for_an_author() -> None:
    content = package([item("a")])
    content["CFDocument"]["creator"] = SCHOOL
    about = read(content).about
    assert about is not None
    assert about.creator == ""
    content["CFDocument"]["creator"] = "Conseil des études"
    about = read(content).about
    assert about is not None
    assert about.creator == "Conseil des études"


def test_addresses_are_escaped_and_what_is_none_is_replaced() -> None:
    content = package(
        [item("a"), item("b")],
        [
            beside(
                "exactMatchOf",
                "a",
                "x",
                destinationNodeURI={"identifier": "é", "uri": "https://a.example/é à"},
            ),
            beside(
                "isPeerOf", "b", "y", destinationNodeURI={"identifier": "z", "uri": "nulle part"}
            ),
        ],
    )
    first, second = read(content).links or ()
    assert first.outside["uri"] == "https://a.example/%C3%A9%20%C3%A0"
    assert second.outside["uri"].startswith("urn:uuid:")


# --- What cannot be used at all


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "case_no_document"),
        ({"CFDocument": [], "CFItems": [{}]}, "case_no_document"),
        (package([]), "case_no_items"),
        (package({"a": 1}), "case_not_a_list"),
        (package([{}] * (case.MAX_ITEMS + 1)), "case_too_many"),
        (package([{}], [{}] * (case.MAX_LINKS + 1)), "case_too_many"),
        (package([{}], CFDefinitions={"CFSubjects": {"a": 1}}), "case_not_a_list"),
    ],
)
def test_a_file_that_is_no_framework_is_refused(content: Any, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(content)
    assert refusal.value.code == code
