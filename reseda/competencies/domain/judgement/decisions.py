"""A pair of a crosswalk with its outcome, as files of exchange tell it."""

from dataclasses import dataclass, field
from datetime import date

from reseda.competencies.domain.judgement.opinions import Opinion


@dataclass(frozen=True)
class End:
    """One item of a pair; `identifier` is its UUID, `source` the address it was taken from."""

    identifier: str
    code: str
    statement: str
    statement_en: str = ""
    source: str = ""


@dataclass(frozen=True)
class Decided:
    """A pair and where it stands; `opinions` are those of reviewers 1, 2, …, who are not named.

    `identifier` stays the same from version to version of a crosswalk. `opinion` is None while
    reviewers differ. `changed_on` is the day of the last change, in the time of the installation.
    """

    identifier: str
    origin: End
    destination: End
    state: str
    opinion: Opinion | None
    rationale: str
    changed_on: date
    opinions: tuple[Opinion, ...] = field(default=())
    is_carried: bool = False
