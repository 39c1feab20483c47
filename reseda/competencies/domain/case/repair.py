"""Other servers’ objects made into fields that CASE 1.1 accepts, with a note of what was changed.

Nulls and empty values are left out; a number is taken for a text, a text for a list of one, an
address for a link; what cannot be understood is left out, and said.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import inspect

from reseda.competencies.domain.case import objects
from reseda.competencies.domain.case.addresses import address
from reseda.competencies.domain.case.check import is_day
from reseda.competencies.domain.case.own import derived
from reseda.competencies.domain.case.reading import SHOWN, fault
from reseda.schools.domain.sheets import Fault

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What the description of the service accepts (versions 1 to 5): whatever is kept is served.
_SERVED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_BARE = re.compile(r"[0-9a-f]{32}")
_LAST = re.compile(rf"({UUID.pattern})/?(?:[?#].*)?$")
# What no object keeps of its own: an identity, an address and a moment are given to it.
STAMP = frozenset({"identifier", "uri", "lastchangedatetime"})
# What CASE 1.0, or a server, calls otherwise, and what stands for a whole of which it is a part.
RENAMED = {"educationallevel": "educationLevel"}
SILENT = frozenset(
    {"cfdocumenturi", "cfpackageuri", "cfitemassociationuri", "casedocumenturi", "caseversion"}
)
SOURCE = "officialsourceurl"
EMPTY: tuple[object, ...] = (None, "", [], {})
# The largest whole number that every reader of JSON keeps as it is.
MAX_WHOLE = 2**53
# Different remarks that are worth telling of one file.
MANY = 100
Fields = dict[str, Any]


class Notes:
    """What is found of a file: faults that stop it, and remarks, told once for all alike."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._remarks: dict[tuple[str, str, object], Fault] = {}

    def fault(self, code: str, place: str, value: object = "", **facts: str | int) -> None:
        """Note what stops the file."""
        self.faults.append(fault(code, place, value, **facts))

    def remark(self, code: str, place: str, value: object = "", **facts: str | int) -> None:
        """Note what stops nothing: the first place is kept, the others are counted."""
        if "field" in facts:
            facts["field"] = str(facts["field"])[:SHOWN]
        found = fault(code, place, value, count=1, **facts)
        told = (code, found.column, facts.get("field"))
        if told not in self._remarks and len(self._remarks) >= MANY:
            return
        first = self._remarks.setdefault(told, found)
        if first is not found:
            counted = {**first.facts, "count": int(first.facts["count"]) + 1}
            again = Fault(first.line, first.column, first.value, first.code, counted)
            self._remarks[told] = again

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """The remarks, in the order of their first places."""
        return tuple(self._remarks.values())


class Keys:
    """The identifiers of a file: in lower case, and derived where they are no UUID to serve."""

    def __init__(self, notes: Notes, scope: str = "") -> None:
        self.notes, self.scope = notes, scope

    def own(self, raw: Mapping[str, Any], place: str) -> str:
        """Return the identifier of an object, from its address where it has none; "" without."""
        found = reference(raw)
        if found and not _SERVED.fullmatch(found):
            self.notes.remark("case_identifier_derived", f"{place}.identifier", found)
        return self.of(found)

    def of(self, text: str) -> str:
        """Return the UUID that stands for an identifier, itself if it is one."""
        return text if not text or _SERVED.fullmatch(text) else derived(self.scope, text)


def reference(raw: Any) -> str:
    """Return what an object or a link is named by: an identifier, else one in its address."""
    if isinstance(raw, str):
        return _in_address(raw)
    if not isinstance(raw, Mapping):
        return ""
    return normal(raw.get("identifier")) or _in_address(raw.get("uri"))


