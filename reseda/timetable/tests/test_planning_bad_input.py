"""`reseda timetable plan` and `check`: bad input is refused in one line that names its place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reseda.timetable.tests.planning_files import SCHOOL, answer, changed, refusal, without
from reseda.timetable.tests.planning_instances import write

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
