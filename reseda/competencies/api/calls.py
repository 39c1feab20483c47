"""The calls of CASE 1.1: each finds what is published, and builds the object of the standard."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.http import HttpRequest

from reseda.competencies.api.answers import Answer, Busy, Missing, served
from reseda.competencies.domain.case import build, objects, own, selection
from reseda.competencies.domain.case import crosswalk as building
from reseda.competencies.domain.case.openapi import PROFILES
from reseda.competencies.domain.case.selection import SELECTION, Refused, Selection
from reseda.competencies.domain.case.terms import SHAPES
from reseda.competencies.queries import case, case_crosswalks
from reseda.people.http import limited

UUID_PATTERN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
LINK = tuple(field.encode_name for field in msgspec.structs.fields(objects.LinkURI))
# The fields of a document: those that hold references also answer `field.title`.
FIELDS = {
    field.encode_name: LINK
    if field.encode_name in {"CFPackageURI", "licenseURI", "subjectURI"}
    else ()
    for field in msgspec.structs.fields(objects.CFDocument)
}
KEPT = ("sort", "orderBy", "filter", "fields", "extensions")


@served
def list_documents(request: HttpRequest) -> Answer:
    """`getAllCFDocuments`: frameworks and crosswalks, filtered, sorted, cut in pages."""
    wanted = selection.read(dict(request.GET.lists()), FIELDS)
    found = sorted(_documents(extended=_has_extensions(request)), key=_default_order)
    page = selection.select((document for document, _changed_at in found), wanted)
    headers = {"X-Total-Count": str(page.total), "Link": _ways(request, wanted, page.total)}
    if not page.documents:
        # The standard has no empty set: nothing answers, and the count says so.
        raise Missing("No document answers", headers=headers)
    changed_at = max(changed_at for _document, changed_at in found)
    return Answer({"CFDocuments": page.documents}, changed_at, headers)


@served
def show_document(request: HttpRequest, key: str) -> Answer:
    """`getCFDocument`: what a framework, or a crosswalk, says of itself."""
    identifier, extended = _uuid(key), _has_extensions(request)
    one = case.framework(identifier, has_extensions=extended)
    if one is not None:
        return Answer(build.whole_document(one.identity, one.about), one.changed_at)
    other = case_crosswalks.crosswalk(identifier, has_extensions=extended)
    if other is None:
        raise Missing("No published document has this identifier")
    return Answer(_crosswalk_document(other), other.changed_at)


@served
def show_package(request: HttpRequest, key: str) -> Answer:
    """`getCFPackage`: a document with all that it holds."""
    identifier, extended, profile = _uuid(key), _has_extensions(request), _profile(request)
    if limited(request, "read_case_package", counts_get=True) is not None:
        raise Busy
    one = case.framework(identifier, has_extensions=extended)
    if one is not None:
        return Answer(build.package(one.identity, *case.contents(one)), one.changed_at)
    other = case_crosswalks.crosswalk(identifier, has_extensions=extended)
    if other is None:
        raise Missing("No published document has this identifier")
    package = building.build_crosswalk(
        other.identity, case_crosswalks.pairs(other), note=other.version.note, profile=profile
    )
    return Answer(package, other.changed_at)


@served
def show_item(request: HttpRequest, key: str) -> Answer:
    """`getCFItem`: one item, with the day it went if it did."""
    found = _item(request, key)
    return Answer(_whole_item(found), found.served.changed_at)


@served
def show_item_associations(request: HttpRequest, key: str) -> Answer:
    """`getCFItemAssociations`: one item and every link it is an end of, crosswalks included."""
    profile, found = _profile(request), _item(request, key)
    links = [_association(one) for one in case.links_of(found)]
    changed_at = found.served.changed_at
    crossed = case_crosswalks.links_of(_uuid(key), has_extensions=_has_extensions(request))
    for other, pair in crossed:
        links.append(building.pair_link(other.identity, pair, profile=profile))
        changed_at = max(changed_at, other.changed_at)
    content = objects.CFAssociationSet(cf_item=_whole_item(found), cf_associations=links)
    return Answer(content, changed_at)


@served
def show_association(request: HttpRequest, key: str) -> Answer:
    """`getCFAssociation`: one link, of a framework or of a crosswalk."""
    identifier, extended, profile = _uuid(key), _has_extensions(request), _profile(request)
    one = case.link(identifier, has_extensions=extended)
    if one is not None:
        whole = build.whole_association(one.served.identity, _association(one))
        return Answer(whole, one.served.changed_at)
    crossed = case_crosswalks.link(identifier, has_extensions=extended)
    if crossed is None:
        raise Missing("No published association has this identifier")
    other, pair = crossed
    part = building.pair_link(other.identity, pair, profile=profile)
    return Answer(build.whole_association(other.identity, part), other.changed_at)


@served
def show_grouping(request: HttpRequest, key: str) -> Answer:
    """`getCFAssociationGrouping`: one that a framework defines, or a version of a crosswalk."""
    found = case.term("grouping", _uuid(key), has_extensions=_has_extensions(request))
    if found is not None:
        one, defined = found
        return Answer(build.term(one.identity, case.told(defined)), one.changed_at)
    other = case_crosswalks.grouping(_uuid(key))
    if other is None:
        raise Missing("No published grouping has this identifier")
    return Answer(building.grouping(other.identity), other.changed_at)


@served
def show_item_type(request: HttpRequest, key: str) -> Answer:
    """`getCFItemType`: a type followed by those under it; the types of our kinds are shared."""
    kind = own.KIND_OF_TYPE.get(str(_uuid(key)))
    if kind is None:
        return _family(request, "item_type", key)
    return Answer({"CFItemTypes": [build.item_type(case.site(), kind)]}, own.WRITTEN_AT)


@served
def show_concept(request: HttpRequest, key: str) -> Answer:
    """`getCFConcept`: a concept followed by those under it."""
    return _family(request, "concept", key)


@served
def show_subject(request: HttpRequest, key: str) -> Answer:
    """`getCFSubject`: a subject followed by those under it."""
    return _family(request, "subject", key)


@served
def show_license(request: HttpRequest, key: str) -> Answer:
    """`getCFLicense`: one licence."""
    return _term(request, "license", key)


@served
def show_rubric(request: HttpRequest, key: str) -> Answer:
    """`getCFRubric`: one rubric with its criteria and levels."""
    return _term(request, "rubric", key)


# --- What the calls share


def _uuid(key: str) -> UUID:
    if not UUID_PATTERN.match(key):
        raise Missing("The identifier is no UUID", "invalid_uuid")
    return UUID(key)


def _has_extensions(request: HttpRequest) -> bool:
    asked = request.GET.get("extensions", "0")
    if asked not in ("0", "1"):
        raise Refused(SELECTION, "extensions", "0 or 1")
    return asked == "1"


def _profile(request: HttpRequest) -> str:
    asked = request.GET.get("profile", PROFILES[0])
    if asked not in PROFILES:
        raise Refused(SELECTION, "profile", " or ".join(PROFILES))
    return asked


def _documents(*, extended: bool) -> Iterator[tuple[dict[str, Any], datetime]]:
    for one in case.served(has_extensions=extended):
        document = build.whole_document(one.identity, one.about)
        yield msgspec.to_builtins(document), one.changed_at
    for other in case_crosswalks.served(has_extensions=extended):
        yield msgspec.to_builtins(_crosswalk_document(other)), other.changed_at


def _default_order(found: tuple[dict[str, Any], datetime]) -> tuple[Any, str]:
    return selection.collated(found[0]["title"]), found[0]["identifier"]


def _ways(request: HttpRequest, wanted: Selection, total: int) -> str:
    """Write the header `Link`: the same request, on its other pages."""
    kept = [(name, text) for name in KEPT for text in request.GET.getlist(name)]
    told = []
    for step in selection.steps(wanted, total):
        query = urlencode([("limit", step.limit), ("offset", step.offset), *kept])
        told.append(f'<{case.service_address()}/CFDocuments?{query}>; rel="{step.rel}"')
    return ", ".join(told)


def _crosswalk_document(one: case_crosswalks.ServedCrosswalk) -> objects.CFDocument:
    return build.whole_document(one.identity, building.about(one.version.note))


def _item(request: HttpRequest, key: str) -> case.Found:
    found = case.item(_uuid(key), has_extensions=_has_extensions(request))
    if found is None:
        raise Missing("No published item has this identifier")
    return found


def _whole_item(found: case.Found) -> objects.CFItem:
    return build.whole_item(found.served.identity, case.line_of(found), ended_on=found.ended_on)


def _association(one: case.Placed | case.Linked) -> objects.CFPckgAssociation:
    identity = one.served.identity
    if isinstance(one, case.Placed):
        return build.tree_link(identity, one.line, one.parent)
    return build.link(identity, one.link, one.origin, one.destination)


def _term(request: HttpRequest, kind: str, key: str) -> Answer:
    found = case.term(kind, _uuid(key), has_extensions=_has_extensions(request))
    if found is None:
        raise Missing("No published definition of this kind has this identifier")
    one, defined = found
    return Answer(build.term(one.identity, case.told(defined)), one.changed_at)


def _family(request: HttpRequest, kind: str, key: str) -> Answer:
    """Answer the set of a term: itself first, then those that its hierarchy code is above."""
    found = case.term(kind, _uuid(key), has_extensions=_has_extensions(request))
    if found is None:
        raise Missing("No published definition of this kind has this identifier")
    one, defined = found
    several = [
        build.term(one.identity, case.told(each)) for each in (defined, *case.under(defined))
    ]
    return Answer({SHAPES[kind].name: several}, one.changed_at)
