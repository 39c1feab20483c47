"""Every object that the CASE provider serves, beside the official schemas."""

import json
from typing import Any

import pytest
from django.test import Client

from reseda.competencies.actions.about import Notice, write_about
from reseda.competencies.domain.case.own import FRAMEWORK_TYPE, KIND_OF_TYPE
from reseda.competencies.domain.exchange import case
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.tests import provider
from reseda.competencies.tests.provider import (
    CALLS,
    PREFIX,
    SETS,
    ask,
    assert_valid,
    component,
    errors,
    objects_of,
    package_schema,
)
from reseda.journal.actions import SYSTEM
from reseda.schools.models import School

pytestmark = pytest.mark.django_db

ITEMS, LINKS = 5_000, 20_000


@pytest.fixture
def rich(school: School) -> FrameworkVersion:
    return provider.rich(school)


def asked(client: Client, name: str, one: dict[str, Any], query: str = "") -> Any:
    """What the call of an object of a package answers, valid."""
    content = ask(client, f"{name}/{one['identifier']}{query}")
    assert_valid(content, CALLS[name])
    return content


def assert_same(name: str, content: Any, one: dict[str, Any]) -> None:
    """By itself an object says the same as in its package, and where its document is."""
    told = content[name][0] if name in SETS else content
    own = {"CFPackageURI", "CFDocumentURI"}
    assert {key: value for key, value in told.items() if key not in own} == one
    expected = {"CFDocuments": "CFPackageURI", "CFItems": "CFDocumentURI"}
    assert (set(told) & own) == {{**expected, "CFAssociations": "CFDocumentURI"}.get(name)} - {None}


@pytest.mark.parametrize("query", ["", "?extensions=1"])
def test_every_object_of_a_rich_framework_is_valid_and_says_the_same_everywhere(
    client: Client, rich: FrameworkVersion, query: str
) -> None:
    package = ask(client, f"CFPackages/{rich.framework.identifier}{query}")
    assert_valid(package, "CFPackage")
    met = set()
    for name, one in objects_of(package):
        assert one["uri"] == f"http://testserver{PREFIX}/{name}/{one['identifier']}"
        assert_same(name, asked(client, name, one, query), one)
        met.add(name)
    for one in package["CFItems"]:
        asked(client, "CFItemAssociations", one, query)
    assert met == set(CALLS) - {"CFPackages", "CFItemAssociations"}
    documents = ask(client, f"CFDocuments{query}")
    assert_valid(documents, "CFDocumentSet")


def test_every_optional_field_of_the_standard_can_be_filled(
    client: Client, rich: FrameworkVersion
) -> None:
    package = ask(client, f"CFPackages/{rich.framework.identifier}?extensions=1")
    filled: dict[str, set[str]] = {}

    def look(content: Any, name: str) -> None:
        filled.setdefault(name, set()).update(content)
        for field, value in content.items():
            schema = shapes[name]["properties"][field]
            inner = schema.get("items", schema).get("$ref", "").rpartition("/")[2]
            for one in value if isinstance(value, list) else [value]:
                if inner and not inner.endswith("ExtensionDType"):
                    look(one, inner)

    shapes = provider.official("imscasev1p1_openapi3_v1p0.json")["components"]["schemas"]
    look(package, "CFPackageDType")
    # A day of end is that of what is retired; a package and its definitions say nothing besides.
    never = {
        "CFPackageDType": {"extensions"},
        "CFDefinitionDType": {"extensions"},
        "CFPckgDocumentDType": {"statusEndDate"},
        "CFPckgItemDType": {"statusEndDate"},
    }
    missing = {name: {*shapes[name]["properties"]} - filled[name] for name in filled}
    assert {name: fields for name, fields in missing.items() if fields} == never


def test_extensions_are_only_given_to_those_who_ask(client: Client, rich: FrameworkVersion) -> None:
    path = f"CFPackages/{rich.framework.identifier}"
    assert "extensions" not in json.dumps(ask(client, path))
    extended = ask(client, f"{path}?extensions=1")
    unit = next(one for one in extended["CFItems"] if one["humanCodingScheme"] == "UE1")
    assert unit["extensions"]["reseda"]["ectsCredits"] == 4.5


