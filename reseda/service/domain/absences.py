"""Days of absence from an employer: those of right in a civil year, those asked, those beyond.

A private firm counts business days (Monday to Friday), a public employer every day, both by halves
and without what the other does not work: Code du travail, L3142-89; Code général de la fonction
publique, L644-1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal

from reseda.service.domain.days import PARIS, halves, is_working_day, public_holidays

SATURDAY = 5
HALF = 0.5
Ends = tuple[datetime, datetime]


@dataclass(frozen=True)
class YearUse:
    """The absence of one civil year: days asked, used before, allowed without asking consent."""

    year: int
    asked: float
    used: float
    limit: float

    @property
    def left(self) -> float:
        """Days left once those asked are taken; negative beyond the quota."""
        return self.limit - self.used - self.asked

    @property
    def is_within(self) -> bool:
        """Tell whether the days asked stay within the quota."""
        return self.left >= 0


def is_counted(day: date, unit: str) -> bool:
    """Tell whether an employer counts a date: `business_day`, `working_day`, or every `day`."""
    if unit == "business_day":
        return day.weekday() < SATURDAY and day not in public_holidays(day.year)
    return unit != "working_day" or is_working_day(day)


def absence_days(
    start: datetime, end: datetime, unit: str, zone: tzinfo = PARIS
) -> dict[int, float]:
    """Return the days of absence of a stretch of service by civil year, by halves of 0.5."""
    found: dict[int, float] = {}
    for half in halves(start, end, zone):
        if is_counted(half.day, unit):
            found[half.day.year] = found.get(half.day.year, 0.0) + HALF
    return found


def total(stretches: Iterable[Ends], unit: str) -> dict[int, float]:
    """Return the days of absence of several stretches by civil year."""
    found: dict[int, float] = {}
    for start, end in stretches:
        for year, days in absence_days(start, end, unit).items():
            found[year] = found.get(year, 0.0) + days
    return found


def uses(asked: Ends, used: Mapping[int, float], limit: float, unit: str) -> tuple[YearUse, ...]:
    """Return what an absence asked for takes of each civil year, beside what is used already.

    An absence without any counted day (a week-end, say) takes nothing and is in no year.
    """
    wanted = absence_days(*asked, unit)
    return tuple(YearUse(year, wanted[year], used.get(year, 0.0), limit) for year in sorted(wanted))


def days_of(found: Sequence[YearUse]) -> Decimal:
    """Return how many days an absence takes in all."""
    return Decimal(str(sum(one.asked for one in found)))
