"""What a request for documents selects, beside a plain reading of every document."""

import unicodedata
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.competencies.domain.case.selection import (
    MOST_CONDITIONS,
    MOST_FILTER,
    Refused,
    Selection,
    read,
    select,
    steps,
    texts,
)

LINK = ("title", "identifier", "uri")
KNOWN: dict[str, tuple[str, ...]] = {
    "identifier": (),
    "title": (),
    "version": (),
    "subject": (),
    "lastChangeDateTime": (),
    "licenseURI": LINK,
    "subjectURI": LINK,
}
WORDS = ["Élève", "eleve", "Zèbre", "été", "Etalab", "10", "9", "2", "L’armée", "l'eau", "a b", ""]
MOMENTS = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2025-12-31T23:59:59.5Z"]
word = st.sampled_from(WORDS)
link = st.fixed_dictionaries({"title": word, "uri": st.just("https://a.example/1")})
document = st.fixed_dictionaries(
    {"identifier": st.uuids().map(str), "title": word},
    optional={
        "version": st.sampled_from(["1", "2", "9", "10", "1.0"]),
        "subject": st.lists(word.filter(bool), min_size=1, max_size=3),
        "lastChangeDateTime": st.sampled_from(MOMENTS),
        "licenseURI": link,
        "subjectURI": st.lists(link, min_size=1, max_size=2),
    },
)
documents = st.lists(document, max_size=8)
FIELDS = ["title", "version", "subject", "lastChangeDateTime", "licenseURI.title", "subjectURI"]
field = st.sampled_from(FIELDS)
PREDICATES = ["=", "!=", ">", ">=", "<", "<=", "~"]
condition = st.tuples(
    field, st.sampled_from(PREDICATES), st.sampled_from([*WORDS, *MOMENTS, "2026-01-01", "1"])
)


def asked(query: str) -> dict[str, list[str]]:
    return parse_qs(query, keep_blank_values=True)


