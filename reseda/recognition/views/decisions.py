"""Pages of the registry: decisions to be written in the student record."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.recognition import queries
from reseda.recognition.models import Decision
from reseda.recognition.permissions import EXPORT_DECISION
from reseda.recognition.views.doors import needs
from reseda.ui.http import Column, Filter, Listing, Sort

Outcome = Decision.Outcome


@require_safe
def list_decisions(request: Request) -> HttpResponse:
    """List the decisions, without anything of the service itself; take them as CSV or XLSX."""
    needs(request, Role.REGISTRY, Role.STUDIES_DIRECTOR)
    listing = Listing(
        request,
        queries.with_numbers(queries.with_levels(EXPORT_DECISION.rows(request.viewer))),
        search=["file__reference", "file__person__last_name", "file__person__first_name"],
        filters=[
            Filter("decision", _("Décision"), {o.value: (o.label, Q(outcome=o)) for o in Outcome})
        ],
        sorts=[
            Sort("date", _("Date"), "-decided_at"),
            Sort("nom", _("Nom"), "file__person__last_name"),
            Sort("reference", _("Référence"), "file__reference"),
        ],
        columns=[
            Column(_("Référence"), lambda row: row.file.reference),
            Column(_("Numéro d’étudiant"), lambda row: row.student_number or ""),
            Column(pgettext("family name", "Nom"), lambda row: row.file.person.last_name),
            Column(_("Prénom"), lambda row: row.file.person.first_name),
            Column(_("Formation"), lambda row: row.file.programme.code),
            Column(_("Décision"), lambda row: row.get_outcome_display()),
            Column(_("Forme"), lambda row: row.get_form_display()),
            Column(_("ECTS"), lambda row: row.ects),
            Column(_("Élément concerné"), lambda row: row.detail),
            Column(_("Décidé le"), lambda row: row.decided_at.date()),
            Column(_("Mention au supplément au diplôme"), queries.supplement_line),
        ],
        name="decisions",
    )
    return listing.export or render(request, "recognition/decision_list.html", {"listing": listing})
