"""The console commands: JSON on standard output, one line on standard error when input is bad."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from reseda.timetable.domain.text import MAX_BYTES
from reseda.timetable.tests.calendars import ade, ade_event, general

EVENTS = [
    ade_event("A", "20260216T120000Z", "20260216T133000Z", "R950 ctrl", "INF1 TP1 S2"),
    ade_event("B", "20260217T080000Z", "20260217T100000Z", "R950 CM", "INF1 promo S2"),
    ade_event("C", "20260217T080000Z", "20260217T100000Z", "R950 TP", "INF1 TP2 S2"),
]


@pytest.fixture
def calendar(tmp_path: Path) -> Path:
    path = tmp_path / "ade.ics"
    path.write_bytes(ade(EVENTS))
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    call_command(*map(str, arguments))
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command on bad input and return its only line, after checking how it ends."""
    with pytest.raises(SystemExit) as caught:
        call_command(*map(str, arguments))
    streams = capsys.readouterr()
    assert caught.value.code == 2
    assert streams.out == ""
    assert streams.err.count("\n") == 1
    return streams.err


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_reading_gives_the_contract_of_the_command(
    calendar: Path, capsys: pytest.CaptureFixture[str]
):
    found = answer(capsys, "timetable_read", calendar, "--json")

    assert found["events"][0] == {
        "uid": "A",
        "start": "2026-02-16T12:00:00Z",
        "end": "2026-02-16T13:30:00Z",
        "all_day": False,
        "title": "R950 ctrl",
        "location": "B12 [K07]",
        "group": "INF1 TP1 S2",
        "kind": "exam",
        "is_sure": True,
        "rule": "exam.control",
    }
    assert [event["uid"] for event in found["events"]] == ["A", "B", "C"]
    assert found["problems"] == []
    assert len(found["digest"]) == 64


@pytest.mark.parametrize(
    ("days", "uids"),
    [
        (["--from", "2026-02-17"], ["B", "C"]),
        (["--to", "2026-02-16"], ["A"]),
        (["--from", "2026-02-16", "--to", "2026-02-16"], ["A"]),
        (["--from", "0001-01-01", "--to", "9999-12-31"], ["A", "B", "C"]),
    ],
)
def test_the_days_asked_for_are_both_included(
    calendar: Path, capsys: pytest.CaptureFixture[str], days: list[str], uids: list[str]
):
    found = answer(capsys, "timetable_read", calendar, *days)

    assert [event["uid"] for event in found["events"]] == uids


def test_problems_are_printed_with_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "x.ics"
    path.write_bytes(general("UID:a\r\nDTSTART:20260105T080000Z\r\nSTATUS:CANCELLED"))

    assert answer(capsys, "timetable_read", path)["problems"] == [
        {"code": "cancelled", "detail": {"uid": "a"}, "place": "line 3"},
        {"code": "empty_feed", "detail": {}, "place": ""},
    ]


def test_occurrences_of_a_series_keep_the_uid_of_the_feed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "x.ics"
    path.write_bytes(general("UID:a\r\nDTSTART:20260105T080000Z\r\nRRULE:FREQ=DAILY;COUNT=2"))

    assert [e["uid"] for e in answer(capsys, "timetable_read", path)["events"]] == ["a", "a"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b"a;b\n1;2\n", "BEGIN:VCALENDAR"),
        (b"\x89PNG\x00", "texte"),
        (b"<!DOCTYPE html>", "page web"),
        (b"BEGIN:VCALENDAR" + b" " * MAX_BYTES, "Mio"),
    ],
    ids=["empty", "csv", "png", "html", "large"],
)
def test_what_is_not_a_calendar_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, words: str
):
    path = tmp_path / "given.ics"
    path.write_bytes(data)

    line = refusal(capsys, "timetable_read", path)

    assert "given.ics" in line
    assert words in line
    assert "iCalendar (.ics)" in line


def test_a_missing_file_and_a_bad_day_are_refused_in_one_line(
    calendar: Path, capsys: pytest.CaptureFixture[str]
):
    assert "absent.ics" in refusal(capsys, "timetable_read", calendar.parent / "absent.ics")
    assert "--from" in refusal(capsys, "timetable_read", calendar, "--from", "16/02/2026")
    days = ("--from", "2026-02-17", "--to", "2026-02-16")
    assert "--to" in refusal(capsys, "timetable_read", calendar, *days)


