"""The terms that a framework defines, between `Term` and CASE 1.1: what each kind must have.

A `Term` keeps the fields of its object but its address and its moment of change, in its criteria
and levels too. An address is left out of a link when its target is served here.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from reseda.competencies.domain.case import objects
from reseda.competencies.domain.framework import Term

Fields = dict[str, Any]


class Shape(NamedTuple):
    """Where terms of a kind stand in a package, and where each is served."""

    type: type[objects.Identified]
    name: str


SHAPES: Mapping[str, Shape] = {
    "concept": Shape(objects.CFConcept, "CFConcepts"),
    "subject": Shape(objects.CFSubject, "CFSubjects"),
    "license": Shape(objects.CFLicense, "CFLicenses"),
    "item_type": Shape(objects.CFItemType, "CFItemTypes"),
    "grouping": Shape(objects.CFAssociationGrouping, "CFAssociationGroupings"),
    "rubric": Shape(objects.CFRubric, "CFRubrics"),
}
KIND_OF_NAME = {shape.name: kind for kind, shape in SHAPES.items()}
# Where the target of a link is served, by the name of its field.
TARGETS: Mapping[str, str] = {
    "conceptKeywordsURI": "CFConcepts",
    "subjectURI": "CFSubjects",
    "CFItemTypeURI": "CFItemTypes",
    "licenseURI": "CFLicenses",
    "CFAssociationGroupingURI": "CFAssociationGroupings",
    "CFItemURI": "CFItems",
}
NESTED = ("CFRubricCriteria", "CFRubricCriterionLevels")


def completed(term: Term) -> Fields:
    """Return the content of a term with all that CASE 1.1 requires of its kind."""
    said = dict(term.content)
    if term.kind in {"concept", "subject", "item_type"}:
        said.setdefault("hierarchyCode", "1")
    if term.kind == "item_type":
        said.setdefault("description", term.title)
    if term.kind == "license":
        said.setdefault("licenseText", said.get("description") or term.title)
    return said


def linked(said: Mapping[str, Any], address: Callable[[str, str], str]) -> Fields:
    """Give links their addresses where they have none; `address` takes a list and an identifier."""
    return {
        name: _addressed(value, TARGETS[name], address) if name in TARGETS else value
        for name, value in said.items()
    }


def _addressed(value: Any, name: str, address: Callable[[str, str], str]) -> Any:
    if isinstance(value, list):
        return [_addressed(one, name, address) for one in value]
    return value if value.get("uri") else {**value, "uri": address(name, value["identifier"])}


def without_extensions(value: Any) -> Any:
    """Return content without the extensions of anybody, at any depth."""
    if isinstance(value, list):
        return [without_extensions(one) for one in value]
    if isinstance(value, Mapping):
        kept = {key: one for key, one in value.items() if key != "extensions"}
        return {key: without_extensions(one) for key, one in kept.items()}
    return value


def unaddressed(said: Mapping[str, Any], served: Mapping[str, frozenset[str]]) -> Fields:
    """Take the addresses of links away where their targets are in `served`, by list."""
    found: Fields = {}
    for name, value in said.items():
        if name in TARGETS:
            found[name] = _bare(value, served.get(TARGETS[name], frozenset()))
        elif name in NESTED:
            found[name] = [unaddressed(part, served) for part in value]
        else:
            found[name] = value
    return found


def _bare(value: Any, served: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_bare(one, served) for one in value]
    is_served = value["identifier"] in served
    return {name: one for name, one in value.items() if not (is_served and name == "uri")}


def renamed(said: Mapping[str, Any], own: Callable[[str], str]) -> Fields:
    """Say criteria of a rubric with other identifiers for the items of their framework."""
    found: Fields = dict(said)
    target = said.get("CFItemURI")
    if target and "uri" not in target:
        found["CFItemURI"] = {**target, "identifier": own(target["identifier"])}
    for name in NESTED:
        if name in said:
            found[name] = [renamed(part, own) for part in said[name]]
    return found
