"""The strict verdict on a package of CASE 1.1 is the official one; faults of sense come besides."""

import itertools
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from reseda.competencies.domain.case import build
from reseda.competencies.domain.case.check import BEYOND, check, is_day, is_moment
from reseda.competencies.domain.case.reading import MAX_BYTES
from reseda.competencies.domain.changes import Known
from reseda.competencies.domain.exchange import case
from reseda.competencies.domain.framework import About
from reseda.competencies.tests import packages
from reseda.competencies.tests.packages import association, full, key, link
from reseda.schools.domain.workbooks import Unreadable


def codes(content: Any) -> list[tuple[str, str]]:
    found = check(json.dumps(content).encode())
    return [(fault.code, str(fault.facts["place"])) for fault in found]


def is_sound(content: Any) -> bool:
    return all(code in BEYOND for code, _place in codes(content))


# --- The same verdict as the official schema


def test_every_mutant_of_a_full_package_gets_the_official_verdict() -> None:
    official, whole = packages.official(), full()
    assert is_sound(whole)
    assert official.is_valid(whole)
    verdicts = [
        (name, is_sound(mutant), official.is_valid(mutant))
        for name, mutant in packages.mutants(whole)
    ]
    assert [name for name, ours, theirs in verdicts if ours != theirs] == []
    assert len(verdicts) > 2000
    assert {theirs for _name, _ours, theirs in verdicts} == {True, False}
    assert whole == full()


@pytest.mark.parametrize("name", packages.SAMPLES)
def test_samples_of_other_servers_get_the_official_verdict(name: str) -> None:
    sample = json.loads(packages.given(name))
    assert not packages.official().is_valid(sample)
    assert not is_sound(sample)


@pytest.mark.parametrize("name", packages.SAMPLES)
def test_as_many_faults_are_found_as_the_schema_finds_in_each_object(name: str) -> None:
    sample = json.loads(packages.given(name))
    theirs = {tuple(error.instance_path) for error in packages.official().iter_errors(sample)}
    ours = {place for code, place in codes(sample) if code not in BEYOND}
    objects = {_object(place) for place in ours}
    assert objects == {_object(_written(path)) for path in theirs}


