"""Files of offered periods: read, shown as they would change things, then written; nothing is kept
between the two, the page itself carries the file.
"""

import base64
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from reseda.people.http import Request
from reseda.schools.domain.workbooks import Unreadable
from reseda.schools.models import School
from reseda.service.actions import offers as actions
from reseda.service.domain.offer_calendars import read_calendar
from reseda.service.domain.offer_files import Found, is_calendar, read_table
from reseda.service.forms.offers import (
    COLUMNS,
    OfferFileForm,
    PreviewedForm,
    sentence,
    unreadable,
)
from reseda.service.models import Force, OfferCall
from reseda.service.permissions import OFFER_PERIODS
from reseda.service.queries.offer_files import Change, compare
from reseda.ui.http.sheets import sheet
from reseda.ui.templatetags.ui import moment

UNPROCESSABLE = 422
SHOWN = 200
TEMPLATE_ROUTE = "service:offer_template"
EXAMPLE = (
    (
        "09/11/2026",
        "13/11/2026",
        "12",
        "formation initiale",
        "Larzac",
        "terre",
        "Unité d’exemple",
        "",
        "FORMATION INITIALE",
        "A-2026-01",
    ),
    (
        "05/12/2026 matin",
        "05/12/2026",
        "4",
        "exercice de secours",
        "Millau",
        "sécurité civile",
        "",
        "FORMATION INITIALE, PERMIS B",
        "",
        "A-2026-02",
    ),
)


def school_of(request: Request) -> School:
    """Return the school whose offers the viewer enters, or 404."""
    found = OFFER_PERIODS.rows(request.viewer).order_by("pk").first()
    if found is None:
        raise Http404
    return found


def read_file(data: bytes, *, force: str = "", unit_name: str = "") -> Found:
    """Read a table or a calendar, whatever its name says."""
    if is_calendar(data):
        return read_calendar(data, force=force, unit_name=unit_name)
    return read_table(data, force=force, unit_name=unit_name)


@dataclass(frozen=True)
class Preview:
    """What the pages show of a file: its faults, or what it would change."""

    school: School
    data: bytes
    force: str = ""
    unit_name: str = ""
    call: OfferCall | None = None

    def context(self) -> dict[str, object]:
        """Return what the page of the file needs; raises `Unreadable`."""
        found = read_file(self.data, force=self.force, unit_name=self.unit_name)
        told = [(fault, COLUMNS[fault.column], sentence(fault)) for fault in found.faults[:SHOWN]]
        context: dict[str, object] = {
            "found": found,
            "told": told,
            "more": max(0, len(found.faults) - SHOWN),
        }
        if found.faults:
            return context
        compared = compare(self.school, found.drafts, call=self.call, now=timezone.now())
        return context | {
            "compared": compared,
            "created": compared.of("created")[:SHOWN],
            "changed": [(one, _told(one)) for one in compared.of("updated", "restored")[:SHOWN]],
            "count": {
                kind: len(compared.of(*kinds))
                for kind, kinds in {
                    "created": ("created",),
                    "changed": ("updated", "restored"),
                    "unchanged": ("unchanged",),
                    "past": ("past",),
                }.items()
            },
            "content": base64.b64encode(self.data).decode(),
            "force": self.force,
            "unit_name": self.unit_name,
        }


def _told(change: Change) -> list[tuple[str | Promise, str, str]]:
    return [
        (COLUMNS[name], _shown(name, was), _shown(name, now)) for name, was, now in change.fields
    ]


def _shown(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if name in {"starts_at", "ends_at"}:
        return moment(value)  # type: ignore[arg-type]  # a moment, by its column
    return str(Force(str(value)).label) if name == "force" else str(value)


def done(imported: actions.Imported) -> str:
    """Say in one line what an import did."""
    created, changed, withdrawn = imported.created, imported.changed, imported.withdrawn
    parts = [
        ngettext("%(n)d période créée", "%(n)d périodes créées", created) % {"n": created},
        ngettext("%(n)d changée", "%(n)d changées", changed) % {"n": changed},
    ]
    if withdrawn:
        parts.append(ngettext("%(n)d retirée", "%(n)d retirées", withdrawn) % {"n": withdrawn})
    return _("Import terminé : %(what)s.") % {"what": ", ".join(parts)}


@require_http_methods(["GET", "HEAD", "POST"])
def import_offers(request: Request) -> HttpResponse:
    """Receive a file and show what it would change; the same page gives it back to be written."""
    school = school_of(request)
    if "content" in request.POST:
        return _write(request, school)
    form = OfferFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = OfferFileForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data
            preview = Preview(school, form.data_of_file(), given["force"], given["unit_name"])
            try:
                return _previewed(request, preview)
            except Unreadable as error:
                form.add_error("file", unreadable(error))
    return _chosen(request, form)


def _chosen(request: Request, form: OfferFileForm) -> HttpResponse:
    context = {"form": form, "template_route": TEMPLATE_ROUTE}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "service/offer_import.html", context, status=status)


def _previewed(request: Request, preview: Preview) -> HttpResponse:
    context = preview.context()
    if context["told"]:
        form = OfferFileForm(initial={"force": preview.force, "unit_name": preview.unit_name})
        context |= {"form": form, "template_route": TEMPLATE_ROUTE}
        return render(request, "service/offer_import.html", context, status=UNPROCESSABLE)
    return render(request, "service/offer_preview.html", context)


def _write(request: Request, school: School) -> HttpResponse:
    form = PreviewedForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Ce fichier s’est perdu en route : choisissez-le à nouveau."))
        return redirect("service:import_offers")
    given = form.cleaned_data
    try:
        found = read_file(given["content"], force=given["force"], unit_name=given["unit_name"])
        if found.faults:
            return _previewed(
                request, Preview(school, given["content"], given["force"], given["unit_name"])
            )
        imported = actions.import_offers(
            school, drafts=found.drafts, by=request.user, drops_missing=given["drops_missing"]
        )
    except Unreadable as error:
        messages.error(request, unreadable(error))
        return redirect("service:import_offers")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("service:import_offers")
    messages.success(request, done(imported))
    return redirect("service:list_offers")


def template_file(kind: str) -> HttpResponse:
    """Return the table to fill, with two lines as an example."""
    head = [str(label) for label in COLUMNS.values()]
    return sheet("modele-periodes", kind, head, EXAMPLE)


@require_safe
def offer_template(request: Request, kind: str) -> HttpResponse:
    """Give the référent the table to fill."""
    school_of(request)
    if kind not in {"csv", "xlsx"}:
        raise Http404
    return template_file(kind)
