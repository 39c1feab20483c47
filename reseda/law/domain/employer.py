"""What a reservist and an employer owe each other: days of right, notice, silence, refusal.

Code du travail, L3142-89, L3142-90 and L3142-94-3; Code de la défense, L4221-4 and L4251-6; Code
général de la fonction publique, L644-1.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from reseda.law.domain.dates import months_after
from reseda.law.domain.values import Book, Value, value

FaultCode = Literal["no_reason", "reservist_not_told", "authority_not_told", "too_late"]


@dataclass(frozen=True)
class Firm:
    """An employer: its staff, whether it limits the days as a small firm may, the days a year that
    it grants in writing (none: the law alone).
    """

    staff: int
    is_limiting: bool = False
    agreed_days: int | None = None


@dataclass(frozen=True)
class Quota:
    """Days of absence a civil year; `is_agreed` when a written agreement grants more than the
    law.
    """

    days: int
    is_agreed: bool
    because: Value


@dataclass(frozen=True)
class Deadline:
    """The last day to do something, that day included, and the legal value that says so."""

    on: date
    because: Value

    def is_past(self, day: date) -> bool:
        """Tell whether a day comes too late."""
        return day > self.on


@dataclass(frozen=True)
class Refusal:
    """What an employer answered: when the request came, when both were told, with which reason."""

    received_on: date
    reason: str
    reservist_told_on: date | None
    authority_told_on: date | None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a refusal, and the legal value it does not respect."""

    code: FaultCode
    because: Value


@dataclass(frozen=True)
class Leave:
    """Paid leave of a public agent for the reserve: days a year, those left, those beyond."""

    days: int
    left: float
    beyond: float
    because: Value


def authorised_days(book: Book, firm: Firm, on: date) -> Quota:
    """Return the days a year that an employee may be away without asking for consent.

    A firm under the size of the law may limit them; an agreement can only grant more.
    """
    found = value(book, "employer.authorised_days", on)
    if firm.is_limiting and is_small(book, firm.staff, on):
        found = value(book, "employer.small_firm.authorised_days", on)
    if firm.agreed_days is not None and firm.agreed_days > found.value:
        return Quota(firm.agreed_days, is_agreed=True, because=found)
    return Quota(found.value, is_agreed=False, because=found)


def is_small(book: Book, staff: int, on: date) -> bool:
    """Tell whether a firm of this staff may limit the days of absence."""
    return staff < value(book, "employer.small_firm.size", on).value


def notice_deadline(book: Book, absent_from: date, on: date) -> Deadline:
    """Return the last day on which a reservist may tell the employer of an absence."""
    notice = value(book, "employer.notice_months", on)
    return Deadline(months_after(absent_from, -notice.value), notice)


def silence_deadline(book: Book, asked_on: date) -> Deadline:
    """Return the last day to answer a request beyond the quota: silence after it is agreement.

    Raises `NotInForce` before the rule of 2023.
    """
    rule = value(book, "employer.is_silence_agreement", asked_on)
    notice = value(book, "employer.notice_months", asked_on)
    return Deadline(months_after(asked_on, notice.value), rule)


def is_agreed_by_silence(book: Book, asked_on: date, on: date) -> bool:
    """Tell whether a request that nobody answered is agreed to on a day."""
    return silence_deadline(book, asked_on).is_past(on)


def refusal_deadline(book: Book, received_on: date) -> Deadline:
    """Return the last day to notify a refusal, from the day the request was received."""
    delay = value(book, "employer.refusal_days", received_on)
    return Deadline(received_on + timedelta(days=delay.value), delay)


def refusal_faults(book: Book, refusal: Refusal) -> tuple[Fault, ...]:
    """Return what is wrong with a refusal: no reason, somebody not told, told too late."""
    faults: list[Fault] = []
    if not refusal.reason.strip():
        reasoned = value(book, "employer.refusal.is_reasoned", refusal.received_on)
        faults.append(Fault("no_reason", reasoned))
    both = value(book, "employer.refusal.is_notified_to_both", refusal.received_on)
    if refusal.reservist_told_on is None:
        faults.append(Fault("reservist_not_told", both))
    if refusal.authority_told_on is None:
        faults.append(Fault("authority_not_told", both))
    last = refusal_deadline(book, refusal.received_on)
    told = (refusal.reservist_told_on, refusal.authority_told_on)
    if any(day is not None and last.is_past(day) for day in told):
        faults.append(Fault("too_late", last.because))
    return tuple(faults)


def public_leave(book: Book, regime: str, taken: float, on: date) -> Leave:
    """Return what is left of a public agent’s paid leave of the year, and the days beyond it, for
    which an agent of the military reserve is seconded.
    """
    found = value(book, f"public_agent.days.{regime}", on)
    return Leave(found.value, max(0.0, found.value - taken), max(0.0, taken - found.value), found)
