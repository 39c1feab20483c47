"""A framework as a file: taken away in every format, brought back with a preview."""

import re
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.competencies import queries
from reseda.competencies.actions import exchange as actions
from reseda.competencies.actions.drafts import Unsound
from reseda.competencies.domain.changes import Changes, Known, Told
from reseda.competencies.domain.exchange import formats
from reseda.competencies.domain.exchange import sheet as tables
from reseda.competencies.domain.framework import Line
from reseda.competencies.forms.exchange import EntitleForm, ImportForm
from reseda.competencies.forms.faults import refusal
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_VERSION, READ_VERSION
from reseda.competencies.queries import exports
from reseda.competencies.views.preview import Fault, faulty, preview
from reseda.documents import actions as documents
from reseda.documents.models import StoredFile
from reseda.documents.queries import content
from reseda.people.http import Request
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.models import School
from reseda.ui.http.sheets import XLSX, sheet

# A stored file awaits its confirmation under this name, with its kind: no other file is one.
AWAITING, AWAITING_NEW = "import-referentiel", "import-nouveau-referentiel"
KEPT = re.compile(r"-(\w+)\.(?:csv|xlsx|json)")
EXAMPLE = (
    Line("C1", "", "competency", "Concevoir un système", "Design a system"),
    Line("C1-N1", "C1", "level", "Novice", "Novice"),
    Line("C1-N1-A1", "C1-N1", "critical_learning", "Reformuler un besoin", "Restate a need"),
    Line("C1-I1", "C1", "indicator", "Le besoin est écrit", "The need is written down"),
    Line("UE1", "", "teaching_unit", "Conception", "Design"),
)


# --- Out


@require_safe
def export(request: Request, pk: int, kind: str) -> HttpResponse:
    """Give a version as a file that imports back without any change."""
    version = READ_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    name = f"referentiel-{version.framework_id}-v{version.number}"
    if kind == "case.json":
        has_extensions = request.GET.get("extensions") == "1"
        data = exports.case_package(version, has_extensions=has_extensions)
        return _file(data, f"{name}.case.json", "application/json")
    if kind == "moodle.csv":
        return _file(exports.moodle_file(version), f"{name}.moodle.csv", "text/csv; charset=utf-8")
    return sheet(name, kind, *exports.table(version, get_language() or "fr"))


