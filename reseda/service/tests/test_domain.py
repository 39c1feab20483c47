"""Half-days, holidays and counters, against cases a lawyer can read and a count by the minute."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from reseda.service.domain import documents
from reseda.service.domain.counters import Contract, Limit, Limits, Record, Stretch, counters, tally
from reseda.service.domain.days import PARIS, days, easter_sunday, public_holidays
from reseda.service.domain.rules import attestation_refusal, period_refusal

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "counters.yaml").read_text("utf-8"))
CONTRACT = Contract(date(2026, 1, 1), date(2028, 12, 31))
MORNING, NEXT_NOON = datetime(2026, 3, 10, 8, tzinfo=PARIS), datetime(2026, 3, 11, 12, tzinfo=PARIS)
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(content: str | bytes, on: str = "2026-06-01") -> tuple[int, str, str]:
        file = tmp_path / "input.json"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            call_command("service_counters", str(file), "--on", on)
            code = 0
        except SystemExit as end:
            code = int(str(end.code))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_the_command_counts_as_the_law_says(case: dict[str, Any], count: Command) -> None:
    code, out, _err = count(json.dumps(case["record"], default=str), str(case["day"]))
    answer = json.loads(out)
    articles = {year: found.pop("article") for year, found in answer["years"].items()}
    assert code == 0
    assert answer["years"] == {str(year): found for year, found in case["years"].items()}
    assert all(articles.values())
    assert [alert["code"] for alert in answer["alerts"]] == case.get("alerts", [])


def by_the_minute(periods: list[tuple[datetime, datetime]]) -> float:
    touched = set()
    for start, end in periods:
        at = start
        while at < end:
            local = at.astimezone(PARIS)
            touched.add((local.date(), local.hour >= 12))
            at += timedelta(minutes=1)
    return len(touched) / 2


MINUTES = st.integers(0, 60 * 24 * 9)
AROUND_CLOCK_CHANGE = st.sampled_from(
    [
        datetime(2026, 3, 26, tzinfo=UTC),
        datetime(2026, 10, 22, tzinfo=UTC),
        datetime(2026, 12, 28, tzinfo=UTC),
    ]
)


@given(AROUND_CLOCK_CHANGE, st.lists(st.tuples(MINUTES, st.integers(1, 3000)), max_size=3))
def test_half_days_agree_with_a_count_of_every_minute(
    first: datetime, drawn: list[tuple[int, int]]
) -> None:
    periods = [
        (first + timedelta(minutes=start), first + timedelta(minutes=start + length))
        for start, length in drawn
    ]
    record = Record("military", CONTRACT, tuple(Stretch(a, b, is_done=True) for a, b in periods))
    assert sum(done for done, _planned in tally(record).values()) == by_the_minute(periods)


@given(AROUND_CLOCK_CHANGE, st.lists(st.tuples(MINUTES, st.integers(1, 3000), st.booleans())))
def test_what_is_left_completes_the_limit_in_every_year(
    first: datetime, drawn: list[tuple[int, int, bool]]
) -> None:
    periods = tuple(
        Stretch(first + timedelta(minutes=a), first + timedelta(minutes=a + b), is_done)
        for a, b, is_done in drawn
    )
    found = counters(
        Record("military", CONTRACT, periods), Limits(Limit(60, "L4221-6")), first.date()
    )
    for one in found.years.values():
        assert one.done + one.planned + one.left == one.limit
    assert {alert.facts["year"] for alert in found.alerts if alert.code == "ceiling_exceeded"} == {
        year for year, one in found.years.items() if one.left < 0
    }


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1961, 4, 2), (2000, 4, 23), (2008, 3, 23), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25)],
)
def test_easter_falls_where_the_calendar_says(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


def test_a_year_has_eleven_public_holidays() -> None:
    assert len(public_holidays(2026)) == 11


def one_period(start: str, end: str) -> str:
    contract = {"start": "2026-01-01", "end": "2026-12-31"}
    period = {"start": start, "end": end, "status": "done"}
    return json.dumps({"regime": "police", "contract": contract, "periods": [period]})


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("{", "ligne 1"),
        ("[]", "$"),
        ('{"regime": "navy"}', "$.regime"),
        ('{"regime": "police"}', "$"),
        ('{"regime": "police", "periods": 1}', "$.periods"),
        ('{"regime": "civil_security", "ceiling": "forces_needs", "periods": []}', "$.ceiling"),
        ('{"regime": "police", "periods": [], "zone": "Mars"}', "$.zone"),
        ('{"regime": "police", "periods": [], "contract": {"start": "x"}}', "$.contract"),
        (one_period("2026-01-02", "2026-01-03"), "$.periods[0].start"),
        (one_period("2026-01-03T08:00Z", "2026-01-02T08:00Z"), "$.periods[0]"),
        (b"\xff\xfe", "ligne 1"),
    ],
)
def test_bad_input_is_one_line_that_names_the_place(
    content: str | bytes, place: str, count: Command
) -> None:
    code, out, err = count(content)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert f" : {place}" in err


def test_a_wrong_day_and_an_unknown_law_are_refused(count: Command) -> None:
    content = json.dumps({**CASES[0]["record"]}, default=str)
    assert count(content, "hier")[0] == 2
    assert count(content, "1901-01-01")[0] == 2


def test_a_period_must_end_after_it_starts_within_the_contract_and_alone() -> None:
    def refused(start: datetime, end: datetime, *others: tuple[datetime, datetime]) -> str:
        found = period_refusal(start, end, CONTRACT, others)
        return found.code if found else ""

    assert refused(MORNING, NEXT_NOON) == ""
    assert refused(NEXT_NOON, MORNING) == "ends_before_start"
    assert refused(MORNING, MORNING + timedelta(days=400)) == "too_long"
    assert refused(MORNING - timedelta(days=100), NEXT_NOON) == "outside_contract"
    assert refused(MORNING, NEXT_NOON, (NEXT_NOON, NEXT_NOON + timedelta(hours=1))) == ""
    assert refused(MORNING, NEXT_NOON, (MORNING, NEXT_NOON)) == "overlap"


@pytest.mark.parametrize(
    ("served", "code"),
    [("0.5", ""), ("1.5", ""), ("2", "too_many"), ("0", "not_halves"), ("1.3", "not_halves")],
)
def test_attested_days_are_halves_and_no_more_than_the_period(served: str, code: str) -> None:
    found = attestation_refusal(Decimal(served), MORNING, NEXT_NOON)
    assert (found.code if found else "") == code


def test_days_are_counted_in_the_zone_asked_for() -> None:
    record = {**CASES[0]["record"], "zone": "Pacific/Noumea"}
    asked = documents.read(json.loads(json.dumps(record, default=str)))
    assert str(asked.record.zone) == "Pacific/Noumea"
    assert (
        days(asked.record.periods[0].starts_at, asked.record.periods[0].ends_at, asked.record.zone)
        == 1
    )
