"""When a contract may be suspended, and which calls in a row were left without an answer.

Code de la défense, R4221-18 and R4221-19.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from reseda.service.domain.rules import Refusal

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """A suspension asked for, the contract it suspends and the last day the law lets it last."""

    starts_on: date
    ends_on: date
    contract_start_on: date
    contract_end_on: date
    longest_end_on: date


Stretch = tuple[date, date]


def suspension_refusal(
    asked: Asked, others: Iterable[Stretch], periods: Iterable[Stretch]
) -> Refusal | None:
    """Refuse a suspension: `ends_before_start`, `outside_contract`, `too_long` with those before,
    `suspended_twice`, or `period_meanwhile`: a suspended contract is not served.
    """
    if asked.ends_on < asked.starts_on:
        return Refusal("ends_before_start", {})
    if asked.starts_on < asked.contract_start_on or asked.ends_on > asked.contract_end_on:
        facts: dict[str, object] = {"start": asked.contract_start_on, "end": asked.contract_end_on}
        return Refusal("outside_contract", facts)
    known = list(others)
    for start, end in known:
        if start <= asked.ends_on and asked.starts_on <= end:
            return Refusal("suspended_twice", {"start": start, "end": end})
    before = sum(((end - start) + DAY for start, end in known), timedelta())
    if asked.ends_on + before > asked.longest_end_on:
        return Refusal("too_long", {"end": asked.longest_end_on - before})
    for start, end in periods:
        if start <= asked.ends_on and asked.starts_on <= end:
            return Refusal("period_meanwhile", {"start": start, "end": end})
    return None


def unanswered_in_a_row(answers: Iterable[str]) -> int:
    """Return how many of the latest calls, given latest first, have no answer (empty)."""
    return sum(1 for _answer in takewhile(lambda answer: not answer, answers))
