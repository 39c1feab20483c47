"""The counters against a count of every minute, and their door against whatever is given to it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reseda.law import queries as law
from reseda.service.domain import documents, legal
from reseda.service.domain.counters import (
    Contract,
    Limit,
    Limits,
    Record,
    Stretch,
    counters,
    counters_of_many,
    covers,
    overlaps,
    tally,
)
from reseda.service.domain.days import PARIS, is_working_day

CONTRACT = Contract(date(2026, 3, 28), date(2027, 1, 2))
PLAIN = Limits(Limit(60, "L4221-6"))
CASES = Path(__file__).parent / "cases"
HOUSE = Path(__file__).resolve().parents[2]
Halves = dict[tuple[date, bool], str]


def minute_by_minute(record: Record) -> dict[int, tuple[float, float]]:
    """Walk every minute of every period, as a clerk would, and note each half it falls in."""
    noted: Halves = {}
    for period in record.periods:
        at = period.starts_at.astimezone(UTC)
        while at < period.ends_at.astimezone(UTC):
            local = at.astimezone(record.zone)
            half = (local.date(), local.hour >= 12)
            if period.is_done or half not in noted:
                noted[half] = "done" if period.is_done else "planned"
            at += timedelta(minutes=1)
    if record.regime == "civil_security":
        noted = whole_working_days(noted)
    totals: dict[int, tuple[float, float]] = {}
    for (day, _is_afternoon), status in noted.items():
        done, planned = totals.get(day.year, (0.0, 0.0))
        totals[day.year] = (done + 0.5, planned) if status == "done" else (done, planned + 0.5)
    return totals


def whole_working_days(noted: Halves) -> Halves:
    found: Halves = {}
    for (day, _is_afternoon), status in noted.items():
        if is_working_day(day) and (status == "done" or (day, False) not in found):
            found[day, False] = found[day, True] = status
    return found


EDGES = st.sampled_from(
    [
        datetime(2026, 3, 27, tzinfo=UTC),  # summer time
        datetime(2026, 10, 23, tzinfo=UTC),  # winter time
        datetime(2026, 12, 29, tzinfo=UTC),  # New Year
        datetime(2028, 2, 27, tzinfo=UTC),  # 29 February
        datetime(2026, 4, 3, tzinfo=UTC),  # Easter
        datetime(2026, 5, 12, tzinfo=UTC),  # Ascension
    ]
)
DRAWN = st.lists(
    st.tuples(st.integers(0, 60 * 24 * 6), st.integers(1, 3000), st.booleans()), max_size=4
)
REGIMES = st.sampled_from(["military", "police", "civil_security"])


def drawn_record(regime: Any, first: datetime, drawn: list[tuple[int, int, bool]]) -> Record:
    stretches = tuple(
        Stretch(first + timedelta(minutes=a), first + timedelta(minutes=a + b), is_done)
        for a, b, is_done in drawn
    )
    return Record(regime, CONTRACT, stretches)


@settings(max_examples=60, deadline=None)
@given(REGIMES, EDGES, DRAWN)
def test_done_and_planned_agree_with_a_clerk_who_notes_every_minute(
    regime: str, first: datetime, drawn: list[tuple[int, int, bool]]
) -> None:
    record = drawn_record(regime, first, drawn)
    assert tally(record) == minute_by_minute(record)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(REGIMES, EDGES, DRAWN), max_size=5))
def test_many_records_are_counted_as_each_alone(drawn: list[tuple[str, datetime, Any]]) -> None:
    records = [drawn_record(*one) for one in drawn]
    on = date(2026, 11, 22)
    limits = [legal.limits(law.book(), one.regime, "ordinary", on) for one in records]
    alone = [counters(one, known, on) for one, known in zip(records, limits, strict=True)]
    assert counters_of_many(records, limits, on) == alone


@settings(max_examples=60, deadline=None)
@given(REGIMES, EDGES, DRAWN)
def test_alerts_on_periods_name_those_that_leave_the_contract_or_overlap(
    regime: str, first: datetime, drawn: list[tuple[int, int, bool]]
) -> None:
    record = drawn_record(regime, first, drawn)
    found = counters(record, PLAIN, first.date()).alerts
    leaving = {alert.facts["period"] for alert in found if alert.code == "outside_contract"}
    assert leaving == {
        place
        for place, one in enumerate(record.periods)
        if not covers(CONTRACT, one.starts_at, one.ends_at)
    }
    crossing = [alert.facts for alert in found if alert.code == "periods_overlap"]
    pairs = [{"period": place, "other": other} for place, other in overlaps(record.periods)]
    assert crossing == pairs
    is_any = any(
        a.starts_at < b.ends_at and b.starts_at < a.ends_at
        for rank, a in enumerate(record.periods)
        for b in record.periods[:rank]
    )
    assert bool(pairs) == is_any


def test_the_hour_that_comes_twice_is_no_overlap() -> None:
    # On 25 October 2026, 2:30 comes twice; the second period begins in the second one.
    first = Stretch(datetime(2026, 10, 25, 1, tzinfo=PARIS), at_twice(50, fold=0), is_done=True)
    second = Stretch(at_twice(10, fold=1), datetime(2026, 10, 25, 6, tzinfo=PARIS), is_done=True)
    record = Record("military", CONTRACT, (first, second))
    assert counters(record, PLAIN, date(2026, 11, 22)).alerts == ()


def at_twice(minute: int, *, fold: int) -> datetime:
    return datetime(2026, 10, 25, 2, minute, tzinfo=PARIS, fold=fold)


def test_the_legal_limits_of_a_past_year_are_those_of_that_year() -> None:
    found = legal.limits(law.book(), "military", "ordinary", date(2026, 11, 22), range(2005, 2026))
    assert found.past_days[2017].value == 30
    assert found.past_days[2018].value == 60
    assert found.past_days[2005] == found.days  # nothing is known of it: the law of the day


@pytest.mark.parametrize("regime", ["military", "police", "civil_security"])
def test_every_limit_and_threshold_carries_its_article(regime: Any) -> None:
    found = legal.limits(law.book(), regime, "ordinary", date(2026, 11, 22))
    watch = found.watch
    assert watch
    known = [found.days, found.contract_years_min, found.contract_years_max, watch.allowance]
    known += [watch.loyalty_bonus, watch.citizen_account, *watch.medals.values()]
    assert all(limit.article for limit in known if limit)
    assert watch.contract
    assert watch.smallest_period
    assert bool(watch.citizen_account) == (regime == "military")
    assert bool(watch.medals) == (regime != "civil_security")


def lawyers_cases() -> list[dict[str, Any]]:
    files = [*CASES.glob("*.yaml"), *(HOUSE / "law" / "tests" / "cases").glob("*.yaml")]
    found = [case for file in files for case in yaml.safe_load(file.read_text("utf-8"))]
    return [case for case in found if "says" in case or "titre" in case]


def test_lawyers_can_read_eighty_cases_at_least() -> None:
    assert len(lawyers_cases()) >= 80


# --- The door: whatever is given, an answer or one line that names the place

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["military", "done", "2026-01-01", "2026-10-25T02:30", "0001-01-01T00:00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
GOOD: dict[str, Any] = {
    "regime": "military",
    "ceiling": "ordinary",
    "zone": "Europe/Paris",
    "contract": {"start": "2026-01-01", "end": "2026-12-31"},
    "periods": [{"start": "2026-03-01T08:00", "end": "2026-03-02T18:00", "status": "done"}],
}
PLACES = st.sampled_from(
    [
        ("regime",),
        ("ceiling",),
        ("zone",),
        ("contract",),
        ("contract", "start"),
        ("contract", "end"),
        ("periods",),
        ("periods", 0),
        ("periods", 0, "start"),
        ("periods", 0, "end"),
        ("periods", 0, "status"),
    ]
)


def spoilt(place: tuple[str | int, ...], value: object) -> dict[str, Any]:
    document: Any = json.loads(json.dumps(GOOD))
    holder = document
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    return dict(document)


def read_or_refused(
    document: object,
) -> tuple[documents.Request | None, documents.Unusable | None]:
    try:
        return documents.read(document), None
    except documents.Unusable as refused:
        return None, refused


@settings(max_examples=150, deadline=None)
@given(PLACES, VALUES)
@example(("zone",), "../../etc/passwd")
@example(("zone",), "Europe")
@example(("zone",), "x" * 5000)
@example(("periods", 0, "start"), float("nan"))
@example(("periods", 0, "end"), "9999-12-31T23:59")
@example(("contract", "end"), "2199-12-31")
def test_whatever_stands_in_a_place_is_counted_or_refused_by_name(
    place: tuple[str | int, ...], value: object
) -> None:
    asked, refused = read_or_refused(spoilt(place, value))
    if asked is None:
        assert refused
        assert refused.place.startswith("$")
        assert all(fact.isprintable() and len(fact) <= 61 for fact in refused.facts.values())
        return
    on = date(2026, 6, 1)
    limits = legal.limits(
        law.book(), asked.record.regime, asked.ceiling, on, asked.years_before(on)
    )
    json.dumps(documents.answer(counters(asked.record, limits, on)), allow_nan=False)


def run(file: Path, capsys: pytest.CaptureFixture[str], on: str = "2026-06-01") -> tuple[int, str]:
    try:
        call_command("service_counters", str(file), "--on", on)
    except SystemExit as end:
        shown = capsys.readouterr()
        assert shown.out == ""
        return int(str(end.code)), shown.err
    capsys.readouterr()
    return 0, ""


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
@example(data=b"")
@example(data=b"\xff\xfe{\x00}\x00")
@example(data=b"\xc3\x28")
@example(data=b"[" * 100_000)
@example(data=b"1" * 10_000)
@example(data=b'{"regime": "\\ud800"}')
@example(data=b'{"regime": "a\\r\\nb\\u001b[31m"}')
@example(data=b"NaN")
def test_any_file_ends_in_one_line_and_code_two(
    data: bytes, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path_factory.mktemp("door") / "input.json"
    file.write_bytes(data)
    code, said = run(file, capsys)
    assert code == 2
    assert said.count("\n") == 1
    assert said.startswith(str(file))


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_an_absent_file_or_a_folder_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(tmp_path / name, capsys)
    assert (code, said.count("\n")) == (2, 1)


def test_a_file_too_big_is_refused_without_being_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "big.json"
    with file.open("wb") as hollow:
        hollow.truncate(65 * 1024 * 1024)
    code, said = run(file, capsys)
    assert (code, said.count("\n")) == (2, 1)


@pytest.mark.parametrize("on", ["9999-12-31", "2007-03-30", "2026-02-28"])
def test_far_days_are_answered_or_refused(
    on: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "good.json"
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    assert run(file, capsys, on)[0] == 0


def test_periods_of_centuries_are_counted_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = {"start": "1900-01-01T00:00", "end": "2199-12-31T23:59", "status": "done"}
    file = tmp_path / "long.json"
    file.write_text(json.dumps(GOOD | {"periods": [long] * 500}), encoding="utf-8")
    assert run(file, capsys)[0] == 0
