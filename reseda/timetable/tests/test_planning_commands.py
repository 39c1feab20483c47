"""`reseda timetable plan` and `check`: JSON on standard output, one line when input is bad."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from reseda.timetable.domain.planning.model import Progress
from reseda.timetable.domain.planning.solve import plan as plan_school
from reseda.timetable.management.commands import timetable_plan
from reseda.timetable.tests.planning_instances import School, as_input, small, write
from reseda.timetable.tests.planning_instances import school as drawn

SCHOOL: dict[str, Any] = {
    "zone": "Europe/Paris",
    "offers": [
        {
            "id": "FMIR",
            "start": "2027-02-08T08:00:00+01:00",
            "end": "2027-02-12T18:00:00+01:00",
            "capacity": 1,
            "requires": [],
            "grants": ["FMIR"],
        },
        {
            "id": "P1",
            "start": "2027-03-06T07:00:00Z",
            "end": "2027-03-07T12:00:00",
            "capacity": 1,
            "requires": ["FMIR"],
            "grants": [],
        },
    ],
    "reservists": [
        {
            "id": "R1",
            "busy": [
                {
                    "uid": "amphi",
                    "start": "2027-03-06T06:30:00",
                    "end": "2027-03-06T09:00:00",
                    "kind": "lecture",
                }
            ],
            "contract": {"start": "2026-01-01", "end": "2030-12-31"},
            "holds": ["FMIR"],
            "target_days": 1.5,
            "ceilings": {"2026": 60, "2027": 60},
            "served": {"2026": 5.5},
            "wishes": {"P1": 50},
        },
        {
            "id": "R2",
            "busy": [],
            "contract": {"start": "2026-01-01", "end": "2030-12-31"},
            "holds": [],
            "target_days": 5,
        },
    ],
    "policy": {"objective": "fair"},
}


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    call_command(*map(str, arguments))
    streams = capsys.readouterr()
    assert streams.err == ""
    return json.loads(streams.out)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run a command on bad input and return its only line, after checking how it ends."""
    with pytest.raises(SystemExit) as caught:
        call_command(*map(str, arguments))
    streams = capsys.readouterr()
    assert caught.value.code == 2
    assert streams.out == ""
    assert streams.err.count("\n") == 1
    return streams.err


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """The school with one value replaced, at a path of keys and positions."""
    school = copy.deepcopy(SCHOOL)
    inner: Any = school
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return school


def without(*path: str | int) -> dict[str, Any]:
    school = changed(*path, to=None)
    inner: Any = school
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return school


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


