"""Opinions, agreement, coverage, carrying: cases people can read, and independent computations."""

from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.competencies.domain import judgement
from reseda.competencies.domain.judgement import (
    CONVERGENT,
    COVERAGES,
    RELATIONS,
    Judged,
    Opinion,
    Wording,
)

CASES = Path(__file__).parent / "cases"


def cases(name: str, title: str = "case") -> Any:
    told = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return pytest.mark.parametrize("case", told, ids=[one[title] for one in told])


def opinion(text: str | None) -> Opinion | None:
    if not text:
        return None
    relation, *rest = text.split()
    return Opinion(relation, int(rest[0]) if rest else None, rest[1:] == ["within"])


OPINIONS = st.one_of(
    st.sampled_from([Opinion(relation) for relation in RELATIONS if relation != "partial"]),
    st.builds(Opinion, st.just("partial"), st.sampled_from(COVERAGES), st.booleans()),
)


# --- Opinions


@cases("opinions")
def test_opinions_amount_to(case: dict[str, Any]) -> None:
    given_ = [opinion(text) for text in case["opinions"]]
    told = [one for one in given_ if one]
    found = judgement.outcome(
        told, reviewers=case["reviewers"], settled=opinion(case.get("settled"))
    )
    assert found == (case["state"], opinion(case.get("outcome")))
    differ = judgement.difference(told)
    if "differ" not in case:
        assert case["state"] == "settled" or differ is None
        return
    assert differ is not None
    assert (differ.kind, differ.is_mild) == (case["differ"], case.get("mild", False))
    assert differ.prudent == opinion(case.get("prudent"))
    assert differ.leading == opinion(case.get("leading"))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Opinion("total"), ""),
        (Opinion("partial", 75, is_within=True), ""),
        (Opinion("partial"), "coverage_missing"),
        (Opinion("partial", 40), "unknown_coverage"),
        (Opinion("none", 25), "coverage_not_of_partial"),
        (Opinion("total", None, is_within=True), "coverage_not_of_partial"),
        (Opinion("equal"), "unknown_relation"),
        (Opinion(""), "unknown_relation"),
    ],
)
def test_an_opinion_that_says_nothing_clear_is_refused(told: Opinion, code: str) -> None:
    assert judgement.fault(told) == code


@given(st.lists(OPINIONS, max_size=5), st.sampled_from((1, 2)))
def test_a_pair_is_decided_only_by_enough_opinions_all_the_same(
    told: list[Opinion], reviewers: int
) -> None:
    state, held = judgement.outcome(told, reviewers=reviewers, settled=None)
    kinds = {(one.relation, one.coverage, one.is_within) for one in told}
    assert (state == "agreed") == (len(told) >= reviewers and len(kinds) == 1)
    assert (state == "conflict") == (len(kinds) > 1) == (judgement.difference(told) is not None)
    assert (held is None) == (state in ("", "conflict"))
    backwards = judgement.outcome(told[::-1], reviewers=reviewers, settled=None)
    assert backwards == (state, held)


# --- Agreement


@cases("agreement", "source")
def test_agreement_is_the_one_that_its_authors_print(case: dict[str, Any]) -> None:
    pairs = [
        (RELATIONS[row], RELATIONS[column])
        for row, counts in enumerate(case["table"])
        for column, count in enumerate(counts)
        for _one in range(count)
    ]
    found = judgement.agreement(pairs)
    assert found.kappa is not None
    assert found.pairs == sum(map(sum, case["table"]))
    assert found.kappa == pytest.approx(case["kappa"], abs=0.0006)
    assert found.words == case["words"]
    for name in ("observed", "expected"):
        if name in case:
            assert getattr(found, name) == pytest.approx(case[name], abs=0.0005)
    if "interval" in case:
        assert (found.low, found.high) == pytest.approx(tuple(case["interval"]), abs=0.0006)
    if "weighted" in case:
        assert found.weighted is not None
        told = (found.weighted.value, found.weighted.low, found.weighted.high)
        assert told == pytest.approx((case["weighted"], *case["weighted_interval"]), abs=0.0006)


PAIRS = st.lists(st.tuples(st.sampled_from(RELATIONS), st.sampled_from(RELATIONS)), max_size=60)


def brute(pairs: list[tuple[str, str]], *, is_weighted: bool) -> float | None:
    """Disagreements observed over those expected (Cohen 1968), pair by pair of people and pairs."""

    def apart(one: str, other: str) -> float:
        gap = abs(RELATIONS.index(one) - RELATIONS.index(other))
        return gap if is_weighted else float(gap > 0)

    seen = sum(apart(one, other) for one, other in pairs) / len(pairs)
    crossed = list(product((one for one, _ in pairs), (other for _, other in pairs)))
    chance = sum(apart(one, other) for one, other in crossed) / len(crossed)
    return None if chance == 0 else 1 - seen / chance


