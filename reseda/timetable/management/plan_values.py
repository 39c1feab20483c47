"""The values that the planner’s files are made of: instants, days, numbers, names, each checked.

Every refusal is a `BadInput` with the file and the place.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from reseda.ui.management.engine import BadInput

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
MANY = 10**9
INSTANTS_KEPT = 500_000


class Values:
    """Reads the texts and numbers of one file; instants without offset are those of its zone."""

    def __init__(self, path: str, zone: str) -> None:
        self.path = path
        try:
            self.zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = _("« %(given)s » n’est pas un fuseau : écrivez par exemple Europe/Paris")
            raise BadInput(path, "zone", message % {"given": shown(zone)}) from error
        self.starts: dict[str, datetime] = {}
        self.ends: dict[str, datetime] = {}

    def refuse(self, place: str, message: str) -> BadInput:
        """Make the refusal of a value."""
        return BadInput(self.path, place, message)

    def span(self, start: str, end: str, place: str) -> tuple[datetime, datetime]:
        """Read two instants in UTC, to the second, the end not before the beginning.

        A day alone, as an end, counts whole.
        """
        first = self._moment(self.starts, start, f"{place}.start", is_end=False)
        last = self._moment(self.ends, end, f"{place}.end", is_end=True)
        if last < first:
            message = _("la fin vient avant le début : échangez-les")
            raise self.refuse(f"{place}.end", message)
        return first, last

    def _moment(
        self, known: dict[str, datetime], text: str, place: str, *, is_end: bool
    ) -> datetime:
        try:
            moment = self._instant(text, is_end=is_end)
        except (ValueError, OverflowError) as error:
            message = _("« %(given)s » n’est pas un instant : écrivez par exemple %(good)s")
            facts = {"given": shown(text), "good": "2026-11-22T08:00:00+01:00"}
            raise self.refuse(place, message % facts) from error
        if len(known) >= INSTANTS_KEPT:
            known.clear()
        known[text] = moment
        return moment

    def _instant(self, text: str, *, is_end: bool) -> datetime:
        if len(text) <= len("2026-11-22"):
            on = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
            moment = datetime.combine(on, time(), self.zone)
        else:
            moment = datetime.fromisoformat(text).replace(microsecond=0)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        if not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
            raise ValueError(text)
        return moment.astimezone(UTC)

    def day(self, text: str, place: str) -> date:
        """Read a civil day; one beyond every plan (9999-12-31 for “no end”) is brought nearer."""
        try:
            on = date.fromisoformat(text)
        except ValueError as error:
            message = _("« %(given)s » n’est pas une date : écrivez par exemple 2026-11-22")
            raise self.refuse(place, message % {"given": shown(text)}) from error
        return min(max(on, FIRST_DAY), LAST_DAY)

    def number(self, given: float, place: str, low: float = 0, high: float = MANY) -> float:
        """Read a number between two limits, both included."""
        if low <= given <= high and math.isfinite(given):
            return float(given)
        message = _("%(given)s est hors limites : donnez un nombre de %(low)d à %(high)d")
        facts = {"given": shown(str(given)), "low": low, "high": high}
        raise self.refuse(place, message % facts)

    def whole(self, given: float, place: str, high: int = MANY) -> int:
        """Read a whole number, 0 or more; 12.0 is one."""
        self.number(given, place, 0, high)
        if given != int(given):
            message = _("%(given)s n’est pas un nombre entier : arrondissez-le")
            raise self.refuse(place, message % {"given": given})
        return int(given)

    def name(self, given: str, place: str) -> str:
        """Read an identifier, which may not be blank."""
        if not given.strip():
            raise self.refuse(place, _("identifiant vide : donnez-en un"))
        return given

    def years(self, given: dict[str, float], place: str) -> dict[int, float]:
        """Read numbers of days by civil year."""
        found: dict[int, float] = {}
        for text, days in given.items():
            is_year = text.isascii() and text.isdigit() and len(text) == len("2026")
            if not is_year or not FIRST_DAY.year <= int(text) <= LAST_DAY.year:
                message = _("« %(given)s » n’est pas une année civile : écrivez par exemple 2026")
                raise self.refuse(place, message % {"given": shown(text)})
            found[int(text)] = self.number(days, f"{place}.{text}")
        return found


class Windows:
    """The stretches of time during which some offer, travel included, takes somebody away."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime]], travel_minutes: int) -> None:
        travel = timedelta(minutes=travel_minutes)
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted(spans):
            if self._ends and start - travel <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end + travel)
            else:
                self._starts.append(start - travel)
                self._ends.append(end + travel)

    def meet(self, start: datetime, end: datetime) -> bool:
        """Whether an event shares time with one of them."""
        place = bisect_left(self._starts, end)
        return place > 0 and self._ends[place - 1] > start


def shown(text: str) -> str:
    """Quote what was given, short enough and on one line."""
    kept = text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - room for one line
    return "".join(letter if letter.isprintable() else "�" for letter in kept)
