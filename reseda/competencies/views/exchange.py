"""A version as a file: taken away as CSV or XLSX, brought back with a preview."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.competencies import queries
from reseda.competencies.actions import exchange as actions
from reseda.competencies.actions.drafts import Unsound
from reseda.competencies.domain.changes import Changes
from reseda.competencies.domain.exchange import sheet as tables
from reseda.competencies.domain.framework import Line
from reseda.competencies.forms import COLUMNS, ImportForm, refusal, sentence
from reseda.competencies.models import FrameworkVersion, Item
from reseda.competencies.permissions import EDIT_VERSION, READ_VERSION
from reseda.documents import actions as documents
from reseda.documents.models import StoredFile
from reseda.documents.queries import content
from reseda.people.http import Request
from reseda.schools.domain.sheets import Fault
from reseda.schools.domain.workbooks import Unreadable
from reseda.ui.http.sheets import XLSX, sheet

SHOWN = 200
AWAITING = "import-referentiel"
EXAMPLE = (
    Line("C1", "", "competency", "Concevoir un système", "Design a system"),
    Line("C1-N1", "C1", "level", "Novice", "Novice"),
    Line("C1-N1-A1", "C1-N1", "critical_learning", "Reformuler un besoin", "Restate a need"),
)


def _draft(request: Request, pk: int) -> FrameworkVersion:
    version = EDIT_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    if not version.is_draft:
        raise Http404
    return version


def _file(lines: list[Line] | tuple[Line, ...], name: str, kind: str) -> HttpResponse:
    body = [
        (
            line.code,
            line.parent,
            Item.Kind(line.kind).label,
            line.statement,
            line.statement_en,
            line.identifier,
        )
        for line in lines
    ]
    head = [str(column) for column in COLUMNS.values()]
    return sheet(name, kind, head, body)


@require_safe
def export(request: Request, pk: int, kind: str) -> HttpResponse:
    """Give a version as a file that imports back without any change."""
    version = READ_VERSION.get_or_404(request.viewer, "framework", pk=pk)
    name = f"referentiel-{version.framework_id}-v{version.number}"
    return _file(queries.lines(version), name, kind)


@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """Give the table to fill, with three lines as an example."""
    if not EDIT_VERSION.rows(request.viewer).exists():
        raise Http404
    return _file(EXAMPLE, "modele-referentiel", kind)


@require_http_methods(["GET", "HEAD", "POST"])
def import_items(request: Request, pk: int) -> HttpResponse:
    """Receive a file; keep it for the confirmation only if every line is right."""
    version = _draft(request, pk)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        try:
            return _received(request, version, form.cleaned_data["file"])
        except Unreadable as error:
            form.add_error("file", refusal(error))
    context = {
        "form": form,
        "version": version,
        "kinds": Item.Kind.labels,
        "template_route": "competencies:template",
    }
    return render(
        request, "competencies/import.html", context, status=422 if form.is_bound else 200
    )


def _received(request: Request, version: FrameworkVersion, data: bytes) -> HttpResponse:
    changes = actions.planned(version, tables.read(data))
    if changes.faults:
        return _faults(request, version, changes.faults)
    is_workbook = data.startswith(b"PK")
    stored = documents.keep(
        data,
        name=f"{AWAITING}-{version.pk}.{'xlsx' if is_workbook else 'csv'}",
        content_type=XLSX if is_workbook else "text/csv",
        organisation=version.framework.school,
        owner=request.user,
        by=request.user,
        is_sensitive=False,
    )
    return redirect("competencies:preview_import", version.pk, stored.pk)


def _faults(request: Request, version: FrameworkVersion, faults: tuple[Fault, ...]) -> HttpResponse:
    context = {
        "version": version,
        "told": [(fault, COLUMNS[fault.column], sentence(fault)) for fault in faults[:SHOWN]],
        "lines": len({fault.line for fault in faults}),
        "others": max(0, len(faults) - SHOWN),
        "form": ImportForm(),
    }
    return render(request, "competencies/import_faults.html", context, status=422)


def _awaiting(request: Request, version: FrameworkVersion, key: uuid.UUID) -> StoredFile:
    """Return a file that this very person gave for this very draft, and that is to confirm."""
    stored = get_object_or_404(
        StoredFile, pk=key, owner=request.user, organisation=version.framework.school_id
    )
    if not stored.name.startswith(f"{AWAITING}-{version.pk}."):
        raise Http404
    return stored


@require_safe
def preview_import(request: Request, pk: int, key: uuid.UUID) -> HttpResponse:
    """Show what the file would add, change and remove, as the draft stands now."""
    version = _draft(request, pk)
    stored = _awaiting(request, version, key)
    changes = actions.planned(version, tables.read(content(stored)))
    if changes.faults:
        return _faults(request, version, changes.faults)
    context = {
        "version": version,
        "stored": stored,
        "changes": changes,
        "updated": [(now, _differences(was, now)) for was, now in changes.updated],
    }
    return render(request, "competencies/import_preview.html", context)


def _differences(was: Line, now: Line) -> list[tuple[object, str, str]]:
    pairs: list[tuple[object, str, str]] = [
        (COLUMNS["code"], was.code, now.code),
        (COLUMNS["parent"], was.parent, now.parent),
        (COLUMNS["kind"], str(Item.Kind(was.kind).label), str(Item.Kind(now.kind).label)),
        (COLUMNS["statement"], was.statement, now.statement),
        (COLUMNS["statement_en"], was.statement_en, now.statement_en),
        (_("Rang"), str(was.rank), str(now.rank)),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


@require_POST
def confirm_import(request: Request, pk: int, key: uuid.UUID) -> HttpResponse:
    """Write what the file says, checked again; the file is then erased."""
    version = _draft(request, pk)
    stored = _awaiting(request, version, key)
    try:
        changes = actions.import_items(version, told=tables.read(content(stored)), by=request.user)
    except Unsound as error:
        return _faults(request, version, error.faults)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("competencies:show_version", version.pk)
    documents.erase(stored, by=request.user)
    messages.success(request, _said(changes))
    return redirect("competencies:show_version", version.pk)


def _said(changes: Changes) -> str:
    return _(
        "Import terminé : éléments ajoutés %(created)d, modifiés %(updated)d, retirés %(removed)d."
    ) % {
        "created": len(changes.created),
        "updated": len(changes.updated),
        "removed": len(changes.removed),
    }


@require_POST
def cancel_import(request: Request, pk: int, key: uuid.UUID) -> HttpResponse:
    """Forget a file that awaits its confirmation."""
    version = _draft(request, pk)
    documents.erase(_awaiting(request, version, key), by=request.user)
    return redirect("competencies:show_version", version.pk)
