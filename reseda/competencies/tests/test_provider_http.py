"""How the CASE provider speaks HTTP: validators, doors, methods, and whatever is thrown at it."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reseda.competencies.domain.case.openapi import DISCOVERY
from reseda.competencies.models import FrameworkVersion
from reseda.competencies.tests import provider
from reseda.competencies.tests.provider import (
    CALLS,
    PREFIX,
    ask,
    assert_valid,
    competencies,
    failure,
    publish,
)
from reseda.people.models import Role
from reseda.schools.models import School
from reseda.schools.tests.factories import make_person

pytestmark = pytest.mark.django_db

HOSTILE = [
    "\x00",
    "a" * 10_000,
    "\u202etxt",
    "أهلا",
    "%00",
    "%2e%2e%2f",
    "../..",
    "' OR 1=1 --",
    "<script>",
    "{}",
    "\n",
    "00000000-0000-0000-0000-00000000000\u0661",
    "123e4567e89b42d3a456426614174000",
    "%ff%fe",
]


@pytest.fixture
def path(served: FrameworkVersion) -> str:
    return f"{PREFIX}/CFPackages/{served.framework.identifier}"


def assert_refused(response: Any, *statuses: int) -> None:
    assert response.status_code in statuses, response.content[:300]
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert_valid(response.json(), "imsx_StatusInfo")


# --- Validators


def test_what_has_not_changed_is_not_sent_again(client: Client, path: str) -> None:
    first = client.get(path)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
        assert again["Access-Control-Allow-Origin"] == "*"


def test_a_new_version_is_sent(client: Client, served: FrameworkVersion, path: str) -> None:
    first = client.get(path)
    assert first["Last-Modified"] == "Thu, 01 Oct 2026 12:00:00 GMT"
    provider.retire(served)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        assert client.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"\x00'},
        {"If-None-Match": "a" * 9_000},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Thu, 99 Oct 99999 12:00:00 GMT"},
        {"Accept": "application/json;q=x"},
        {"Accept": "*"},
        {"Accept": ""},
        {"Accept": "a" * 20_000},
    ],
)
def test_headers_that_make_no_sense_are_passed_over_or_refused(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    response = client.get(path, headers=headers)
    assert response.status_code in {200, 406}
    response.json()


def test_a_precondition_that_fails_is_told_in_json(client: Client, path: str) -> None:
    assert_refused(client.get(path, headers={"If-Match": '"other"'}), 412)


# --- Doors and methods


def test_programs_of_any_site_may_read(client: Client, path: str) -> None:
    response = client.get(path)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "X-Total-Count" in response["Access-Control-Expose-Headers"]
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in response.headers
    assert not response.cookies


def test_a_browser_may_ask_first(client: Client, path: str) -> None:
    response = client.options(path, headers={"Access-Control-Request-Method": "GET"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Allow"] == response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_a_head_says_what_a_get_would(client: Client, path: str) -> None:
    for address in (path, f"{PREFIX}/CFDocuments", f"{PREFIX}/nothing"):
        got, headed = client.get(address), client.head(address)
        assert headed.status_code == got.status_code
        assert headed.content == b""
        assert headed.headers == got.headers


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_by_a_call(path: str, method: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = getattr(strict, method)(path, b"{}", content_type="application/json")
    assert_refused(response, 405)
    assert response.json()["imsx_codeMajor"] == "unsupported"
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_only_json_is_served(client: Client, path: str) -> None:
    assert_refused(client.get(path, headers={"Accept": "text/html"}), 406)
    for accepted in ("application/json", "application/*", "*/*", "text/html, application/json"):
        ask(client, path.removeprefix(f"{PREFIX}/"), Accept=accepted)


@pytest.mark.parametrize(
    "address", ["", "/", "/CFDocuments/", "/CFItems", "/CFItems/", "/CFOthers/1", "/a/b/c", "/%0A"]
)
def test_an_address_that_no_call_has_is_refused_in_json(client: Client, address: str) -> None:
    assert_refused(client.get(f"{PREFIX}{address}"), 404)


def test_words_do_not_depend_on_who_reads(
    client: Client, school: School, served: FrameworkVersion, path: str
) -> None:
    first = client.get(path)
    english = client.get(path, headers={"Accept-Language": "en"})
    assert english.content == first.content
    assert english["Content-Language"] == "mul"
    client.force_login(make_person("inge@a.fr", Role.COMPETENCY_ENGINEER, school=school))
    assert client.get(path).content == first.content


def test_a_service_that_breaks_says_so_without_telling_why(
    client: Client, school: School, caplog: pytest.LogCaptureFixture
) -> None:
    draft = provider.framework(school, competencies(1))
    # Written by a hand that passed beside every check.
    draft.about = {"secret": "words"}
    publish(draft)
    response = client.get(f"{PREFIX}/CFDocuments/{draft.framework.identifier}")
    assert_refused(response, 500)
    assert b"secret" not in response.content
    assert "show_document" in caplog.text


def test_an_address_that_asks_for_too_many_packages_is_told_when_to_come_back(
    client: Client, path: str
) -> None:
    answers = [client.get(path) for _again in range(61)]
    assert [one.status_code for one in answers] == [200] * 60 + [429]
    assert_refused(answers[-1], 429)
    assert answers[-1]["Retry-After"] == "60"


# --- Discovery


def test_the_service_describes_itself(client: Client) -> None:
    told = ask(client, DISCOVERY)
    official = provider.official("imscasev1p1_openapi3_v1p0.json")
    assert told["openapi"].startswith("3.0.")
    assert {*told["paths"]} == {*official["paths"]}
    assert told["servers"] == [{"url": f"http://testserver{PREFIX}"}]
    for path, described in official["paths"].items():
        own, theirs = told["paths"][path]["get"], described["get"]
        assert own["operationId"] == theirs["operationId"]
        ours = {one["name"] for one in own["parameters"]}
        assert {one["name"] for one in theirs["parameters"]} <= ours


def test_our_description_requires_all_that_the_official_one_does(client: Client) -> None:
    ours = ask(client, DISCOVERY)["components"]["schemas"]
    theirs = provider.official("imscasev1p1_openapi3_v1p0.json")["components"]["schemas"]
    compared = 0
    for name, schema in theirs.items():
        own = ours.get(name.removesuffix("DType"))
        if own is None:
            continue
        compared += 1
        assert set(own["properties"]) == set(schema["properties"]), name
        assert set(own.get("required", [])) == set(schema.get("required", [])), name
        assert own["additionalProperties"] is False
    assert compared == 23


# --- Whatever is thrown at it


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", CALLS)
def test_an_identifier_that_is_none_is_refused(client: Client, name: str, text: str) -> None:
    response = client.get(f"{PREFIX}/{name}/{quote(text, safe='')}")
    assert_refused(response, 404)


@pytest.mark.parametrize("name", CALLS)
def test_an_identifier_is_a_uuid_in_either_case(
    client: Client, served: FrameworkVersion, name: str
) -> None:
    assert failure(client, f"{name}/1234", 404) == ("invalid_uuid", "sourcedId")
    assert failure(client, f"{name}/{provider.key('nobody')}", 404)[0] == "unknownobject"
    if name == "CFPackages":
        ask(client, f"{name}/{str(served.framework.identifier).upper()}")


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(
            ["limit", "offset", "sort", "orderBy", "filter", "fields", "extensions", "x\x00"]
        ),
        st.one_of(st.sampled_from([*HOSTILE, "title='a'", "title", "1"]), st.text(max_size=30)),
    )
)
def test_any_query_is_answered_or_refused(
    client: Client, served: FrameworkVersion, query: dict[str, str]
) -> None:
    response = client.get(f"{PREFIX}/CFDocuments", query)
    if response.status_code == 200:
        assert response.json()["CFDocuments"]
    else:
        assert_refused(response, 400, 404)


def test_more_parameters_than_anybody_writes_are_refused(client: Client) -> None:
    assert_refused(client.get(f"{PREFIX}/CFDocuments?" + "a=1&" * 1_100), 400)


def test_a_filter_in_a_header_link_breaks_no_header(client: Client, school: School) -> None:
    publish(provider.framework(school, competencies(1), title="a\r\nSet-Cookie: b"))
    response = client.get(f"{PREFIX}/CFDocuments", {"filter": "title~'\r\nSet-Cookie: b'"})
    assert response.status_code == 200
    assert "%0D%0A" in response["Link"]
