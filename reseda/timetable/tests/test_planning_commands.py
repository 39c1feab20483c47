"""`reseda timetable plan` and `check`: JSON on standard output, and how long it takes to come."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from reseda.timetable.domain.planning.model import Progress
from reseda.timetable.domain.planning.solve import plan as plan_school
from reseda.timetable.management.commands import timetable_plan
from reseda.timetable.tests.planning_files import SCHOOL, answer, changed, without
from reseda.timetable.tests.planning_instances import School, as_input, small, write
from reseda.timetable.tests.planning_instances import school as drawn


def test_a_plan_has_the_shape_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    found = answer(capsys, "timetable_plan", write(tmp_path, SCHOOL), "--json")

    keys = ["status", "value", "bound", "gap", "granted", "refused", "totals"]
    assert list(found) == keys
    assert found["status"] == "optimal"
    assert found["value"] == pytest.approx(1000 + 50 - 0.05 * 150 + 1000)
    assert found["gap"] <= 1e-6
    assert sorted(found["granted"], key=lambda row: row["reservist"]) == [
        {"reservist": "R1", "offer": "P1", "days": 1.5, "recoverable": ["amphi"], "minutes": 150},
        {"reservist": "R2", "offer": "FMIR", "days": 5.0, "recoverable": [], "minutes": 0},
    ]
    refused = {(r["reservist"], r["offer"]): r["reason"] for r in found["refused"]}
    assert refused == {("R1", "FMIR"): "full", ("R2", "P1"): "full"}
    for row in found["refused"]:
        assert list(row) == ["reservist", "offer", "reason", "facts", "would_need"]
        assert isinstance(row["facts"], dict)
        assert isinstance(row["would_need"], dict)


def test_two_runs_print_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = write(tmp_path, small(11))

    printed = []
    for _ in range(2):
        call_command("timetable_plan", str(path))
        printed.append(capsys.readouterr().out)

    assert printed[0] == printed[1]
    assert printed[0].endswith("}\n")


def test_a_school_without_anybody_or_anything_has_a_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for school in (
        {"offers": [], "reservists": []},
        {"offers": SCHOOL["offers"], "reservists": []},
        {"offers": [], "reservists": without("reservists", 0, "wishes")["reservists"]},
    ):
        path = write(tmp_path, school)

        found = answer(capsys, "timetable_plan", path)

        assert (found["status"], found["value"], found["granted"]) == ("optimal", 0, [])
        (tmp_path / "plan.json").write_text(json.dumps(found))
        assert answer(capsys, "timetable_check", path, tmp_path / "plan.json")["is_valid"] is True


@pytest.mark.parametrize("limit", [0, 0.2, 60])
@pytest.mark.parametrize(
    "given",
    [small(12), as_input(drawn(School(80, 12, 100))), as_input(drawn(School(40, 12, 0, "total")))],
    ids=["small", "fair", "total"],
)
def test_a_plan_under_a_time_limit_breaks_no_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: dict[str, Any], limit: float
):
    path = write(tmp_path, given)

    found = answer(capsys, "timetable_plan", path, "--time-limit", limit)

    (tmp_path / "plan.json").write_text(json.dumps(found))
    assert answer(capsys, "timetable_check", path, tmp_path / "plan.json") == {
        "is_valid": True,
        "faults": [],
        "value": pytest.approx(found["value"]),
    }


def test_a_wrong_plan_ends_with_1_and_says_what_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path, SCHOOL)
    plan = answer(capsys, "timetable_plan", path)
    right = plan["value"]
    plan["value"] += 10
    plan["granted"][0]["minutes"] = 12.5
    (tmp_path / "plan.json").write_text(json.dumps(plan))

    with pytest.raises(SystemExit) as caught:
        call_command("timetable_check", str(path), str(tmp_path / "plan.json"))

    found = json.loads(capsys.readouterr().out)
    assert caught.value.code == 1
    assert found["is_valid"] is False
    assert found["value"] == pytest.approx(right)
    assert {fault["rule"] for fault in found["faults"]} >= {"minutes", "value"}
    assert list(found["faults"][0]) == ["rule", "reservist", "offer", "facts"]


def test_what_the_format_does_not_have_is_left_aside_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    school = changed("offers", 0, "capacité", to=3)
    school["comment"] = "hello"

    call_command("timetable_plan", str(write(tmp_path, school)))

    streams = capsys.readouterr()
    assert json.loads(streams.out)["status"] == "optimal"
    assert streams.err.count("\n") == 1
    assert "capacité" in streams.err
    assert "comment" in streams.err


@pytest.mark.parametrize(
    "moment",
    ["2027-03-06T08:00:00", "2027-03-06T08:00", "20270306T070000Z", "2027-03-06T07:00:00.000Z"],
)
def test_an_instant_is_read_in_every_usual_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], moment: str
):
    path = write(tmp_path, changed("offers", 1, "start", to=moment))
    same = write(tmp_path, SCHOOL, "same.json")

    assert answer(capsys, "timetable_plan", path) == answer(capsys, "timetable_plan", same)


def test_local_times_are_those_of_the_zone(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """In Japan the lesson of 6:30 is over long before the way starts."""
    school = changed("zone", to="Asia/Tokyo")

    found = answer(capsys, "timetable_plan", write(tmp_path, school))

    mine = next(row for row in found["granted"] if row["reservist"] == "R1")
    assert (mine["minutes"], mine["days"]) == (0, 1.0)


def test_a_contract_without_end_and_a_byte_order_mark_are_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    school = changed("reservists", 0, "contract", to={"start": "0001-01-01", "end": "9999-12-31"})
    path = tmp_path / "input.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(school).encode())

    assert len(answer(capsys, "timetable_plan", path)["granted"]) == 2


def test_published_pairs_and_pins_reach_the_planner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    settled = [{"reservist": "R2", "offer": "P1"}]
    school = changed("pins", to={"granted": settled})
    pinned = answer(capsys, "timetable_plan", write(tmp_path, school))
    school = changed("pins", to={"excluded": settled})
    excluded = answer(capsys, "timetable_plan", write(tmp_path, school))
    school = changed("published", to=settled)
    school["policy"] = {"change_cost": 2000}
    published = answer(capsys, "timetable_plan", write(tmp_path, school))

    assert {"R2"} == {row["reservist"] for row in pinned["granted"] if row["offer"] == "P1"}
    reasons = {(r["reservist"], r["offer"]): r["reason"] for r in excluded["refused"]}
    assert reasons["R2", "P1"] == "excluded"
    # He may go where he was expected only after the training, one change instead of three.
    assert {(row["reservist"], row["offer"]) for row in published["granted"]} <= {
        ("R2", "P1"),
        ("R2", "FMIR"),
    }


def test_progress_is_told_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def slow(*args: Any, tell: Callable[[Progress], None], **options: Any) -> Any:
        tell(Progress("pricing", 3, 1200.0, 1300.0))
        return plan_school(*args, tell=tell, **options)

    monkeypatch.setattr(timetable_plan, "plan", slow)
    monkeypatch.setattr(timetable_plan, "SECONDS_BETWEEN_NEWS", 0)
    path = write(tmp_path, SCHOOL)

    call_command("timetable_plan", str(path), verbosity=2)
    assert "1300" in capsys.readouterr().err
    call_command("timetable_plan", str(path))
    assert capsys.readouterr().err == ""


def test_an_interruption_ends_without_a_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(timetable_plan, "plan", interrupted)

    with pytest.raises(SystemExit) as caught:
        call_command("timetable_plan", str(write(tmp_path, SCHOOL)))

    streams = capsys.readouterr()
    assert caught.value.code == 130
    assert (streams.out, streams.err.count("\n")) == ("", 1)