def _written(path: tuple[Any, ...]) -> str:
    parts = (f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
    return "".join(parts).removeprefix(".")


def _object(place: str) -> str:
    """The object of a list that a place stands in, or the first name of the place."""
    return place.partition("]")[0] if "[" in place else place.partition(".")[0]


@pytest.mark.parametrize("name", packages.SAMPLES)
def test_mutants_of_repaired_samples_get_the_official_verdict(name: str) -> None:
    official = packages.official()
    told = case.read(packages.given(name))
    known = Known(told.lines, told.links or (), told.terms or (), told.about or About())
    whole = json.loads(build.encode(build.package(packages.identity(), known)))
    places = list(packages.places(whole))
    wrong = itertools.cycle(packages.WRONG)
    verdicts = []
    for path in places[:: len(places) // 150]:
        held = whole
        for part in path[:-1]:
            held = held[part]
        was, held[path[-1]] = held[path[-1]], next(wrong)
        verdicts.append((path, is_sound(whole), official.is_valid(whole)))
        held[path[-1]] = was
    assert [path for path, ours, theirs in verdicts if ours != theirs] == []
    assert {theirs for _path, _ours, theirs in verdicts} == {True, False}


FORMATS = {
    "date-time": (
        "2026-10-01T12:00:00Z",
        "2026-10-01t12:00:00z",
        "2026-10-01T12:00:00.123456789+02:00",
        "2026-10-01T12:00:00",
        "2026-10-01 12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-10-01T24:00:00Z",
        "2026-10-01T12:00Z",
        "2026-10-01T12:00:00+0200",
        "2026-10-01T12:00:00+24:00",
        "2026-10-01T12:00:00Z\n",
        "2026-10-01",
    ),
    "date": ("2026-10-01", "2028-02-29", "2026-02-29", "20261001", "2026-10-1", "2026-10-01T"),
    "uuid": (
        "10000000-0000-0000-0000-000000000001",
        "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        "a0eebc999c0b4ef8bb6d6bb9bd380a11",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\n",
        "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    ),
}
FIELDS = {"date-time": "lastChangeDateTime", "date": "statusStartDate", "uuid": "identifier"}


@pytest.mark.parametrize(
    ("form", "text"), [(form, text) for form, texts in FORMATS.items() for text in texts]
)
def test_formats_are_held_as_the_official_schema_names_them(form: str, text: str) -> None:
    whole = full()
    whole["CFItems"][0][FIELDS[form]] = text
    assert is_sound(whole) == packages.official().is_valid(whole)


@pytest.mark.parametrize(
    "kind",
    [
        "isChildOf",
        "isTranslationOf",
        "ischildof",
        "isChildOf\n",
        "ext:a",
        "ext:A.b_c|d",
        "ext:",
        "ext:-",
        "ext:é",
        "xext:a",
        "",
    ],
)
def test_types_of_links_are_those_of_the_official_schema(kind: str) -> None:
    whole = full()
    whole["CFAssociations"][3]["associationType"] = kind
    whole["CFAssociations"][2]["destinationNodeURI"]["targetType"] = kind
    whole["CFAssociations"][2]["associationType"] = "precedes"
    ours = {place for code, place in codes(whole) if code not in BEYOND}
    theirs = {
        _written(tuple(error.instance_path)) for error in packages.official().iter_errors(whole)
    }
    assert ours == theirs


# --- Places and reasons, without the official files


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("CFItems", 1, "fullStatement"), None, "case_null"),
        (("CFItems", 1, "fullStatement"), 3, "case_wrong_type"),
        (("CFItems", 1, "identifier"), "C1", "case_wrong_identifier"),
        (("CFItems", 0, "statusStartDate"), "2026-02-30", "case_wrong_day"),
        (("CFItems", 0, "lastChangeDateTime"), "2026-10-01T12:00:00", "case_wrong_moment"),
        (("CFItems", 0, "inconnu"), 1, "case_unknown_field"),
        (("CFItems",), {}, "case_wrong_type"),
        (("CFItems", 1), "C1", "case_wrong_type"),
        (("CFDocument", "caseVersion"), "1.0", "case_wrong_version"),
        (("CFAssociations", 1, "associationType"), "isUnder", "case_wrong_link_type"),
        (("CFAssociations", 2, "destinationNodeURI", "targetType"), "x", "case_wrong_target_type"),
        (("CFAssociations", 0, "sequenceNumber"), 1.5, "case_not_whole"),
        (("CFItems", 0, "uri"), "pas une adresse", "case_wrong_address"),
    ],
)
def test_a_fault_says_where_it_stands(path: tuple[Any, ...], value: Any, code: str) -> None:
    whole = full()
    assert codes(whole) == []
    held = whole
    for part in path[:-1]:
        held = held[part]
    held[path[-1]] = value
    assert (code, _written(path)) in codes(whole)


def test_a_missing_field_is_named_with_the_rank_of_its_object() -> None:
    whole = full()
    del whole["CFItems"][1]["fullStatement"]
    (fault,) = check(json.dumps(whole).encode())
    assert (fault.line, fault.column, fault.code) == (2, "CFItems", "case_missing")
    assert fault.facts["place"] == "CFItems[1].fullStatement"


def test_whole_numbers_may_be_written_with_a_point() -> None:
    whole = full()
    whole["CFAssociations"][0]["sequenceNumber"] = 1.0
    assert codes(whole) == []


def test_an_item_under_itself_is_found_however_long_the_loop() -> None:
    whole = full()
    whole["CFAssociations"].append(association("back", "isChildOf", ("item", "other")))
    assert codes(whole) == [("case_loop", "CFItems[0]"), ("case_loop", "CFItems[1]")]


