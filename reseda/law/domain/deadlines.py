"""Days that the law counts from an event: suspension, reactivity, agreements, opinions, studies.

Code de la défense, L4221-4, L4231-5, R4221-11, R4221-18 and R4221-19; Code de la sécurité
intérieure, R411-26-2; Code de l’éducation, D611-7.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reseda.law.domain.dates import DAY, months_after, term_end
from reseda.law.domain.values import Book, Value, value


@dataclass(frozen=True)
class Term:
    """The last day of something, that day included, and the legal values that say so."""

    until_on: date
    because: tuple[Value, ...]


@dataclass(frozen=True)
class Clause:
    """Whether a reactivity clause stands on a day; `lapsed_on` is the change of employer that
    ended it.
    """

    is_standing: bool
    lapsed_on: date | None
    because: Value


def suspension_end(book: Book, suspended_on: date, contract_end_on: date) -> Term:
    """Return the last day a contract may stay suspended: never after its own end, which does not
    move.
    """
    longest = value(book, "reserve.suspension.months.max", suspended_on)
    unmoved = value(book, "reserve.suspension.is_end_moved", suspended_on)
    last = term_end(suspended_on, months=longest.value)
    return Term(min(last, contract_end_on), (longest, unmoved))


def reactivity_from(book: Book, called_on: date, agreed_days: int | None = None) -> Term:
    """Return the first day on which a reservist with the clause must report; the employer may
    agree to fewer days of notice.
    """
    notice = value(book, "reserve.reactivity.notice_days", called_on)
    days = notice.value if agreed_days is None else min(agreed_days, notice.value)
    return Term(called_on + timedelta(days=days), (notice,))


def reactivity_clause(
    book: Book, signed_on: date, employer_changed_on: Iterable[date], on: date
) -> Clause:
    """Say whether a reactivity clause stands: a change of employer after it was signed ends it."""
    rule = value(book, "reserve.reactivity.is_lost_with_employer", on)
    changes = sorted(day for day in employer_changed_on if signed_on < day <= on)
    lapsed_on = changes[0] if changes else None
    return Clause(signed_on <= on and lapsed_on is None, lapsed_on, rule)


def urgent_call_end(book: Book, from_on: date) -> Term:
    """Return the last day of an urgent call ordered by the minister."""
    longest = value(book, "reserve.urgent_call.days.max", from_on)
    return Term(from_on + timedelta(days=longest.value) - DAY, (longest,))


def national_security_end(book: Book, from_on: date) -> Term:
    """Return the last day of service in the national security reserve."""
    longest = value(book, "reserve.national_security.days.max", from_on)
    return Term(from_on + timedelta(days=longest.value) - DAY, (longest,))


def may_end_unanswered(book: Book, in_a_row: int, on: date) -> tuple[bool, Value]:
    """Tell whether so many calls left unanswered in a row allow the contract to be ended."""
    most = value(book, "reserve.unanswered_calls.max", on)
    return in_a_row >= most.value, most


def police_trial_end(book: Book, hired_on: date) -> Term:
    """Return the last day in which a police reservist serves the trial period."""
    months = value(book, "reserve.police.trial.months", hired_on)
    days = value(book, "reserve.police.trial.days", hired_on)
    return Term(term_end(hired_on, months=months.value), (months, days))


def contract_end(book: Book, start_on: date, *, is_longest: bool = True) -> Term:
    """Return the last day of the longest contract that starts on a day, or of the shortest."""
    code = "reserve.contract.years.max" if is_longest else "reserve.contract.years.min"
    years = value(book, code, start_on)
    return Term(term_end(start_on, years=years.value), (years,))


def agreement_end(book: Book, signed_on: date, on: date) -> Term:
    """Return the last day of an agreement with the Garde nationale, by the announced practice known
    on a day.
    """
    years = value(book, "agreement.garde_nationale.years", on)
    return Term(term_end(signed_on, years=years.value), (years,))


def opinion_end(book: Book, given_on: date, on: date) -> Term:
    """Return the last day on which a security opinion may still count."""
    years = value(book, "site_access.opinion.years.max", on)
    return Term(term_end(given_on, years=years.value), (years,))


def publication_deadline(book: Book, year_starts_on: date, on: date) -> Term:
    """Return the last day to publish how recognition is asked for and given in a year of study, by
    the law of a day.
    """
    months = value(book, "recognition.publication_months", on)
    return Term(months_after(year_starts_on, months.value), (months,))
