"""The planner on cases that a référent défense can read and correct."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reseda.timetable.domain.planning.check import check
from reseda.timetable.domain.planning.solve import plan
from reseda.timetable.management import plans

FOLDER = Path(__file__).parent / "cases" / "planning"
CASES = [
    case
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
CONTRACT = {"start": "2026-01-01", "end": "2030-12-31"}


def school(case: dict[str, Any]) -> dict[str, Any]:
    """Spell a case out as the planner is given it."""
    offers = [
        {"id": name, "start": start, "end": end, "capacity": places, **dict(*more)}
        for name, (start, end, places, *more) in case["offers"].items()
    ]
    reservists = []
    for name, said in case["reservists"].items():
        given = dict(said)
        keys = ("uid", "start", "end", "kind")
        studies = given.pop("studies", ())
        busy = [dict(zip(keys, (f"s{n}", *row), strict=True)) for n, row in enumerate(studies)]
        person = {"id": name, "busy": busy, "contract": CONTRACT, "target_days": 20, **given}
        reservists.append(person)
    return {"offers": offers, "reservists": reservists, "policy": case.get("policy", {})}


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_a_case(tmp_path: Path, case: dict[str, Any]):
    path = tmp_path / "input.json"
    path.write_text(json.dumps(school(case)), encoding="utf-8")
    problem = plans.problem(str(path), warn=pytest.fail)

    found = plan(problem)

    answers: dict[str, dict[str, Any]] = {person: {} for person in case["answer"]}
    for grant in found.granted:
        answers[grant.reservist][grant.offer] = True
    for refusal in found.refused:
        answers[refusal.reservist][refusal.offer] = refusal.reason
    assert answers == case["answer"]
    assert check(problem, found) == ()
    if "minutes" in case:
        assert sum(grant.minutes for grant in found.granted) == case["minutes"]
