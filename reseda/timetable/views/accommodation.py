"""Pages of a period laid over studies, of the requests it leads to, of the absences justified."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.schools.queries import holders
from reseda.service.models import Period
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
    is_sent = request.method == "POST"
    form = RequestForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        CHANGE_PERIOD.get_or_404(request.viewer, pk=pk)
        found = _requested(request, period, form)
        if found is not None:
            return redirect("timetable:request", pk=found.pk)
    context = {
        "period": period,
        "met": periods.meeting(period),
        "form": form if Role.STUDENT in request.viewer.roles else None,
        "live": periods.live_request(period),
        "thread": thread(request.viewer, period.pk),
    }
    return render(request, "timetable/conflicts.html", context, status=REFUSED if is_sent else 200)


def _requested(request: Request, period: Period, form: RequestForm) -> AccommodationRequest | None:
    try:
        found = actions.request(period, wish=form.cleaned_data["wish"], by=request.user)
    except ValidationError as error:
        live = periods.live_request(period)
        if live is None:
            form.add_error(None, error)
        else:
            messages.error(request, error.messages[0])
        return live
    messages.success(request, _("Votre demande est envoyée à la direction des études."))
    return found


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
    related = ("person", "programme", "school", "decided_by", "period")
    found = READ_REQUEST.get_or_404(request.viewer, *related, pk=pk)
    is_own = found.person_id == request.user.pk
    may_decide = not is_own and DECIDE_REQUEST.allows(request.viewer, found)
    absences = sorted(found.absences.select_related("teacher"), key=periods.weight)
    form = None
    if request.method == "POST":
        if not may_decide:
            raise Http404
        form = _decision_form(request, found, absences)
        if _decided(request, found, form):
            return redirect("timetable:request", pk=pk)
    elif may_decide and found.status == Status.REQUESTED:
        form = _decision_form(request, found, absences)
    period = found.period
    context = {
        "found": found,
        "absences": absences,
        "exams": [one for one in absences if one.kind == Kind.EXAM],
        "form": form,
        "is_own": is_own,
        "is_void": period.status == Period.Status.CANCELLED,
        "is_moved": (period.starts_at, period.ends_at) != (found.starts_at, found.ends_at),
        "thread": thread(request.viewer, found.period_id),
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/request.html", context, status=status)


def _decision_form(
    request: Request, found: AccommodationRequest, absences: list[Absence]
) -> DecisionForm:
    teachers = list(holders(found.school, Role.TEACHER, request.viewer.today))
    data = request.POST if request.method == "POST" else None
    return DecisionForm(data, absences=absences, teachers=teachers)


def _decided(request: Request, found: AccommodationRequest, form: DecisionForm) -> bool:
    """Tell whether the page is done with: decided now, or closed by somebody else meanwhile."""
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
        if error.code == "closed":
            messages.error(request, error.messages[0])
            return True
        form.add_error(None, error)
        return False
    messages.success(request, _("La décision est enregistrée ; l’élève en reçoit un courriel."))
    return True


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back one’s request, or put it back."""
    found = CHANGE_REQUEST.get_or_404(request.viewer, pk=pk)
    is_undone = bool(request.POST.get("undo"))
    try:
        (actions.reopen if is_undone else actions.withdraw)(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("timetable:request", pk=pk)
    if is_undone:
        messages.success(request, _("Votre demande est rétablie."))
        return redirect("timetable:request", pk=pk)
    undo = f"undo:{reverse('timetable:withdraw', args=[pk])}"
    messages.success(request, _("Votre demande est retirée."), extra_tags=undo)
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
    has_unseen = rows.filter(teacher=request.user, seen_at__isnull=True).exists()
    context = {"listing": listing, "has_unseen": has_unseen}
    return render(request, "timetable/absences.html", context)


@require_POST
def see(request: Request, pk: int) -> HttpResponse:
    """Note that one read a justified absence."""
    found: Absence = READ_ABSENCE.get_or_404(request.viewer, pk=pk, teacher=request.user)
    actions.see(found, by=request.user)
    return redirect("timetable:absences")


@require_POST
def see_all(request: Request) -> HttpResponse:
    """Note that one read every justified absence of one’s lessons."""
    rows = READ_ABSENCE.rows(request.viewer)
    for found in rows.filter(teacher=request.user, seen_at__isnull=True):
        actions.see(found, by=request.user)
    messages.success(request, _("C’est noté."))
    return redirect("timetable:absences")
