"""Names of time zones found in feeds, brought back to zones that can be computed."""

import hashlib
import warnings
import zoneinfo
from functools import cache

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from reseda.timetable.domain.scan import Block

MAX_CUSTOM_ZONES = 50
MAX_CUSTOM_LINES = 2_000


class Zones:
    """The zones one feed may name: those of the tz database, then those it describes itself."""

    def __init__(self, blocks: list[Block], default: zoneinfo.ZoneInfo) -> None:
        """Keep the VTIMEZONE blocks; they are read only if an event needs them."""
        self._blocks = {_clean(_tzid(block)): block for block in blocks[:MAX_CUSTOM_ZONES]}
        self._resolved: dict[str, str | None] = {}
        self.default = default

    def resolve(self, tzid: str) -> str | None:
        """Give a name that icalendar can compute, or None for a zone nobody can know."""
        if tzid not in self._resolved:
            name = _clean(tzid)
            self._resolved[tzid] = _standard(name) or self._custom(name)
        return self._resolved[tzid]

    def _custom(self, name: str) -> str | None:
        block = self._blocks.get(name)
        if block is None or not _is_safe(block.lines):
            return None
        # icalendar keeps custom zones by name for the whole process: the name given here is that
        # of the content, so that two feeds never share a zone they describe differently.
        body = [line for line in block.lines if not line.upper().startswith("TZID")]
        digest = hashlib.sha256("\n".join(body).encode()).hexdigest()[:16]
        fresh = f"feed-{digest}"
        lines = ["BEGIN:VCALENDAR", "BEGIN:VTIMEZONE", f"TZID:{fresh}", *body]
        lines += ["END:VTIMEZONE", "END:VCALENDAR", ""]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                icalendar.Calendar.from_ical("\r\n".join(lines))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError):
            return None
        return fresh


@cache
def _known() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@cache
def _windows() -> dict[str, str]:
    return dict(WINDOWS_TO_OLSON)


def _standard(name: str) -> str | None:
    if name in _known():
        return name
    if name in _windows():
        return _windows()[name]
    # Some programs write "/vendor.example/20050809/Europe/Paris".
    parts = name.split("/")
    for length in (3, 2):
        tail = "/".join(parts[-length:])
        if len(parts) > length and tail in _known():
            return tail
    return None


def _clean(tzid: str) -> str:
    return tzid.strip().strip('"').strip("/")


def _tzid(block: Block) -> str:
    for line in block.lines:
        if line.upper().startswith("TZID"):
            return line.partition(":")[2]
    return ""


def _is_safe(lines: list[str]) -> bool:
    """A zone changes its clock on some days of the year; any other rule is refused."""
    if len(lines) > MAX_CUSTOM_LINES:
        return False
    rules = [line.upper() for line in lines if line.upper().startswith("RRULE")]
    return all("FREQ=YEARLY" in rule and "BYSETPOS" not in rule for rule in rules)
