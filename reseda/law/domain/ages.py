"""Who may serve or be helped at their age: Code de la défense, L4211-2 and L4221-2; Code de la
sécurité intérieure, L411-9; décret 2017-328, article 4.
"""

from dataclasses import dataclass
from datetime import date

from reseda.law.domain.dates import age_on, birthday
from reseda.law.domain.values import Book, Value, value

OCTOBER_FIRST = (10, 1)


@dataclass(frozen=True)
class Gate:
    """Whether an age fits on a day: the age then, the first and the last day on which it does, and
    the legal values that say so.
    """

    is_open: bool
    age: int
    from_on: date | None
    until_on: date | None
    because: tuple[Value, ...]


def military(book: Book, born_on: date, on: date) -> Gate:
    """Say whether somebody may serve in the military reserve on a day: from 17 to 72."""
    low = value(book, "reserve.military.age.min", on)
    high = value(book, "reserve.military.age.max", on)
    return _between(born_on, on, low, high)


def police(book: Book, born_on: date, on: date, *, is_specialist: bool = False) -> Gate:
    """Say whether somebody may serve in the police reserve on a day: from 18 to 67, or 72 for a
    specialist.
    """
    upper = "reserve.police.specialist.age.max" if is_specialist else "reserve.police.age.max"
    low, high = value(book, "reserve.police.age.min", on), value(book, upper, on)
    return _between(born_on, on, low, high)


def allowance(book: Book, born_on: date, year: int) -> Gate:
    """Say whether a student enrolled in a year is young enough, on 1 October, for the allowance."""
    day = date(year, *OCTOBER_FIRST)
    limit = value(book, "allowance.age.max", day)
    age = age_on(born_on, day)
    return Gate(age < limit.value, age, None, None, (limit,))


def _between(born_on: date, on: date, low: Value, high: Value) -> Gate:
    """Open from the birthday of the lower age to that of the upper one, both included."""
    first, last = birthday(born_on, low.value), birthday(born_on, high.value)
    return Gate(first <= on <= last, age_on(born_on, on), first, last, (low, high))
