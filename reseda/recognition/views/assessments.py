"""Pages of assessors: what awaits them, a file in two panes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.recognition import actions, queries
from reseda.recognition.forms import AssessmentForm, ComplementForm
from reseda.recognition.models import RecognitionFile
from reseda.recognition.permissions import ASSESS_FILE
from reseda.recognition.views import REFUSED
from reseda.recognition.views.doors import first, needs
from reseda.ui.http import Column, Filter, Listing, Sort
from reseda.ui.queries import thread

Status = RecognitionFile.Status
LOADED = ("person", "programme", "session", "regulation", "framework_version__framework")
TO_DO = Q(status=Status.SUBMITTED)


@require_safe
def list_assessments(request: Request) -> HttpResponse:
    """List the files handed in, those that await an assessment first."""
    needs(request, Role.ASSESSOR)
    files = ASSESS_FILE.rows(request.viewer).select_related("person", "programme", "session")
    listing = Listing(
        request,
        files,
        search=["reference", "person__last_name", "person__first_name"],
        filters=[
            Filter(
                "etat",
                _("État"),
                {
                    "a-evaluer": (_("À évaluer"), TO_DO),
                    "complement": (_("Complément demandé"), Q(status=Status.COMPLEMENT)),
                    "evalue": (_("Évalué"), Q(status=Status.ASSESSED)),
                    "decide": (_("Décidé"), Q(status=Status.DECIDED)),
                },
            )
        ],
        sorts=[
            Sort("depot", _("Date de dépôt"), "submitted_at"),
            Sort("reference", _("Référence"), "reference"),
            Sort("nom", _("Nom"), "person__last_name"),
        ],
        columns=[
            Column(_("Référence"), lambda row: row.reference),
            Column(_("Élève"), lambda row: str(row.person)),
            Column(_("Formation"), lambda row: row.programme.name),
            Column(_("État"), lambda row: row.get_status_display()),
        ],
        name="evaluations",
    )
    if listing.export:
        return listing.export
    return render(request, "recognition/assessment_list.html", {"listing": listing})


@require_http_methods(["GET", "POST"])
def assess_file(request: Request, pk: int) -> HttpResponse:
    """Show the evidence and the framework side by side, and take the levels given."""
    file = ASSESS_FILE.get_or_404(request.viewer, *LOADED, pk=pk)
    if not queries.has_consulted(request.user, file):
        return render(request, "recognition/door.html", {"file": file, "door": "assess"})
    dossier = queries.dossier(file, request.viewer.today)
    form = AssessmentForm(request.POST or None, lines=dossier.lines, assessor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rate(file, given=form.given(), by=request.user)
            is_over = "conclude" in request.POST
            if is_over:
                actions.conclude(file, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("L’évaluation est rendue.") if is_over else _("L’évaluation est enregistrée.")
            messages.success(request, said)
            return redirect("recognition:assess_file", pk=pk)
    context = {
        "file": file,
        "dossier": dossier,
        "form": form,
        "may_rate": file.status == Status.SUBMITTED,
        "complement_form": ComplementForm(),
        "thread": thread(request.viewer, dossier.activities[0].period.pk)
        if dossier.activities
        else [],
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "recognition/assessment.html", context, status=status)


@require_POST
def consult_to_assess(request: Request, pk: int) -> HttpResponse:
    """Open a file, which is written in the journal and told to its student."""
    file = ASSESS_FILE.get_or_404(request.viewer, pk=pk)
    actions.consult(file, by=request.user)
    return redirect("recognition:assess_file", pk=pk)


@require_POST
def ask_complement(request: Request, pk: int) -> HttpResponse:
    """Ask the student for something more before assessing."""
    file = ASSESS_FILE.get_or_404(request.viewer, pk=pk)
    form = ComplementForm(request.POST)
    try:
        message = form.cleaned_data["message"] if form.is_valid() else ""
        actions.ask_complement(file, message=message, by=request.user)
    except ValidationError as error:
        messages.error(request, first(error))
    else:
        messages.success(request, _("Votre demande est envoyée à l’élève."))
    return redirect("recognition:assess_file", pk=pk)
