"""A package of CASE 1.0 or 1.1, ours or another server's, read with indulgence.

What other servers get wrong is repaired and told in remarks; what would lose or mix up items is a
fault, with its place (`CFItems[12].fullStatement`). The tree comes from `isChildOf`; whatever else
is said is kept, so that an export gives it back. The version and the status of the document are
left out: a framework has its own here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reseda.competencies.domain.case import objects, terms
from reseda.competencies.domain.case.nodes import Item, Raw, Served, items_of
from reseda.competencies.domain.case.own import FRAMEWORK_TYPE, KIND_OF_TYPE, OWN, PACKAGED
from reseda.competencies.domain.case.places import Placing
from reseda.competencies.domain.case.reading import decoded
from reseda.competencies.domain.case.repair import Fields, Keys, Notes, Repair, reference
from reseda.competencies.domain.changes import SAID, Told
from reseda.competencies.domain.framework import About, Term
from reseda.schools.domain.workbooks import Unreadable

MAX_ITEMS, MAX_LINKS, MAX_TERMS = 20_000, 100_000, 20_000
MAX_TITLE = 400
_ESCAPED = re.compile(rb"\\u00[01][0-9a-fA-F]|\\u007[fF]|\\[bf]|\x7f")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# The lists of a package, with the name that some servers wrap each object in.
_LISTS = {"CFItems": "CFItem", "CFAssociations": "CFAssociation", "CFRubrics": "CFRubric"}
_PARTS = frozenset({"CFDocument", "CFDefinitions", "extensions"})
_DEFINED = {shape.name: shape.name.removesuffix("s") for shape in terms.SHAPES.values()}
# Facts of the version of another server, not of ours.
_OF_VERSION = ("version", "adoptionStatus", "statusStartDate", "statusEndDate", "caseVersion")
# What few files say of an item: it stays as it is known where none says it.
_RARE = frozenset({"statement_en", "credits", "source"})
# A term of a file: the name of its list, its place and what is said of it.
RawTerm = tuple[str, str, Mapping[str, Any]]


def read(data: bytes, *, creator: str = "") -> Told:
    """Read a package; raises `sheets.Unreadable` where nothing of it can be used.

    A document whose author is `creator` names none of its own: give the name of the school when
    the package may be one of its exports.
    """
    package = _unwrapped(decoded(data), "CFPackage")
    document = _unwrapped(package.get("CFDocument"), "CFDocument")
    if not isinstance(document, dict):
        raise Unreadable("case_no_document")
    notes = Notes()
    if _ESCAPED.search(data):
        _refuse_controls(package, "", notes)
    repair = Repair(notes, Keys(notes, reference(document)))
    for name in sorted(package.keys() - _LISTS.keys() - _PARTS):
        notes.remark("case_unknown_field", name, field=name)
    lists = {name: _objects(package, name, wrapper, notes) for name, wrapper in _LISTS.items()}
    defined = _defined(package, lists["CFRubrics"], notes)
    _bound(lists, defined)
    served = _served(lists["CFItems"], defined, repair.keys)
    said = repair.fields(document, objects.CFPckgDocument, "CFDocument")
    is_ours = said.get("frameworkType") == FRAMEWORK_TYPE
    items = items_of(lists["CFItems"], repair, served, is_ours=is_ours)
    placing = Placing(items, repair, served, reference(document))
    placing.read(lists["CFAssociations"])
    lines = placing.lines()
    codes = {line.line - 1: line.code for line in lines}
    return Told(
        tuple(lines),
        tuple(placing.links(codes)),
        terms=tuple(_terms(defined, repair, served)),
        title=str(said.pop("title", "")),
        about=_about({**terms.unaddressed(said, served), **_packaged(package)}, creator),
        identifier=repair.keys.own(document, "CFDocument"),
        tells=_tells(items),
        faults=tuple(notes.faults),
        remarks=notes.remarks,
    )


def _unwrapped(value: Any, name: str) -> Any:
    """Return what stands in an object that holds nothing else, as some servers write it."""
    is_wrapped = isinstance(value, dict) and list(value) == [name]
    return value[name] if is_wrapped and isinstance(value[name], (dict, list)) else value


def _objects(package: Mapping[str, Any], name: str, wrapper: str, notes: Notes) -> list[Raw]:
    """Return the objects of a list with their ranks; each one that is no object is a fault."""
    value = package.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable("case_not_a_list", place=name)
    found: list[Raw] = []
    for rank, one in enumerate(value):
        raw = _unwrapped(one, wrapper)
        if isinstance(raw, dict):
            found.append((rank, raw))
        else:
            notes.fault("case_wrong_type", f"{name}[{rank}]", str(raw), expected="object")
    return found


def _bound(lists: Mapping[str, Sequence[Raw]], defined: Sequence[RawTerm]) -> None:
    for place, found, limit in (
        ("CFItems", len(lists["CFItems"]), MAX_ITEMS),
        ("CFAssociations", len(lists["CFAssociations"]), MAX_LINKS),
        ("CFDefinitions", len(defined), MAX_TERMS),
    ):
        if found > limit:
            raise Unreadable("case_too_many", place=place, limit=limit, found=found)
    if not lists["CFItems"]:
        raise Unreadable("case_no_items")


def _refuse_controls(value: Any, place: str, notes: Notes) -> None:
    if isinstance(value, str) and (found := _CONTROL.search(value)):
        notes.fault("case_control_character", place, character=f"U+{ord(found[0]):04X}")
    elif isinstance(value, list):
        for rank, one in enumerate(value):
            _refuse_controls(one, f"{place}[{rank}]", notes)
    elif isinstance(value, dict):
        for name, one in value.items():
            _refuse_controls(name, f"{place}.{name!r}", notes)
            _refuse_controls(one, f"{place}.{name}" if place else name, notes)


def _defined(package: Mapping[str, Any], rubrics: Sequence[Raw], notes: Notes) -> list[RawTerm]:
    """Return the terms of a package; types of our own kinds are none of an author's."""
    held = _unwrapped(package.get("CFDefinitions"), "CFDefinitions") or {}
    if not isinstance(held, dict):
        notes.remark("case_left_out", "CFDefinitions", field="CFDefinitions")
        held = {}
    found: list[RawTerm] = []
    for name, wrapper in _DEFINED.items():
        raws = rubrics if name == "CFRubrics" else _objects(held, name, wrapper, notes)
        at = name if name == "CFRubrics" else f"CFDefinitions.{name}"
        found += [(name, f"{at}[{rank}]", raw) for rank, raw in raws]
    return [one for one in found if reference(one[2]) not in KIND_OF_TYPE]


