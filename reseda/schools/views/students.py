"""The list of the students: who is enrolled where, and nothing else about them."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from reseda.people.http import Request
from reseda.schools import queries
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Programme
from reseda.schools.permissions import IMPORT_PEOPLE, READ_STUDENTS
from reseda.ui.http import Column, Filter, Listing, Sort

READERS = READ_STUDENTS.table


@require_safe
def list_students(request: Request) -> HttpResponse:
    """List the students this viewer may know of, searched, filtered, sorted, taken away."""
    if not request.viewer.roles & set(READERS):
        raise Http404
    schools = request.viewer.organisations(*READERS)
    rows = READ_STUDENTS.rows(request.viewer)
    listing = Listing(
        request,
        rows.select_related("person", "cohort__programme", "cohort__year").prefetch_related(
            "groups"
        ),
        search=["person__last_name", "person__first_name", "person__email", "student_number"],
        filters=_filters(schools),
        sorts=[
            Sort("nom", _("Nom"), "person__last_name"),
            Sort("promotion", _("Promotion"), "cohort__name"),
            Sort("formation", _("Formation"), "cohort__programme__code"),
            Sort("numero", _("Numéro"), "student_number"),
        ],
        columns=[
            Column(_("E-mail"), lambda row: row.person.email),
            Column(pgettext_lazy("family name", "Nom"), lambda row: row.person.last_name),
            Column(_("Prénom"), lambda row: row.person.first_name),
            Column(_("Numéro étudiant"), lambda row: row.student_number),
            Column(_("Formation"), lambda row: row.cohort.programme.code),
            Column(_("Promotion"), lambda row: row.cohort.name),
            Column(_("Année"), lambda row: row.cohort.year.name),
            Column(_("Groupes"), _groups),
        ],
        name="eleves",
    )
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "may_import": IMPORT_PEOPLE.rows(request.viewer).exists(),
        "school": queries.school_of(request.viewer),
    }
    return render(request, "schools/students.html", context)


def _groups(row: Enrolment) -> str:
    return ", ".join(group.code for group in row.groups.all())


def _filters(schools: tuple[int, ...]) -> list[Filter]:
    """Offer the years, programmes and promotions of the viewer’s schools."""
    years = AcademicYear.objects.filter(school__in=schools).values_list("name", flat=True)
    programmes = Programme.objects.filter(school__in=schools).values_list("code", flat=True)
    cohorts = (
        Cohort.objects.filter(programme__school__in=schools)
        .order_by("name")
        .values_list("name", flat=True)
        .distinct()
    )
    return [
        Filter("annee", _("Année"), {one: (one, Q(cohort__year__name=one)) for one in years}),
        Filter(
            "formation",
            _("Formation"),
            {one: (one, Q(cohort__programme__code=one)) for one in programmes.order_by("code")},
        ),
        Filter("promotion", _("Promotion"), {one: (one, Q(cohort__name=one)) for one in cohorts}),
    ]
