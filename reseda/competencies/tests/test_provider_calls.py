"""How the calls of the CASE provider behave: what they list, refuse and never tell."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from reseda.competencies.domain.case import own
from reseda.competencies.domain.framework import About
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.queries import case
from reseda.competencies.tests import provider
from reseda.competencies.tests.provider import (
    CALLS,
    NOON,
    PREFIX,
    ask,
    assert_valid,
    competencies,
    failure,
    publish,
)
from reseda.schools.models import School

pytestmark = pytest.mark.django_db

# What each call asks of the database, however much there is to find.
QUERIES = {
    "CFDocuments": 1,
    "CFPackages": 6,
    "CFItems": 2,
    "CFItemAssociations": 6,
    "CFAssociations": 4,
    "CFLicenses": 2,
    "CFConcepts": 3,
}
LIST_QUERIES = 2


def several(school: School, count: int) -> list[FrameworkVersion]:
    """Published frameworks, each with its own title, author, subjects and day."""
    return [
        publish(
            provider.framework(
                school,
                competencies(1, f"F{number}-"),
                about=About(
                    creator=f"Auteur {number % 2}",
                    extra={"subject": ["Défense", f"Domaine {number}"]},
                ),
                title=f"Référentiel {number:02}",
            ),
            NOON + timedelta(days=number),
        )
        for number in range(count)
    ]


def titles(client: Client, query: str) -> list[str]:
    return [one["title"] for one in ask(client, f"CFDocuments?{query}")["CFDocuments"]]


# --- The list of documents


def test_the_list_is_paged_and_walking_its_links_meets_every_document(
    client: Client, school: School
) -> None:
    several(school, 7)
    path, met = f"{PREFIX}/CFDocuments?limit=3&sort=title&orderBy=desc", []
    while path:
        response = client.get(path)
        assert response["X-Total-Count"] == "7"
        assert_valid(response.json(), "CFDocumentSet")
        met += [one["title"] for one in response.json()["CFDocuments"]]
        told = re.findall(r'<([^>]+)>; rel="(\w+)"', response["Link"])
        ways = {rel: url for url, rel in told}
        assert {"first", "last"} <= set(ways)
        path = ways.get("next", "").removeprefix("http://testserver")
    assert met == [f"Référentiel {number:02}" for number in reversed(range(7))]


def test_the_list_shows_a_hundred_documents_unless_asked_otherwise(
    client: Client, school: School
) -> None:
    several(school, 101)
    assert len(titles(client, "")) == 100
    assert len(titles(client, "limit=101")) == 101


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("title='référentiel 01'", [1]),
        ("title~'RÉFÉRENTIEL' AND creator='auteur 1'", [1, 3]),
        ("creator='Auteur 1' OR title~'02'", [1, 2, 3]),
        ("subject='Domaine 2,Défense'", [2]),
        ("subject~'domaine 3,domaine 0'", [0, 3]),
        ("lastChangeDateTime>='2026-10-03T12:00:00Z'", [2, 3]),
        ("lastChangeDateTime<'2026-10-02T14:00:01+02:00'", [0, 1]),
        ("statusStartDate!='2026-10-01'", [1, 2, 3]),
        ("CFPackageURI.title='Référentiel 02'", [2]),
        ("version>'0' AND version<='1.0'", [0, 1, 2, 3]),
    ],
)
def test_a_filter_keeps_the_documents_that_answer(
    client: Client, school: School, wanted: str, expected: list[int]
) -> None:
    several(school, 4)
    found = titles(client, f"filter={quote(wanted)}")
    assert found == [f"Référentiel {number:02}" for number in expected]


def test_the_fields_of_the_list_are_those_asked(client: Client, served: Any) -> None:
    (one,) = ask(client, "CFDocuments?fields=title,identifier")["CFDocuments"]
    assert one == {"title": "Ingénieur", "identifier": str(served.framework.identifier)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=0", ("invalid_selection_field", "limit")),
        ("limit=", ("invalid_selection_field", "limit")),
        ("limit=99999999999", ("invalid_selection_field", "limit")),
        ("offset=-1", ("invalid_selection_field", "offset")),
        ("orderBy=up", ("invalid_sort_field", "orderBy")),
        ("filter=nothing%3D%271%27", ("invalid_selection_field", "filter")),
        ("filter=title", ("invalid_selection_field", "filter")),
        ("fields=", ("invalid_selection_field", "fields")),
        ("extensions=maybe", ("invalid_selection_field", "extensions")),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name(
    client: Client, served: Any, query: str, expected: tuple[str, str]
) -> None:
    assert failure(client, f"CFDocuments?{query}", 400) == expected


@pytest.mark.parametrize("query", ["sort=nothing", "sort=", "fields=nothing", "unknown=1"])
def test_what_nobody_knows_is_passed_over(client: Client, served: Any, query: str) -> None:
    assert_valid(ask(client, f"CFDocuments?{query}"), "CFDocumentSet")


@pytest.mark.parametrize("query", ["filter=title%3D%27Autre%27", "offset=5"])
def test_an_empty_list_is_told_by_its_count_since_the_standard_has_none(
    client: Client, served: Any, query: str
) -> None:
    response = client.get(f"{PREFIX}/CFDocuments?{query}")
    assert response.status_code == 404
    assert response["X-Total-Count"] == ("1" if "offset" in query else "0")


# --- What is not published


def test_a_framework_that_was_never_published_does_not_exist(
    client: Client, school: School
) -> None:
    links, terms = provider.rich_links(), provider.rich_terms()
    draft = provider.framework(school, provider.rich_lines(), links=links, terms=terms)
    keys = {
        "CFDocuments": draft.framework.identifier,
        "CFPackages": draft.framework.identifier,
        "CFItems": provider.key("c1"),
        "CFItemAssociations": provider.key("c1"),
        "CFAssociations": provider.key("link-1"),
        "CFAssociationGroupings": provider.key("grouping"),
        "CFConcepts": provider.key("concept-1"),
        "CFItemTypes": provider.key("type-1"),
        "CFLicenses": provider.key("license"),
        "CFSubjects": provider.key("subject-1"),
        "CFRubrics": provider.key("rubric"),
    }
    assert set(keys) == set(CALLS)
    for name, key in keys.items():
        hidden = client.get(f"{PREFIX}/{name}/{key}")
        unknown = client.get(f"{PREFIX}/{name}/{provider.key('nobody')}")
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content == unknown.content
        assert hidden.headers == unknown.headers
    for place in ("place-1", "link-4"):
        ask(client, f"CFAssociations/{provider.key(place)}", 404)
    ask(client, f"CFAssociations/{own.link_identifier(provider.key('n1'))}", 404)
    assert client.get(f"{PREFIX}/CFDocuments")["X-Total-Count"] == "0"
    publish(draft)
    for name, key in keys.items():
        assert_valid(ask(client, f"{name}/{key}"), CALLS[name])


def test_a_draft_of_the_next_version_changes_nothing_of_what_is_served(
    client: Client, served: FrameworkVersion
) -> None:
    identifier = served.framework.identifier
    kept = competencies(1)[0]
    paths = [
        "CFDocuments",
        f"CFDocuments/{identifier}",
        f"CFPackages/{identifier}",
        f"CFItems/{kept.identifier}",
        f"CFItemAssociations/{kept.identifier}",
    ]

    def everything() -> list[tuple[bytes, str, str]]:
        answers = [client.get(f"{PREFIX}/{path}") for path in paths]
        return [(one.content, one["ETag"], one["Last-Modified"]) for one in answers]

    before = everything()
    lines = [
        *(line.__class__(**{**vars(line), "statement": "Secret"}) for line in competencies(2)),
        *competencies(1, "NEW"),
    ]
    provider.next_version(
        served, lines, links=[provider.Link("precedes", "C1", "NEW1", {}, provider.key("new"))]
    )
    assert everything() == before
    ask(client, f"CFItems/{competencies(1, 'NEW')[0].identifier}", 404)
    ask(client, f"CFAssociations/{provider.key('new')}", 404)


def test_what_the_next_version_dropped_stays_with_the_day_it_went(
    client: Client, school: School
) -> None:
    lines = competencies(2)
    child = provider.Line("I1", "C2", "indicator", "Voit", "", 1, provider.key("child"))
    first = publish(
        provider.framework(
            school,
            [*lines, child],
            links=[provider.Link("precedes", "C1", "C2", {}, provider.key("link"))],
        )
    )
    second = provider.next_version(first, lines[:1])
    provider.retire(first, NOON + timedelta(days=30))
    publish(second, NOON + timedelta(days=30))
    package = ask(client, f"CFPackages/{first.framework.identifier}")
    assert_valid(package, "CFPackage")
    assert package["CFDocument"]["version"] == "2"
    assert package["CFDocument"]["adoptionStatus"] == "Adopted"
    ended = {one["identifier"]: one.get("statusEndDate") for one in package["CFItems"]}
    gone = lines[1].identifier
    assert ended == {
        lines[0].identifier: None,
        gone: "2026-10-31",
        child.identifier: "2026-10-31",
    }
    alone = ask(client, f"CFItems/{gone}")
    assert_valid(alone, "CFItem")
    assert alone["statusEndDate"] == "2026-10-31"
    # Its place is still told; what it was linked to is not.
    for key in (gone, child.identifier):
        content = ask(client, f"CFItemAssociations/{key}")
        assert_valid(content, "CFAssociationSet")
        (place,) = content["CFAssociations"]
        assert_valid(ask(client, f"CFAssociations/{place['identifier']}"), "CFAssociation")
    ask(client, f"CFAssociations/{provider.key('link')}", 404)


def test_a_retired_framework_is_deprecated(client: Client, served: FrameworkVersion) -> None:
    provider.retire(served, NOON + timedelta(days=1))
    document = ask(client, f"CFDocuments/{served.framework.identifier}")
    assert_valid(document, "CFDocument")
    assert document["adoptionStatus"] == "Deprecated"
    assert document["statusEndDate"] == "2026-10-02"
    assert document["lastChangeDateTime"] == "2026-10-02T12:00:00Z"


def test_an_item_that_two_frameworks_share_is_served_as_the_older_says_it(
    client: Client, school: School, served: FrameworkVersion
) -> None:
    (line, _other) = competencies(2)
    again = line.__class__(**{**vars(line), "statement": "Autrement"})
    publish(provider.framework(school, [again], title="Copie"))
    assert ask(client, f"CFItems/{line.identifier}")["fullStatement"] == line.statement


# --- Addresses that others point to


def test_addresses_are_given_to_what_is_published_alone(client: Client, school: School) -> None:
    draft = provider.framework(school, competencies(1))
    item = draft.items.get()
    assert case.address(draft.framework) == ""
    publish(draft)
    for address in (case.item_address(item.identifier), case.address(draft.framework)):
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


# --- Queries


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_two_questions_however_many_documents(
    client: Client, school: School, count: int, django_assert_num_queries: Any
) -> None:
    several(school, count)
    with django_assert_num_queries(LIST_QUERIES):
        ask(client, "CFDocuments")


@pytest.mark.parametrize("count", [1, 3])
def test_a_call_asks_the_same_questions_however_much_there_is(
    client: Client, school: School, count: int, django_assert_num_queries: Any
) -> None:
    lines = competencies(count + 1)
    links = [provider.Link("precedes", "C1", f"C{number + 2}") for number in range(count)]
    terms = [
        *provider.rich_terms(),
        *(
            provider.Term("concept", provider.key(f"more-{number}"), "x", {"hierarchyCode": "1.7"})
            for number in range(count)
        ),
    ]
    version = publish(provider.framework(school, lines, links=links, terms=terms))
    place = own.link_identifier(lines[0].identifier)
    keys = {
        "CFDocuments": version.framework.identifier,
        "CFPackages": version.framework.identifier,
        "CFItems": lines[0].identifier,
        "CFItemAssociations": lines[0].identifier,
        "CFAssociations": place,
        "CFLicenses": provider.key("license"),
        "CFConcepts": provider.key("concept-1"),
    }
    for name, key in keys.items():
        with django_assert_num_queries(QUERIES[name]):
            ask(client, f"{name}/{key}")