@given(PAIRS.filter(bool))
@settings(max_examples=60)
def test_kappa_is_one_minus_the_disagreements_seen_over_those_expected(
    pairs: list[tuple[str, str]],
) -> None:
    found = judgement.agreement(pairs)
    plain, weighted = (brute(pairs, is_weighted=one) for one in (False, True))
    if plain is None:
        assert (found.kappa, found.weighted, found.words) == (None, None, "one_category")
        return
    assert found.weighted is not None
    assert found.kappa == pytest.approx(plain)
    assert found.weighted.value == pytest.approx(weighted)
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low <= found.kappa + 1e-9
    assert found.kappa - 1e-9 <= found.high <= 1
    mirrored = judgement.agreement([(other, one) for one, other in pairs])
    assert mirrored.kappa == pytest.approx(found.kappa)
    assert (mirrored.low, mirrored.high) == pytest.approx((found.low, found.high))


def jackknife(pairs: list[tuple[str, str]]) -> float:
    """The standard error of kappa, by leaving each pair out in turn."""
    values = []
    for place in range(len(pairs)):
        value = brute(pairs[:place] + pairs[place + 1 :], is_weighted=False)
        assert value is not None
        values.append(value)
    mean = sum(values) / len(values)
    spread = sum((value - mean) ** 2 for value in values)
    return float((spread * (len(values) - 1) / len(values)) ** 0.5)


def test_the_interval_is_as_wide_as_leaving_pairs_out_in_turn_tells() -> None:
    table = {("none", "none"): 90, ("total", "total"): 30, ("none", "total"): 12}
    table |= {("partial", "none"): 9, ("partial", "partial"): 15, ("total", "partial"): 6}
    pairs = [cell for cell, count in table.items() for _one in range(count)]
    found = judgement.agreement(pairs)
    assert found.high is not None
    assert found.kappa is not None
    assert (found.high - found.kappa) / 1.96 == pytest.approx(jackknife(pairs), rel=0.03)


def test_agreement_without_a_value_says_why() -> None:
    assert judgement.agreement([]).words == "no_pairs"
    always = judgement.agreement([("none", "none")] * 40)
    assert (always.kappa, always.low, always.words) == (None, None, "one_category")
    assert (always.observed, always.pairs) == (1.0, 40)


def test_nearly_only_no_match_calls_for_caution() -> None:
    pairs = [("none", "none")] * 96 + [("total", "none"), ("none", "partial")] * 2
    found = judgement.agreement(pairs)
    assert found.kappa is not None
    assert found.observed == 0.96
    assert found.kappa < 0
    assert (found.words, found.most) == ("poor", "none")
    assert found.cautions == ("prevalence",)
    assert "few_pairs" in judgement.agreement(pairs[:10]).cautions


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-0.01, "poor"),
        (0.0, "slight"),
        (0.2, "slight"),
        (0.21, "fair"),
        (0.6, "moderate"),
        (0.61, "substantial"),
        (0.81, "almost_perfect"),
        (1.0, "almost_perfect"),
    ],
)
def test_bands_are_those_of_landis_and_koch(value: float, words: str) -> None:
    from reseda.competencies.domain.judgement.agreement import band  # noqa: PLC0415

    assert band(value) == words


# --- Coverage


def cell(text: str, row: int, column: int) -> list[Judged]:
    if text == ".":
        return []
    if text == "?":
        return [Judged(row, column, "proposed", Opinion("total"))]
    return [Judged(row, column, "agreed", opinion(text))]


@cases("coverage")
def test_what_is_decided_covers(case: dict[str, Any]) -> None:
    names = list(case["rows"])
    width = len(case["covered"])
    judged = [
        one
        for row, cells in enumerate(case["rows"].values())
        for column, text in enumerate(cells)
        for one in cell(text, row, column)
    ]
    rows, columns = range(len(names)), range(width)
    found = judgement.coverage(rows, columns, judged)
    assert [one.covered for one in found] == case["covered"]
    assert [one.status for one in found] == case["status"]
    assert [one.is_gap for one in found] == [text == "gap" for text in case["status"]]
    assert [[names[key] for key, _share in one.origins] for one in found] == case["by"]
    if "supplement" in case:
        told = {
            names[one.origin]: "complete" if one.is_complete else "partial"
            for one in judgement.supplement(rows, columns, judged)
        }
        assert told == case["supplement"]
    # Pairs without a match may be counted instead of told.
    none = [one for one in judged if one.relation == "none"]
    others = [one for one in judged if one not in none]
    counts = Counter(one.destination for one in none)
    assert judgement.coverage(rows, columns, others, counts) == found
    by_row = Counter(one.origin for one in none)
    assert judgement.supplement(rows, columns, others, by_row) == judgement.supplement(
        rows, columns, judged
    )


