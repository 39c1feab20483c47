"""The pages of a staff member’s own absences: asked of the school, followed, taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.service import actions, queries
from reseda.service.forms.career import AskLeaveForm
from reseda.service.models import Leave
from reseda.service.permissions import ASK_LEAVE, READ_LEAVE, WITHDRAW_LEAVE
from reseda.ui.http import Column, Filter, Listing, Sort
from reseda.ui.queries import thread

UNPROCESSABLE = 422
STATES = {
    "a-decider": (_("À décider"), Q(status="requested")),
    "a-accuser": (_("De droit, à accuser"), Q(status="informed")),
    "accordees": (_("Accordées"), Q(status__in=("acknowledged", "granted", "silent"))),
    "refusees": (_("Refusées"), Q(status="refused")),
    "retirees": (_("Retirées"), Q(status="withdrawn")),
}


@require_safe
def my_leaves(request: Request) -> HttpResponse:
    """List one’s own absences, asked of the school."""
    if Role.STAFF not in request.viewer.roles:
        raise Http404
    listing = Listing(
        request,
        queries.own_leaves(request.viewer),
        filters=[Filter("etat", _("État"), STATES)],
        sorts=[
            Sort("date", _("Date de l’absence"), "-starts_at"),
            Sort("demande", _("Date de la demande"), "-requested_at"),
        ],
        columns=[
            Column(_("Début"), lambda row: timezone.localtime(row.starts_at)),
            Column(_("Fin"), lambda row: timezone.localtime(row.ends_at)),
            Column(_("Jours"), lambda row: row.days),
            Column(_("État"), lambda row: row.get_status_display()),
            Column(_("Demandée le"), lambda row: timezone.localtime(row.requested_at)),
            Column(_("Motif"), lambda row: row.reason),
        ],
        name="mes-autorisations",
    )
    if listing.export:
        return listing.export
    return render(request, "service/my_leaves.html", {"listing": listing})


@require_http_methods(["GET", "POST"])
def ask_leave(request: Request, pk: int) -> HttpResponse:
    """Ask the school for the absence of a period, once its terms were read."""
    period = ASK_LEAVE.get_or_404(request.viewer, "engagement__school", "engagement__person", pk=pk)
    form = AskLeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            leave = actions.ask_leave(
                period, tells_unit=form.cleaned_data["tells_unit"], by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            way_back = f"undo:{reverse('service:withdraw_leave', args=[leave.pk])}"
            done = (
                _("L’école est informée : cette absence est de droit.")
                if leave.status == Leave.Status.INFORMED
                else _("Demande envoyée aux ressources humaines.")
            )
            messages.success(request, done, extra_tags=way_back)
            return redirect("service:read_leave", leave.pk)
    context = {
        "form": form,
        "period": period,
        "engagement": period.engagement,
        "may_ask": queries.may_ask_leave(request.viewer, period),
        "terms": queries.terms_of(period, request.viewer.today),
        "today": request.viewer.today,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/ask_leave.html", context, status=status)


@require_safe
def read_leave(request: Request, pk: int) -> HttpResponse:
    """Show one’s own request, its delays, its answer."""
    leave = READ_LEAVE.get_or_404(
        request.viewer,
        "period__attestation",
        "period__engagement",
        "school",
        "decided_by",
        pk=pk,
        person=request.user,
    )
    now = timezone.now()
    context = {
        "leave": leave,
        "period": leave.period,
        "now": now,
        "today": request.viewer.today,
        "is_over": leave.ends_at <= now,
        "has_moved": has_moved(leave),
        "thread": thread(request.viewer, leave.period_id),
    }
    return render(request, "service/read_leave.html", context)


def has_moved(leave: Leave) -> bool:
    """Tell whether the dates of the period changed since the absence was asked for."""
    asked = (leave.starts_at, leave.ends_at)
    return asked != (leave.period.starts_at, leave.period.ends_at)


@require_POST
def withdraw_leave(request: Request, pk: int) -> HttpResponse:
    """Take a request back."""
    leave = WITHDRAW_LEAVE.get_or_404(request.viewer, pk=pk)
    try:
        actions.withdraw_leave(leave, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        way_back = f"undo:{reverse('service:restore_leave', args=[pk])}"
        messages.success(request, _("Demande retirée."), extra_tags=way_back)
    return redirect("service:read_leave", pk)


@require_POST
def restore_leave(request: Request, pk: int) -> HttpResponse:
    """Put back a request just withdrawn."""
    leave = WITHDRAW_LEAVE.get_or_404(request.viewer, pk=pk)
    try:
        actions.restore_leave(leave, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Demande rétablie."))
    return redirect("service:read_leave", pk)
