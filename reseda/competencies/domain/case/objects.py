"""The objects of CASE 1.1, as its information model has them: required fields, types, patterns.

Nothing beside them is accepted (`forbid_unknown_fields`), a null is no value, and what is `UNSET`
is left out. Field names are those of the specification, written our way: `cf_item_type_uri` is
`CFItemTypeURI`. Where the JSON Schema of the package and the OpenAPI document of the service differ
(versions of UUID, form of an address), the JSON Schema holds: packages of other servers depend on
it.
"""

import datetime
import re
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

VERSION = "1.1"
ASSOCIATION_TYPES = (
    "isChildOf",
    "isPeerOf",
    "isPartOf",
    "exactMatchOf",
    "precedes",
    "isRelatedTo",
    "replacedBy",
    "exemplar",
    "hasSkillLevel",
    "isTranslationOf",
)
# `$` alone would let a last line break through.
_END = r"$(?!\n)"
_EXTENDED = "ext:[a-zA-Z0-9._|]"

Uuid = Annotated[
    str, Meta(pattern=rf"^[0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}{_END}")
]
AssociationType = Annotated[
    str, Meta(pattern=rf"^(?:{'|'.join(ASSOCIATION_TYPES)}){_END}|{_EXTENDED}")
]
TargetType = Annotated[str, Meta(pattern=rf"^CASE{_END}|{_EXTENDED}")]
CaseVersion = Annotated[str, Meta(pattern=rf"^1\.1{_END}")]
Moment = Annotated[datetime.datetime, Meta(tz=True)]
Extensions = dict[str, Any]
Text = str | UnsetType
Texts = list[str] | UnsetType
Day = datetime.date | UnsetType


def official(name: str) -> str:
    """Return the name that the specification gives to a field: `cf_item_uri` -> `CFItemURI`."""
    if name.startswith("imsx_"):
        return "imsx_" + official(name.removeprefix("imsx_"))
    if name == "uri":
        return name
    first, *others = re.sub("^cf_", "CF_", name).split("_")
    return first + "".join(
        part.upper() if part in {"uri", "url"} else part.capitalize() for part in others
    )


def is_extended(text: str) -> bool:
    """Whether a text is a type of an author's own, well written."""
    return bool(re.fullmatch(r"ext:[a-zA-Z0-9][a-zA-Z0-9._-]*", text))


class CaseObject(
    Struct,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename=official,
):
    """What every object of CASE 1.1 obeys."""


class LinkURI(CaseObject, kw_only=True):
    """A reference to an object of CASE."""

    title: str
    identifier: Uuid
    uri: str


class LinkGenURI(CaseObject, kw_only=True):
    """A reference to anything: its identifier may be of another kind (`target_type`)."""

    title: str
    identifier: str
    uri: str
    target_type: TargetType | UnsetType = UNSET


Link = LinkURI | UnsetType
Links = list[LinkURI] | UnsetType


class Identified(CaseObject, kw_only=True):
    """What has an identifier, an address, and a moment of last change."""

    identifier: Uuid
    uri: str
    last_change_date_time: Moment
    extensions: Extensions | UnsetType = UNSET


class CFPckgDocument(Identified, kw_only=True):
    """A framework of competencies, within its package."""

    creator: str
    title: str
    framework_type: Text = UNSET
    case_version: CaseVersion | UnsetType = UNSET
    official_source_url: Text = UNSET
    publisher: Text = UNSET
    description: Text = UNSET
    subject: Texts = UNSET
    subject_uri: Links = UNSET
    language: Text = UNSET
    version: Text = UNSET
    adoption_status: Text = UNSET
    status_start_date: Day = UNSET
    status_end_date: Day = UNSET
    license_uri: Link = UNSET
    notes: Text = UNSET


class CFDocument(CFPckgDocument, kw_only=True):
    """A framework of competencies, by itself."""

    cf_package_uri: LinkURI


class CFPckgItem(Identified, kw_only=True):
    """A statement of a framework, within its package."""

    full_statement: str
    alternative_label: Text = UNSET
    cf_item_type: Text = UNSET
    human_coding_scheme: Text = UNSET
    list_enumeration: Text = UNSET
    abbreviated_statement: Text = UNSET
    concept_keywords: Texts = UNSET
    concept_keywords_uri: Link = UNSET
    notes: Text = UNSET
    subject: Texts = UNSET
    subject_uri: Links = UNSET
    language: Text = UNSET
    education_level: Texts = UNSET
    cf_item_type_uri: Link = UNSET
    license_uri: Link = UNSET
    status_start_date: Day = UNSET
    status_end_date: Day = UNSET


class CFItem(CFPckgItem, kw_only=True):
    """A statement of a framework, by itself."""

    cf_document_uri: LinkURI


class CFPckgAssociation(Identified, kw_only=True):
    """A link between two nodes, within a package: the tree of a framework is made of these."""

    association_type: AssociationType
    origin_node_uri: LinkGenURI
    destination_node_uri: LinkGenURI
    sequence_number: int | UnsetType = UNSET
    cf_association_grouping_uri: Link = UNSET
    notes: Text = UNSET