TABLES = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 3)),
    st.tuples(st.sampled_from(("proposed", "agreed", "conflict", "settled")), OPINIONS),
)


@given(TABLES)
def test_coverage_is_the_best_share_and_never_a_sum(
    table: dict[tuple[int, int], tuple[str, Opinion]],
) -> None:
    judged = [
        Judged(*pair, state, None if state == "conflict" else told)
        for pair, (state, told) in table.items()
    ]
    found = judgement.coverage(range(5), range(4), judged)
    for one in found:
        shares = [
            {"total": 100, "partial": told.coverage}[told.relation]
            for (row, column), (state, told) in table.items()
            if column == one.destination
            and state in ("agreed", "settled")
            and told.relation in CONVERGENT
        ]
        assert one.covered == max(shares, default=0)
        assert one.is_complete == (one.decided == 5)
        touched = any(column == one.destination for _row, column in table)
        assert (one.status == "untouched") == (not touched)
        assert not (one.is_gap and one.decided < 5)


def test_alignment_is_measured_as_webb_does() -> None:
    # Under 7: four expectations; origins 1 and 2 meet the first, 3 the second; the others, none.
    judged = [
        Judged(1, 10, "agreed", Opinion("total")),
        Judged(2, 10, "settled", Opinion("partial", 50)),
        Judged(3, 11, "agreed", Opinion("partial", 25)),
        Judged(3, 12, "agreed", Opinion("complementary")),
        Judged(1, 13, "proposed", Opinion("total")),
    ]
    groups: dict[int, int | None] = {10: 7, 11: 7, 12: 7, 13: 7, 20: None}
    covered = judgement.coverage([1, 2, 3], list(groups), judged)
    seven, top = judgement.alignment(groups, covered)
    assert (seven.group, seven.items, seven.reached, seven.origins) == (7, 4, 2, 3)
    assert (seven.range, seven.is_even) == (0.5, True)
    # 1 − (|1/2 − 2/3| + |1/2 − 1/3|) / 2
    assert seven.balance == pytest.approx(1 - (1 / 6 + 1 / 6) / 2)
    assert (top.group, top.range, top.balance, top.is_even) == (None, 0, None, False)


def test_origins_that_nearly_all_fall_on_one_expectation_are_not_spread() -> None:
    judged = [Judged(origin, 10, "agreed", Opinion("total")) for origin in range(1, 10)]
    judged.append(Judged(1, 11, "agreed", Opinion("total")))
    covered = judgement.coverage(list(range(1, 10)), [10, 11], judged)
    (one,) = judgement.alignment({10: None, 11: None}, covered)
    # 1 − (|1/2 − 9/10| + |1/2 − 1/10|) / 2
    assert one.balance == pytest.approx(0.6)
    assert not one.is_even


# --- Carrying


def side(told: dict[str, str]) -> list[Wording]:
    return [
        Wording(key, *(part.strip(" ") for part in text.split("/"))) for key, text in told.items()
    ]


@cases("carrying")
def test_decisions_are_carried_while_they_speak_of_the_same_words(case: dict[str, Any]) -> None:
    before, after = (
        (side(case[moment]["origins"]), side(case[moment]["destinations"]))
        for moment in ("before", "after")
    )
    pairs = [(one, other) for one, other in case["pairs"]]
    found = judgement.carry(before, after, pairs)
    told = {
        "carried": found.pairs,
        "reworded": found.reworded,
        "lost": found.lost,
    }
    for name, kept in told.items():
        assert [list(pair) for pair in kept] == case.get(name, []), name
    for name in ("changed", "added", "vanished"):
        assert list(getattr(found, name)) == case.get(name, []), name


WORDS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(("x", "y", " x ")), max_size=4)


@given(WORDS, WORDS, WORDS, WORDS)
def test_every_decided_pair_has_one_fate(
    was_rows: dict[str, str],
    was_columns: dict[str, str],
    rows: dict[str, str],
    columns: dict[str, str],
) -> None:
    def worded(words: dict[str, str], prefix: str) -> list[Wording]:
        return [Wording(prefix + key, text) for key, text in words.items()]

    pairs = [("o" + one, "d" + other) for one in was_rows for other in was_columns]
    found = judgement.carry(
        (worded(was_rows, "o"), worded(was_columns, "d")),
        (worded(rows, "o"), worded(columns, "d")),
        pairs,
    )
    fates = Counter([*found.pairs, *found.reworded, *found.lost])
    assert fates == Counter(pairs)
    for one, other in found.pairs:
        assert was_rows[one[1:]].strip() == rows[one[1:]].strip()
        assert was_columns[other[1:]].strip() == columns[other[1:]].strip()
    for one, other in found.lost:
        assert one[1:] not in rows or other[1:] not in columns
