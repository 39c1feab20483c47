"""Which documents a request wants, in what order and with which fields (CASE 1.1 binding, §3).

Nothing a client writes is trusted: what cannot be read is `Refused` with the name of the parameter
and a reason. As the binding asks, an unknown field leaves the order (`sort`) or all the fields
(`fields`) as they are, and refuses a `filter`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

# What is known of a field: the properties of the object (or objects) it holds, () for a text.
Fields = Mapping[str, tuple[str, ...]]
Document = Mapping[str, Any]

LIMIT = 100
MOST = 2**31 - 1
MOST_FILTER, MOST_CONDITIONS = 1_000, 20
MOMENTS = frozenset({"lastChangeDateTime", "statusStartDate", "statusEndDate"})
SELECTION, SORT = "invalid_selection_field", "invalid_sort_field"
CONDITION = re.compile(r"([A-Za-z_]+(?:\.[A-Za-z_]+)?)(!=|>=|<=|=|>|<|~)'")
LOGICAL = re.compile(r" (AND|OR) (?=[A-Za-z_.]+[!<>=~])")
NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?\Z")
INTEGER = re.compile(r"[0-9]{1,10}\Z")


class Refused(ValueError):
    """A request that cannot be read: the code of CASE, the parameter, and why."""

    def __init__(self, code: str, parameter: str, reason: str) -> None:
        super().__init__(f"{parameter}: {reason}")
        self.code, self.parameter, self.reason = code, parameter, reason


@dataclass(frozen=True)
class Condition:
    """`field predicate 'value'`; a field may be `field.property` of the object it holds."""

    field: str
    predicate: str
    value: str

    def holds(self, document: Document) -> bool:
        """Whether a document answers this: a field that is absent only answers `!=`."""
        found = texts(document, self.field)
        if self.predicate == "=":
            return _is_same(found, self.value, self.field)
        if self.predicate == "!=":
            return not _is_same(found, self.value, self.field)
        if self.predicate == "~":
            return _has(found, self.value)
        return bool(found) and _is_ordered(
            self.predicate, *_comparable(",".join(found), self.value, self.field)
        )


@dataclass(frozen=True)
class Selection:
    """What a request wants; `wanted` is any of groups of conditions, all of a group."""

    limit: int = LIMIT
    offset: int = 0
    sort: str = ""
    is_descending: bool = False
    filter: str = ""
    wanted: tuple[tuple[Condition, ...], ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A part of the documents that answer, and how many answer in all."""

    documents: tuple[Document, ...]
    total: int


@dataclass(frozen=True)
class Step:
    """Another page of the same request."""

    rel: str
    limit: int
    offset: int


def read(asked: Mapping[str, Sequence[str]], known: Fields) -> Selection:
    """Read the parameters of a request, the last where one is repeated; raises `Refused`."""
    given = {name: values[-1] for name, values in asked.items() if values}
    order = given.get("orderBy", "asc")
    if order not in ("asc", "desc"):
        raise Refused(SORT, "orderBy", "asc or desc")
    sort = given.get("sort", "")
    return Selection(
        limit=_number(given, "limit", LIMIT, least=1),
        offset=_number(given, "offset", 0, least=0),
        sort=sort if _is_known(sort, known) else "",
        is_descending=order == "desc",
        filter=given.get("filter", ""),
        wanted=_conditions(given["filter"], known) if "filter" in given else (),
        fields=_fields(asked.get("fields", ()), known),
    )


def select(documents: Iterable[Document], selection: Selection) -> Page:
    """Filter, sort and cut; documents come in the default order, which settles ties."""
    kept = [
        one
        for one in documents
        if not selection.wanted
        or any(all(part.holds(one) for part in group) for group in selection.wanted)
    ]
    if selection.sort:
        kept = _sorted(kept, selection.sort, is_descending=selection.is_descending)
    shown = kept[selection.offset : selection.offset + selection.limit]
    return Page(tuple(_cut(one, selection.fields) for one in shown), len(kept))


