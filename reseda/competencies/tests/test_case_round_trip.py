"""What is exported comes back the same: any framework, samples, and whatever was repaired."""

import json
import string
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reseda.competencies.actions import exchange
from reseda.competencies.domain.case import build, objects
from reseda.competencies.domain.case.check import check
from reseda.competencies.domain.case.own import FRAMEWORK_TYPE
from reseda.competencies.domain.case.terms import completed
from reseda.competencies.domain.changes import Known, compare
from reseda.competencies.domain.exchange import case
from reseda.competencies.domain.framework import UNDER, About, Line, Link, Term
from reseda.competencies.queries.exports import case_package
from reseda.competencies.tests import packages
from reseda.competencies.tests.packages import (
    DOCUMENT,
    SCHOOL,
    exported,
    full,
    identity,
    key,
    known,
    read,
    tree,
)
from reseda.journal.actions import SYSTEM
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.tests.factories import make_school

# --- What is exported comes back the same

SAFE = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t\x85")
TEXT = st.text(SAFE, min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
UUIDS = st.uuids(version=4).map(str)
URIS = st.text(string.ascii_letters + string.digits + "-._~", min_size=1, max_size=9).map(
    lambda text: f"https://b.example/{text}"
)
OTHERS = st.dictionaries(TEXT, st.none() | st.integers(0, 9) | TEXT, min_size=1, max_size=2)


@st.composite
def references(draw: Callable[[Any], Any]) -> dict[str, str]:
    return {"title": draw(TEXT), "identifier": draw(UUIDS), "uri": draw(URIS)}


def some(**fields: Any) -> Any:
    return st.fixed_dictionaries({}, optional=fields)


DAYS = st.dates().map(str)
EXTRA_OF_ITEM = {
    "listEnumeration": TEXT,
    "abbreviatedStatement": TEXT,
    "alternativeLabel": TEXT,
    "conceptKeywords": st.lists(TEXT, min_size=1, max_size=2),
    "conceptKeywordsURI": references(),
    "notes": TEXT,
    "subject": st.lists(TEXT, min_size=1, max_size=2),
    "subjectURI": st.lists(references(), min_size=1, max_size=2),
    "language": TEXT,
    "educationLevel": st.lists(TEXT, min_size=1, max_size=2),
    "licenseURI": references(),
    "statusStartDate": DAYS,
    "statusEndDate": DAYS,
    "isChildOf": st.just({"notes": "Ici."}),
}
OF_OTHERS = {"extensions": OTHERS, "CFItemType": TEXT, "CFItemTypeURI": references()}


@st.composite
def lines(draw: Callable[[Any], Any], *, is_whole: bool) -> tuple[Line, ...]:
    """A sound tree; `is_whole` with what only extensions tell."""
    count = draw(st.integers(1, 8))
    names = draw(st.lists(UUIDS, min_size=count, max_size=count, unique=True))
    marks = draw(
        st.lists(TEXT.map(str.strip).map(lambda text: text[:40].strip()), unique=True).filter(all)
    )
    extras = some(**EXTRA_OF_ITEM, **(OF_OTHERS if is_whole else {}))
    found: list[Line] = []
    for rank, name in enumerate(names):
        holding = [one for one in found if UNDER[one.kind]]
        above = draw(st.none() | st.sampled_from(holding)) if holding else None
        kind = draw(st.sampled_from(UNDER[above.kind if above else ""]))
        is_unit = kind == "teaching_unit" and is_whole
        found.append(
            Line(
                marks[rank] if rank < len(marks) else f"~ {rank}",
                above.code if above else "",
                kind,
                draw(TEXT),
                draw(st.just("") | TEXT),
                1 + sum(one.parent == (above.code if above else "") for one in found),
                name,
                credits=draw(st.none() | st.integers(0, 600).map(lambda n: Decimal(n) / 2))
                if is_unit
                else None,
                source=draw(st.just("") | URIS) if is_whole else "",
                parent_link=draw(st.just("") | UUIDS),
                extra=draw(extras),
            )
        )
    return tuple(found)


@st.composite
def links(
    draw: Callable[[Any], Any], told: tuple[Line, ...], *, is_whole: bool
) -> tuple[Link, ...]:
    more = some(notes=TEXT, CFAssociationGroupingURI=references())
    whole = some(notes=TEXT, extensions=OTHERS)
    kinds = st.sampled_from([*objects.ASSOCIATION_TYPES[1:], "ext:a", "ext:A.b-c_2"])
    ends = st.fixed_dictionaries(
        {"title": TEXT, "identifier": TEXT, "uri": URIS},
        optional={"targetType": st.sampled_from(["CASE", "ext:rome"])},
    )
    found = []
    for name in draw(st.lists(UUIDS, max_size=3, unique=True)):
        origin, destination = draw(
            st.tuples(*[st.sampled_from(told).map(lambda one: one.code)] * 2)
        )
        outside = draw(ends) if origin == destination else {}
        if origin == destination:
            origin, destination = draw(st.sampled_from([(origin, ""), ("", destination)]))
        rank = draw(st.none() | st.integers(0, 2**31 - 1))
        extra = draw(whole if is_whole else more)
        found.append(Link(draw(kinds), origin, destination, outside, name, rank, extra))
    return tuple(found)


TERMS = st.lists(
    st.builds(
        lambda kind, name, title, said: Term(
            kind, name, title, completed(Term(kind, name, title, said))
        ),
        st.sampled_from(["concept", "subject", "license", "item_type", "grouping", "rubric"]),
        UUIDS,
        TEXT,
        some(description=TEXT),
    ),
    max_size=3,
    unique_by=lambda term: term.identifier,
).map(tuple)


@st.composite
def knowns(draw: Callable[[Any], Any], *, is_whole: bool) -> Known:
    told = draw(lines(is_whole=is_whole))
    maybe = st.just("") | TEXT
    about = About(
        draw(maybe.filter(lambda text: text != SCHOOL)),
        draw(maybe),
        draw(maybe),
        draw(maybe),
        draw(st.just("") | URIS),
        draw(maybe),
        draw(maybe.filter(lambda text: text != FRAMEWORK_TYPE)),
        draw(some(subject=st.lists(TEXT, min_size=1, max_size=2), licenseURI=references())),
    )
    return Known(told, draw(links(told, is_whole=is_whole)), draw(TERMS), about)


QUIET = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("is_whole", [True, False])
def test_whatever_a_framework_says_its_export_changes_nothing(is_whole: bool) -> None:
    @QUIET
    @given(what=knowns(is_whole=is_whole))
    def holds(what: Known) -> None:
        data = exported(what, has_extensions=is_whole)
        changes = compare(case.read(data, creator=SCHOOL), what)
        assert changes.faults == ()
        assert changes.updated == ()
        assert changes.is_nothing

    holds()


def test_without_extensions_what_they_alone_tell_stays_as_it_is_known() -> None:
    what = Known(
        (
            Line(
                "UE1",
                "",
                "teaching_unit",
                "Projet",
                identifier=key("ue"),
                credits=Decimal(6),
                source="https://a.example/ue",
            ),
        )
    )
    told = case.read(exported(what), creator=SCHOOL)
    assert not {"credits", "source", "statement_en"} & told.tells
    assert compare(told, what).is_nothing
    whole = case.read(exported(what, has_extensions=True), creator=SCHOOL)
    assert {"credits", "source"} <= whole.tells
    assert whole.lines[0].credits == Decimal(6)


def test_a_large_export_changes_nothing() -> None:
    told = tuple(
        Line(f"C{one}", "", "competency", f"Énoncé {one}", "", one + 1, key(f"{one}"))
        for one in range(1_000)
    )
    what = Known(
        told, tuple(Link("precedes", "C0", f"C{one}", {}, key(f"l{one}")) for one in range(1, 999))
    )
    assert compare(case.read(exported(what), creator=SCHOOL), what).is_nothing


# --- Samples of other servers


def triples(content: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (
            one["originNodeURI"]["identifier"],
            one["associationType"],
            one["destinationNodeURI"]["identifier"],
        )
        for one in content["CFAssociations"]
    }


@pytest.mark.parametrize("name", packages.SAMPLES)
def test_a_sample_says_the_same_after_a_strict_export(name: str) -> None:
    told = case.read(packages.given(name))
    assert told.faults == ()
    data = exported(known(told))
    again = case.read(data)
    assert again.lines == told.lines or compare(again, known(told)).is_nothing
    assert compare(again, known(told)).is_nothing
    assert tree(again) == tree(told)
    assert again.terms is not None
    assert {term.identifier: term for term in again.terms} == {
        term.identifier: term for term in told.terms or ()
    }


def test_every_link_of_a_sample_is_still_there_after_a_strict_export() -> None:
    sample = json.loads(packages.given("cfpackage_opensalt_sample_v1p0.json"))
    told = read(sample)
    whole = json.loads(
        build.encode(build.package(replace(identity(), identifier=told.identifier), known(told)))
    )
    assert triples(whole) == triples(sample)
    kinds = [one["associationType"] for one in whole["CFAssociations"]]
    assert (len(kinds), kinds.count("isChildOf"), kinds.count("exactMatchOf")) == (39, 16, 16)


def test_each_item_of_a_sample_keeps_its_words_and_its_type() -> None:
    sample = json.loads(packages.given("cfpackage_opencase_compeito_v1p1.json"))
    whole = json.loads(exported(known(read(sample))))
    said = {one["humanCodingScheme"]: one for one in whole["CFItems"]}
    for one in sample["CFItems"]:
        mine = said[one["humanCodingScheme"]]
        for field in ("fullStatement", "CFItemType", "abbreviatedStatement", "educationLevel"):
            assert mine[field] == one[field]
    assert [one["title"] for one in whole["CFRubrics"]] == [
        one["title"] for one in sample["CFRubrics"]
    ]


# --- Through the database


@pytest.mark.django_db
@pytest.mark.parametrize("is_taken", [False, True])
def test_a_full_package_kept_by_the_database_comes_back_the_same(is_taken: bool) -> None:
    school = make_school()
    told = read(full())
    titles = ["Premier", "Second"] if is_taken else ["Premier"]
    for title in titles:
        version = exchange.create_from(school, told, kind="school", title=title, by=SYSTEM)
    assert (version.framework.identifier == uuid.UUID(DOCUMENT)) != is_taken
    data = case_package(version, has_extensions=True)
    assert check(data) == ()
    again = case.read(data, creator=school.name)
    assert again.about == told.about
    assert exchange.planned(version, again).is_nothing
    assert exchange.planned(version, told).is_nothing


# --- Whatever was repaired


def test_no_mutant_of_a_full_package_breaks_the_reader_nor_comes_out_unsound() -> None:
    """Whatever one place of a package holds, it is refused, or read into what is strictly CASE."""
    outcomes: dict[str, int] = {"refused": 0, "faulty": 0, "read": 0}
    # One in eleven: each place meets another value than its neighbours.
    for name, mutant in islice(packages.mutants(full()), None, None, 11):
        try:
            told = read(mutant)
        except Unreadable:
            outcomes["refused"] += 1
            continue
        if compare(told, Known()).faults:
            outcomes["faulty"] += 1
            continue
        outcomes["read"] += 1
        data = exported(known(told), has_extensions=True)
        unsound = [one for one in check(data) if one.code != "case_repeated_identifier"]
        assert unsound == [], name
        assert compare(case.read(data, creator=SCHOOL), known(told)).is_nothing, name
    assert min(outcomes.values()) > 0