BAD: list[tuple[dict[str, Any], list[str]]] = [
    (without("offers"), ["offers"]),
    (without("reservists"), ["reservists"]),
    (changed("offers", to={}), ["offers", "liste"]),
    (changed("offers", 1, to=3), ["offers[1]", "objet"]),
    (changed("offers", 1, "id", to="FMIR"), ["offers[1].id", "FMIR", "deux fois"]),
    (changed("offers", 1, "id", to=" "), ["offers[1].id", "vide"]),
    (changed("offers", 1, "id", to=7), ["offers[1].id", "texte"]),
    (without("offers", 1, "capacity"), ["offers[1]", "capacity"]),
    (changed("offers", 1, "capacity", to=-1), ["offers[1].capacity", "-1"]),
    (changed("offers", 1, "capacity", to=1.5), ["offers[1].capacity", "1.5", "entier"]),
    (changed("offers", 1, "capacity", to=10**30), ["offers[1].capacity"]),
    (changed("offers", 1, "capacity", to=True), ["offers[1].capacity"]),
    (changed("offers", 1, "capacity", to="12"), ["offers[1].capacity", "nombre"]),
    (changed("offers", 1, "requires", to="FMIR"), ["offers[1].requires", "liste"]),
    (changed("offers", 1, "requires", to=[1]), ["offers[1].requires[0]"]),
    (changed("offers", 1, "end", to="2027-03-06T07:00:00Z"), ["offers[1].end", "P1"]),
    (changed("offers", 1, "end", to="2027-01-01T07:00:00Z"), ["offers[1].end", "fin"]),
    (changed("offers", 1, "end", to="demain"), ["offers[1].end", "demain", "instant"]),
    (changed("offers", 1, "end", to="9999-12-31T23:59:59Z"), ["offers[1].end", "9999"]),
    (changed("offers", 1, "end", to="0001-01-01T00:00:00+10:00"), ["offers[1].end"]),
    (changed("offers", 1, "end", to="2027-02-30T08:00:00Z"), ["offers[1].end", "2027-02-30"]),
    (changed("reservists", 1, "id", to="R1"), ["reservists[1].id", "R1", "deux fois"]),
    (changed("reservists", 1, "busy", to={}), ["reservists[1].busy", "liste"]),
    (changed("reservists", 0, "busy", 0, "start", to="x\ny"), ["reservists[0].busy[0].start"]),
    (changed("reservists", 0, "busy", 0, "start", to="2027-03-06T10:00"), ["busy[0].end", "fin"]),
    (changed("reservists", 0, "busy", 0, "kind", to=None), ["reservists[0].busy[0].kind"]),
    (without("reservists", 0, "busy", 0, "uid"), ["reservists[0].busy[0]", "uid"]),
    (without("reservists", 1, "contract"), ["reservists[1]", "contract"]),
    (changed("reservists", 1, "contract", "end", to="2025-01-01"), ["contract.end", "échangez"]),
    (changed("reservists", 1, "contract", "end", to="fin 2027"), ["contract.end", "fin 2027"]),
    (changed("reservists", 1, "target_days", to=-2), ["reservists[1].target_days", "-2"]),
    (changed("reservists", 1, "target_days", to="2"), ["reservists[1].target_days", "nombre"]),
    (changed("reservists", 0, "ceilings", to={"deux mille": 3}), ["ceilings", "deux mille"]),
    (changed("reservists", 0, "ceilings", to={"2027": -3}), ["reservists[0].ceilings.2027", "-3"]),
    (changed("reservists", 0, "served", to={"20270": 3}), ["reservists[0].served", "20270"]),
    (changed("reservists", 0, "served", to=[3]), ["reservists[0].served", "objet"]),
    (changed("reservists", 0, "wishes", to={"P9": 3}), ["reservists[0].wishes", "P9"]),
    (changed("reservists", 0, "wishes", to={"P1": 1e300}), ["reservists[0].wishes.P1"]),
    (changed("reservists", 0, "wishes", to={"P1": "fort"}), ["reservists[0].wishes"]),
    (changed("reservists", 0, "holds", to=None), ["reservists[0].holds"]),
    (changed("zone", to="Europe/Lutèce"), ["zone", "Europe/Lutèce"]),
    (changed("zone", to="../etc/passwd"), ["zone"]),
    (changed("policy", to=[]), ["policy", "objet"]),
    (changed("policy", "objective", to="best"), ["policy.objective", "best", "fair"]),
    (changed("policy", "minute_cost", to=-1), ["policy.minute_cost", "-1"]),
    (changed("policy", "travel_minutes", to=-1), ["policy.travel_minutes", "-1"]),
    (changed("policy", "travel_minutes", to=10**9), ["policy.travel_minutes"]),
    (changed("policy", "rest_days", to=-0.5), ["policy.rest_days", "-0.5"]),
    (changed("policy", "max_recoverable_minutes", to=-1), ["policy.max_recoverable_minutes"]),
    (changed("policy", "hard", to=["exam", "lecture"]), ["policy.hard", "lecture"]),
    (changed("policy", "change_cost", to=-1), ["policy.change_cost"]),
    (changed("published", to=[{"reservist": "R9", "offer": "P1"}]), ["published[0]", "R9"]),
    (changed("published", to=[{"reservist": "R1"}]), ["published[0]", "offer"]),
    (changed("pins", to={"granted": [{"reservist": "R1", "offer": "P9"}]}), ["pins.granted[0]"]),
]