def steps(selection: Selection, total: int) -> tuple[Step, ...]:
    """Return the first, previous, next and last pages: walking them meets each document once."""
    limit, offset = selection.limit, selection.offset
    found = [Step("first", limit, 0)]
    if offset:
        # A page that starts in the middle of another is preceded by what is left before it.
        found.append(Step("prev", min(limit, offset), max(offset - limit, 0)))
    if offset + limit < total:
        found.append(Step("next", limit, offset + limit))
    start = offset % limit
    if total > start:
        found.append(Step("last", limit, start + (total - 1 - start) // limit * limit))
    return tuple(found)


def texts(document: Document, field: str) -> tuple[str, ...]:
    """Return what a field says, () where it is absent; an object says what its properties say."""
    name, _dot, inner = field.partition(".")
    return tuple(_leaves(document.get(name), inner))


def collated(text: str) -> tuple[str, str]:
    """Order words as readers do: letters first, accents settle ties, capitals never count."""
    folded = unicodedata.normalize("NFC", text).casefold()
    parts = unicodedata.normalize("NFD", folded)
    return "".join(one for one in parts if not unicodedata.combining(one)), folded


def place(code: str) -> tuple[tuple[int, str], ...]:
    """Read a hierarchy code, `1.2.10` or `A-2`: what stands under it starts with its parts."""
    parts = re.findall(r"[^\W_]+", code)
    return tuple((int(one) if INTEGER.match(one) else 0, one.casefold()) for one in parts)


def _leaves(value: Any, inner: str) -> Iterable[str]:
    if isinstance(value, Mapping):
        kept = (one for name, one in value.items() if inner in ("", name))
        for one in kept:
            yield from _leaves(one, "")
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one, inner)
    elif value is not None:
        yield str(value)


def _number(given: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not INTEGER.match(text) or not least <= int(text) <= MOST:
        raise Refused(SELECTION, name, f"a whole number, at least {least}")
    return int(text)


def _is_known(field: str, known: Fields) -> bool:
    name, dot, inner = field.partition(".")
    return name in known and (not dot or inner in known[name])


def _fields(asked: Sequence[str], known: Fields) -> tuple[str, ...]:
    """Read `fields=a,b` or `fields=a&fields=b`; () is all of them."""
    named = [one.strip() for text in asked for one in text.split(",")]
    if any(not one for one in named):
        raise Refused(SELECTION, "fields", "a name is blank")
    return tuple(dict.fromkeys(named)) if all(one in known for one in named) else ()


def _conditions(text: str, known: Fields) -> tuple[tuple[Condition, ...], ...]:
    """Read conditions joined by AND and OR: AND binds first."""
    if len(text) > MOST_FILTER:
        raise Refused(SELECTION, "filter", f"longer than {MOST_FILTER} characters")
    groups: list[list[Condition]] = [[]]
    place, count = 0, 0
    while True:
        condition, place = _condition(text, place)
        count += 1
        if count > MOST_CONDITIONS:
            raise Refused(SELECTION, "filter", f"more than {MOST_CONDITIONS} conditions")
        if not _is_known(condition.field, known):
            raise Refused(SELECTION, "filter", "no such field")
        groups[-1].append(condition)
        if place == len(text):
            return tuple(tuple(group) for group in groups)
        # A condition ends where one of the two follows, or with the text.
        joined = LOGICAL.match(text, place)
        groups.extend([[]] if joined and joined[1] == "OR" else [])
        place = joined.end() if joined else len(text)


def _condition(text: str, place: int) -> tuple[Condition, int]:
    """Read one condition; returns where it ends.

    A quote in a value is doubled; a lone one between two letters is taken as an apostrophe.
    """
    opened = CONDITION.match(text, place)
    if opened is None:
        raise Refused(SELECTION, "filter", "written as field, predicate, 'value' in single quotes")
    value, place = "", opened.end()
    while True:
        quote = text.find("'", place)
        if quote < 0:
            raise Refused(SELECTION, "filter", "a value has no closing quote")
        value += text[place:quote]
        if text.startswith("'", quote + 1):
            value, place = f"{value}'", quote + 2
        elif quote + 1 == len(text) or LOGICAL.match(text, quote + 1):
            return Condition(opened[1], opened[2], value), quote + 1
        elif text[quote - 1].isalnum() and text[quote + 1].isalnum():
            value, place = f"{value}'", quote + 1
        else:
            reason = "AND or OR is missing between two conditions, or a quote is not doubled"
            raise Refused(SELECTION, "filter", reason)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _parts(value: str) -> list[str]:
    return [one for one in (_folded(part).strip() for part in value.split(",")) if one]


def _is_same(found: Sequence[str], value: str, field: str) -> bool:
    """All of a list, in any order, or the text itself."""
    if not found:
        return False
    left, right = _comparable(",".join(found), value, field)
    several = len(found) > 1 and {_folded(one) for one in found} == {*_parts(value)}
    return left == right or several


def _has(found: Sequence[str], value: str) -> bool:
    """A part of the text; of a list, any of the values asked."""
    if not found:
        return False
    whole = _folded(",".join(found))
    if _folded(value) in whole:
        return True
    return len(found) > 1 and any(part in _folded(one) for part in _parts(value) for one in found)


def _comparable(text: str, value: str, field: str) -> tuple[Any, Any]:
    """Take both as moments, else as numbers, else as words."""
    if field in MOMENTS:
        moments = _moment(text), _moment(value)
        if None not in moments:
            return moments
    if NUMBER.match(text) and NUMBER.match(value):
        return Decimal(text), Decimal(value)
    return collated(text), collated(value)


def _moment(text: str) -> datetime | None:
    """Read a day or an instant of ISO 8601; without an offset it is of UTC."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": lambda left, right: bool(left > right),
    ">=": lambda left, right: bool(left >= right),
    "<": lambda left, right: bool(left < right),
    "<=": lambda left, right: bool(left <= right),
}


def _is_ordered(predicate: str, left: Any, right: Any) -> bool:
    return ORDERED[predicate](left, right)


def _sorted(documents: list[Document], field: str, *, is_descending: bool) -> list[Document]:
    """Sort by a field; documents without it come last, whichever the order."""
    placed = [(texts(one, field), one) for one in documents]
    said = [pair for pair in placed if pair[0]]
    # Versions are numbers, one after the other, as long as all of them are.
    are_numbers = all(NUMBER.match(",".join(pair[0])) for pair in said)

    def key(pair: tuple[tuple[str, ...], Document]) -> Any:
        text = ",".join(pair[0])
        return Decimal(text) if are_numbers else collated(text)

    said.sort(key=key, reverse=is_descending)
    return [one for _texts, one in said] + [one for found, one in placed if not found]


def _cut(document: Document, fields: Sequence[str]) -> Document:
    return {name: document[name] for name in fields if name in document} if fields else document