def chosen(query: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [dict(one) for one in select(found, read(asked(query), KNOWN)).documents]


def said(one: dict[str, Any], name: str) -> list[str]:
    """The words of a field, found by hand."""
    if name == "licenseURI.title":
        return [one["licenseURI"]["title"]] if "licenseURI" in one else []
    if name == "subjectURI":
        return [each[key] for each in one.get(name, []) for key in each]
    value = one.get(name, [])
    return value if isinstance(value, list) else [value]


def bare(text: str) -> tuple[str, str]:
    folded = text.casefold()
    return unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode(), folded


def ranked(name: str, left: str, right: str) -> tuple[Any, Any]:
    """Both sides as they compare: instants, numbers, or words without their accents."""
    if name == "lastChangeDateTime":
        try:
            pair = [datetime.fromisoformat(text) for text in (left, right)]
            return tuple(one if one.tzinfo else one.replace(tzinfo=UTC) for one in pair)  # type: ignore[return-value]
        except ValueError:
            pass
    try:
        return float(left), float(right)
    except ValueError:
        # The typographic apostrophe is no letter that ASCII could keep.
        return tuple((bare(one.replace("’", "")), one.casefold()) for one in (left, right))  # type: ignore[return-value]


def answers(one: dict[str, Any], name: str, predicate: str, value: str) -> bool:
    words = said(one, name)
    if not words:
        return predicate == "!="
    whole = ",".join(words)
    parts = {part.strip().casefold() for part in value.split(",")} - {""}
    left, right = ranked(name, whole, value)
    same = left == right or (len(words) > 1 and {word.casefold() for word in words} == parts)
    within = value.casefold() in whole.casefold() or (
        len(words) > 1 and any(part in word.casefold() for part in parts for word in words)
    )
    return {
        "=": same,
        "!=": not same,
        "~": within,
        ">": left > right,
        ">=": left >= right,
        "<": left < right,
        "<=": left <= right,
    }[predicate]


def written(one: tuple[str, str, str]) -> str:
    name, predicate, value = one
    return f"{name}{predicate}'{value.replace(chr(39), chr(39) * 2)}'"


@settings(deadline=None)
@given(documents, st.lists(st.lists(condition, min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_filter_answers_as_every_document_read_by_hand(
    found: list[dict[str, Any]], groups: list[list[tuple[str, str, str]]]
) -> None:
    text = " OR ".join(" AND ".join(written(one) for one in group) for group in groups)
    by_hand = [
        one for one in found if any(all(answers(one, *part) for part in group) for group in groups)
    ]
    assert chosen(f"filter={quote(text)}", found) == by_hand


@settings(deadline=None)
@given(documents, st.sampled_from(["title", "licenseURI.title"]), st.booleans())
def test_a_sort_puts_every_document_in_the_order_of_words_and_the_silent_ones_last(
    found: list[dict[str, Any]], name: str, is_descending: bool
) -> None:
    order = "desc" if is_descending else "asc"
    ordered = chosen(f"sort={name}&orderBy={order}", found)
    assert sorted(one["identifier"] for one in ordered) == sorted(
        one["identifier"] for one in found
    )
    spoken = [said(one, name) for one in ordered]
    if all(word.isdigit() for words in spoken for word in words):
        return
    assert spoken == [one for one in spoken if one] + [one for one in spoken if not one]
    for (first, *_), (second, *_) in zip(spoken, [one for one in spoken[1:] if one], strict=False):
        left, right = bare(first.replace("’", "")), bare(second.replace("’", ""))
        assert left >= right if is_descending else left <= right


def test_versions_sort_as_numbers() -> None:
    found = [{"version": number} for number in ("10", "9", "1")]
    assert [one["version"] for one in chosen("sort=version", found)] == ["1", "9", "10"]


def test_ties_keep_the_order_of_the_provider_both_ways() -> None:
    found = [{"title": "Même", "identifier": str(number)} for number in range(3)]
    assert chosen("sort=title&orderBy=desc", found) == chosen("sort=title", found) == found


def test_a_sort_by_no_field_leaves_the_order_of_the_provider() -> None:
    found = [{"title": "b"}, {"title": "a"}]
    assert chosen("sort=nothing&orderBy=desc", found) == found


@pytest.mark.parametrize(
    ("value", "is_equal", "is_part"),
    [
        ("Un", False, True),
        ("un,DEUX", False, True),
        ("trois, deux,un", True, True),
        ("quatre", False, False),
        ("quatre,deux", False, True),
    ],
)
def test_equal_is_all_of_a_list_and_contains_is_any_of_it(
    value: str, is_equal: bool, is_part: bool
) -> None:
    found = [{"subject": ["un", "deux", "trois"]}]
    assert chosen(f"filter=subject%3D'{value}'", found) == (found if is_equal else [])
    assert chosen(f"filter=subject~'{value}'", found) == (found if is_part else [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("title='L''ingénieur'", "L'ingénieur"),
        ("title='L'ingénieur'", "L'ingénieur"),
        ("title=''", ""),
        ("title=''''", "'"),
        ("title='a AND b OR c'", "a AND b OR c"),
        ("title='a\x00b'", "a\x00b"),
        ("title='\u202eأ'", "\u202eأ"),
    ],
)
def test_a_value_may_hold_quotes_and_anything_else(text: str, value: str) -> None:
    assert read({"filter": [text]}, KNOWN).wanted[0][0].value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title",
        "title=",
        "title=a",
        "title='a",
        "title=='a'",
        "title='a' and title='b'",
        "title='a' AND ",
        "title='a'  AND title='b'",
        "title='a' XOR title='b'",
        "nothing='a'",
        "licenseURI.nothing='a'",
        "title.uri='a'",
        "__class__='a'",
        "title='" + "a" * MOST_FILTER + "'",
        " AND ".join(["title='a'"] * (MOST_CONDITIONS + 1)),
        "'" * 900,
        "\x00",
        "\ud800",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_as_the_binding_says(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read({"filter": [text]}, KNOWN)
    assert (refused.value.code, refused.value.parameter) == ("invalid_selection_field", "filter")


@pytest.mark.parametrize(
    "text", ["0", "-1", "a", "", "1.5", "\u0661", " 1", "1\n", "9" * 5000, "1e3"]
)
def test_a_limit_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="limit"):
        read({"limit": [text]}, KNOWN)


def test_an_order_that_is_neither_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read({"orderBy": ["up"]}, KNOWN)
    assert refused.value.code == "invalid_sort_field"


def test_fields_are_those_asked_and_those_alone() -> None:
    found = [{"identifier": "1", "title": "a", "version": "1"}]
    for query in ("fields=title,identifier", "fields=title&fields=identifier"):
        assert chosen(query, found) == [{"title": "a", "identifier": "1"}]
    assert chosen("fields=subject", found) == [{}]


def test_a_field_that_does_not_exist_gives_all_of_them() -> None:
    found = [{"identifier": "1", "title": "a"}]
    assert chosen("fields=nothing,title", found) == found


@pytest.mark.parametrize("query", ["fields=", "fields=title,", "fields=,title", "fields=%20"])
def test_a_blank_field_is_refused(query: str) -> None:
    with pytest.raises(Refused, match="fields"):
        read(asked(query), KNOWN)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 15))
def test_walking_the_pages_meets_every_document_once(total: int, limit: int, offset: int) -> None:
    everything = [{"identifier": str(number)} for number in range(total)]

    def walk(rel: str, start: Selection) -> list[list[str]]:
        met, here = [], start
        while True:
            page = select(everything, here)
            met.append([one["identifier"] for one in page.documents])
            ways = {step.rel: step for step in steps(here, page.total)}
            if rel not in ways:
                return met
            here = Selection(limit=ways[rel].limit, offset=ways[rel].offset)

    names = [one["identifier"] for one in everything]
    assert [*chain(*walk("next", Selection(limit=limit)))] == names
    offset = min(offset, total - 1)
    back = walk("prev", Selection(limit=limit, offset=offset))
    assert [*chain(*reversed(back))] == names[: offset + limit]
    last = next(step for step in steps(Selection(limit=limit), total) if step.rel == "last")
    assert select(everything, Selection(limit=limit, offset=last.offset)).documents[-1] == {
        "identifier": names[-1]
    }


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["limit", "offset", "sort", "orderBy", "filter", "fields", "x"]),
        st.lists(st.text(max_size=60), max_size=3),
    )
)
def test_anything_is_read_or_refused(given_: dict[str, list[str]]) -> None:
    try:
        found = read(given_, KNOWN)
    except Refused as refused:
        assert refused.parameter in given_  # noqa: PT017  (either outcome is right)
    else:
        assert found.limit >= 1


def test_an_object_says_what_its_properties_say() -> None:
    one = {"licenseURI": {"title": "Etalab", "uri": "u"}, "subjectURI": [{"title": "a"}]}
    assert texts(one, "licenseURI") == ("Etalab", "u")
    assert texts(one, "subjectURI.title") == ("a",)
    assert texts(one, "version") == ()
