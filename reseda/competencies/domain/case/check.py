"""A strict verdict on a package of CASE 1.1: every fault, and where it stands.

Faults of form are those that the JSON Schema of 1EdTech finds, its formats (UUID, day, moment)
held as rules. Faults `BEYOND` it are of sense: an item under itself, a parent that is not there,
an identifier given twice, an address that is none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from msgspec import inspect

from reseda.competencies.domain.case import objects
from reseda.competencies.domain.case.addresses import is_address
from reseda.competencies.domain.case.own import PLACED
from reseda.competencies.domain.case.reading import decoded, fault
from reseda.schools.domain.sheets import Fault

BEYOND = frozenset(
    {"case_loop", "case_unknown_parent", "case_repeated_identifier", "case_wrong_address"}
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
)
_TYPES: Mapping[type[inspect.Type], tuple[tuple[type[Any], ...], str]] = {
    inspect.StrType: ((str,), "string"),
    inspect.DateType: ((str,), "string"),
    inspect.DateTimeType: ((str,), "string"),
    inspect.IntType: ((int, float), "integer"),
    inspect.FloatType: ((int, float), "number"),
    inspect.ListType: ((list,), "list"),
    inspect.DictType: ((dict,), "object"),
    inspect.StructType: ((dict,), "object"),
}
Place = str


def check(data: bytes) -> tuple[Fault, ...]:
    """Return every fault of a package, in the order of the file; raises `Unreadable`."""
    found = decoded(data)
    faults = tuple(_faults(found, _shape(), ""))
    return faults + tuple(_senseless(found))


@cache
def _shape() -> inspect.Type:
    return inspect.type_info(objects.CFPackage)


@cache
def _patterns() -> Mapping[str, str]:
    """Name what each pattern of `objects` is for."""
    named = {
        "case_wrong_identifier": objects.Uuid,
        "case_wrong_link_type": objects.AssociationType,
        "case_wrong_target_type": objects.TargetType,
        "case_wrong_version": objects.CaseVersion,
    }
    types = ((code, inspect.type_info(kind)) for code, kind in named.items())
    return {
        one.pattern: code for code, one in types if isinstance(one, inspect.StrType) and one.pattern
    }


def _faults(value: Any, kind: inspect.Type, place: Place) -> Iterator[Fault]:
    accepted, name = _TYPES.get(type(kind), ((), ""))
    if value is None and name:
        yield fault("case_null", place)
    elif name and (isinstance(value, bool) or type(value) not in accepted):
        yield fault("case_wrong_type", place, str(value), expected=name)
    elif isinstance(kind, inspect.StructType):
        yield from _object_faults(value, kind, place)
    elif isinstance(kind, inspect.ListType):
        for rank, one in enumerate(value):
            yield from _faults(one, kind.item_type, f"{place}[{rank}]")
    elif code := _value_fault(value, kind):
        yield fault(code, place, value)


def _object_faults(
    value: dict[str, Any], kind: inspect.StructType, place: Place
) -> Iterator[Fault]:
    fields = {field.encode_name: field for field in kind.fields}
    for name, one in value.items():
        if name not in fields:
            yield fault("case_unknown_field", _at(place, name), field=name)
        else:
            yield from _faults(one, fields[name].type, _at(place, name))
    for name, field in fields.items():
        if field.required and name not in value:
            yield fault("case_missing", _at(place, name), field=name)


def _at(place: Place, name: str) -> Place:
    return f"{place}.{name}" if place else name


def _value_fault(value: Any, kind: inspect.Type) -> str:
    if isinstance(kind, inspect.DateType) and not is_day(value):
        return "case_wrong_day"
    if isinstance(kind, inspect.DateTimeType) and not is_moment(value):
        return "case_wrong_moment"
    if isinstance(kind, inspect.IntType) and value != int(value):
        return "case_not_whole"
    if isinstance(kind, inspect.StrType) and kind.pattern and not re.search(kind.pattern, value):
        return _patterns()[kind.pattern]
    return ""


def is_day(text: str) -> bool:
    """Whether a text is a day of RFC 3339 that exists."""
    return bool(_DAY.fullmatch(text)) and _exists(date.fromisoformat, text)


def is_moment(text: str) -> bool:
    """Whether a text is a moment of RFC 3339, with its offset, that exists."""
    return bool(_MOMENT.fullmatch(text)) and _exists(datetime.fromisoformat, text[:19].upper())


def _exists(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


def _senseless(found: Mapping[str, Any]) -> Iterator[Fault]:
    """Find faults of sense, in what has a sound form."""
    places = list(_identified(found, ""))
    yield from _repeated(places)
    for place, one in places:
        uri = one.get("uri")
        if isinstance(uri, str) and not is_address(uri):
            yield fault("case_wrong_address", _at(place, "uri"), uri)
    yield from _misplaced(found)


def _identified(value: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield each object that has an identifier of its own, with its place; links have none."""
    if isinstance(value, list):
        for rank, one in enumerate(value):
            yield from _identified(one, f"{place}[{rank}]")
    elif isinstance(value, dict):
        if "identifier" in value and "lastChangeDateTime" in value:
            yield place, value
        for name, one in value.items():
            if name.startswith("CF") and name != "extensions":
                yield from _identified(one, _at(place, name))


