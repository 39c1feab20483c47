"""The rules of recognition, case by case."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reseda.recognition.domain import rules, states
from reseda.recognition.queries.reasons import SENTENCES

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "proposals.yaml").read_text("utf-8"))
COMPETENCIES = {"lead": 1, "decide": 2, "elsewhere": 9}
NAMES = {key: name for name, key in COMPETENCIES.items()}


def decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def keys(names: list[str]) -> frozenset[int]:
    return frozenset(COMPETENCIES[name] for name in names)


def claim(case: dict[str, Any]) -> rules.Claim:
    numbers = {name: rank for rank, name in enumerate(case["activities"], 1)}
    return rules.Claim(
        activities=tuple(
            rules.Activity(
                numbers[name], Decimal(9) if days == "used" else decimal(days), days == "used"
            )
            for name, days in case["activities"].items()
        ),
        pieces=tuple(rules.Piece(numbers[name], keys(on)) for name, on in case["evidence"]),
        ratings=tuple(
            rules.Rating(COMPETENCIES[name], rank, ord(by)) for name, rank, by in case["ratings"]
        ),
        positions=keys(case["positions"]),
        expected=keys(["lead", "decide"]),
        wished_form=case["wished"],
    )


def regulation(case: dict[str, Any]) -> rules.Rules:
    said = case["regulation"]
    return rules.Rules(
        tuple(said["forms"]),
        Decimal(str(said["max_ects"])),
        Decimal(str(said["min_days"])),
        decimal(said.get("days_per_ects")),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_proposal_of_a_case(case: dict[str, Any]) -> None:
    proposal = rules.propose(claim(case), regulation(case))
    expected = case["expect"]
    assert {NAMES[each.competency]: each.rank for each in proposal.levels} == expected["levels"]
    assert [each.code for each in proposal.missing] == expected["missing"]
    assert [each.code for each in proposal.remarks] == expected.get("remarks", [])
    assert (proposal.outcome, proposal.form) == (expected["outcome"], expected["form"])
    assert (proposal.days, proposal.ects) == (
        decimal(expected["days"]),
        decimal(expected["ects"]),
    )


@settings(deadline=None)
@given(
    days=st.decimals(0, 400, places=1),
    worth=st.decimals(Decimal("0.5"), 30, places=1),
    maximum=st.decimals(Decimal("0.5"), 30, places=1),
)
def test_the_ects_proposed_are_never_above_the_maximum_nor_below_a_half(
    days: Decimal, worth: Decimal, maximum: Decimal
) -> None:
    proposal = rules.propose(
        rules.Claim(activities=(rules.Activity(1, days),), wished_form="ects"),
        rules.Rules(("ects",), maximum, days_per_ects=worth),
    )
    assert proposal.ects is None or Decimal("0.5") <= proposal.ects <= maximum
    assert proposal.ects is None or proposal.ects * worth <= days


@pytest.mark.parametrize("act", get_args(states.Act))
@pytest.mark.parametrize("state", sorted(states.FINAL))
def test_nothing_moves_a_file_that_is_decided_or_withdrawn(state: str, act: states.Act) -> None:
    with pytest.raises(states.RefusedTransition) as refused:
        states.after(state, act)
    assert refused.value.code == "file_is_final"


@pytest.mark.parametrize("act", get_args(states.Act))
@pytest.mark.parametrize("state", get_args(states.State))
def test_an_act_leads_to_a_state_or_is_refused_with_its_facts(state: str, act: states.Act) -> None:
    if states.is_possible(state, act):
        assert states.after(state, act) in get_args(states.State)
    else:
        with pytest.raises(states.RefusedTransition) as refused:
            states.after(state, act)
        assert refused.value.facts == {"state": state, "act": act}


def test_only_an_assessed_file_is_decided_and_only_once() -> None:
    assert [s for s in get_args(states.State) if states.is_possible(s, "decide")] == ["assessed"]
    assert states.after("assessed", "decide") == "decided"


def test_every_reason_of_the_rules_has_its_sentence() -> None:
    source = Path(rules.__file__).read_text("utf-8")
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', source))
    assert codes == set(SENTENCES)