def test_an_address_typed_with_accents_is_served_as_the_standard_wants(
    client: Client, school: School
) -> None:
    draft = provider.framework(school, provider.competencies(1))
    notice = Notice(official_source_url="https://école.example/référentiel complet?a=é")
    write_about(draft, notice=notice, by=SYSTEM)
    draft.refresh_from_db()
    provider.publish(draft)
    document = ask(client, f"CFDocuments/{draft.framework.identifier}")
    assert_valid(document, "CFDocument")
    assert document["officialSourceURL"].endswith("/r%C3%A9f%C3%A9rentiel%20complet?a=%C3%A9")


def test_nothing_is_null_at_any_depth(client: Client, rich: FrameworkVersion) -> None:
    for query in ("", "?extensions=1"):
        body = client.get(f"{PREFIX}/CFPackages/{rich.framework.identifier}{query}").content
        assert b"null" not in body


def test_english_wordings_are_the_alternative_labels_of_our_own_frameworks(
    client: Client, rich: FrameworkVersion
) -> None:
    package = ask(client, f"CFPackages/{rich.framework.identifier}")
    assert package["CFDocument"]["frameworkType"] == FRAMEWORK_TYPE
    labels = {one["humanCodingScheme"]: one.get("alternativeLabel") for one in package["CFItems"]}
    assert labels["C2"] == "Lead a team"
    assert labels["A1"] is None


@pytest.mark.parametrize(
    "name", ["cfpackage_opencase_compeito_v1p1", "cfpackage_opensalt_sample_v1p0"]
)
def test_packages_of_other_servers_are_served_valid_once_imported(
    client: Client, school: School, name: str
) -> None:
    told = case.read(json.dumps(provider.official(f"{name}.json")).encode())
    assert told.faults == ()
    version = provider.publish(
        provider.framework(
            school,
            told.lines,
            links=told.links or (),
            terms=told.terms or (),
            about=told.about,
            title=told.title,
        )
    )
    package = ask(client, f"CFPackages/{version.framework.identifier}")
    assert_valid(package, "CFPackage")
    assert len(package["CFItems"]) == len(told.lines)
    for kind, one in objects_of(package):
        assert_same(kind, asked(client, kind, one), one)


def test_every_object_of_a_large_framework_is_valid(client: Client, school: School) -> None:
    version = provider.seeded(school, ITEMS, LINKS)
    package = ask(client, f"CFPackages/{version.framework.identifier}")
    assert errors(package_schema(), package) == []
    assert len(package["CFItems"]) == ITEMS
    assert len(package["CFAssociations"]) == ITEMS + LINKS
    validators = {name: component(f"CFPckg{name}") for name in ("Document", "Item", "Association")}
    assert validators["Document"].is_valid(package["CFDocument"])
    for name, listed in (("Item", "CFItems"), ("Association", "CFAssociations")):
        assert all(validators[name].is_valid(one) for one in package[listed])
    # Each by its own call: one in two hundred, the first and the last.
    for listed in ("CFItems", "CFAssociations"):
        every = package[listed]
        for one in (*every[::200], every[-1]):
            assert_same(listed, asked(client, listed, one), one)
    for one in package["CFItems"][::500]:
        links = asked(client, "CFItemAssociations", one)["CFAssociations"]
        ends = [
            link
            for link in package["CFAssociations"]
            if one["identifier"]
            in (link["originNodeURI"]["identifier"], link["destinationNodeURI"]["identifier"])
        ]
        by_key = {link["identifier"]: link for link in links}
        assert by_key == {link["identifier"]: link for link in ends}


@pytest.mark.parametrize("kind", ["competency", "level", "teaching_unit"])
def test_the_types_of_our_kinds_are_served_to_anybody(client: Client, kind: str) -> None:
    identifier = next(key for key, value in KIND_OF_TYPE.items() if value == kind)
    content = ask(client, f"CFItemTypes/{identifier}")
    assert_valid(content, "CFItemTypeSet")
    assert content["CFItemTypes"][0]["typeCode"] == kind


@pytest.mark.parametrize(("name", "prefix"), [("CFConcepts", "concept"), ("CFItemTypes", "type")])
def test_a_term_comes_before_those_its_code_is_above_in_order(
    client: Client, rich: FrameworkVersion, name: str, prefix: str
) -> None:
    content = ask(client, f"{name}/{provider.key(f'{prefix}-1')}")
    codes = [one["hierarchyCode"] for one in content[name]]
    assert codes == ["1", "1.2", "1.2.1", "1.10"]
    alone = ask(client, f"{name}/{provider.key(f'{prefix}-6')}")
    assert [one["hierarchyCode"] for one in alone[name]] == ["2"]
