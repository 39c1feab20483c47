"""The law as data: each value dated, sourced, checked; which one applies on a day."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from reseda.law import queries
from reseda.law.domain import document, notices, values
from reseda.law.domain.values import FaultyFile, NotInForce, UnknownCode

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "values.yaml").read_text("utf-8"))
CONTRACT = """
reserve.military.days.ordinary|forces_needs|national_interest
reserve.police.days.ordinary|forces_needs|national_interest reserve.civil_security.days
reserve.military.age.min|max reserve.police.age.min|max reserve.contract.years.min|max
reserve.suspension.months.max reserve.unanswered_calls.max reserve.reactivity.notice_days
employer.authorised_days employer.small_firm.authorised_days employer.small_firm.size
employer.notice_months employer.refusal_days public_agent.days.military|civil_security|police
recognition.validations_per_activity recognition.publication_months gap_year.semesters.max
agreement.garde_nationale.years site_access.opinion.years.max allowance.age.max allowance.days
"""


def codes():
    for word in CONTRACT.split():
        head, _, last = word.rpartition(".")
        yield from (f"{head}.{end}" for end in last.split("|"))


@pytest.mark.parametrize("code", list(codes()))
def test_every_code_of_the_contract_has_a_value_today(code):
    assert queries.value(code, date(2026, 11, 22)).value > 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['code']} {case['day']}")
def test_the_value_of_a_day_is_the_one_a_lawyer_expects(case):
    if case["value"] is None:
        with pytest.raises(NotInForce):
            queries.value(case["code"], case["day"])
    else:
        found = queries.value(case["code"], case["day"])
        assert (found.value, found.unit) == (case["value"], case["unit"])
        assert isinstance(found.value, bool) == (case["unit"] == "yes_no")
        assert case["article"] in found.article


@pytest.mark.parametrize("code", sorted(queries.book()))
def test_every_value_has_a_source_and_a_day_of_last_check(code):
    parameter = queries.book()[code]
    for found in parameter.values:
        assert found.source.startswith("https://")
        assert found.article.strip()
        assert date(2026, 1, 1) <= found.checked_on <= date(2030, 1, 1)
        assert found.since_on <= found.checked_on


@pytest.mark.parametrize("code", sorted(queries.book()))
def test_an_approximate_day_of_effect_is_explained_in_both_languages(code):
    parameter = queries.book()[code]
    if not all(found.is_since_exact for found in parameter.values):
        assert parameter.note["fr"]
        assert parameter.note["en"]


def test_an_unknown_code_is_an_error_of_the_caller():
    with pytest.raises(UnknownCode, match=r"reserve\.days"):
        queries.value("reserve.days", date(2026, 11, 22))


def test_the_history_is_read_newest_first():
    found = queries.history("employer.authorised_days")
    assert [value.value for value in found] == [10, 8, 5]


def test_every_rule_of_the_product_has_a_value_today():
    today = {value.rule for value in queries.in_force(date(2026, 11, 22))}
    assert {f"R{number}" for number in range(1, 25)} <= today


def test_a_value_holds_until_the_day_before_the_next_one():
    found = queries.history("employer.authorised_days")
    assert [value.until_on for value in found] == [None, date(2023, 8, 2), date(2018, 7, 14)]


def test_each_day_has_at_most_one_value_of_a_code():
    found = [value.code for value in queries.in_force(date(2026, 11, 22))]
    assert len(set(found)) == len(found)
    assert set(found) == set(queries.book()) - {"reserve.military.days.necessity"}


def test_what_is_not_read_in_the_text_is_told_in_the_document_as_not_certain():
    page = document.page(queries.book())
    doubts = page[page.index("## Ce qui n’est pas certain") :]
    told = {code for code in queries.book() if f"- `{code}`" in doubts}
    assert told == {
        code for code in queries.book() if any(not value.is_sure for value in queries.history(code))
    }


GOOD = """
days:
  description: Jours
  metadata: {description_en: Days, theme: studies, unit: day}
  values:
    2020-01-01:
      value: 3
      metadata:
        reference: {title: Article 1, href: "https://example.org/"}
        checked_on: 2026-04-03
        confidence: verified
"""


def test_a_file_is_read_into_codes_by_its_tree():
    assert values.read({"test": GOOD})["test.days"].on(date(2020, 1, 1)).value == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("unit: day", "unit: parsec", "unit"),
        ("theme: studies", "theme: cooking", "theme"),
        ("description: Jours", "description: ''", "description"),
        ("value: 3", "value: three", "whole number"),
        ("value: 3", "value: true", "whole number"),
        ("2020-01-01", "yesterday", "date of effect"),
        ("checked_on: 2026-04-03", "checked_on: soon", "checked_on"),
        ("confidence: verified", "confidence: sure", "confidence"),
        ("https://", "http://", "https"),
        ("title: Article 1", "title: ''", "title"),
    ],
)
def test_a_faulty_file_says_where_and_what(old, new, says):
    with pytest.raises(FaultyFile, match=says):
        values.read({"test": GOOD.replace(old, new)})


def test_a_rule_that_ended_has_no_value_from_that_day_on():
    ended = GOOD.replace("  values:\n", "  values:\n    2022-01-01:\n      value: null\n")
    found = values.read({"test": ended})["test.days"]
    assert found.on(date(2021, 12, 31)).value == 3
    assert found.on(date(2022, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("unit: day", "unit: yes_no", "neither true nor false"),
        ("unit: day", "unit: day, rule: R25", "R1 to R24"),
        ("      value: 3\n", "", "value is missing"),
        (
            "    2020-01-01:\n      value: 3",
            "    2020-01-01: 3\n    2021-01-01:\n      value: 3",
            "missing",
        ),
    ],
)
def test_a_faulty_value_says_what_is_expected(old, new, says):
    text = GOOD.replace(old, new)
    assert text != GOOD
    with pytest.raises(FaultyFile, match=says):
        values.read({"test": text})


@pytest.mark.parametrize("text", ["just words", "- a\n- b", "days: 3"])
def test_a_file_that_is_no_tree_is_refused(text):
    with pytest.raises(FaultyFile):
        values.read({"test": text})


def test_the_document_tells_every_value():
    page = document.page(queries.book())
    assert all(f"`{code}`" in page for code in queries.book())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_notice_names_the_articles_it_must_tell(language):
    notice = queries.notice(date(2026, 11, 22), language)
    text = " ".join(notice.paragraphs)
    assert notice.language == language
    assert all(article in text for article in ("L4211-7", "L611-9", "L611-11", "D611-7"))


def test_the_notice_is_the_latest_of_the_day_or_the_first_one():
    versions = {"2024-09-01": 1, "2026-04-03": 2}
    assert notices.version_on(versions, date(2026, 4, 2)) == "2024-09-01"
    assert notices.version_on(versions, date(2026, 4, 3)) == "2026-04-03"
    assert notices.version_on(versions, date(2020, 1, 1)) == "2024-09-01"


def test_a_notice_in_an_unknown_language_is_given_in_french():
    assert queries.notice(date(2026, 11, 22), "de").language == "fr"