@pytest.mark.parametrize(("school", "words"), BAD, ids=[" ".join(words) for _, words in BAD])
def test_a_bad_input_is_refused_in_one_line_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], school: dict[str, Any], words: list[str]
):
    path = write(tmp_path, school)

    line = refusal(capsys, "timetable_plan", path)

    for word in ("input.json", *words):
        assert word in line
    assert refusal(capsys, "timetable_check", path, path) == line


GOOD = json.dumps(SCHOOL)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ["vide"]),
        (b" \n ", ["vide"]),
        (b"{", ["ligne 1"]),
        (b'{\n"offers": [],\n"reservists": [}', ["ligne 3", "JSON"]),
        (b"[]", ["objet"]),
        (b"3", ["objet"]),
        (GOOD.encode("utf-16"), []),
        (b'{\n"zone": "\xe9t\xe9", "offers": [], "reservists": []}', ["ligne 2", "UTF-8"]),
        (GOOD.replace("60", "NaN", 1).encode(), []),
        (GOOD.replace("60", "Infinity", 1).encode(), []),
        (GOOD.replace("60", "1e999", 1).encode(), ["reservists[0].ceilings"]),
        (GOOD.replace("P1", "\\ud800", 1).encode(), []),
        (GOOD.replace('"busy": []', '"busy": ' + "[" * 100_000, 1).encode(), []),
        (b"[" * 100_000, []),
        (GOOD.replace('"busy": []', '"busy": [] []', 1).encode(), ["JSON"]),
        (b"\x00\x01\x02", ["JSON"]),
    ],
)
def test_what_is_not_a_school_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, words: list[str]
):
    path = tmp_path / "input.json"
    path.write_bytes(data)

    line = refusal(capsys, "timetable_plan", path)

    for word in ("input.json", *words):
        assert word in line


def test_a_missing_file_a_folder_and_a_bad_limit_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = write(tmp_path, SCHOOL)

    assert "absent.json" in refusal(capsys, "timetable_plan", tmp_path / "absent.json")
    assert str(tmp_path) in refusal(capsys, "timetable_plan", tmp_path)
    for limit in ("-1", "nan", "inf", "une minute"):
        assert "--time-limit" in refusal(capsys, "timetable_plan", path, f"--time-limit={limit}")


def test_a_pair_settled_against_the_rules_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    school = changed("pins", to={"granted": [{"reservist": "R2", "offer": "P1"}]})
    school["offers"][0]["capacity"] = 0

    line = refusal(capsys, "timetable_plan", write(tmp_path, school))

    for word in ("pins.granted", "R2", "P1"):
        assert word in line
    both = {name: [{"reservist": "R2", "offer": "P1"}] for name in ("granted", "excluded")}
    assert "pins" in refusal(capsys, "timetable_plan", write(tmp_path, changed("pins", to=both)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plan: plan.pop("bound"), ["bound"]),
        (lambda plan: plan.update(value="many"), ["value", "nombre"]),
        (lambda plan: plan.update(granted=None), ["granted", "liste"]),
        (lambda plan: plan["granted"][0].pop("days"), ["granted[0]", "days"]),
        (lambda plan: plan["refused"][1].update(reason=4), ["refused[1].reason", "texte"]),
        (lambda plan: plan.update(gap=float("inf")), ["JSON"]),
    ],
)
def test_a_file_that_is_not_a_plan_is_refused_in_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[dict[str, Any]], Any],
    words: list[str],
):
    path = write(tmp_path, SCHOOL)
    plan = answer(capsys, "timetable_plan", path)
    change(plan)
    (tmp_path / "plan.json").write_text(json.dumps(plan))

    line = refusal(capsys, "timetable_check", path, tmp_path / "plan.json")

    for word in ("plan.json", *words):
        assert word in line


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
