"""A small school as the commands of the planner read it, and what they answer to it."""

import copy
import json
from typing import Any

import pytest
from django.core.management import call_command

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
    """Run a command on good input and return what it prints."""
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
    """The school without one value."""
    school = changed(*path, to=None)
    inner: Any = school
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return school
