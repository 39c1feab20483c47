"""The most days that a regime of reserve allows in a civil year.

Code de la défense, L4221-6, D4221-7 and D4221-8 (military); Code de la sécurité intérieure, L411-11
and L411-11-1 (police), L724-4 (civil security).
"""

from datetime import date
from typing import Literal

from reseda.law.domain.values import Book, Value, value

Regime = Literal["military", "police", "civil_security"]
Ceiling = Literal["ordinary", "forces_needs", "national_interest"]


def ceiling_code(regime: str, ceiling: str) -> str:
    """Return the code of the value that caps a year; civil security has a single ceiling."""
    if regime == "civil_security":
        return "reserve.civil_security.days"
    return f"reserve.{regime}.days.{ceiling}"


def ceiling_on(book: Book, regime: str, ceiling: str, on: date) -> Value:
    """Return the ceiling of a regime on a day; raise `NotInForce` or `UnknownCode`."""
    return value(book, ceiling_code(regime, ceiling), on)


def ceiling_of_year(book: Book, regime: str, ceiling: str, year: int, on: date) -> Value:
    """Return the ceiling of a civil year as it is known on a day: that of the last day of a past
    year, of the day itself for its own year, and the latest known for a year to come.
    """
    return ceiling_on(book, regime, ceiling, date(year, 12, 31) if year < on.year else on)
