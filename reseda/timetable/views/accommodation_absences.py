"""Pages of the justified absences: what a teacher and the registry read, never why."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.timetable.actions import accommodation_absences as actions
from reseda.timetable.models import Absence, Kind
from reseda.timetable.permissions import READ_ABSENCE
from reseda.ui.http import Column, Filter, Listing, Sort


@require_safe
def absences(request: Request) -> HttpResponse:
    """List the justified absences: to a teacher theirs, to the registry all, never the reason."""
    rows = READ_ABSENCE.rows(request.viewer).exclude(request__person=request.user)
    listing = Listing(
        request,
        rows.select_related("request__person", "request__programme", "teacher"),
        search=["title", "request__person__last_name", "request__person__first_name"],
        filters=_filters(),
        sorts=[
            Sort("date", _("Date"), "starts_at"),
            Sort("recent", _("Les dernières"), "-starts_at"),
            Sort("nom", _("Élève"), "request__person__last_name"),
            Sort("seance", _("Séance"), "title"),
        ],
        columns=_columns(),
        name="absences",
    )
    if listing.export:
        return listing.export
    now = timezone.now()
    counts = rows.aggregate(
        all=Count("pk"),
        coming=Count("pk", filter=Q(ends_at__gte=now)),
        exams=Count("pk", filter=Q(ends_at__gte=now, kind=Kind.EXAM)),
        students=Count("request__person", distinct=True),
        unseen=Count("pk", filter=Q(teacher=request.user, seen_at__isnull=True)),
    )
    is_registry = Role.REGISTRY in request.viewer.roles
    context = {"listing": listing, "counts": counts, "is_registry": is_registry}
    return render(request, "timetable/absences.html", context)


def _filters() -> list[Filter]:
    now = timezone.now()
    return [
        Filter(
            "quand",
            _("Quand"),
            {
                "venir": (_("À venir"), Q(ends_at__gte=now)),
                "passees": (_("Passées"), Q(ends_at__lt=now)),
            },
        ),
        Filter(
            "type",
            _("Type"),
            {
                kind.value: (kind.label, Q(kind=kind))
                for kind in (Kind.EXAM, Kind.PRACTICAL, Kind.TUTORIAL, Kind.LECTURE)
            },
        ),
        Filter(
            "lu",
            _("Lecture"),
            {
                "non": (_("Pas encore lues"), Q(seen_at__isnull=True)),
                "oui": (_("Lues"), Q(seen_at__isnull=False)),
            },
        ),
    ]


def _columns() -> list[Column]:
    return [
        Column(_("Élève"), lambda row: str(row.request.person)),
        Column(_("Formation"), lambda row: str(row.request.programme or "")),
        Column(_("Séance"), lambda row: row.title),
        Column(_("Type"), lambda row: row.get_kind_display()),
        Column(_("Début"), lambda row: timezone.localtime(row.starts_at)),
        Column(_("Fin"), lambda row: timezone.localtime(row.ends_at)),
        Column(_("Enseignant"), lambda row: str(row.teacher or "")),
        Column(_("Motif"), lambda _row: _("absence justifiée, engagement reconnu")),
        Column(_("Mesure"), lambda row: row.get_measure_display()),
        Column(
            _("Rattrapage le"),
            lambda row: timezone.localtime(row.catch_up_at) if row.catch_up_at else "",
        ),
        Column(_("Rattrapage"), lambda row: row.catch_up),
        Column(_("Lu le"), lambda row: timezone.localtime(row.seen_at) if row.seen_at else ""),
    ]


@require_POST
def see(request: Request, pk: int) -> HttpResponse:
    """Note that one read a justified absence, or put it back among those to read."""
    found: Absence = READ_ABSENCE.get_or_404(request.viewer, pk=pk, teacher=request.user)
    if request.POST.get("undo"):
        actions.unsee(found, by=request.user)
        messages.success(request, _("Cette absence est de nouveau à lire."))
    else:
        actions.see(found, by=request.user)
        undo = f"undo:{reverse('timetable:see_absence', args=[pk])}"
        messages.success(request, _("C’est noté."), extra_tags=undo)
    return redirect("timetable:absences")


@require_POST
def see_all(request: Request) -> HttpResponse:
    """Note that one read every justified absence of one’s lessons."""
    rows = READ_ABSENCE.rows(request.viewer)
    for found in rows.filter(teacher=request.user, seen_at__isnull=True):
        actions.see(found, by=request.user)
    messages.success(request, _("C’est noté."))
    return redirect("timetable:absences")
