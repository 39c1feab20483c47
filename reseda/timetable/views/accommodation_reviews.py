"""Pages of what follows an accommodation: its review each semester, a harmful measure reported."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.timetable.actions import reviews as actions
from reseda.timetable.forms import AnswerForm, ConcernForm, ReviewForm, WordForm
from reseda.timetable.models import AccommodationReview, Concern
from reseda.timetable.permissions import (
    ANSWER_CONCERN,
    CHANGE_REQUEST,
    HOLD_REVIEW,
    READ_CONCERN,
    READ_REVIEW,
)
from reseda.timetable.queries import periods, reviews
from reseda.ui.http import Column, Filter, Listing, Sort

REFUSED = 422
Outcome = AccommodationReview.Outcome
RELATED = ("request__person", "request__programme", "request__school", "held_by")


@require_safe
def review_list(request: Request) -> HttpResponse:
    """List the reviews that the viewer may see, those to hold first."""
    listing = Listing(
        request,
        READ_REVIEW.rows(request.viewer).select_related(*RELATED),
        search=["request__person__last_name", "request__person__first_name"],
        filters=[
            Filter(
                "etat",
                _("État"),
                {
                    "faire": (_("À faire"), Q(outcome="")),
                    "retard": (_("En retard"), reviews.is_late(request.viewer)),
                    **{one.value: (one.label, Q(outcome=one)) for one in Outcome},
                },
            )
        ],
        sorts=[
            Sort("echeance", pgettext("date", "Échéance"), "due_on"),
            Sort("recent", _("Les dernières"), "-due_on"),
            Sort("nom", _("Nom"), "request__person__last_name"),
        ],
        columns=[
            Column(_("Élève"), lambda row: str(row.request.person)),
            Column(_("Formation"), lambda row: str(row.request.programme or "")),
            Column(_("À faire avant le"), lambda row: row.due_on),
            Column(_("Bilan"), lambda row: row.get_outcome_display()),
            Column(_("Ce qui a été constaté"), lambda row: row.note),
            Column(_("Le mot de l’élève"), lambda row: row.word),
        ],
        name="bilans",
    )
    if listing.export:
        return listing.export
    context = {"listing": listing, "today": request.viewer.today}
    return render(request, "timetable/review_list.html", context)


@require_http_methods(["GET", "POST"])
def review(request: Request, pk: int) -> HttpResponse:
    """Show a review; the school holds it here, its student adds a word."""
    found = READ_REVIEW.get_or_404(request.viewer, *RELATED, pk=pk)
    is_own = found.request.person_id == request.user.pk
    may_hold = not is_own and HOLD_REVIEW.allows(request.viewer, found)
    form = _review_form(request, found, may_hold=may_hold, is_own=is_own)
    if request.method == "POST":
        if form is None:
            raise Http404
        if _reviewed(request, found, form):
            return redirect("timetable:review", pk=pk)
    absences = sorted(found.request.absences.select_related("teacher"), key=periods.weight)
    context = {
        "review": found,
        "found": found.request,
        "absences": absences,
        "form": form,
        "is_own": is_own,
        "is_late": not found.held_at and found.due_on < request.viewer.today,
        "may_redo": found.held_by_id == request.user.pk,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/review.html", context, status=status)


def _review_form(
    request: Request, found: AccommodationReview, *, may_hold: bool, is_own: bool
) -> ReviewForm | WordForm | None:
    data = request.POST if request.method == "POST" else None
    if is_own:
        return WordForm(data, initial={"word": found.word})
    if may_hold and (data is not None or not found.held_at):
        return ReviewForm(data)
    return None


def _reviewed(request: Request, found: AccommodationReview, form: ReviewForm | WordForm) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        if isinstance(form, WordForm):
            actions.say(found, word=data["word"], by=request.user)
        else:
            actions.hold(found, outcome=data["outcome"], note=data["note"], by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    if isinstance(form, WordForm):
        messages.success(request, _("Votre mot est gardé."))
    else:
        undo = f"undo:{reverse('timetable:redo_review', args=[found.pk])}"
        messages.success(
            request, _("Le bilan est fait ; l’élève en reçoit un courriel."), extra_tags=undo
        )
    return True


@require_POST
def redo(request: Request, pk: int) -> HttpResponse:
    """Open again the review that one held."""
    found = HOLD_REVIEW.get_or_404(request.viewer, pk=pk)
    try:
        actions.redo(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Le bilan est de nouveau à faire."))
    return redirect("timetable:review", pk=pk)


@require_http_methods(["GET", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Report a measure that harmed one’s studies, after reading who will read it."""
    found = CHANGE_REQUEST.get_or_404(request.viewer, "period__engagement", pk=pk)
    form = ConcernForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            concern = actions.report(found, text=form.cleaned_data["text"], by=request.user)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            undo = f"undo:{reverse('timetable:withdraw_concern', args=[concern.pk])}"
            messages.success(request, _("Votre signalement est envoyé."), extra_tags=undo)
            return redirect("timetable:concern", pk=concern.pk)
    context = {
        "found": found,
        "form": form,
        "audience": reviews.audience_of(found),
        "today": request.viewer.today,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/review_report.html", context, status=status)


@require_http_methods(["GET", "POST"])
def concern(request: Request, pk: int) -> HttpResponse:
    """Show a report: to its student whole; to who answers it once they said that they open it."""
    found = READ_CONCERN.get_or_404(
        request.viewer, "request__person", "request__programme", "answered_by", pk=pk
    )
    is_own = found.request.person_id == request.user.pk
    may_answer = not is_own and not found.answered_at
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        ANSWER_CONCERN.get_or_404(request.viewer, pk=pk)
        if is_own:
            raise Http404
        if form.is_valid() and _answered(request, found, form):
            return redirect("timetable:concern", pk=pk)
    context = {
        "concern": found,
        "found": found.request,
        "form": form if may_answer and found.read_at else None,
        "is_own": is_own,
        "is_open": is_own or bool(found.read_at),
        "today": request.viewer.today,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/review_concern.html", context, status=status)


def _answered(request: Request, found: Concern, form: AnswerForm) -> bool:
    try:
        actions.answer_concern(found, answer=form.cleaned_data["answer"], by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Votre réponse est envoyée à l’élève."))
    return True


@require_POST
def open_concern(request: Request, pk: int) -> HttpResponse:
    """Open a report that nobody read yet: its student will see when."""
    found = ANSWER_CONCERN.get_or_404(request.viewer, pk=pk)
    actions.read_concern(found, by=request.user)
    return redirect("timetable:concern", pk=pk)


@require_POST
def withdraw_concern(request: Request, pk: int) -> HttpResponse:
    """Take back one’s report, or put it back."""
    found = READ_CONCERN.get_or_404(request.viewer, pk=pk, request__person=request.user)
    is_back = bool(request.POST.get("undo")) and found.withdrawn_at is not None
    try:
        (actions.restore_concern if is_back else actions.withdraw_concern)(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("timetable:concern", pk=pk)
    if is_back:
        messages.success(request, _("Votre signalement est rétabli."))
    else:
        undo = f"undo:{reverse('timetable:withdraw_concern', args=[pk])}"
        messages.success(request, _("Votre signalement est retiré."), extra_tags=undo)
    return redirect("timetable:concern", pk=pk)
