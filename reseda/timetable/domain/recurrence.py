"""Which recurrence rules (RFC 5545, 3.3.10) may be expanded without an endless search.

The library that expands them walks from the first occurrence, step by step, and never stops on a
rule that nothing satisfies: what it is given is therefore bounded beforehand.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from reseda.timetable.domain.events import UnreadableCalendar
from reseda.timetable.domain.text import MAX_EVENTS

MAX_STEPS = 200_000
MAX_ALL_STEPS = 2_000_000
MAX_COSTLY_RULES = 12
# A session every hour of the day for three months is no timetable.
MAX_SUBDAILY = 2_000

_DAY = 86_400
_UNITS = {
    "SECONDLY": 1,
    "MINUTELY": 60,
    "HOURLY": 3_600,
    "DAILY": _DAY,
    "WEEKLY": 7 * _DAY,
    "MONTHLY": 28 * _DAY,
    "YEARLY": 365 * _DAY,
}
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")
_RARE = frozenset(("BYSETPOS", "BYWEEKNO", "BYYEARDAY"))
_WEEKS_OF_ANY_MONTH = 4
_MAX_TIMES_OF_DAY = 200
_UNSUPPORTED = "unsupported"

Rule = Mapping[str, list[object]]


@dataclass(slots=True)
class Budget:
    """The work that one feed may still ask for."""

    steps: int = MAX_ALL_STEPS
    costly_rules: int = MAX_COSTLY_RULES
    occurrences: int = MAX_EVENTS

    def refusal(self, rule: Rule, starts_at: datetime, start: datetime, stop: datetime) -> str:
        """Say why a rule will not be expanded ("" when it will), and charge for it if it is.

        `start` and `stop` are the window asked for. Raises UnreadableCalendar when the series of
        the feed would together pass the limit of events.
        """
        code = shape_refusal(rule, starts_at) or _size_refusal(rule, starts_at, stop)
        if code:
            return code
        self.steps -= _steps(rule, starts_at, stop)
        if _is_costly(rule):
            self.costly_rules -= 1
        if not any(name.startswith("BY") for name in rule):
            self.occurrences -= _steps(rule, max(starts_at, start), stop)
        if self.occurrences < 0:
            raise UnreadableCalendar("too_many_events", {"limit": MAX_EVENTS})
        return "too_much_work" if self.steps < 0 or self.costly_rules < 0 else ""


def shape_refusal(rule: Rule, starts_at: datetime) -> str:
    """Refuse the shapes of rule whose search may never end."""
    frequency = _frequency(rule)
    parts = {name for name in rule if name.startswith("BY")}
    if frequency not in _UNITS or _number(rule, "INTERVAL", 1) < 1:
        return "bad_rule"
    if not _is_possible_month_day(rule):
        return "never_happens"
    if frequency in ("SECONDLY", "MINUTELY"):
        return _UNSUPPORTED if parts else ""
    if frequency == "HOURLY":
        is_plain = parts <= {"BYDAY", "BYHOUR"} and _number(rule, "INTERVAL", 1) == 1
        return "" if is_plain or not parts else _UNSUPPORTED
    if frequency == "WEEKLY":
        return _UNSUPPORTED if parts & (_RARE | {"BYMONTHDAY"}) else ""
    return _daily_refusal(rule, parts, starts_at) if frequency == "DAILY" else ""


def _daily_refusal(rule: Rule, parts: set[str], starts_at: datetime) -> str:
    interval = _number(rule, "INTERVAL", 1)
    if parts & _RARE:
        return _UNSUPPORTED
    if interval > 1 and "BYMONTHDAY" in parts:
        return _UNSUPPORTED
    if "BYMONTH" in parts and interval > min(_LONGEST_MONTHS) - 1:
        return _UNSUPPORTED
    if "BYDAY" in parts and interval % 7 == 0:
        days = {str(day)[-2:].upper() for day in rule["BYDAY"]}
        return "" if _DAYS[starts_at.weekday()] in days else "never_happens"
    return ""


def _is_costly(rule: Rule) -> bool:
    """Tell whether the search may run to the end of the calendar without finding anything."""
    if not _RARE.isdisjoint(rule):
        return True
    if _number(rule, "INTERVAL", 1) > 1 and ("BYMONTH" in rule or "BYMONTHDAY" in rule):
        return True
    if "BYMONTHDAY" in rule and "BYDAY" in rule:
        return True
    ranks = (re.match(r"[+-]?(\d+)", str(day)) for day in rule.get("BYDAY", []))
    return any(int(rank[1]) > _WEEKS_OF_ANY_MONTH for rank in ranks if rank)


def _size_refusal(rule: Rule, starts_at: datetime, stop: datetime) -> str:
    times = math.prod(len(rule.get(name, [0])) for name in _TIMES)
    if times > _MAX_TIMES_OF_DAY:
        return "too_frequent"
    steps = _steps(rule, starts_at, stop)
    expected = min(steps * times, _number(rule, "COUNT", steps * times))
    if expected > MAX_SUBDAILY and _UNITS[_frequency(rule)] < _DAY:
        return "too_frequent"
    return "too_long" if steps > MAX_STEPS else ""


def _steps(rule: Rule, starts_at: datetime, stop: datetime) -> int:
    seconds = max(0.0, (stop - starts_at).total_seconds())
    steps = int(seconds // (_UNITS[_frequency(rule)] * _number(rule, "INTERVAL", 1))) + 1
    if not any(name.startswith("BY") for name in rule):
        steps = min(steps, _number(rule, "COUNT", steps))
    return steps


def is_cut(rule: Rule, starts_at: datetime, stop: datetime) -> bool:
    """Tell whether occurrences are left after `stop`."""
    if "COUNT" in rule:
        unit = _UNITS.get(_frequency(rule), _DAY) * _number(rule, "INTERVAL", 1)
        room = (stop - starts_at).total_seconds()
        is_plain = not any(name.startswith("BY") for name in rule)
        return is_plain and (_number(rule, "COUNT", 1) - 1) * unit > room
    untils = rule.get("UNTIL")
    if not untils:
        return True
    return _moment(untils[0]) > stop


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return datetime.max.replace(tzinfo=UTC)


def _frequency(rule: Rule) -> str:
    return str(_first(rule.get("FREQ", []))).upper()


def _number(rule: Rule, name: str, default: int) -> int:
    value = _first(rule.get(name, [default]))
    return int(value) if isinstance(value, int | str) else default


def _first(values: Iterable[object]) -> object:
    return next(iter(values), "")


def _is_possible_month_day(rule: Rule) -> bool:
    days = [abs(int(str(day))) for day in rule.get("BYMONTHDAY", [])]
    if not days:
        return True
    months = [int(str(month)) for month in rule.get("BYMONTH", range(1, 13))]
    return any(
        1 <= m <= len(_LONGEST_MONTHS) and min(days) <= _LONGEST_MONTHS[m - 1] for m in months
    )