def normal(value: Any) -> str:
    """Return an identifier as it is compared: trimmed, in lower case, hyphens in a UUID."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    text = str(value).strip().lower().removeprefix("urn:uuid:").strip("{}")
    if _BARE.fullmatch(text):
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    return text


def _in_address(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str) else ""
    found = _LAST.search(text.lower())
    return found[1] if found else text


@cache
def shape(kind: type[objects.CaseObject]) -> Mapping[str, inspect.Field]:
    """Return the fields of an object, by their names in lower case."""
    told = inspect.type_info(kind)
    fields = told.fields if isinstance(told, inspect.StructType) else ()
    return {field.encode_name.lower(): field for field in fields}


class Repair:
    """Fields of objects, made sound; `keys` names what has no UUID."""

    def __init__(self, notes: Notes, keys: Keys) -> None:
        self.notes, self.keys = notes, keys

    def fields(self, raw: Mapping[str, Any], kind: type[objects.CaseObject], place: str) -> Fields:
        """Return the fields of an object that CASE 1.1 knows, except its stamp."""
        return dict(self._fields(raw, shape(kind), place))

    def _fields(
        self, raw: Mapping[str, Any], known: Mapping[str, inspect.Field], place: str
    ) -> Iterator[tuple[str, Any]]:
        for name, value in raw.items():
            key = RENAMED.get(name.lower(), name).lower()
            if value in EMPTY or key in STAMP:
                continue
            at = f"{place}.{name}"
            if key not in known:
                if key not in SILENT:
                    self.notes.remark("case_unknown_field", at, field=name)
                continue
            found = self._value(value, known[key].type, at)
            if key == SOURCE and isinstance(found, str):
                found = address(found)
            if found in EMPTY:
                self.notes.remark("case_left_out", at, value, field=name)
            else:
                yield known[key].encode_name, found

    def _value(self, value: Any, kind: inspect.Type, at: str) -> Any:
        """Return a value of this type, or None."""
        makers: Mapping[type[inspect.Type], Callable[[Any, Any, str], Any]] = {
            inspect.StrType: self._text,
            inspect.DateType: self._day,
            inspect.IntType: self._whole,
            inspect.FloatType: self._number,
            inspect.ListType: self._list,
            inspect.DictType: self._object,
            inspect.StructType: self._struct,
        }
        return makers[type(kind)](value, kind, at)

    def _text(self, value: Any, kind: inspect.StrType, _at: str) -> str | None:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return None
        text = str(value)
        if kind.pattern and "0-9a-fA-F" in kind.pattern:
            return self.keys.of(normal(text))
        return None if kind.pattern and not re.search(kind.pattern, text) else text

    def _day(self, value: Any, _kind: inspect.Type, _at: str) -> str | None:
        text = value[:10] if isinstance(value, str) else ""
        return text if is_day(text) else None

    def _whole(self, value: Any, kind: inspect.Type, at: str) -> int | None:
        number = self._number(value, kind, at)
        is_whole = number is not None and abs(number) <= MAX_WHOLE and number == int(number)
        return int(number or 0) if is_whole else None

    def _number(self, value: Any, _kind: inspect.Type, _at: str) -> float | None:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        try:
            found = float(value) if isinstance(value, str) else None
        except ValueError:
            return None
        return found if found is not None and abs(found) < float("inf") else None

    def _list(self, value: Any, kind: inspect.ListType, at: str) -> list[Any]:
        told = value if isinstance(value, list) else [value]
        found = (self._value(one, kind.item_type, f"{at}[{rank}]") for rank, one in enumerate(told))
        return [one for one in found if one not in EMPTY]

    def _object(self, value: Any, _kind: inspect.Type, _at: str) -> Fields | None:
        return value if isinstance(value, dict) else None

    def _struct(self, value: Any, kind: inspect.StructType, at: str) -> Fields | None:
        told = value[0] if isinstance(value, list) and len(value) == 1 else value
        if kind.cls is objects.LinkURI:
            return self.link(told)
        if not isinstance(told, dict):
            return None
        known = {field.encode_name.lower(): field for field in kind.fields}
        key = self.keys.own(told, at) or self.keys.of(at)
        return {"identifier": key, **dict(self._fields(told, known, at))}

    def link(self, value: Any) -> Fields | None:
        """Return a link to an object of CASE, from its parts or from an address."""
        named = reference(value)
        if not named:
            return None
        told = value if isinstance(value, dict) else {"uri": value}
        key = self.keys.of(named)
        title = told.get("title")
        return {
            "title": title if isinstance(title, str) and title else named,
            "identifier": key,
            "uri": self._address(told, key),
        }

    def _address(self, told: Mapping[str, Any], key: str) -> str:
        uri = told.get("uri")
        return (address(uri) if isinstance(uri, str) else "") or f"urn:uuid:{key}"

    def end(self, value: Any) -> Fields | None:
        """Return the end of a link that is no item here; its identifier may be of any kind."""
        named = reference(value)
        if not named:
            return None
        told = value if isinstance(value, dict) else {"uri": value}
        given = told.get("identifier")
        key = normal(given) if UUID.fullmatch(normal(given)) else str(given or named)
        title, kind = told.get("title"), told.get("targetType")
        found = {
            "title": title if isinstance(title, str) and title else key,
            "identifier": key,
            "uri": self._address(told, self.keys.of(named)),
        }
        is_kind = isinstance(kind, str) and re.search(r"^CASE$|^ext:[\w.-]+$", kind)
        return {**found, "targetType": kind} if is_kind else found
