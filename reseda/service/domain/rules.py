"""What a contract, a period and an attestation must respect before they are kept.

Each rule answers with a code and its facts, or None; the sentence belongs to the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from reseda.service.domain.counters import Contract, covers
from reseda.service.domain.days import days

HALF = Decimal("0.5")
LONGEST_PERIOD_DAYS = 366


@dataclass(frozen=True)
class Declaration:
    """What a person declares of an engagement; only force and contract dates are needed."""

    force: str
    contract_start_on: date
    contract_end_on: date
    training: str = "not_started"
    ceiling: str = "ordinary"
    unit_name: str = ""
    contact_name: str = ""
    contact_email: str = ""


@dataclass(frozen=True)
class Statement:
    """What a unit attests: days served (by halves), what was done, capacities, who says so."""

    days: Decimal
    activities: str
    capacities: str
    name: str
    title: str


@dataclass(frozen=True)
class Refusal:
    """Why something is not kept; `facts` fill the sentence."""

    code: str
    facts: dict[str, object]


def contract_refusal(start_on: date, end_on: date) -> Refusal | None:
    """Refuse a contract that does not end after it starts (`contract_ends_before_start`)."""
    return Refusal("contract_ends_before_start", {}) if end_on <= start_on else None


def period_refusal(
    start: datetime,
    end: datetime,
    contract: Contract,
    others: Iterable[tuple[datetime, datetime]],
) -> Refusal | None:
    """Refuse a period: `ends_before_start`, `too_long`, `outside_contract` or `overlap`.

    `others` are the periods of the same person that take place; the first one met is in the facts.
    """
    if end <= start:
        return Refusal("ends_before_start", {})
    if (end - start).days > LONGEST_PERIOD_DAYS:
        return Refusal("too_long", {})
    if not covers(contract, start, end):
        return Refusal("outside_contract", {"start": contract.start_on, "end": contract.end_on})
    for other_start, other_end in others:
        if other_start < end and start < other_end:
            return Refusal("overlap", {"start": other_start, "end": other_end})
    return None


def attestation_refusal(served: Decimal, start: datetime, end: datetime) -> Refusal | None:
    """Refuse days that are no halves (`not_halves`) or more than the period has (`too_many`)."""
    if served < HALF or served % HALF:
        return Refusal("not_halves", {})
    longest = days(start, end)
    return Refusal("too_many", {"longest": longest}) if float(served) > longest else None
