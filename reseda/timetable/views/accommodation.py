"""Pages of a period laid over studies, and of the requests it leads to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.documents.actions import consult
from reseda.documents.http import download
from reseda.people.http import Request
from reseda.people.models import Role, Unreadable
from reseda.schools.queries import holders
from reseda.service.models import Period
from reseda.service.permissions import CHANGE_PERIOD, READ_PERIOD
from reseda.timetable.actions import accommodation as actions
from reseda.timetable.actions import accommodation_absences as following
from reseda.timetable.forms import DecisionForm, LessonsForm, RequestForm
from reseda.timetable.forms.accommodation import travel
from reseda.timetable.models import Absence, AccommodationRequest, Kind
from reseda.timetable.permissions import (
    CHANGE_REQUEST,
    DECIDE_REQUEST,
    READ_CONCERN,
    READ_CONTRACT,
    READ_REQUEST,
    READ_REVIEW,
)
from reseda.timetable.queries import catch_up, contracts, periods, reviews
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
    live = periods.live_request(period)
    is_sent = request.method == "POST"
    minutes = travel((request.POST if is_sent else request.GET).get("trajet", ""))
    met = periods.meeting(period, live.travel_minutes if live else minutes)
    recovered = catch_up.recovered(met)
    form = RequestForm(request.POST if is_sent else None, recovered=recovered)
    if is_sent and form.is_valid():
        CHANGE_PERIOD.get_or_404(request.viewer, pk=pk)
        found = _requested(request, period, form, minutes)
        if found is not None:
            return redirect("timetable:request", pk=found.pk)
    may_ask = Role.STUDENT in request.viewer.roles and not live
    may_ask = may_ask and period.status != Period.Status.CANCELLED
    context = {
        "period": period,
        "met": met,
        "weeks": met.weeks({o.clash.event.uid for o in recovered if o.recoveries}),
        "recovered": recovered,
        "sums": catch_up.sums(recovered),
        "travels": periods.TRAVELS,
        "form": form if may_ask else None,
        "live": live,
        "thread": thread(request.viewer, period.pk),
    }
    return render(request, "timetable/conflicts.html", context, status=REFUSED if is_sent else 200)


def _requested(
    request: Request, period: Period, form: RequestForm, minutes: int
) -> AccommodationRequest | None:
    data = form.cleaned_data
    try:
        found = actions.request(
            period,
            wish=data["wish"],
            by=request.user,
            travel_minutes=minutes,
            wanted=data["wanted"],
        )
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
            Filter(
                "accord",
                _("Mesures"),
                {
                    "attente": (
                        _("À accepter par l’élève"),
                        Q(status=Status.GRANTED, agreed_at__isnull=True),
                    ),
                    "acceptees": (_("Acceptées"), Q(agreed_at__isnull=False)),
                },
            ),
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
            Column(
                _("Mesures acceptées le"),
                lambda row: timezone.localtime(row.agreed_at) if row.agreed_at else "",
            ),
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
    related = ("person", "programme", "school", "decided_by", "period__engagement", "contract")
    found = READ_REQUEST.get_or_404(request.viewer, *related, pk=pk)
    may_decide = found.person_id != request.user.pk and DECIDE_REQUEST.allows(request.viewer, found)
    absences = sorted(found.absences.select_related("teacher", "request"), key=periods.weight)
    form = None
    if request.method == "POST":
        if not may_decide:
            raise Http404
        form = _decision_form(request, found, absences)
        if _decided(request, found, form):
            return redirect("timetable:request", pk=pk)
    elif may_decide and _awaits(found, absences):
        form = _decision_form(request, found, absences)
    context = {
        **_told(request, found, absences),
        "form": form,
        "thread": thread(request.viewer, found.period_id),
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/request.html", context, status=status)


def _told(
    request: Request, found: AccommodationRequest, absences: list[Absence]
) -> dict[str, object]:
    """What the page of a request says, whoever may decide of it."""
    period, is_own = found.period, found.person_id == request.user.pk
    return {
        "found": found,
        "reference": contracts.reference(found),
        "absences": absences,
        "exams": [one for one in absences if one.kind == Kind.EXAM],
        "pending": [one for one in absences if not one.answer],
        "is_own": is_own,
        "is_void": period.status == Period.Status.CANCELLED,
        "is_moved": (period.starts_at, period.ends_at) != (found.starts_at, found.ends_at),
        "changes": catch_up.changes(found) if is_own else (),
        "may_take": READ_CONTRACT.allows(request.viewer, found),
        "reviews": READ_REVIEW.rows(request.viewer).filter(request=found),
        "concerns": READ_CONCERN.rows(request.viewer).filter(request=found),
        "audience": reviews.audience_of(found) if is_own else "",
    }


def _awaits(found: AccommodationRequest, absences: list[Absence]) -> bool:
    is_incomplete = found.status == Status.GRANTED and not all(one.answer for one in absences)
    return found.status == Status.REQUESTED or is_incomplete


def _decision_form(
    request: Request, found: AccommodationRequest, absences: list[Absence]
) -> LessonsForm:
    teachers = list(holders(found.school, Role.TEACHER, request.viewer.today))
    data = request.POST if request.method == "POST" else None
    # Whoever comes after a decision still sent one, and is told that it is taken.
    if found.status == Status.GRANTED and "decision" not in request.POST:
        pending = [one for one in absences if not one.answer]
        return LessonsForm(data, absences=pending, teachers=teachers)
    return DecisionForm(data, absences=absences, teachers=teachers)


def _decided(request: Request, found: AccommodationRequest, form: LessonsForm) -> bool:
    """Tell whether the page is done with: decided now, or closed by somebody else meanwhile."""
    if not form.is_valid():
        return False
    data = form.cleaned_data
    said = {"reason": data["reason"], "arranged": data["arranged"], "by": request.user}
    try:
        if isinstance(form, DecisionForm):
            is_granted = data["decision"] == Status.GRANTED
            actions.decide(found, is_granted=is_granted, measures=data["measures"], **said)
        else:
            actions.complete(found, **said)
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


@require_POST
def agree(request: Request, pk: int) -> HttpResponse:
    """Agree to the measures granted, which writes the contract."""
    found = CHANGE_REQUEST.get_or_404(request.viewer, pk=pk)
    try:
        actions.agree(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Vous avez accepté les mesures : votre contrat est prêt."))
    return redirect("timetable:request", pk=pk)


@require_POST
def follow(request: Request, pk: int) -> HttpResponse:
    """Bring one’s request in line with a timetable that moved."""
    found = CHANGE_REQUEST.get_or_404(request.viewer, pk=pk)
    try:
        following.follow(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Votre demande suit l’emploi du temps ; l’école est prévenue."))
    return redirect("timetable:request", pk=pk)


@require_POST
def take_contract(request: Request, pk: int) -> HttpResponse:
    """Give the contract; that somebody else than its student opened it is written down."""
    found = READ_CONTRACT.get_or_404(request.viewer, "contract__organisation", pk=pk)
    if found.contract is None:
        raise Http404
    try:
        if found.person_id != request.user.pk:
            consult(found.contract, by=request.user)
        return download(found.contract)
    except Unreadable as error:
        raise Http404 from error
