"""Pages of the regulation: the one that applies, earlier ones, and how it is written."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.recognition import queries
from reseda.recognition.actions import regulations as actions
from reseda.recognition.forms import PublishForm, RegulationForm, YearForm
from reseda.recognition.models import Form, Regulation
from reseda.recognition.permissions import (
    DRAFT_REGULATION,
    PUBLISH_REGULATION,
    READ_REGULATION,
)
from reseda.recognition.views import REFUSED
from reseda.recognition.views.doors import first, needs
from reseda.schools.models import AcademicYear
from reseda.schools.queries import current_year, school_of
from reseda.ui.http import Column, Filter, Listing, Sort


@require_safe
def list_regulations(request: Request) -> HttpResponse:
    """List the regulations that the viewer may read; the director of studies sees drafts too."""
    school = school_of(request.viewer)
    today = request.viewer.today
    listing = Listing(
        request,
        READ_REGULATION.rows(request.viewer).select_related("year", "school"),
        search=["title", "year__name"],
        filters=[
            Filter(
                "etat",
                _("État"),
                {
                    "publie": (_("Publié"), Q(published_on__isnull=False)),
                    "brouillon": (_("En préparation"), Q(published_on__isnull=True)),
                },
            )
        ],
        sorts=[
            Sort("annee", _("Année"), "-year__starts_on"),
            Sort("titre", pgettext("regulation", "Titre"), "title"),
        ],
        columns=[
            Column(_("Année"), lambda row: row.year.name),
            Column(pgettext("regulation", "Titre"), lambda row: row.title),
            Column(_("Version"), lambda row: row.number),
            Column(_("Publié le"), lambda row: row.published_on),
        ],
        name="reglements",
    )
    if listing.export:
        return listing.export
    year = current_year(school, today) if school else None
    is_director = Role.STUDIES_DIRECTOR in request.viewer.roles
    context = {
        "listing": listing,
        "is_director": is_director,
        "year": year,
        "current": queries.in_force(school, today) if school else None,
        "deadline": queries.deadline(year, today) if year and is_director else None,
    }
    return render(request, "recognition/regulation_list.html", context)


@require_safe
def read_regulation(request: Request, pk: int) -> HttpResponse:
    """Show a regulation; the director of studies publishes it here."""
    regulation = READ_REGULATION.get_or_404(request.viewer, "year", "school", pk=pk)
    may_publish = regulation.published_on is None and PUBLISH_REGULATION.allows(
        request.viewer, regulation
    )
    day = regulation.published_on or request.viewer.today
    framework = queries.published_version(regulation.school_id)
    context = {
        "regulation": regulation,
        "forms": [label for value, label in Form.choices if value in regulation.forms],
        "deadline": queries.deadline(regulation.year, day),
        "crosswalk": queries.crosswalk_in_force(framework) if framework else None,
        "may_publish": may_publish,
        "publish_form": PublishForm(initial={"published_on": request.viewer.today})
        if may_publish
        else None,
    }
    return render(request, "recognition/regulation.html", context)


@require_http_methods(["GET", "POST"])
def draft_regulation(request: Request) -> HttpResponse:
    """Write the next version of a year's regulation, starting from the latest one."""
    needs(request, Role.STUDIES_DIRECTOR)
    found = school_of(request.viewer)
    school = DRAFT_REGULATION.get_or_404(request.viewer, pk=found.pk if found else None)
    last = Regulation.objects.filter(school=school).order_by("-year__starts_on", "-number").first()
    years = AcademicYear.objects.filter(school=school).order_by("-starts_on")
    form = YearForm(request.POST or None, years=list(years), initial=_initial(last))
    if request.method == "POST" and form.is_valid():
        try:
            year = form.years[form.cleaned_data["year"]]
            made = actions.draft(school, year=year, terms=form.terms(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Le règlement est enregistré ; il reste à le publier."))
            return redirect("recognition:read_regulation", pk=made.pk)
    status = REFUSED if request.method == "POST" else 200
    return render(request, "recognition/regulation_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def revise_regulation(request: Request, pk: int) -> HttpResponse:
    """Change a regulation that is not published."""
    regulation = PUBLISH_REGULATION.get_or_404(request.viewer, "year", pk=pk, published_on=None)
    form = RegulationForm(request.POST or None, initial=_initial(regulation))
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise(regulation, terms=form.terms(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Le règlement est enregistré ; il reste à le publier."))
            return redirect("recognition:read_regulation", pk=pk)
    status = REFUSED if request.method == "POST" else 200
    context = {"form": form, "regulation": regulation}
    return render(request, "recognition/regulation_form.html", context, status=status)


@require_POST
def publish_regulation(request: Request, pk: int) -> HttpResponse:
    """Publish a regulation: it no longer changes."""
    regulation = PUBLISH_REGULATION.get_or_404(request.viewer, pk=pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("La date de publication est illisible."))
        return redirect("recognition:read_regulation", pk=pk)
    data = form.cleaned_data
    try:
        actions.publish(
            regulation, on=data["published_on"], late_reason=data["late_reason"], by=request.user
        )
    except ValidationError as error:
        messages.error(request, first(error))
    else:
        messages.success(request, _("Le règlement est publié."))
    return redirect("recognition:read_regulation", pk=pk)


def _initial(regulation: Regulation | None) -> dict[str, object]:
    if regulation is None:
        return {}
    names = RegulationForm.Meta.fields
    return {name: getattr(regulation, name) for name in names}
