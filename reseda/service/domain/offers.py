"""A period that a unit offers, as it is said before being kept, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reseda.service.domain.rules import Refusal

LONGEST = timedelta(days=366)
MOST_PLACES = 500
MOST_QUALIFICATIONS = 12
LINK_DAYS = 60


@dataclass(frozen=True)
class Proposal:
    """What is said of an offered period; instants are aware, the end excluded.

    `force` is a code of the reserves, `requires` and `grants` are codes of qualifications as
    `reseda.service.domain.qualifications` writes them.
    """

    force: str
    starts_at: datetime
    ends_at: datetime
    purpose: str
    capacity: int = 1
    unit_name: str = ""
    place: str = ""
    contact_name: str = ""
    contact_email: str = ""
    requires: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Invitation:
    """Which unit is asked, through whom, and for how many days it may answer."""

    force: str
    contact_email: str
    unit_name: str = ""
    contact_name: str = ""
    days: int = LINK_DAYS


def refusal(proposal: Proposal) -> Refusal | None:
    """Return why a proposal cannot be kept, or None.

    Codes: `ends_before_start`, `too_long` (over a year), `no_purpose`, `capacity` (1 to 500),
    `too_many_qualifications`, `requires_what_it_grants` (fact `name`).
    """
    length = proposal.ends_at - proposal.starts_at
    both = sorted(set(proposal.requires) & set(proposal.grants))
    most = max(len(proposal.requires), len(proposal.grants))
    wrong = {
        "ends_before_start": length <= timedelta(0),
        "too_long": length > LONGEST,
        "no_purpose": not proposal.purpose.strip(),
        "capacity": not 1 <= proposal.capacity <= MOST_PLACES,
        "too_many_qualifications": most > MOST_QUALIFICATIONS,
        "requires_what_it_grants": bool(both),
    }
    facts: dict[str, dict[str, object]] = {
        "capacity": {"most": MOST_PLACES},
        "too_many_qualifications": {"most": MOST_QUALIFICATIONS},
        "requires_what_it_grants": {"name": ", ".join(both)},
    }
    found = next((code for code, is_wrong in wrong.items() if is_wrong), None)
    return Refusal(found, facts.get(found, {})) if found else None