def _repeated(places: Iterable[tuple[Place, Mapping[str, Any]]]) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for place, one in places:
        key = one["identifier"]
        if isinstance(key, str) and first.setdefault(key.lower(), place) != place:
            at = _at(place, "identifier")
            yield fault("case_repeated_identifier", at, key, first=first[key.lower()])


def _misplaced(found: Mapping[str, Any]) -> Iterator[Fault]:
    items = {key: place for place, key in enumerate(_keys(found.get("CFItems")))}
    document = found.get("CFDocument")
    root = next(iter(_keys([document])), "")
    placed = list(_placed(found.get("CFAssociations")))
    edges = [ends for _rank, ends in placed if items.keys() >= set(ends)]
    # An item may have another parent elsewhere, once it has one here.
    held = {child for _rank, (child, parent) in placed if parent in items or parent == root}
    for rank, (child, parent) in placed:
        if child in items and child not in held:
            place = f"CFAssociations[{rank}].destinationNodeURI.identifier"
            yield fault("case_unknown_parent", place, parent)
    for key in sorted(looped(edges), key=items.__getitem__):
        yield fault("case_loop", f"CFItems[{items[key]}]", key)


def _keys(objects_: Any) -> Iterator[str]:
    for one in objects_ if isinstance(objects_, list) else []:
        key = one.get("identifier") if isinstance(one, dict) else None
        yield key.lower() if isinstance(key, str) else ""


def _placed(links: Any) -> Iterator[tuple[int, tuple[str, str]]]:
    for rank, one in enumerate(links if isinstance(links, list) else []):
        if isinstance(one, dict) and one.get("associationType") == PLACED:
            ends = [one.get(name) for name in ("originNodeURI", "destinationNodeURI")]
            child, parent = _keys(ends)
            yield rank, (child, parent)


def looped(edges: Iterable[tuple[str, str]]) -> set[str]:
    """Return what stands above itself, or between two that do: `edges` go from child to parent."""
    above: dict[str, set[str]] = {}
    below: dict[str, set[str]] = {}
    for child, parent in edges:
        above.setdefault(child, set()).add(parent)
        below.setdefault(parent, set()).add(child)
    left = set(above) & set(below)
    # Whoever has nobody left above or below is taken away, until only loops remain.
    return _loops_left(left, above, below)


def _loops_left(
    left: set[str], above: Mapping[str, set[str]], below: Mapping[str, set[str]]
) -> set[str]:
    ups = {key: len(above[key] & left) for key in left}
    downs = {key: len(below[key] & left) for key in left}
    ending = [key for key in left if not (ups[key] and downs[key])]
    while ending:
        key = ending.pop()
        if key not in left:
            continue
        left.discard(key)
        for counts, others in ((downs, above[key]), (ups, below[key])):
            for other in others & left:
                counts[other] -= 1
                if not counts[other]:
                    ending.append(other)
    return left
