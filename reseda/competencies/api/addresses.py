"""Where the calls of CASE 1.1 are: the addresses are those of the standard, not ours."""

from django.urls import URLPattern, path, re_path

from reseda.competencies.api import calls, discovery
from reseda.competencies.domain.case.openapi import DISCOVERY, PREFIX

OBJECTS = {
    "CFDocuments": calls.show_document,
    "CFPackages": calls.show_package,
    "CFItems": calls.show_item,
    "CFItemAssociations": calls.show_item_associations,
    "CFAssociations": calls.show_association,
    "CFAssociationGroupings": calls.show_grouping,
    "CFConcepts": calls.show_concept,
    "CFItemTypes": calls.show_item_type,
    "CFLicenses": calls.show_license,
    "CFSubjects": calls.show_subject,
    "CFRubrics": calls.show_rubric,
}

urlpatterns: list[URLPattern] = [
    path(f"{PREFIX}/CFDocuments", calls.list_documents, name="case_list_documents"),
    *(
        # Whatever is no UUID is refused in the words of CASE.
        re_path(rf"^{PREFIX}/{name}/(?P<key>[^/]+)\Z", view, name=f"case_{view.__name__}")
        for name, view in OBJECTS.items()
    ),
    path(f"{PREFIX}/{DISCOVERY}", discovery.describe_service, name="case_description"),
    re_path(rf"^{PREFIX}(?:/[\s\S]*)?\Z", discovery.find_nothing, name="case_nothing"),
]
