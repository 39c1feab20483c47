"""The page of the school, and the forms that keep its years, programmes and cohorts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from reseda.people.http import Request
from reseda.schools import actions, queries
from reseda.schools.forms import CohortForm, ProgrammeForm, YearForm
from reseda.schools.models import AcademicYear, School
from reseda.schools.permissions import (
    EDIT_COHORT,
    EDIT_PROGRAMME,
    EDIT_SCHOOL,
    EDIT_YEAR,
    IMPORT_PEOPLE,
    READ_SCHOOL,
    READ_STUDENTS,
)

Text = str | Promise


@require_safe
def school(request: Request) -> HttpResponse:
    """Show the school: its programmes, the cohorts and groups of a year, the current one first."""
    shown = READ_SCHOOL.rows(request.viewer).order_by("pk").first()
    if shown is None:
        raise Http404
    current = queries.current_year(shown, request.viewer.today)
    years = list(AcademicYear.objects.filter(school=shown))
    asked = next((year for year in years if year.name == request.GET.get("annee")), None)
    year = asked or current or (years[0] if years else None)
    context = {
        "school": shown,
        "year": year,
        "years": years,
        "current": current,
        "frame": queries.frame(shown, year),
        "may_edit": EDIT_SCHOOL.allows(request.viewer, shown),
        "may_import": IMPORT_PEOPLE.allows(request.viewer, shown),
        "may_list": READ_STUDENTS.rows(request.viewer).exists(),
    }
    return render(request, "schools/school.html", context)


def _edited_school(request: Request) -> School:
    found = EDIT_SCHOOL.rows(request.viewer).order_by("pk").first()
    if found is None:
        raise Http404
    return found


def _answer(
    request: Request,
    form: forms.BaseForm,
    act: Callable[..., models.Model],
    title: Text,
    done: Text,
) -> HttpResponse:
    """Show a form, or do what it says and return to the school; a refusal stands on the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, _known_fields(error, form))
        else:
            messages.success(request, str(done))
            return redirect("schools:school")
    status = 422 if form.is_bound else 200
    context = {"form": form, "form_title": title}
    return render(request, "schools/form.html", context, status=status)


def _known_fields(error: ValidationError, form: forms.BaseForm) -> Any:
    if not hasattr(error, "error_dict"):
        return error
    told: dict[str, list[ValidationError]] = {}
    for name, errors in error.error_dict.items():
        told.setdefault(name if name in form.fields else NON_FIELD_ERRORS, []).extend(errors)
    return told


@require_http_methods(["GET", "HEAD", "POST"])
def create_year(request: Request) -> HttpResponse:
    """Open an academic year."""
    held = _edited_school(request)
    form = YearForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda **told: actions.create_year(held, **told),
        _("Ouvrir une année universitaire"),
        _("L’année est ouverte."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_year(request: Request, pk: int) -> HttpResponse:
    """Change an academic year."""
    year = EDIT_YEAR.get_or_404(request.viewer, pk=pk)
    form = YearForm(request.POST or None, instance=year)
    return _answer(
        request,
        form,
        lambda **told: actions.edit_year(year, **told),
        _("Modifier l’année universitaire"),
        _("L’année est modifiée."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def create_programme(request: Request) -> HttpResponse:
    """Add a programme."""
    held = _edited_school(request)
    form = ProgrammeForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda **told: actions.create_programme(held, **told),
        _("Ajouter une formation"),
        _("La formation est ajoutée."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_programme(request: Request, pk: int) -> HttpResponse:
    """Change a programme."""
    programme = EDIT_PROGRAMME.get_or_404(request.viewer, pk=pk)
    form = ProgrammeForm(request.POST or None, instance=programme)
    return _answer(
        request,
        form,
        lambda **told: actions.edit_programme(programme, **told),
        _("Modifier la formation"),
        _("La formation est modifiée."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def create_cohort(request: Request) -> HttpResponse:
    """Add a cohort."""
    held = _edited_school(request)
    year = queries.current_year(held, request.viewer.today)
    form = CohortForm(request.POST or None, school=held, initial={"year": year})
    return _answer(
        request,
        form,
        lambda **told: actions.create_cohort(held, **told),
        _("Ajouter une promotion"),
        _("La promotion est ajoutée."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_cohort(request: Request, pk: int) -> HttpResponse:
    """Change a cohort."""
    cohort = EDIT_COHORT.get_or_404(request.viewer, "programme__school", pk=pk)
    form = CohortForm(request.POST or None, instance=cohort, school=cohort.programme.school)
    return _answer(
        request,
        form,
        lambda **told: actions.edit_cohort(cohort, **told),
        _("Modifier la promotion"),
        _("La promotion est modifiée."),
    )