def _served(raw_items: Sequence[Raw], defined: Sequence[RawTerm], keys: Keys) -> Served:
    """Return the identifiers that will be served, by list."""
    found: dict[str, set[str]] = {"CFItems": {keys.of(reference(raw)) for _rank, raw in raw_items}}
    for name, _place, raw in defined:
        found.setdefault(name, set()).add(keys.of(reference(raw)))
    return {name: frozenset(one - {""}) for name, one in found.items()}


def _packaged(package: Mapping[str, Any]) -> Fields:
    """Keep the extensions of a package and of its definitions."""
    held = _unwrapped(package.get("CFDefinitions"), "CFDefinitions")
    within = held.get("extensions") if isinstance(held, dict) else None
    told = {"extensions": package.get("extensions"), "CFDefinitions": within}
    kept = {name: one for name, one in told.items() if one and isinstance(one, dict)}
    return {PACKAGED: kept} if kept else {}


def _about(said: Fields, creator: str) -> About:
    kept = {name: value for name, value in said.items() if name not in _OF_VERSION}
    author = kept.pop("creator", "")
    kind = kept.pop("frameworkType", "")
    publisher, description = kept.pop("publisher", ""), kept.pop("description", "")
    notes, source = kept.pop("notes", ""), kept.pop("officialSourceURL", "")
    language = kept.pop("language", "")
    extensions = {name: value for name, value in kept.pop("extensions", {}).items() if name != OWN}
    return About(
        "" if author == creator else author,
        publisher,
        description,
        notes,
        source,
        language,
        "" if kind == FRAMEWORK_TYPE else kind,
        {**kept, "extensions": extensions} if extensions else kept,
    )


def _terms(defined: Sequence[RawTerm], repair: Repair, served: Served) -> Iterator[Term]:
    seen: set[str] = set()
    for name, place, raw in defined:
        kind = terms.KIND_OF_NAME[name]
        said = repair.fields(raw, terms.SHAPES[kind].type, place)
        title = said.pop("title", "")
        key = repair.keys.own(raw, place) or repair.keys.of(f"{name}/{title or place}")
        if key in seen:
            repair.notes.remark("case_repeated_term", f"{place}.identifier", key)
            continue
        seen.add(key)
        # A rubric alone may go without a title.
        title = title or ("" if kind == "rubric" else key)
        if len(title) > MAX_TITLE:
            repair.notes.fault("case_too_long", f"{place}.title", title, limit=MAX_TITLE)
        term = Term(kind, key, title, terms.unaddressed(said, served))
        yield Term(kind, key, title, terms.completed(term))


def _tells(items: Sequence[Item]) -> frozenset[str]:
    told = frozenset().union(*(item.tells for item in items))
    return frozenset(SAID) - (_RARE - told)
