"""How published crosswalks are served: documents of links, without a name or a negative."""

import json
from typing import Any

import pytest
from django.test import Client

from reseda.competencies.domain.case import own
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.tests import provider
from reseda.competencies.tests.provider import (
    PREFIX,
    ask,
    assert_valid,
    competencies,
    failure,
    publish,
)
from reseda.schools.models import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossed(school: School, served: FrameworkVersion) -> Any:
    lines = competencies(2, "R")
    reserve = publish(provider.framework(school, lines, title="Réserve", kind="reserve"))
    decided: list[dict[str, Any]] = [
        {"relation": "total", "rationale": "Les mêmes gestes."},
        {"relation": "partial", "coverage": 50, "is_within": True},
        {"relation": "complementary"},
        {"relation": "none"},
    ]
    return provider.crosswalk(school, reserve, served, decided)


TYPES = {
    "core": ["exactMatchOf", "isPartOf", "isRelatedTo"],
    "ext": ["exactMatchOf", "ext:convergentPartial", "ext:complementary"],
}


@pytest.mark.parametrize("profile", ["core", "ext"])
def test_a_published_crosswalk_is_a_document_of_links(
    client: Client, crossed: Any, profile: str
) -> None:
    publish(crossed)
    query = f"?profile={profile}"
    package = ask(client, f"CFPackages/{crossed.crosswalk.identifier}{query}")
    assert_valid(package, "CFPackage")
    assert "CFItems" not in package
    assert [one["associationType"] for one in package["CFAssociations"]] == TYPES[profile]
    for one in package["CFAssociations"]:
        alone = ask(client, f"CFAssociations/{one['identifier']}{query}")
        assert_valid(alone, "CFAssociation")
        assert {key: alone[key] for key in one} == one
        for end in ("originNodeURI", "destinationNodeURI"):
            assert_valid(ask(client, f"CFItems/{one[end]['identifier']}"), "CFItem")
        (grouping,) = package["CFDefinitions"]["CFAssociationGroupings"]
        told = ask(client, f"CFAssociationGroupings/{grouping['identifier']}")
        assert_valid(told, "CFAssociationGrouping")
        assert told == grouping
    document = ask(client, f"CFDocuments/{crossed.crosswalk.identifier}")
    assert_valid(document, "CFDocument")
    listed = ask(client, "CFDocuments")["CFDocuments"]
    assert document in listed


def test_an_item_tells_the_pairs_it_is_an_end_of(client: Client, crossed: Any) -> None:
    line = competencies(1)[0]
    assert len(ask(client, f"CFItemAssociations/{line.identifier}")["CFAssociations"]) == 1
    publish(crossed)
    content = ask(client, f"CFItemAssociations/{line.identifier}?profile=ext")
    assert_valid(content, "CFAssociationSet")
    types = [one["associationType"] for one in content["CFAssociations"]]
    assert types == ["isChildOf", "exactMatchOf", "ext:convergentPartial"]


def test_a_crosswalk_under_review_does_not_exist(client: Client, crossed: Any) -> None:
    grouping = own.derived("grouping", str(crossed.crosswalk.identifier), "1")
    keys = [("CFAssociations", one.identifier) for one in crossed.mappings.all()]
    keys += [("CFAssociationGroupings", grouping)]
    keys += [(name, crossed.crosswalk.identifier) for name in ("CFDocuments", "CFPackages")]
    for name, key in keys:
        ask(client, f"{name}/{key}", 404)
    assert client.get(f"{PREFIX}/CFDocuments")["X-Total-Count"] == "2"


def test_a_pair_without_a_match_is_never_told(client: Client, crossed: Any) -> None:
    none = crossed.mappings.get(relation="none")
    publish(crossed)
    ask(client, f"CFAssociations/{none.identifier}", 404)


def test_extensions_tell_what_was_decided_and_nobodys_name(client: Client, crossed: Any) -> None:
    publish(crossed)
    path = f"CFPackages/{crossed.crosswalk.identifier}"
    assert "extensions" not in json.dumps(ask(client, path))
    package = ask(client, f"{path}?extensions=1")
    assert_valid(package, "CFPackage")
    told = [one["extensions"]["reseda"] for one in package["CFAssociations"]]
    assert told[1] == {"relation": "partial", "isWithin": True, "coverage": 50}


def test_an_unknown_profile_is_refused(client: Client, crossed: Any) -> None:
    publish(crossed)
    path = f"CFPackages/{crossed.crosswalk.identifier}?profile=all"
    assert failure(client, path, 400) == ("invalid_selection_field", "profile")


@pytest.mark.parametrize("count", [1, 3])
def test_a_crosswalk_asks_three_questions_however_many_pairs(
    client: Client, crossed: Any, count: int, django_assert_num_queries: Any
) -> None:
    for mapping in crossed.mappings.all()[count:]:
        mapping.delete()
    publish(crossed)
    with django_assert_num_queries(3):
        ask(client, f"CFPackages/{crossed.crosswalk.identifier}")