def test_two_ways_down_to_an_item_are_no_loop() -> None:
    whole = full()
    whole["CFItems"].append({**packages.stamp("third"), "fullStatement": "Décider"})
    whole["CFAssociations"] += [
        association("a", "isChildOf", ("third", "other")),
        association("b", "isChildOf", ("third", "item")),
    ]
    assert codes(whole) == []


def test_a_parent_that_is_not_there_is_a_fault_unless_another_is() -> None:
    whole = full()
    whole["CFAssociations"].append(association("away", "isChildOf", ("other", "elsewhere")))
    assert codes(whole) == []
    whole["CFAssociations"][1]["destinationNodeURI"] = link("nowhere")
    places = [f"CFAssociations[{rank}].destinationNodeURI.identifier" for rank in (1, 4)]
    assert codes(whole) == [("case_unknown_parent", place) for place in places]


def test_an_identifier_given_twice_is_found_whatever_its_case() -> None:
    whole = full()
    whole["CFItems"][1]["identifier"] = key("item").upper()
    found = [one for one in check(json.dumps(whole).encode()) if one.code in BEYOND]
    assert ("case_repeated_identifier", "CFItems[0]") in [
        (fault.code, fault.facts.get("first")) for fault in found
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "case_empty"),
        (b"\xef\xbb\xbf  ", "case_empty"),
        (b"[]", "case_not_an_object"),
        (b'{"CFDocument": ', "case_not_json"),
        (b'{"a": NaN}', "case_not_json"),
        (b'{"a": "\\ud800"}', "case_not_json"),
        (b'{"a": "\xff"}', "case_not_utf8"),
        ("{}".encode("utf-16"), "case_not_utf8"),
        ("{}".encode("utf-16-le"), "case_not_utf8"),
        (b"[" * 1_000_000, "case_too_deep"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "case_too_deep"),
        (b" " * (MAX_BYTES + 1), "case_too_big"),
    ],
)
def test_what_is_no_package_is_refused_at_once(data: bytes, code: str) -> None:
    for reader in (check, case.read):
        with pytest.raises(Unreadable) as refusal:
            reader(data)
        assert refusal.value.code == code


def test_a_mark_of_utf8_before_the_package_is_no_fault() -> None:
    assert check(b"\xef\xbb\xbf" + json.dumps(full()).encode()) == ()


def test_days_and_moments_that_do_not_exist_are_refused() -> None:
    assert [is_day(text) for text in ("2028-02-29", "2026-02-29", "0000-01-01")] == [
        True,
        False,
        False,
    ]
    assert is_moment("2026-10-01T12:00:00-05:30")
    assert not is_moment("2026-13-01T12:00:00Z")


# --- The command


def run(path: Path) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("competencies_check", str(path), stdout=out, stderr=StringIO())
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_answers_by_its_exit_code_and_says_every_fault(tmp_path: Path) -> None:
    whole = full()
    path = tmp_path / "paquet.json"
    path.write_text(json.dumps(whole))
    code, said = run(path)
    assert (code, json.loads(said)) == (0, {"is_valid": True, "faults": []})
    whole["CFItems"][0]["notes"] = None
    path.write_text(json.dumps(whole))
    code, said = run(path)
    (fault,) = json.loads(said)["faults"]
    assert (code, fault["place"], fault["code"]) == (1, "CFItems[0].notes", "case_null")
    assert "null" in fault["detail"]
    path.write_text("{")
    assert run(path) == (2, "")
    assert run(tmp_path / "absent.json") == (2, "")


def test_the_command_says_each_kind_of_fault_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "paquet.json"
    seen: dict[str, str] = {}
    for _name, mutant in itertools.islice(packages.mutants(full()), None, None, 3):
        found = {fault.code for fault in check(json.dumps(mutant).encode())}
        if not found <= set(seen):
            path.write_text(json.dumps(mutant))
            seen |= {one["code"]: one["detail"] for one in json.loads(run(path)[1])["faults"]}
    assert len(seen) >= 9
    assert all(detail.endswith(".") and "%" not in detail for detail in seen.values())
