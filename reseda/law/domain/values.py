"""Dated legal values in the shape of OpenFisca's parameters, and which one applies on a day.

A file is a tree; a leaf is a parameter: `description`, `metadata` and `values` by date of effect,
each with its `value` and the `reference` (title and address) that supports it. A `value` of null
says that the rule ended that day.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args

import yaml

Confidence = Literal["verified", "secondary", "inferred", "uncertain"]
Theme = Literal[
    "military",
    "police",
    "civil_security",
    "employment",
    "studies",
    "support",
    "partnership",
    "protection",
]
Unit = Literal[
    "yes_no",
    "hour",
    "half_day",
    "day",
    "business_day",
    "working_day",
    "month",
    "year",
    "call",
    "person",
    "validation",
    "semester",
    "time",
    "euro",
]
THEMES: tuple[Theme, ...] = get_args(Theme)
RULE = re.compile(r"R([1-9]|1\d|2[0-4])")


class FaultyFile(ValueError):
    """A file of values that cannot be read: where in the tree, and what is wrong."""

    def __init__(self, place: str, fault: str) -> None:
        super().__init__(f"{place}: {fault}")


class UnknownCode(LookupError):
    """No legal value has this code: an error of the caller."""


class NotInForce(LookupError):
    """A legal value did not exist yet on a day, or is not known for it."""


@dataclass(frozen=True)
class Value:
    """A legal value on a day: a number in `unit`, the article that fixes it, where it was read.

    In the unit `yes_no` the value is a boolean: what the description says holds, or does not.
    A `working_day` (jour ouvrable) runs from Monday to Saturday, a `business_day` (jour ouvré) from
    Monday to Friday, both without public holidays.
    `since_on` is the day from which the house applies it; `is_since_exact` tells whether that is
    its date of effect, else the text may be older. `until_on` is its last day, where another value
    or the end of the rule follows. `rule` is its row among R1 to R24, empty where it has none.
    `confidence`: `verified` in the text itself,
    `secondary` through another source, `inferred` from verified facts, `uncertain`.
    """

    code: str
    value: int
    unit: Unit
    article: str
    source: str
    since_on: date
    checked_on: date
    confidence: Confidence
    is_since_exact: bool = True
    until_on: date | None = None
    rule: str = ""

    @property
    def is_sure(self) -> bool:
        """Tell whether the text itself was read."""
        return self.confidence == "verified"


@dataclass(frozen=True)
class Parameter:
    """Something the law fixes: what it is, in French and English, and its values, newest first.

    `rule` is its row among R1 to R24 of the rules the product applies, empty where it has none.
    """

    code: str
    theme: Theme
    description: Mapping[str, str]
    note: Mapping[str, str]
    values: tuple[Value, ...]
    rule: str = ""

    def on(self, day: date) -> Value | None:
        """Return the value that applies on a day, or None before the first or after the last."""
        for value in self.values:
            if value.since_on <= day:
                return value if value.until_on is None or day <= value.until_on else None
        return None


Book = Mapping[str, Parameter]
LAST = 99


def by_rule(book: Book) -> list[Parameter]:
    """Return every parameter in the order in which people read them: R1 to R24, then the others."""
    return sorted(book.values(), key=lambda one: (int(one.rule[1:] or LAST), one.code))


def value(book: Book, code: str, on: date) -> Value:
    """Return the value of a code on a day; raise `UnknownCode` or `NotInForce`."""
    found = parameter(book, code).on(on)
    if found is None:
        message = f"{code} on {on.isoformat()}"
        raise NotInForce(message)
    return found


def parameter(book: Book, code: str) -> Parameter:
    """Return what a code stands for, or raise `UnknownCode`."""
    if code not in book:
        raise UnknownCode(code)
    return book[code]


def history(book: Book, code: str) -> tuple[Value, ...]:
    """Return every known value of a code, newest first."""
    return parameter(book, code).values


def in_force(book: Book, on: date) -> list[Value]:
    """Return the values that apply on a day, sorted by code."""
    found = (book[code].on(on) for code in sorted(book))
    return [value for value in found if value is not None]


def read(texts: Mapping[str, str]) -> dict[str, Parameter]:
    """Read files (name without ending -> content) into parameters by code; or `FaultyFile`."""
    book: dict[str, Parameter] = {}
    for name in sorted(texts):
        for found in _leaves(name, yaml.safe_load(texts[name])):
            book[found.code] = found
    return book


def _leaves(place: str, node: object) -> Iterable[Parameter]:
    if not isinstance(node, dict):
        raise FaultyFile(place, "a parameter or a group of parameters is expected")
    if "values" in node:
        yield _parameter(place, node)
        return
    for name, child in node.items():
        yield from _leaves(f"{place}.{name}", child)


def _parameter(code: str, node: dict[str, Any]) -> Parameter:
    metadata = node.get("metadata", {})
    rule = str(metadata.get("rule", ""))
    if metadata.get("theme") not in THEMES:
        raise FaultyFile(code, f"metadata.theme is none of {', '.join(THEMES)}")
    if metadata.get("unit") not in get_args(Unit):
        raise FaultyFile(code, f"metadata.unit is none of {', '.join(get_args(Unit))}")
    if rule and not RULE.fullmatch(rule):
        raise FaultyFile(code, "metadata.rule is none of R1 to R24")
    description = {"fr": str(node.get("description", "")), "en": metadata.get("description_en", "")}
    if not all(description.values()):
        raise FaultyFile(code, "description or metadata.description_en is missing")
    values = _values(code, metadata, node["values"])
    if not values:
        raise FaultyFile(code, "values is empty")
    note = {"fr": str(node.get("documentation", "")), "en": metadata.get("documentation_en", "")}
    return Parameter(code, metadata["theme"], description, note, values, rule)


def _values(code: str, metadata: dict[str, Any], entries: Any) -> tuple[Value, ...]:
    """Read the values of a parameter, newest first, each up to the day before the next entry."""
    if not isinstance(entries, dict):
        raise FaultyFile(code, "values are expected by date of effect")
    for day, entry in entries.items():
        if not isinstance(day, date):
            raise FaultyFile(f"{code}.values.{day}", "a date of effect such as 2023-08-03")
        if not isinstance(entry, dict) or "value" not in entry:
            raise FaultyFile(f"{code}.values.{day}", "value is missing; null ends the rule")
    found: list[Value] = []
    until: date | None = None
    for day in sorted(entries, reverse=True):
        if entries[day]["value"] is not None:
            found.append(_value(code, metadata, day, entries[day], until))
        until = day - timedelta(days=1)
    return tuple(found)


def _value(
    code: str, metadata: dict[str, Any], day: date, entry: dict[str, Any], until: date | None
) -> Value:
    place = f"{code}.values.{day}"
    details = entry.get("metadata", {})
    number, checked_on = entry["value"], details.get("checked_on")
    if metadata["unit"] == "yes_no":
        if not isinstance(number, bool):
            raise FaultyFile(place, "value is neither true nor false")
    elif not isinstance(number, int) or isinstance(number, bool):
        raise FaultyFile(place, "value is not a whole number")
    if not isinstance(checked_on, date):
        raise FaultyFile(place, "metadata.checked_on is missing")
    if details.get("confidence") not in get_args(Confidence):
        raise FaultyFile(place, f"confidence is none of {', '.join(get_args(Confidence))}")
    reference = details.get("reference", {})
    if not reference.get("title") or not str(reference.get("href", "")).startswith("https://"):
        raise FaultyFile(place, "reference needs a title and an https address")
    return Value(
        code=code,
        value=number,
        unit=metadata["unit"],
        article=reference["title"],
        source=reference["href"],
        since_on=day,
        checked_on=checked_on,
        confidence=details["confidence"],
        is_since_exact=bool(details.get("is_since_exact", False)),
        until_on=until,
        rule=str(metadata.get("rule", "")),
    )
