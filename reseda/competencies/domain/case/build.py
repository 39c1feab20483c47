"""From what a framework says to the objects of CASE 1.1, all at once or one by one.

Whatever is built has passed `objects`: nothing that the standard refuses leaves. Extensions, among
which credits, are written only when the identity asks for them.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from reseda.competencies.domain.case import addresses, objects, terms
from reseda.competencies.domain.case.own import (
    FRAMEWORK_TYPE,
    ITEM_TYPES,
    OWN,
    PACKAGED,
    PLACED,
    WRITTEN_AT,
    derived,
    is_bilingual,
    is_derived_code,
    link_identifier,
)
from reseda.competencies.domain.changes import Known
from reseda.competencies.domain.framework import About, Line, Link, Term

PATH = "/ims/case/v1p1"
ADOPTED, DEPRECATED, DRAFT = "Adopted", "Deprecated", "Draft"
# Characters of a statement that name it at the end of a link.
TITLE = 200
Fields = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Identity:
    """Who a framework is, besides what it says: `base` is the address of the site, without a
    final slash; `changed_at` the moment of its last change; days are those of its status.

    `creator` stands for the author when the framework names none. `is_bilingual` is computed when
    a whole package is built (`own.is_bilingual`); give it to build an object by itself.
    """

    base: str
    identifier: str
    title: str
    creator: str
    changed_at: datetime.datetime
    version: str = ""
    status: str = ADOPTED
    started_on: datetime.date | None = None
    ended_on: datetime.date | None = None
    title_en: str = ""
    is_bilingual: bool = False
    has_extensions: bool = False

    def address(self, name: str, identifier: str) -> str:
        """Return where an object is served: `name` is a call, such as `CFItems`."""
        return f"{self.base}{PATH}/{name}/{identifier}"

    @property
    def moment(self) -> datetime.datetime:
        """The moment of last change, in UTC, to the second."""
        return in_utc(self.changed_at)


@dataclass(frozen=True)
class Gone:
    """An item of an earlier version that the latest has no more, and the day it went."""

    line: Line
    ended_on: datetime.date


def package(identity: Identity, known: Known, gone: Sequence[Gone] = ()) -> objects.CFPackage:
    """Build the package of a framework; items that are gone follow the others, out of the tree."""
    who = replace(identity, is_bilingual=is_bilingual(known.about, known.lines))
    by_code = {line.code: line for line in known.lines}
    items = [item(who, line) for line in known.lines]
    items += [item(who, one.line, ended_on=one.ended_on) for one in gone]
    links = [tree_link(who, line, by_code.get(line.parent)) for line in known.lines]
    links += [
        link(who, one, by_code.get(one.origin), by_code.get(one.destination)) for one in known.links
    ]
    told = (*known.lines, *(one.line for one in gone))
    others = known.about.extra.get(PACKAGED, {}) if identity.has_extensions else {}
    return objects.CFPackage(
        cf_document=document(who, known.about),
        cf_items=items or UNSET,
        cf_associations=links or UNSET,
        cf_definitions=definitions(
            who, known.terms, kinds=_kinds(told), others=others.get("CFDefinitions")
        ),
        cf_rubrics=_objects(who, known.terms, "rubric", objects.CFRubric),
        extensions=others.get("extensions", UNSET),
    )


def in_utc(moment: datetime.datetime) -> datetime.datetime:
    """Say a moment in UTC, to the second."""
    return moment.astimezone(datetime.UTC).replace(microsecond=0)


def encode(built: objects.CaseObject) -> bytes:
    """Write an object as JSON, in UTF-8."""
    return msgspec.json.encode(built)


def document(identity: Identity, about: About) -> objects.CFPckgDocument:
    """Build the document of a framework, as it stands in a package."""
    said = {
        **terms.linked(_extra(identity, about.extra), identity.address),
        **_stamp(identity, "CFDocuments", identity.identifier),
        "creator": about.creator or identity.creator,
        "title": identity.title,
        "caseVersion": objects.VERSION,
        **_said(
            {
                "frameworkType": _framework_type(identity, about),
                "officialSourceURL": addresses.address(about.official_source_url),
                "publisher": about.publisher,
                "description": about.description,
                "language": about.language,
                "notes": about.notes,
                "version": identity.version,
                "adoptionStatus": identity.status,
                "statusStartDate": identity.started_on,
                "statusEndDate": identity.ended_on,
            }
        ),
    }
    own = {"titleEn": identity.title_en}
    return _built(said, own, identity, objects.CFPckgDocument)


def _framework_type(identity: Identity, about: About) -> str:
    return about.framework_type or (FRAMEWORK_TYPE if identity.is_bilingual else "")


def item(
    identity: Identity, line: Line, *, ended_on: datetime.date | None = None
) -> objects.CFPckgItem:
    """Build an item, as it stands in a package; `ended_on` is the day it was withdrawn."""
    said = {
        **terms.linked(_extra(identity, line.extra), identity.address),
        **_stamp(identity, "CFItems", line.identifier),
        "fullStatement": line.statement,
    }
    is_typed = "CFItemType" in said or "CFItemTypeURI" in said
    if not is_typed:
        said |= _own_type(identity, line.kind)
    if not is_derived_code(line.code, line.identifier):
        said["humanCodingScheme"] = line.code
    if identity.is_bilingual and line.statement_en:
        said["alternativeLabel"] = line.statement_en
    if ended_on:
        said["statusEndDate"] = ended_on
    own = {
        "kind": line.kind if is_typed else "",
        "statementEn": "" if identity.is_bilingual else line.statement_en,
        "ectsCredits": None if line.credits is None else float(line.credits),
    }
    if identity.has_extensions and line.source:
        said["extensions"] = {**said.get("extensions", {}), "sourceItemURI": line.source}
    return _built(said, own, identity, objects.CFPckgItem)


def _own_type(identity: Identity, kind: str) -> Fields:
    own = ITEM_TYPES[kind]
    target = {"title": own.title, "identifier": own.identifier}
    uri = identity.address("CFItemTypes", own.identifier)
    return {"CFItemType": own.title, "CFItemTypeURI": {**target, "uri": uri}}


def tree_link(identity: Identity, line: Line, parent: Line | None) -> objects.CFPckgAssociation:
    """Build the link that places an item under its parent, or under the document."""
    top = {
        "title": identity.title,
        "identifier": identity.identifier,
        "uri": identity.address("CFDocuments", identity.identifier),
    }
    said = {
        **_extra(identity, line.extra.get(PLACED, {})),
        "associationType": PLACED,
        "sequenceNumber": line.rank,
        "originNodeURI": _end(identity, line),
        "destinationNodeURI": _end(identity, parent) if parent else top,
    }
    key = line.parent_link or link_identifier(line.identifier)
    return _association(identity, key, said)


def link(
    identity: Identity, told: Link, origin: Line | None, destination: Line | None
) -> objects.CFPckgAssociation:
    """Build a link beside the tree; the end that is no item is told by the link itself."""
    outside = dict(told.outside)
    said = {
        **_extra(identity, told.extra),
        "associationType": told.kind,
        "originNodeURI": _end(identity, origin) if origin else outside,
        "destinationNodeURI": _end(identity, destination) if destination else outside,
    }
    if told.rank is not None:
        said["sequenceNumber"] = told.rank
    return _association(identity, told.identifier or _link_key(identity, told), said)


def _link_key(identity: Identity, told: Link) -> str:
    return derived(identity.identifier, *told.ends)


def _association(identity: Identity, key: str, said: Fields) -> objects.CFPckgAssociation:
    whole = {
        **terms.linked(said, identity.address),
        **_stamp(identity, "CFAssociations", key),
    }
    return _built(whole, {}, identity, objects.CFPckgAssociation)


def _end(identity: Identity, line: Line) -> Fields:
    return {
        "title": shortened(line.statement),
        "identifier": line.identifier,
        "uri": identity.address("CFItems", line.identifier),
    }


def shortened(text: str) -> str:
    """Return a text that names an item at the end of a link."""
    return text if len(text) <= TITLE else text[: TITLE - 1] + "…"


def definitions(
    identity: Identity,
    defined: Sequence[Term],
    *,
    kinds: Sequence[str] = (),
    others: Fields | None = None,
) -> objects.CFDefinition | UnsetType:
    """Build the terms of a package, with the types of the kinds of ours that it uses, and the
    extensions of others.
    """
    types = _objects(identity, defined, "item_type", objects.CFItemType) or []
    types = [*types, *(item_type(identity, kind) for kind in kinds)]
    built = objects.CFDefinition(
        cf_concepts=_objects(identity, defined, "concept", objects.CFConcept),
        cf_subjects=_objects(identity, defined, "subject", objects.CFSubject),
        cf_licenses=_objects(identity, defined, "license", objects.CFLicense),
        cf_item_types=types or UNSET,
        cf_association_groupings=_objects(
            identity, defined, "grouping", objects.CFAssociationGrouping
        ),
        extensions=others or UNSET,
    )
    return UNSET if built == objects.CFDefinition() else built


def _objects(
    identity: Identity, defined: Sequence[Term], kind: str, made: type[T]
) -> list[T] | UnsetType:
    built = (term(identity, one) for one in defined if one.kind == kind)
    return [one for one in built if isinstance(one, made)] or UNSET


def term(identity: Identity, told: Term) -> objects.Identified:
    """Build a term: a concept, a subject, a licence, a type, a group of links or a rubric."""
    shape = terms.SHAPES[told.kind]
    said = _extra(identity, terms.completed(told))
    where = identity.address(shape.name, told.identifier)
    said = {
        **_nested(identity, said, where),
        **_stamp(identity, shape.name, told.identifier),
    }
    if told.title or told.kind != "rubric":
        said["title"] = told.title
    return _built(said, {}, identity, shape.type)


def _nested(identity: Identity, said: Mapping[str, Any], where: str) -> Fields:
    """Give criteria and levels, that no call serves, an address within their rubric."""
    whole = terms.linked(said, identity.address)
    for name in terms.NESTED:
        if name in whole:
            whole[name] = [
                {
                    **_nested(identity, part, where),
                    "uri": f"{where}#{part['identifier']}",
                    "lastChangeDateTime": identity.moment,
                }
                for part in whole[name]
            ]
    return whole


def item_type(identity: Identity, kind: str) -> objects.CFItemType:
    """Build the type of one of our kinds of items, which every framework shares."""
    own = ITEM_TYPES[kind]
    said = {
        **_stamp(identity, "CFItemTypes", own.identifier),
        "lastChangeDateTime": WRITTEN_AT,
        "title": own.title,
        "description": own.description,
        "hierarchyCode": own.code,
        "typeCode": kind,
    }
    return msgspec.convert(said, objects.CFItemType)


def whole_document(identity: Identity, about: About) -> objects.CFDocument:
    """Build the document of a framework, by itself."""
    where = identity.address("CFPackages", identity.identifier)
    target = objects.LinkURI(title=identity.title, identifier=identity.identifier, uri=where)
    return objects.CFDocument(**_values(document(identity, about)), cf_package_uri=target)


def whole_item(
    identity: Identity, line: Line, *, ended_on: datetime.date | None = None
) -> objects.CFItem:
    """Build an item, by itself."""
    part = item(identity, line, ended_on=ended_on)
    return objects.CFItem(**_values(part), cf_document_uri=document_link(identity))


def whole_association(identity: Identity, part: objects.CFPckgAssociation) -> objects.CFAssociation:
    """Build an association by itself, from the one of the package."""
    return objects.CFAssociation(**_values(part), cf_document_uri=document_link(identity))


def document_link(identity: Identity) -> objects.LinkURI:
    """Build the reference to the document of a framework."""
    where = identity.address("CFDocuments", identity.identifier)
    return objects.LinkURI(title=identity.title, identifier=identity.identifier, uri=where)


def _values(part: objects.CaseObject) -> Fields:
    return {name: getattr(part, name) for name in part.__struct_fields__}


def _kinds(lines: Sequence[Line]) -> list[str]:
    untyped = {line.kind for line in lines if not {"CFItemType", "CFItemTypeURI"} & set(line.extra)}
    return [kind for kind in ITEM_TYPES if kind in untyped]


def _stamp(identity: Identity, name: str, key: str) -> Fields:
    where = identity.address(name, key)
    return {"identifier": key, "uri": where, "lastChangeDateTime": identity.moment}


def _said(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if value}


def _extra(identity: Identity, extra: Mapping[str, Any]) -> Fields:
    kept = extra if identity.has_extensions else terms.without_extensions(extra)
    return {name: value for name, value in kept.items() if name not in {PLACED, PACKAGED}}


def _built(said: Fields, own: Fields, identity: Identity, kind: type[T]) -> T:
    told = {name: value for name, value in own.items() if value not in {"", None}}
    if told and identity.has_extensions:
        said = {**said, "extensions": {**said.get("extensions", {}), OWN: told}}
    return msgspec.convert(said, kind)
