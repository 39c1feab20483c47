"""The file that the counters read: its checks, and the answer as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from reseda.service.domain.counters import (
    CEILINGS,
    REGIMES,
    Contract,
    Counters,
    Record,
    Stretch,
)
from reseda.service.domain.days import PARIS

YEARS = range(1900, 2200)
STATUSES = ("done", "planned")
LONGEST_TOLD = 60


class Unusable(Exception):
    """A file that cannot be counted: `place` says where, `code` what, `facts` with which values."""

    def __init__(self, place: str, code: str, **facts: object) -> None:
        super().__init__(place, code, facts)
        self.place, self.code = place, code
        self.facts = {name: told(fact) for name, fact in facts.items()}


def told(value: object) -> str:
    """Return what was given as it can be printed on one short line."""
    text = str(value)
    shown = "".join(letter if letter.isprintable() else "?" for letter in text[:LONGEST_TOLD])
    return f"{shown}…" if len(text) > LONGEST_TOLD else shown


@dataclass(frozen=True)
class Request:
    """A record to count, and the ceiling that applies to it."""

    record: Record
    ceiling: str

    def years_before(self, on: date) -> range:
        """Return the civil years before that of a day which the periods may touch."""
        first = min((one.starts_at.year - 1 for one in self.record.periods), default=on.year)
        return range(first, on.year)


def read(data: object) -> Request:
    """Check a parsed JSON document and return what to count, or raise `Unusable`."""
    document = _object(data, "$")
    zone = _zone(document.get("zone"))
    regime = _one_of(_needed(document, "regime", "$"), REGIMES, "$.regime")
    allowed = CEILINGS[:1] if regime == "civil_security" else CEILINGS
    ceiling = _one_of(document.get("ceiling", CEILINGS[0]), allowed, "$.ceiling")
    given = _needed(document, "periods", "$")
    if not isinstance(given, list):
        raise Unusable("$.periods", "not_a_list")
    periods = tuple(_stretch(item, f"$.periods[{n}]", zone) for n, item in enumerate(given))
    contract = _contract(_needed(document, "contract", "$"))
    chosen = next(known for known in REGIMES if known == regime)
    return Request(Record(chosen, contract, periods, zone), ceiling)


def answer(found: Counters) -> dict[str, Any]:
    """Return counters as plain values, days as whole numbers where they are."""
    return {
        "years": {
            str(year): {
                "done": _plain(count.done),
                "planned": _plain(count.planned),
                "limit": _plain(count.limit),
                "left": _plain(count.left),
                "article": count.article,
            }
            for year, count in found.years.items()
        },
        "alerts": [
            {
                "code": alert.code,
                "facts": {name: _plain(fact) for name, fact in alert.facts.items()},
                "article": alert.article,
            }
            for alert in found.alerts
        ],
    }


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _object(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unusable(place, "not_an_object")
    return value


def _needed(holder: Mapping[str, Any], name: str, place: str) -> Any:
    if name not in holder:
        raise Unusable(place, "missing", name=name)
    return holder[name]


def _one_of(value: object, allowed: tuple[str, ...], place: str) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise Unusable(place, "not_allowed", value=value, allowed=", ".join(allowed))
    return value


def _zone(name: object) -> tzinfo:
    if name is None:
        return PARIS
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError) as error:
        raise Unusable("$.zone", "unknown_zone", value=name) from error


def _contract(value: object) -> Contract:
    given = _object(value, "$.contract")
    start = _day(_needed(given, "start", "$.contract"), "$.contract.start")
    end = _day(_needed(given, "end", "$.contract"), "$.contract.end")
    if end < start:
        raise Unusable("$.contract", "ends_before_start")
    return Contract(start, end)


def _stretch(value: object, place: str, zone: tzinfo) -> Stretch:
    given = _object(value, place)
    start = _instant(_needed(given, "start", place), f"{place}.start", zone)
    end = _instant(_needed(given, "end", place), f"{place}.end", zone)
    if end <= start:
        raise Unusable(place, "ends_before_start")
    status = _one_of(_needed(given, "status", place), STATUSES, f"{place}.status")
    return Stretch(start, end, status == "done")


def _day(value: object, place: str) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise Unusable(place, "not_a_day", value=value) from error
    return _within(day, place)


def _instant(value: object, place: str, zone: tzinfo) -> datetime:
    text = str(value)
    try:
        if "T" not in text and " " not in text:
            raise ValueError(text)  # noqa: TRY301  (a day alone is not an instant)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unusable(place, "not_an_instant", value=value) from error
    _within(moment, place)
    # In UTC, so that two instants of the hour that comes twice are told apart and compared.
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _within(day: date, place: str) -> date:
    if day.year not in YEARS:
        raise Unusable(place, "year_out_of_range", value=day.year)
    return day
