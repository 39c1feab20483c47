"""What leaves is CASE 1.1, strictly: frameworks of any size, crosswalks, objects by themselves."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from reseda.competencies.domain.case import build, objects
from reseda.competencies.domain.case.build import Gone
from reseda.competencies.domain.case.check import check
from reseda.competencies.domain.case.crosswalk import Node, Pair, build_crosswalk
from reseda.competencies.domain.case.own import FRAMEWORK_TYPE, ITEM_TYPES, link_identifier
from reseda.competencies.domain.changes import Known, compare
from reseda.competencies.domain.exchange import case
from reseda.competencies.domain.framework import UNDER, About, Line, Link, Term
from reseda.competencies.tests import packages
from reseda.competencies.tests.packages import full, identity, key
from reseda.schools.domain.workbooks import Unreadable


def written(known: Known, *, gone: tuple[Gone, ...] = (), **fields: Any) -> dict[str, Any]:
    data = build.encode(build.package(identity(**fields), known, gone))
    assert check(data) == ()
    found: dict[str, Any] = json.loads(data)
    return found


def line(code: str, parent: str = "", kind: str = "competency", **fields: Any) -> Line:
    return Line(code, parent, kind, f"Énoncé {code}", identifier=key(code), **fields)


def large(items: int, links: int) -> Known:
    """A framework of this size, with items of every kind and links of every type."""
    lines = [line(f"G{one}", kind="group", rank=one + 1) for one in range(items // 100)]
    waiting = list(lines)
    while len(lines) < items:
        above = waiting.pop(0)
        for rank, kind in enumerate(UNDER[above.kind] * 3, start=1):
            made = line(f"{len(lines):05}", above.code, kind, rank=rank)
            lines.append(made)
            waiting.append(made)
    lines = lines[:items]
    kinds = (*objects.ASSOCIATION_TYPES[1:], "ext:inspiredBy")
    beside = [
        Link(
            kinds[one % len(kinds)],
            lines[one % items].code,
            lines[(one * 7 + one // items + 1) % items].code,
            identifier=key(f"link {one}"),
            rank=one if one % 2 else None,
        )
        for one in range(links)
    ]
    told = tuple(link for link in beside if link.origin != link.destination)
    return Known(tuple(lines), told, about=About(language="fr"))


# --- The official schemas


def test_the_objects_have_the_fields_of_the_official_ones_and_no_other() -> None:
    for name, theirs in packages.schema()["$defs"].items():
        if name.endswith("Extension"):
            continue
        ours = msgspec.structs.fields(getattr(objects, name))
        assert {one.encode_name for one in ours} == set(theirs["properties"]), name
        needed = {one.encode_name for one in ours if one.required}
        assert needed == set(theirs["required"]), name


def test_the_full_package_fills_every_field_of_every_object_of_the_schema() -> None:
    told: dict[str, set[str]] = {}
    _gather(full(), packages.schema(), told)
    definitions = packages.schema()["$defs"]
    for name, theirs in definitions.items():
        assert told.get(name, set()) >= set(theirs.get("properties", {})), name
    assert packages.refused(packages.official(), full()) == []
    assert packages.refused(packages.described(), full()) == []


def _gather(value: Any, schema: dict[str, Any], told: dict[str, set[str]]) -> None:
    name = schema.get("$ref", "").rpartition("/")[2]
    schema = packages.schema()["$defs"][name] if name else schema
    if schema["type"] == "array":
        for one in value:
            _gather(one, schema["items"], told)
    elif schema["type"] == "object":
        told.setdefault(name, set()).update(value)
        for field, one in value.items():
            inner = schema.get("properties", {}).get(field)
            if inner and inner.get("items", inner).get("$ref"):
                _gather(one, inner, told)


def test_every_object_of_a_large_framework_passes_the_official_schemas() -> None:
    official, described = packages.official(), packages.described()
    content = written(large(5_000, 20_000))
    assert len(content["CFItems"]) == 5_000
    assert len(content["CFAssociations"]) > 24_000
    assert packages.refused(official, content) == []
    assert packages.refused(described, content) == []
    assert {one["CFItemType"] for one in content["CFItems"]} == {
        one.title for one in ITEM_TYPES.values()
    }


@pytest.mark.parametrize("has_extensions", [True, False])
def test_what_was_read_of_a_full_package_passes_the_official_schemas(has_extensions: bool) -> None:
    told = case.read(json.dumps(full()).encode())
    assert (told.faults, told.links is None, told.about is None) == ((), False, False)
    known = Known(told.lines, told.links or (), told.terms or (), told.about or About())
    content = written(known, has_extensions=has_extensions)
    assert packages.refused(packages.official(), content) == []
    assert packages.refused(packages.described(), content) == []


@pytest.mark.parametrize("name", packages.SAMPLES)
def test_a_sample_of_another_server_comes_out_strict(name: str) -> None:
    told = case.read(packages.given(name))
    assert told.faults == ()
    known = Known(told.lines, told.links or (), told.terms or (), told.about or About())
    content = written(known)
    assert packages.refused(packages.official(), content) == []
    assert packages.refused(packages.described(), content) == []
    assert len(content["CFItems"]) == len(json.loads(packages.given(name))["CFItems"])


# --- Nothing is lost on the way


def test_every_field_of_a_full_package_comes_out_as_it_came_in() -> None:
    told = case.read(json.dumps(full()).encode())
    assert {remark.code for remark in told.remarks} == {"case_kind_guessed"}
    known = Known(told.lines, told.links or (), told.terms or (), told.about or About())
    content = written(known, has_extensions=True, title=told.title)
    assert sorted(_differences(full(), content, "")) == [
        "CFDocument.adoptionStatus",
        "CFDocument.statusEndDate",
        "CFDocument.statusStartDate",
        "CFDocument.version",
    ]


def _differences(before: Any, after: Any, place: str) -> list[str]:
    """Places where what came in is not what comes out, addresses and moments set aside."""
    if isinstance(before, dict) and isinstance(after, dict):
        asked = [name for name in before if name not in {"uri", "lastChangeDateTime"}]
        inner = [(f"{place}.{name}", before[name], after.get(name)) for name in asked]
    elif isinstance(before, list) and isinstance(after, list) and _is_named(before):
        found = {one["identifier"]: one for one in after}
        inner = [
            (f"{place}[{one['identifier']}]", one, found.get(one["identifier"])) for one in before
        ]
    else:
        is_end = place.endswith("NodeURI.title")
        return [] if is_end or before == after else [place.removeprefix(".")]
    return [fault for at, one, other in inner for fault in _differences(one, other, at)]


def _is_named(value: list[Any]) -> bool:
    return all(isinstance(one, dict) and "identifier" in one for one in value)


# --- What is said, and what is not


def test_the_tree_is_made_of_links_to_the_parent_or_to_the_document() -> None:
    known = Known((line("C1"), line("C1-N1", "C1", "level", rank=2)))
    top, below = written(known)["CFAssociations"]
    assert (top["associationType"], top["sequenceNumber"]) == ("isChildOf", 1)
    assert top["destinationNodeURI"]["identifier"] == packages.DOCUMENT
    assert below["originNodeURI"]["identifier"] == key("C1-N1")
    assert below["destinationNodeURI"]["identifier"] == key("C1")
    assert (below["sequenceNumber"], below["identifier"]) == (2, link_identifier(key("C1-N1")))


def test_the_identifier_of_a_place_in_the_tree_leads_back_to_the_item() -> None:
    for name in ("a", "b", "c"):
        found = link_identifier(key(name))
        assert found != key(name)
        assert link_identifier(found) == key(name)
        assert (found[14], found[19]) == (key(name)[14], key(name)[19])


def test_moments_are_in_utc_and_addresses_are_those_of_the_provider() -> None:
    document = written(Known((line("C1"),)))["CFDocument"]
    assert document["lastChangeDateTime"] == "2026-10-01T12:00:00Z"
    base = "https://reseda.example/ims/case/v1p1"
    assert document["uri"] == f"{base}/CFDocuments/{packages.DOCUMENT}"


def test_the_school_is_the_author_where_a_framework_names_none() -> None:
    assert written(Known((line("C1"),)))["CFDocument"]["creator"] == packages.SCHOOL
    about = About(creator="Conseil des études")
    named = written(Known((line("C1"),), about=about))
    assert named["CFDocument"]["creator"] == "Conseil des études"


def test_wordings_in_english_are_labels_of_our_own_type_of_framework_alone() -> None:
    known = Known((line("C1", statement_en="Design"),))
    ours = written(known)
    assert ours["CFDocument"]["frameworkType"] == FRAMEWORK_TYPE
    assert ours["CFItems"][0]["alternativeLabel"] == "Design"
    theirs = written(replace(known, about=About(framework_type="Standards")))
    assert theirs["CFDocument"]["frameworkType"] == "Standards"
    assert "alternativeLabel" not in theirs["CFItems"][0]


def test_extensions_are_written_only_when_asked() -> None:
    known = Known(
        (
            line("UE1", kind="teaching_unit", credits=Decimal("4.5"), source="https://a.example/1"),
            line("C1", extra={"extensions": {"autre": 1}}),
        )
    )
    assert "extensions" not in json.dumps(written(known))
    unit, other = written(known, has_extensions=True)["CFItems"]
    assert unit["extensions"] == {
        "sourceItemURI": "https://a.example/1",
        "reseda": {"ectsCredits": 4.5},
    }
    assert other["extensions"] == {"autre": 1}


def test_an_item_that_is_gone_stays_with_its_last_day_and_out_of_the_tree() -> None:
    gone = (Gone(line("C9"), date(2026, 9, 30)),)
    content = written(Known((line("C1"),)), gone=gone)
    assert [one.get("statusEndDate") for one in content["CFItems"]] == [None, "2026-09-30"]
    assert len(content["CFAssociations"]) == 1
    told = case.read(json.dumps(content).encode())
    assert [one.code for one in told.lines] == ["C1"]
    assert [remark.code for remark in told.remarks] == ["case_withdrawn"]


def test_a_code_taken_up_again_is_that_of_the_item_in_force() -> None:
    gone = (Gone(replace(line("C9"), code="C1"), date(2026, 9, 30)),)
    known = Known((line("C1"),))
    data = json.dumps(written(known, gone=gone)).encode()
    told = case.read(data, creator=packages.SCHOOL)
    assert [one.code for one in told.lines] == ["C1"]
    assert compare(told, known).is_nothing


def test_types_of_our_kinds_are_defined_once_and_only_where_used() -> None:
    own = line("C2", extra={"CFItemType": "Capacité"})
    types = written(Known((line("C1"), own)))["CFDefinitions"]["CFItemTypes"]
    assert [one["title"] for one in types] == ["Compétence"]
    assert types[0]["typeCode"] == "competency"


def test_a_code_that_stands_for_a_missing_one_is_not_given_to_others() -> None:
    data = {
        "CFDocument": {"identifier": packages.DOCUMENT, "title": "T"},
        "CFItems": [{"identifier": key("x"), "fullStatement": "Sans code"}],
    }
    told = case.read(json.dumps(data).encode())
    assert told.lines[0].code.startswith("i-")
    assert "humanCodingScheme" not in written(Known(told.lines))["CFItems"][0]


def test_links_to_what_is_defined_here_have_our_addresses() -> None:
    term = Term("subject", key("s"), "Défense")
    target = {"title": "Défense", "identifier": key("s")}
    known = Known((line("C1", extra={"subjectURI": [target]}),), terms=(term,))
    content = written(known)
    (subject,) = content["CFDefinitions"]["CFSubjects"]
    assert content["CFItems"][0]["subjectURI"] == [{**target, "uri": subject["uri"]}]


def test_nothing_that_the_standard_refuses_can_be_built() -> None:
    bad = line("C1", extra={"statusStartDate": "un jour"})
    with pytest.raises(msgspec.ValidationError):
        build.item(identity(), bad)
    assert build.item(identity(), line("C1")).full_statement == "Énoncé C1"


def test_an_object_by_itself_names_its_document() -> None:
    who, about = identity(), About()
    document = build.whole_document(who, about)
    assert document.cf_package_uri.uri.endswith(f"/CFPackages/{packages.DOCUMENT}")
    item = build.whole_item(who, line("C1"))
    link = build.whole_association(who, build.tree_link(who, line("C1"), None))
    for one in (item, link):
        assert isinstance(one.cf_document_uri, objects.LinkURI)
        assert one.cf_document_uri.identifier == packages.DOCUMENT


# --- Crosswalks


def node(name: str) -> Node:
    return Node(f"Énoncé {name}", key(name), f"https://reseda.example/{key(name)}")


def pair(name: str, relation: str, **fields: Any) -> Pair:
    return Pair(key(name), node(f"{name} from"), node(f"{name} to"), relation, **fields)


PAIRS = (
    pair("a", "total"),
    pair("b", "partial", coverage=50, is_within=True),
    pair("c", "partial", coverage=75),
    pair("d", "complementary", rationale="Même terrain."),
    pair("e", "none"),
)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("core", ["exactMatchOf", "isPartOf", "isRelatedTo", "isRelatedTo"]),
        (
            "ext",
            [
                "exactMatchOf",
                "ext:convergentPartial",
                "ext:convergentPartial",
                "ext:complementary",
            ],
        ),
    ],
)
def test_a_crosswalk_says_its_matches_by_profile(profile: str, expected: list[str]) -> None:
    built = build_crosswalk(identity(), PAIRS, note="Relue à deux.", profile=profile)
    data = build.encode(built)
    assert check(data) == ()
    content = json.loads(data)
    assert [one["associationType"] for one in content["CFAssociations"]] == expected
    assert "CFItems" not in content
    assert content["CFAssociations"][3]["notes"] == "Même terrain."
    assert content["CFAssociations"][0]["originNodeURI"]["identifier"] == key("a from")
    assert "extensions" not in json.dumps(content)
    groups = content["CFDefinitions"]["CFAssociationGroupings"]
    named = {one["CFAssociationGroupingURI"]["identifier"] for one in content["CFAssociations"]}
    assert named == {one["identifier"] for one in groups}


def test_a_crosswalk_passes_the_official_schemas() -> None:
    for profile in ("core", "ext"):
        who = identity(has_extensions=True)
        content = json.loads(build.encode(build_crosswalk(who, PAIRS, profile=profile)))
        assert packages.refused(packages.official(), content) == []
        assert packages.refused(packages.described(), content) == []
        told = content["CFAssociations"][1]["extensions"]["reseda"]
        assert told == {"relation": "partial", "isWithin": True, "coverage": 50}


def test_a_crosswalk_is_no_framework_to_import() -> None:
    data = build.encode(build_crosswalk(identity(), PAIRS))
    with pytest.raises(Unreadable) as refusal:
        case.read(data)
    assert refusal.value.code == "case_no_items"
