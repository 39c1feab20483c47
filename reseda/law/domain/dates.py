"""Civil dates that the law counts: months and years from a day, birthdays, last days of a term.

A delay in months or years ends on the day that bears the same number; where the month has none, on
its last day (Code de procédure civile, article 641).
"""

from calendar import monthrange
from datetime import date, timedelta

DAY = timedelta(days=1)
YEAR_MONTHS = 12


def months_after(day: date, months: int) -> date:
    """Return the same day some months later (earlier when negative), or the last of the month."""
    year, month = divmod(day.year * YEAR_MONTHS + day.month - 1 + months, YEAR_MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 28 where the year has none."""
    return months_after(day, years * YEAR_MONTHS)


def term_end(start: date, *, years: int = 0, months: int = 0) -> date:
    """Return the last day of a term that runs from a day included: one year from 1 January ends
    on 31 December.
    """
    end = months_after(start, years * YEAR_MONTHS + months)
    # A term from 29 February to a common year is whole on 28 February.
    return end - DAY if end.day == start.day else end


def birthday(born_on: date, age: int) -> date:
    """Return the day on which an age is reached; who is born on 29 February reaches it on 1 March
    of a common year.
    """
    reached = years_after(born_on, age)
    return reached if reached.day == born_on.day else reached + DAY


def age_on(born_on: date, day: date) -> int:
    """Return an age in whole years on a day."""
    age = day.year - born_on.year
    return age if birthday(born_on, age) <= day else age - 1
