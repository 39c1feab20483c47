"""The import of people: choose a file, see what it would do, confirm."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.documents import actions as documents
from reseda.documents.models import StoredFile
from reseda.documents.queries import content
from reseda.people.http import Request
from reseda.people.models import Role
from reseda.schools import actions, queries
from reseda.schools.domain import roster
from reseda.schools.domain.roster import Roster
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.forms import COLUMNS, ImportForm, refusal, sentence, summary
from reseda.schools.models import School
from reseda.schools.permissions import IMPORT_PEOPLE
from reseda.ui.http.sheets import XLSX, sheet

SHOWN = 200
# A stored file awaits its confirmation under this name: no other file of the person is one.
AWAITING = "import-personnes"
YEAR = "{year}"
EXAMPLE = (
    (
        "camille.roux@exemple.fr",
        "Roux",
        "Camille",
        "20260001",
        "INFO",
        "ING1",
        YEAR,
        "TD1, TP2",
        "élève",
    ),
    ("max.petit@exemple.fr", "Petit", "Max", "", "", "", "", "", "enseignant"),
)


def _school(request: Request) -> School:
    found = IMPORT_PEOPLE.rows(request.viewer).order_by("pk").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def import_people(request: Request) -> HttpResponse:
    """Receive a file; keep it for the confirmation only if every line is right."""
    school = _school(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return _received(request, school, form.cleaned_data["file"])
            except Unreadable as error:
                form.add_error("file", refusal(error))
    context = {"form": form, "template_route": "schools:import_template"}
    return render(request, "schools/import.html", context, status=422 if form.is_bound else 200)


def _read(request: Request, school: School, data: bytes) -> Roster:
    known = queries.known(school, roster.emails(data), request.viewer.today)
    return roster.read(data, known)


def _received(request: Request, school: School, data: bytes) -> HttpResponse:
    found = _read(request, school, data)
    if found.faults:
        return _faults(request, found)
    is_workbook = data.startswith(b"PK")
    stored = documents.keep(
        data,
        name=f"{AWAITING}.{'xlsx' if is_workbook else 'csv'}",
        content_type=XLSX if is_workbook else "text/csv",
        organisation=school,
        owner=request.user,
        by=request.user,
    )
    return redirect("schools:preview_import", stored.pk)


def _faults(request: Request, found: Roster) -> HttpResponse:
    told = [(fault, COLUMNS[fault.column], sentence(fault)) for fault in found.faults[:SHOWN]]
    context = {
        "told": told,
        "count": len(found.faults),
        "lines": len({fault.line for fault in found.faults}),
        "others": max(0, len(found.faults) - SHOWN),
        "form": ImportForm(),
    }
    return render(request, "schools/import_faults.html", context, status=422)


def _awaiting(request: Request, school: School, key: uuid.UUID) -> StoredFile:
    """Return a file that this very person gave for this school, and that is still to confirm."""
    stored = get_object_or_404(StoredFile, pk=key, owner=request.user, organisation=school.pk)
    if not stored.name.startswith(AWAITING):
        raise Http404
    return stored


@require_safe
def preview_import(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show what the file would create, change and leave, as things stand now."""
    school = _school(request)
    stored = _awaiting(request, school, key)
    found = _read(request, school, content(stored))
    if found.faults:
        return _faults(request, found)
    context = {
        "stored": stored,
        "found": found,
        "created": [change.entry for change in found.created[:SHOWN]],
        "updated": [
            (change.entry, [_said(*field) for field in change.fields])
            for change in found.updated[:SHOWN]
        ],
        "more_created": max(0, len(found.created) - SHOWN),
        "more_updated": max(0, len(found.updated) - SHOWN),
        "is_nothing": found.unchanged == len(found.changes),
    }
    return render(request, "schools/import_preview.html", context)


def _said(name: str, was: str, now: str) -> tuple[str | Promise, str, str]:
    """Say a field that changes; roles go by their names, not by their codes."""
    if name == "role":
        was, now = (
            ", ".join(str(Role(code).label) for code in codes.split(", ") if code)
            for codes in (was, now)
        )
    return COLUMNS[name], was, now


@require_POST
def confirm_import(request: Request, key: uuid.UUID) -> HttpResponse:
    """Write what the file says, checked again; the file is then erased."""
    school = _school(request)
    stored = _awaiting(request, school, key)
    try:
        found = actions.import_people(school, data=content(stored), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("schools:preview_import", stored.pk)
    documents.erase(stored, by=request.user)
    messages.success(request, _("Import terminé : %(what)s.") % {"what": summary(found)})
    return redirect("schools:school")


@require_POST
def cancel_import(request: Request, key: uuid.UUID) -> HttpResponse:
    """Forget a file that awaits its confirmation."""
    documents.erase(_awaiting(request, _school(request), key), by=request.user)
    messages.success(request, _("Le fichier est effacé ; rien n’a été importé."))
    return redirect("schools:import_people")


@require_safe
def import_template(request: Request, kind: str) -> HttpResponse:
    """Give the table to fill, with two lines as an example."""
    school = _school(request)
    year = queries.current_year(school, request.viewer.today)
    name = year.name if year else ""
    body = [[name if cell == YEAR else cell for cell in line] for line in EXAMPLE]
    head = [str(column) for column in COLUMNS.values()]
    return sheet("modele-personnes", kind, head, body)
