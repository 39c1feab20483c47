"""The pages of one’s own periods: entered, changed, put to the unit, followed along the thread."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.documents import actions as documents
from reseda.documents.domain.uploads import Upload
from reseda.documents.http.download import download
from reseda.documents.models import StoredFile
from reseda.people.http import Request
from reseda.service import actions, queries
from reseda.service.actions import Details
from reseda.service.forms import PeriodForm, refuse
from reseda.service.forms.career import CallUpForm, MaskForm
from reseda.service.models import CallUp, Engagement, Leave, MaskedConvocation, Period
from reseda.service.permissions import CHANGE_ENGAGEMENT, CHANGE_PERIOD
from reseda.ui.queries import thread
from reseda.ui.templatetags.ui import days

UNPROCESSABLE = 422


def _kept(form: PeriodForm, engagement: Engagement, request: Request) -> StoredFile | None:
    given = form.cleaned_data["convocation"]
    if not isinstance(given, Upload):
        return None
    return documents.keep(
        given.data,
        name=given.name,
        content_type=given.content_type,
        organisation=engagement.school,
        owner=request.user,
        by=request.user,
    )


def _details(form: PeriodForm, engagement: Engagement, request: Request) -> Details:
    given = form.cleaned_data
    return Details(given["purpose"], given["place"], _kept(form, engagement, request))


def _warn(request: Request, engagement: Engagement) -> None:
    """Say which ceilings are exceeded: the law limits the forces, the page refuses nothing."""
    for count in queries.counters_of(engagement, timezone.now(), request.viewer.today):
        if count.over:
            sentence = _(
                "En %(year)s, vos périodes dépassent le plafond de %(over)s (%(article)s) : "
                "parlez-en à votre unité."
            )
            facts = {"year": count.year, "over": days(count.over), "article": count.days.article}
            messages.warning(request, sentence % facts)


@require_http_methods(["GET", "POST"])
def add_period(request: Request, pk: int) -> HttpResponse:
    """Enter a convocation."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "school", pk=pk)
    form = PeriodForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():  # the file goes with the period, or not at all
                period = actions.add_period(
                    engagement,
                    starts_at=form.starts_at,
                    ends_at=form.ends_at,
                    details=_details(form, engagement, request),
                    by=request.user,
                )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Période saisie."))
            _warn(request, engagement)
            return redirect("service:read_period", period.pk)
    context = {"form": form, "engagement": engagement}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/period_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def edit_period(request: Request, pk: int) -> HttpResponse:
    """Change a period."""
    period = CHANGE_PERIOD.get_or_404(request.viewer, "engagement__school", pk=pk)
    is_sent = request.method == "POST"
    form = PeriodForm(request.POST, request.FILES) if is_sent else PeriodForm.of(period)
    if is_sent and form.is_valid():
        try:
            with transaction.atomic():  # the file goes with the period, or not at all
                actions.edit_period(
                    period,
                    starts_at=form.starts_at,
                    ends_at=form.ends_at,
                    details=_details(form, period.engagement, request),
                    by=request.user,
                )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Période modifiée."))
            _warn(request, period.engagement)
            return redirect("service:read_period", period.pk)
    context = {"form": form, "engagement": period.engagement, "period": period}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/period_form.html", context, status=status)


@require_safe
def read_period(request: Request, pk: int) -> HttpResponse:
    """Show one’s period, where it stands on the thread, and what can be done with it."""
    period = CHANGE_PERIOD.get_or_404(
        request.viewer, "engagement__school", "attestation", "convocation", pk=pk
    )
    return render(request, "service/period.html", _shown(request, period))


def _shown(request: Request, period: Period) -> dict[str, object]:
    now = timezone.now()
    call_up = CallUp.objects.filter(period=period).first()
    return {
        "period": period,
        "engagement": period.engagement,
        "attestation": getattr(period, "attestation", None),
        "answers": period.answers.all(),
        "now": now,
        "today": request.viewer.today,
        "is_over": period.ends_at <= now,
        "thread": thread(request.viewer, period.pk),
        "call_up": call_up,
        "call_form": CallUpForm.of(call_up, request.viewer.today),
        "is_masked": MaskedConvocation.objects.filter(
            period=period, file=period.convocation_id
        ).exists(),
        "leave": Leave.objects.filter(period=period).exclude(status="withdrawn").first(),
        "may_ask_leave": queries.may_ask_leave(request.viewer, period),
    }


@require_safe
def convocation(request: Request, pk: int) -> HttpResponse:
    """Give its holder back the convocation of a period."""
    period = CHANGE_PERIOD.get_or_404(request.viewer, "convocation", pk=pk)
    if period.convocation is None:
        raise Http404
    return download(period.convocation)


def _act(
    request: Request, pk: int, act: Callable[[Period], object], done: str, *, way_back: str = ""
) -> HttpResponse:
    period = CHANGE_PERIOD.get_or_404(request.viewer, pk=pk)
    try:
        act(period)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        if error.code == "no_contact":
            return redirect("service:edit_engagement", period.engagement_id)
    else:
        messages.success(request, done, extra_tags=way_back)
    return redirect("service:read_period", period.pk)


@require_POST
def cancel_period(request: Request, pk: int) -> HttpResponse:
    """Cancel a period; the page then offers to restore it."""
    way_back = f"undo:{reverse('service:undo_period', args=[pk])}"
    return _act(
        request,
        pk,
        lambda period: actions.cancel_period(period, by=request.user),
        _("Période annulée."),
        way_back=way_back,
    )


@require_POST
def undo_period(request: Request, pk: int) -> HttpResponse:
    """Put back what the last change of a period replaced."""
    done = _("Votre dernière modification est annulée.")
    return _act(request, pk, lambda period: actions.undo_period(period, by=request.user), done)


@require_POST
def ask_confirmation(request: Request, pk: int) -> HttpResponse:
    """Ask the unit to confirm a period."""
    done = _("Demande envoyée. Vous serez prévenu de la réponse.")
    return _act(request, pk, lambda period: actions.ask_confirmation(period, by=request.user), done)


@require_POST
def ask_attestation(request: Request, pk: int) -> HttpResponse:
    """Ask the unit to attest a period that is over."""
    done = _("Demande envoyée. Vous serez prévenu de la réponse.")
    return _act(request, pk, lambda period: actions.ask_attestation(period, by=request.user), done)


@require_POST
def note_call_up(request: Request, pk: int) -> HttpResponse:
    """Note that a convocation came, and what was answered to it."""
    period = CHANGE_PERIOD.get_or_404(
        request.viewer, "engagement__school", "attestation", "convocation", pk=pk
    )
    form = CallUpForm(request.POST)
    if form.is_valid():
        try:
            actions.note_call_up(period, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("C’est noté."))
            return redirect("service:read_period", pk)
    context = {**_shown(request, period), "call_form": form}
    return render(request, "service/period.html", context, status=UNPROCESSABLE)


@require_http_methods(["GET", "POST"])
def mask_convocation(request: Request, pk: int) -> HttpResponse:
    """Replace a convocation by its summary, once its holder knows what is lost."""
    period = CHANGE_PERIOD.get_or_404(request.viewer, "engagement__school", "convocation", pk=pk)
    if period.convocation is None:
        raise Http404
    form = MaskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        is_signed = form.cleaned_data["is_signed"]
        done = _("Seul le résumé est gardé ; l’original est effacé.")
        return _act(
            request,
            pk,
            lambda held: actions.mask_convocation(held, is_signed=is_signed, by=request.user),
            done,
        )
    context = {"form": form, "period": period, "engagement": period.engagement}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/mask.html", context, status=status)