def _file(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """Give the table to fill, with a few lines as an example."""
    if not EDIT_VERSION.rows(request.viewer).exists():
        raise Http404
    written = tables.written(Known(EXAMPLE), get_language() or "fr")
    return sheet("modele-referentiel", kind, *written)


# --- Into a draft


def _draft(request: Request, pk: int) -> FrameworkVersion:
    version = EDIT_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    if not version.is_draft:
        raise Http404
    return version


@require_http_methods(["GET", "HEAD", "POST"])
def import_items(request: Request, pk: int) -> HttpResponse:
    """Receive a file; keep it for the confirmation only if every line is right."""
    version = _draft(request, pk)

    def keep(kind: str, told: Told, data: bytes) -> HttpResponse:
        changes = actions.planned(version, told)
        if changes.faults:
            return _faults(request, version, kind, changes.faults)
        stored = _kept(request, version.framework.school, data, f"{AWAITING}-{version.pk}", kind)
        return redirect("competencies:preview_import", version.pk, stored.pk)

    return _received(request, version.framework.school, keep, version=version)


def _received(
    request: Request,
    school: School,
    keep: Callable[[str, Told, bytes], HttpResponse],
    *,
    version: FrameworkVersion | None = None,
) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_bound and form.is_valid():
        name, data = form.cleaned_data["file"]
        given = form.cleaned_data["kind"] or None
        try:
            kind, told = formats.read(data, name, given, creator=school.name)
            return keep(kind, told, data)
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


def _kept(request: Request, school: School, data: bytes, name: str, kind: str) -> StoredFile:
    """Keep a file under a name that says its kind: it is confirmed as it was previewed."""
    ending, content_type = "csv", "text/csv"
    if kind in {formats.CASE, formats.RNCP}:
        ending, content_type = "json", "application/json"
    elif data.startswith(b"PK"):
        ending, content_type = "xlsx", XLSX
    return documents.keep(
        data,
        name=f"{name}-{kind}.{ending}",
        content_type=content_type,
        organisation=school,
        owner=request.user,
        by=request.user,
        is_sensitive=False,
    )


def _faults(
    request: Request, version: FrameworkVersion | None, kind: str, faults: tuple[Fault, ...]
) -> HttpResponse:
    context = {"version": version, "form": ImportForm(), **faulty(faults, kind)}
    return render(request, "competencies/import_faults.html", context, status=422)


def _awaiting(request: Request, school: School, key: uuid.UUID, name: str) -> StoredFile:
    """Return a file that this very person gave for this very use, and that is to confirm."""
    stored = get_object_or_404(StoredFile, pk=key, owner=request.user, organisation=school.pk)
    if not (stored.name.startswith(name) and KEPT.fullmatch(stored.name.removeprefix(name))):
        raise Http404
    return stored


def _told(stored: StoredFile, school: School) -> tuple[str, Told]:
    found = KEPT.search(stored.name)
    return formats.read(content(stored), kind=found[1] if found else None, creator=school.name)


def _of_draft(request: Request, version: FrameworkVersion, key: uuid.UUID) -> StoredFile:
    return _awaiting(request, version.framework.school, key, f"{AWAITING}-{version.pk}")


@require_safe
def preview_import(request: Request, pk: int, key: uuid.UUID) -> HttpResponse:
    """Show what the file would add, change and remove, as the draft stands now."""
    version = _draft(request, pk)
    stored = _of_draft(request, version, key)
    kind, told = _told(stored, version.framework.school)
    known = queries.known(version)
    changes = actions.planned(version, told, known)
    if changes.faults:
        return _faults(request, version, kind, changes.faults)
    context = {"version": version, "stored": stored, **preview(changes, known, kind)}
    return render(request, "competencies/import_preview.html", context)


@require_POST
def confirm_import(request: Request, pk: int, key: uuid.UUID) -> HttpResponse:
    """Write what the file says, checked again; the file is then erased."""
    version = _draft(request, pk)
    stored = _of_draft(request, version, key)
    kind, told = _told(stored, version.framework.school)
    try:
        changes = actions.import_file(version, stored, told=told, by=request.user)
    except Unsound as error:
        return _faults(request, version, kind, error.faults)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
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
    documents.erase(_of_draft(request, version, key), by=request.user)
    return redirect("competencies:show_version", version.pk)


# --- Into a framework of its own


def _school(request: Request) -> School:
    school = CREATE_FRAMEWORK.rows(request.viewer).order_by("pk").first()
    if school is None:
        raise Http404
    return school


@require_http_methods(["GET", "HEAD", "POST"])
def import_framework(request: Request) -> HttpResponse:
    """Receive a file of which a framework is to be made; keep it only if every line is right."""
    school = _school(request)

    def keep(kind: str, told: Told, data: bytes) -> HttpResponse:
        changes = actions.announced(told)
        if changes.faults:
            return _faults(request, None, kind, changes.faults)
        stored = _kept(request, school, data, AWAITING_NEW, kind)
        return redirect("competencies:preview_framework", stored.pk)

    return _received(request, school, keep)


@require_http_methods(["GET", "HEAD", "POST"])
def preview_framework(request: Request, key: uuid.UUID) -> HttpResponse:
    """Show what the framework would hold; once entitled, create it, and erase the file."""
    school = _school(request)
    stored = _awaiting(request, school, key, AWAITING_NEW)
    kind, told = _told(stored, school)
    changes = actions.announced(told)
    if changes.faults:
        return _faults(request, None, kind, changes.faults)
    longest = Framework._meta.get_field("title").max_length
    form = EntitleForm(request.POST or None, initial={"title": told.title[:longest]})
    if form.is_valid():
        try:
            version = actions.create_from_file(
                school, stored, told, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Le référentiel est créé : son brouillon est ouvert."))
            return redirect("competencies:show_version", version.pk)
    context = {"form": form, "stored": stored, **preview(changes, Known(), kind)}
    return render(
        request, "competencies/import_preview.html", context, status=422 if form.is_bound else 200
    )


@require_POST
def cancel_framework(request: Request, key: uuid.UUID) -> HttpResponse:
    """Forget a file of which a framework was to be made."""
    stored = _awaiting(request, _school(request), key, AWAITING_NEW)
    documents.erase(stored, by=request.user)
    return redirect("competencies:list_frameworks")