class CFAssociation(CFPckgAssociation, kw_only=True):
    """A link between two nodes, by itself."""

    cf_document_uri: Link = UNSET


class Titled(Identified, kw_only=True):
    """A definition: it has a title, and may be described."""

    title: str


class CFConcept(Titled, kw_only=True):
    """A concept that items name in their keywords."""

    hierarchy_code: str
    keywords: Text = UNSET
    description: Text = UNSET


class CFSubject(Titled, kw_only=True):
    """A field of study."""

    hierarchy_code: str
    description: Text = UNSET


class CFLicense(Titled, kw_only=True):
    """Terms of use."""

    license_text: str
    description: Text = UNSET


class CFItemType(Titled, kw_only=True):
    """A kind of item."""

    description: str
    hierarchy_code: str
    type_code: Text = UNSET


class CFAssociationGrouping(Titled, kw_only=True):
    """A set of links that belong together."""

    description: Text = UNSET


class CFDefinition(CaseObject, kw_only=True):
    """The terms that a package defines."""

    cf_concepts: list[CFConcept] | UnsetType = UNSET
    cf_subjects: list[CFSubject] | UnsetType = UNSET
    cf_licenses: list[CFLicense] | UnsetType = UNSET
    cf_item_types: list[CFItemType] | UnsetType = UNSET
    cf_association_groupings: list[CFAssociationGrouping] | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET


class CFRubricCriterionLevel(CaseObject, kw_only=True):
    """One step of a criterion; its extensions are a list, as in the specification."""

    identifier: Uuid
    uri: str
    last_change_date_time: Moment
    description: Text = UNSET
    quality: Text = UNSET
    score: float | UnsetType = UNSET
    feedback: Text = UNSET
    position: int | UnsetType = UNSET
    rubric_criterion_id: Uuid | UnsetType = UNSET
    extensions: list[Extensions] | UnsetType = UNSET


class CFRubricCriterion(Identified, kw_only=True):
    """One thing that a rubric looks at."""

    category: Text = UNSET
    description: Text = UNSET
    cf_item_uri: Link = UNSET
    weight: float | UnsetType = UNSET
    position: int | UnsetType = UNSET
    rubric_id: Uuid | UnsetType = UNSET
    cf_rubric_criterion_levels: list[CFRubricCriterionLevel] | UnsetType = UNSET


class CFRubric(Identified, kw_only=True):
    """A grid of criteria and of the steps of each."""

    title: Text = UNSET
    description: Text = UNSET
    cf_rubric_criteria: list[CFRubricCriterion] | UnsetType = UNSET


class CFPackage(CaseObject, kw_only=True):
    """A framework with all that it holds; a package without items may carry links alone."""

    cf_document: CFPckgDocument
    cf_items: list[CFPckgItem] | UnsetType = UNSET
    cf_associations: list[CFPckgAssociation] | UnsetType = UNSET
    cf_definitions: CFDefinition | UnsetType = UNSET
    cf_rubrics: list[CFRubric] | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET


class CFDocumentSet(CaseObject, kw_only=True):
    """The frameworks of a provider."""

    cf_documents: Annotated[list[CFDocument], Meta(min_length=1)]


class CFAssociationSet(CaseObject, kw_only=True):
    """An item and the links that it is an end of."""

    cf_item: CFItem
    cf_associations: Annotated[list[CFPckgAssociation], Meta(min_length=1)]


class CFConceptSet(CaseObject, kw_only=True):
    """A concept followed by those under it."""

    cf_concepts: Annotated[list[CFConcept], Meta(min_length=1)]


class CFSubjectSet(CaseObject, kw_only=True):
    """A subject followed by those under it."""

    cf_subjects: Annotated[list[CFSubject], Meta(min_length=1)]


class CFItemTypeSet(CaseObject, kw_only=True):
    """A type of item followed by those under it."""

    cf_item_types: Annotated[list[CFItemType], Meta(min_length=1)]


CodeMinor = Annotated[
    str,
    Meta(
        pattern="^(?:forbidden|fullsuccess|internal_server_error|invalid_selection_field"
        "|invalid_sort_field|invalid_uuid|server_busy|unauthorised_request|unknownobject)" + _END
    ),
]


class CodeMinorField(CaseObject, kw_only=True):
    """Which part of a request is told of, and what is wrong with it."""

    imsx_code_minor_field_name: str
    imsx_code_minor_field_value: CodeMinor


class CodeMinors(CaseObject, kw_only=True):
    """The causes of an answer that is no success."""

    imsx_code_minor_field: Annotated[list[CodeMinorField], Meta(min_length=1)]


class StatusInfo(CaseObject, kw_only=True):
    """`imsx_StatusInfo`: what is answered when a request fails."""

    imsx_code_major: Annotated[
        str, Meta(pattern=f"^(?:failure|processing|success|unsupported){_END}")
    ]
    imsx_severity: Annotated[str, Meta(pattern=f"^(?:error|status|warning){_END}")]
    imsx_description: Text = UNSET
    imsx_code_minor: CodeMinors | UnsetType = UNSET
