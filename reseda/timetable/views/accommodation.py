"""Pages of a period laid over studies, of the requests it leads to, of the absences justified."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.schools.queries import holders
from reseda.service.permissions import CHANGE_PERIOD, READ_PERIOD
from reseda.timetable.actions import accommodation as actions
from reseda.timetable.forms import DecisionForm, RequestForm
from reseda.timetable.models import Absence, AccommodationRequest, Kind
from reseda.timetable.permissions import (
    CHANGE_REQUEST,
    DECIDE_REQUEST,
    READ_ABSENCE,
    READ_REQUEST,
)
from reseda.timetable.queries import periods
from reseda.ui.http import Column, Filter, Listing, Sort
from reseda.ui.queries import thread

REFUSED = 422
Status = AccommodationRequest.Status


@require_http_methods(["GET", "POST"])
def conflicts(request: Request, pk: int) -> HttpResponse:
    """Show what a period takes from studies, as weeks and as a list, and ask for accommodation."""
    period = READ_PERIOD.get_or_404(
        request.viewer, "engagement__person", pk=pk, engagement__person=request.user
    )
    met = periods.meeting(period)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        CHANGE_PERIOD.get_or_404(request.viewer, pk=pk)
        try:
            found = actions.request(period, wish=form.cleaned_data["wish"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Votre demande est envoyée à la direction des études."))
            return redirect("timetable:request", pk=found.pk)
    context = {
        "period": period,
        "met": met,
        "form": form,
        "live": periods.live_request(period),
        "thread": thread(request.viewer, period.pk),
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/conflicts.html", context, status=status)


@require_safe
def requests(request: Request) -> HttpResponse:
    """List the requests that the viewer may see."""
    listing = Listing(
        request,
        READ_REQUEST.rows(request.viewer).select_related("person", "programme"),
        search=["person__last_name", "person__first_name"],
        filters=[
            Filter("etat", _("État"), {s.value: (s.label, Q(status=s)) for s in Status}),
        ],
        sorts=[
            Sort("date", _("Date de l’absence"), "-starts_at"),
            Sort("demande", _("Date de la demande"), "-requested_at"),
            Sort("nom", _("Nom"), "person__last_name"),
        ],
        columns=[
            Column(_("Élève"), lambda row: str(row.person)),
            Column(_("Formation"), lambda row: str(row.programme or "")),
            Column(_("Absent à partir de"), lambda row: timezone.localtime(row.starts_at)),
            Column(_("Absent jusqu’à"), lambda row: timezone.localtime(row.ends_at)),
            Column(_("État"), lambda row: row.get_status_display()),
        ],
        name="amenagements",
    )
    if listing.export:
        return listing.export
    is_director = Role.STUDIES_DIRECTOR in request.viewer.roles
    context = {"listing": listing, "is_director": is_director}
    return render(request, "timetable/requests.html", context)


@require_http_methods(["GET", "POST"])
def request_page(request: Request, pk: int) -> HttpResponse:
    """Show a request, its lessons and its decision; the director of studies decides here."""
    found = READ_REQUEST.get_or_404(
        request.viewer, "person", "programme", "school", "decided_by", pk=pk
    )
    may_decide = found.status == Status.REQUESTED and DECIDE_REQUEST.allows(request.viewer, found)
    absences = list(found.absences.select_related("teacher"))
    form = None
    if may_decide and found.person_id != request.user.pk:
        teachers = holders(found.school, Role.TEACHER, request.viewer.today)
        form = DecisionForm(request.POST or None, absences=absences, teachers=list(teachers))
        if request.method == "POST" and _decided(request, found, form):
            return redirect("timetable:request", pk=pk)
    context = {
        "found": found,
        "absences": absences,
        "exams": [one for one in absences if one.kind == Kind.EXAM],
        "form": form,
        "is_own": found.person_id == request.user.pk,
        "thread": thread(request.viewer, found.period_id),
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/request.html", context, status=status)


def _decided(request: Request, found: AccommodationRequest, form: DecisionForm) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        actions.decide(
            found,
            is_granted=data["decision"] == Status.GRANTED,
            reason=data["reason"],
            measures=data["measures"],
            arranged=data["arranged"],
            by=request.user,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("La décision est enregistrée et l’élève est prévenu."))
    return True


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back one’s request."""
    found = CHANGE_REQUEST.get_or_404(request.viewer, pk=pk)
    try:
        actions.withdraw(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("timetable:request", pk=pk)
    messages.success(request, _("Votre demande est retirée."))
    return redirect("timetable:conflicts", pk=found.period_id)


@require_safe
def absences(request: Request) -> HttpResponse:
    """List the justified absences: to a teacher theirs, to the registry all, never the reason."""
    rows = READ_ABSENCE.rows(request.viewer).exclude(request__person=request.user)
    listing = Listing(
        request,
        rows.select_related("request__person", "request__programme", "teacher"),
        search=["title", "request__person__last_name", "request__person__first_name"],
        filters=[
            Filter(
                "quand",
                _("Quand"),
                {
                    "venir": (_("À venir"), Q(ends_at__gte=timezone.now())),
                    "passees": (_("Passées"), Q(ends_at__lt=timezone.now())),
                },
            ),
            Filter("type", _("Type"), {"exam": (_("Examens"), Q(kind=Kind.EXAM))}),
        ],
        sorts=[
            Sort("date", _("Date"), "starts_at"),
            Sort("nom", _("Élève"), "request__person__last_name"),
        ],
        columns=[
            Column(_("Élève"), lambda row: str(row.request.person)),
            Column(_("Séance"), lambda row: row.title),
            Column(_("Début"), lambda row: timezone.localtime(row.starts_at)),
            Column(_("Fin"), lambda row: timezone.localtime(row.ends_at)),
            Column(_("Motif"), lambda _row: _("absence justifiée, engagement reconnu")),
            Column(_("Rattrapage"), lambda row: row.catch_up),
        ],
        name="absences",
    )
    if listing.export:
        return listing.export
    return render(request, "timetable/absences.html", {"listing": listing})


@require_POST
def see(request: Request, pk: int) -> HttpResponse:
    """Note that one read a justified absence."""
    found: Absence = READ_ABSENCE.get_or_404(request.viewer, pk=pk, teacher=request.user)
    actions.see(found, by=request.user)
    return redirect("timetable:absences")