PERIODS = "id,start,end\nP1,2026-02-16T13:00:00+01:00,2026-02-17T10:00\nP2,2026-03-01,2026-03-01\n"
EXPECTED = {
    "conflicts": [
        {"period": "P1", "uid": "A", "kind": "exam", "minutes": 90},
        {"period": "P1", "uid": "B", "kind": "lecture", "minutes": 60},
        {"period": "P1", "uid": "C", "kind": "practical", "minutes": 60},
    ],
    "by_period": {"P1": {"exam": 90, "lecture": 60, "practical": 60}, "P2": {}},
}
AS_JSON = json.dumps(
    {
        "periods": [
            {"id": "P1", "start": "2026-02-16T12:00:00Z", "end": "2026-02-17T09:00:00Z"},
            {"id": "P2", "start": "2026-03-01", "end": "2026-03-01"},
        ]
    }
)


@pytest.mark.parametrize(
    "text",
    [PERIODS, PERIODS.replace(",", ";"), "\ufeff" + PERIODS, AS_JSON],
    ids=["csv", "semicolons", "spreadsheet", "json"],
)
def test_conflicts_are_the_same_from_every_form_of_list(
    calendar: Path, capsys: pytest.CaptureFixture[str], text: str
):
    periods = write(calendar.parent / "periods", text)

    found = answer(capsys, "timetable_conflicts", "--timetable", calendar, "--periods", periods)

    assert found == EXPECTED


def test_the_travel_time_and_the_group_change_the_answer(
    calendar: Path, capsys: pytest.CaptureFixture[str]
):
    periods = write(calendar.parent / "p.csv", PERIODS)
    given = ("timetable_conflicts", "--timetable", calendar, "--periods", periods)

    travelling = answer(capsys, *given, "--travel", 30)
    mine = answer(capsys, *given, "--group", "INF1 TP1 S2")

    assert travelling["by_period"]["P1"] == {"exam": 90, "lecture": 90, "practical": 90}
    assert [conflict["uid"] for conflict in mine["conflicts"]] == ["A", "B"]


def test_a_day_given_as_an_end_is_served_whole(calendar: Path, capsys: pytest.CaptureFixture[str]):
    periods = write(calendar.parent / "p.csv", "id,start,end\nP,2026-02-16,2026-02-17\n")

    found = answer(capsys, "timetable_conflicts", "--timetable", calendar, "--periods", periods)

    assert len(found["conflicts"]) == 3


def test_an_endless_series_meets_a_period_many_years_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "x.ics"
    path.write_bytes(
        general("UID:a\r\nDTSTART:20100104T080000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY")
    )
    periods = write(tmp_path / "p.csv", "id,start,end\nP,2026-02-16,2026-02-16\n")

    found = answer(capsys, "timetable_conflicts", "--timetable", path, "--periods", periods)

    assert [c["minutes"] for c in found["conflicts"]] == [60]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,debut,fin\nP1,2026-02-16,2026-02-17\n", ["ligne 1", "start, end"]),
        ("id,start,end\nP1,2026-02-16,demain\n", ["ligne 2", "demain"]),
        ("id,start,end\nP1,2026-02-16\n", ["ligne 2"]),
        ("id,start,end\nP1,2026-02-17,2026-02-15\n", ["ligne 2", "fin"]),
        ("id,start,end\n,2026-02-16,2026-02-17\n", ["ligne 2", "id"]),
        ("id,start,end\nP,2026-02-16,2026-02-17\nP,2026-02-16,2026-02-17\n", ["deux fois"]),
        ("id,start,end\nP,9999-12-31,9999-12-31\n", ["ligne 2", "9999"]),
        ("id,start,end\n", ["aucune période"]),
        ("", ["id, start, end"]),
        ("[{]", ["ligne 1", "JSON"]),
        ("[" * 100_000, ["JSON"]),
        ('{"periods": 3}', ["liste"]),
        ("[3]", ["période 1"]),
        ('[{"id": "P1", "start": "2026-02-16"}]', ["période 1", "end"]),
        ('{"zone": "Lune/Mer", "periods": []}', ["zone", "Lune/Mer"]),
    ],
)
def test_a_bad_list_of_periods_is_refused_in_one_line(
    calendar: Path, capsys: pytest.CaptureFixture[str], text: str, words: list[str]
):
    periods = write(calendar.parent / "periods.csv", text)

    line = refusal(capsys, "timetable_conflicts", "--timetable", calendar, "--periods", periods)

    assert "periods.csv" in line
    for word in words:
        assert word in line


def test_a_negative_travel_time_and_an_unknown_group_are_refused(
    calendar: Path, capsys: pytest.CaptureFixture[str]
):
    periods = write(calendar.parent / "p.csv", PERIODS)
    given = ("timetable_conflicts", "--timetable", calendar, "--periods", periods)

    assert "--travel" in refusal(capsys, *given, "--travel", "-5")
    assert "INF1 TP2 S2" in refusal(capsys, *given, "--group", "RT9")
