"""The closed list of words a signed document may use, read from the pinned contexts.

A JSON-LD processor silently drops a member or a type that its contexts do not define: the text
would be printed on the credential without being covered by the signature. This check walks a
document as JSON-LD 1.1 does (type-scoped, then property-scoped contexts) and refuses whatever
would be dropped, resolved against an unknown base, or written in a second way. It guards both
sides: before signing, and before trusting what a signature is said to cover.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reseda.credentials.domain.contexts import addresses, load
from reseda.credentials.domain.refusals import Refusal

# Depth of nested objects; real credentials stay below ten.
MAX_DEPTH = 32
# Largest whole number that every JSON reader keeps exact (2**53 - 1, RFC 8259 section 6).
MAX_INTEGER = 9007199254740991

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")

Terms = Mapping[str, Any]


@dataclass(frozen=True)
class _Spot:
    place: str
    depth: int

    def inside(self, name: str) -> "_Spot":
        if self.depth >= MAX_DEPTH:
            raise Refusal("too_deep", place=self.place, limit=MAX_DEPTH)
        return _Spot(f"{self.place}.{name}" if self.place else name, self.depth + 1)


def check(document: Mapping[str, Any]) -> None:
    """Refuse the first member, type or value that the document's contexts would not keep.

    Codes: `unknown_context`, `inline_context`, `missing_context`, `unknown_term`, `unknown_type`,
    `unsupported_term`, `null_value`, `relative_identifier`, `bad_text`, `bad_number`,
    `nested_list`, `repeated_identifier`, `too_deep`; the fact `place` is the path of the member.
    """
    if not document.get("@context"):
        raise Refusal("missing_context", place="")
    _node(document, {}, _Spot("", 0))
    _refuse_second_description(document)


def _node(node: Mapping[str, Any], active: Terms, spot: _Spot) -> None:
    if "@context" in node:
        active = _extended(active, node["@context"])
    scoped = _typed(node, active, spot)
    for name, value in node.items():
        if name == "@context":
            continue
        inside = spot.inside(name)
        definition = None if name.startswith("@") else scoped.get(name)
        if definition is None:
            raise Refusal("unknown_term", place=inside.place)
        if definition == "@id":
            _identifier(value, inside)
        elif definition != "@type":
            _values(value, definition, active, inside)


def _extended(active: Terms, value: Any) -> Terms:
    extended = dict(active)
    for url in addresses(value):
        extended.update(load(url))
    return extended


def _typed(node: Mapping[str, Any], active: Terms, spot: _Spot) -> Terms:
    """Words allowed in this node alone: those around it and those its own types bring."""
    value = node.get("type", [])
    scoped = dict(active)
    names = value if isinstance(value, list) else [value]
    for name in names:
        if not isinstance(name, str) or name.startswith("@") or name not in active:
            raise Refusal("unknown_type", place=spot.inside("type").place, type=name)
    for name in sorted(names):
        definition = active[name]
        if isinstance(definition, dict) and "@context" in definition:
            scoped.update(definition["@context"])
    return scoped


def _values(value: Any, definition: Any, active: Terms, spot: _Spot) -> None:
    coercion = definition.get("@type") if isinstance(definition, dict) else None
    if coercion == "@json":
        raise Refusal("unsupported_term", place=spot.place)
    if isinstance(definition, dict) and "@context" in definition:
        inner = definition["@context"]
        active = {} if inner is None else {**active, **inner}
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            _node(item, active, spot)
        else:
            _scalar(item, coercion, active, spot)


def _scalar(value: Any, coercion: str | None, active: Terms, spot: _Spot) -> None:
    if value is None:
        raise Refusal("null_value", place=spot.place)
    if isinstance(value, list):
        raise Refusal("nested_list", place=spot.place)
    if coercion == "@vocab" and isinstance(value, str) and value in active:
        return
    if coercion in {"@id", "@vocab"}:
        _identifier(value, spot)
    elif isinstance(value, str):
        _text(value, spot)
    else:
        _number(value, spot)


def _text(value: str, spot: _Spot) -> None:
    if _SURROGATE.search(value):
        raise Refusal("bad_text", place=spot.place)


def _number(value: float, spot: _Spot) -> None:
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise Refusal("bad_number", place=spot.place)
    if isinstance(value, float) and not math.isfinite(value):
        raise Refusal("bad_number", place=spot.place)


def _identifier(value: Any, spot: _Spot) -> None:
    # Blank node labels ("_:x") are not absolute: they also let a document describe a graph whose
    # canonical form takes factorial time.
    if not isinstance(value, str) or not _IRI.fullmatch(value) or _SURROGATE.search(value):
        raise Refusal("relative_identifier", place=spot.place)


def _refuse_second_description(document: Mapping[str, Any]) -> None:
    """A part that bears the credential's own id would describe it a second time, out of sight."""
    own = document.get("id")
    pending: list[Any] = [value for name, value in document.items() if name != "@context"]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            if own is not None and item.get("id") == own:
                raise Refusal("repeated_identifier", id=own)
            pending.extend(item.values())
