"""A school's own rules: what they fit, what they may not be, and which one wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseda.timetable.domain.events import Event
from reseda.timetable.domain.reading import read
from reseda.timetable.domain.school_rules import (
    MATCHES,
    Facets,
    SchoolRule,
    facets_of,
    kind_of,
    retyped,
)
from reseda.timetable.tests.calendars import HP_EVENT, ade, ade_event, hyperplanning, test_data


def rule(
    pattern: str, match: str = "word", kind: str = "exam", target: str = "title"
) -> SchoolRule:
    return SchoolRule("school.1", target, match, pattern, kind)


@pytest.mark.parametrize(
    ("match", "pattern", "title"),
    [
        ("word", "galop", "Galop d’essai TD"),
        ("word", "galop d’essai", "R1 Galop d'essai"),
        ("word", "éval", "EVAL_S3"),
        ("word", "ctrl*", "R101 Ctrl2 Optique"),
        ("word", "c*l", "R101 ctrl Optique"),
        ("contains", "710", "HAI710I"),
        ("contains", "ptique des s", "R101 Optique des systèmes"),
        ("starts", "HAI", "HAI710I"),
        ("starts", "R1", "r101 Optique"),
        ("is", "hai 710 i", "HAI-710-I"),
        ("is", "R*", "R101"),
    ],
)
def test_a_rule_fits_what_a_person_would_say_it_fits(match: str, pattern: str, title: str):
    assert rule(pattern, match).fits(title)


@pytest.mark.parametrize(
    ("match", "pattern", "title"),
    [
        ("word", "galop", "Galopade"),
        ("word", "essai galop", "Galop essai"),
        ("starts", "HAI", "Chai 2"),
        ("is", "R101", "R101 Optique"),
        ("is", "R101 Optique", "R101"),
        ("word", "aba*ab", "abab"),
        ("contains", "xy", "x y"),
        ("contains", "galop", ""),
    ],
)
def test_a_rule_does_not_fit_what_only_looks_alike(match: str, pattern: str, title: str):
    assert not rule(pattern, match).fits(title)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"pattern": "  - "}, "too_short"),
        ({"pattern": "***"}, "too_short"),
        ({"pattern": "R", "match": "starts"}, "too_short"),
        ({"pattern": "x" * 121}, "too_long"),
        ({"pattern": "ok", "kind": "party"}, "unknown_choice"),
        ({"pattern": "ok", "match": "regex"}, "unknown_choice"),
        ({"pattern": "ok", "target": "teacher"}, "unknown_choice"),
    ],
)
def test_a_rule_that_would_mean_nothing_is_refused(given: dict[str, str], reason: str):
    with pytest.raises(ValueError, match=reason):
        rule(**given)


@given(
    st.text("ab* ", min_size=2, max_size=20),
    st.sampled_from(MATCHES),
    st.text("ab ", max_size=40),
)
def test_the_star_means_any_letters_of_one_word(pattern: str, match: str, title: str):
    try:
        drawn = rule(pattern, match)
    except ValueError:
        return
    found = title.split()
    width = len(drawn.words)
    starts = range(len(found) - width + 1)
    if match == "starts":
        starts = starts[:1]
    if match == "is":
        starts = starts[: int(len(found) == width)]

    assert drawn.fits(title) == any(
        all(_like(drawn.words[i], found[start + i]) for i in range(width)) for start in starts
    )


def _like(pattern: str, word: str) -> bool:
    """Independent of the rule: letter by letter."""
    if not pattern:
        return not word
    if pattern[0] == "*":
        return _like(pattern[1:], word) or (word != "" and _like(pattern, word[1:]))
    return word != "" and pattern[0] == word[0] and _like(pattern[1:], word[1:])


def test_no_rule_takes_long_on_any_title():
    hostile = rule("*".join("a" * 50) + "*b")

    assert not hostile.fits("a" * 100_000)
    assert not rule("a " * 60, "word").fits("a " * 59)


def test_the_school_s_rules_come_before_the_french_ones_in_their_order():
    rules = [
        SchoolRule("school.1", "title", "word", "galop", "exam"),
        SchoolRule("school.2", "title", "contains", "galop", "other"),
    ]

    assert kind_of(Facets("Galop d’essai TD"), rules) == ("exam", "school.1", True)
    assert kind_of(Facets("Galopade TD"), rules) == ("other", "school.2", True)
    assert kind_of(Facets("Optique TD"), rules).rule == "tutorial.td"


def test_a_school_may_say_that_it_does_not_know():
    assert kind_of(Facets("Atelier CM"), [rule("atelier", kind="unknown")]).is_sure is False


@pytest.mark.parametrize(
    ("target", "pattern"),
    [("module", "R950"), ("group", "INF1 TP1*"), ("location", "B12"), ("title", "ctrl")],
)
def test_a_feed_is_read_with_the_rules_of_its_school(target: str, pattern: str):
    own = SchoolRule(
        "school.9", target, "starts" if target != "title" else "word", pattern, "other"
    )

    events = read(
        ade([ade_event(), ade_event("ADE02", summary="R2 CM", body="X1")]), extra_rules=[own]
    )
    kinds = {event.uid: (event.kind, event.rule) for event in events.events}

    assert kinds["ADE01"] == ("other", "school.9")
    assert (kinds["ADE02"][0] == "other") == (target == "location")


def test_a_lesson_kept_is_typed_as_its_feed_was():
    events = read(hyperplanning(HP_EVENT)).events + read(ade([ade_event()])).events

    assert [kept(event) for event in events] == [event.kind for event in events]


def test_every_lesson_kept_of_a_real_feed_is_typed_as_its_feed_was():
    for path in sorted(test_data("timetables").glob("*ev.ics")):
        for event in read(path.read_bytes()).events:
            assert kept(event) == event.kind, event.uid


def kept(event: Event) -> str:
    return kind_of(facets_of(event.title, event.module, event.group, event.location)).kind


def test_events_read_without_the_rules_of_their_school_take_them_afterwards():
    data = ade([ade_event(), ade_event("ADE02", summary="R2 CM")])
    rules = [rule("ctrl", kind="other")]

    assert retyped(read(data).events, rules) == read(data, extra_rules=rules).events
