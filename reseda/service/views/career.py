"""The pages of one’s path: ranks, training, qualifications, suspensions, days wished for."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.policy import Permission
from reseda.service import actions
from reseda.service.domain import ranks
from reseda.service.forms import refuse
from reseda.service.forms.career import (
    PromotionForm,
    QualificationForm,
    StepForm,
    SuspensionForm,
    TargetForm,
)
from reseda.service.models import Engagement
from reseda.service.permissions import (
    CHANGE_ENGAGEMENT,
    CHANGE_PROMOTION,
    CHANGE_STEP,
    CHANGE_SUSPENSION,
)

UNPROCESSABLE = 422
# The lines of a path, by the word of their address.
ITEMS: dict[str, Permission[Any]] = {
    "grade": CHANGE_PROMOTION,
    "formation": CHANGE_STEP,
    "suspension": CHANGE_SUSPENSION,
}


@require_safe
def career(request: Request, pk: int) -> HttpResponse:
    """Show one’s path: ranks, training, qualifications, suspensions, days wished for."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "person", "school", pk=pk)
    return render(request, "service/career.html", _context(engagement))


def _context(engagement: Engagement) -> dict[str, object]:
    return {
        "engagement": engagement,
        "promotions": engagement.promotions.filter(removed_at__isnull=True),
        "training_steps": engagement.training_steps.filter(removed_at__isnull=True),
        "suspensions": engagement.suspensions.filter(removed_at__isnull=True),
        "qualifications": engagement.qualifications.all(),
        "suggested": ranks.QUALIFICATIONS,
        "qualification_form": QualificationForm(),
        "target_form": TargetForm(initial={"days": engagement.target_days}),
    }


def _back(engagement: Engagement) -> HttpResponse:
    return redirect("service:career", engagement.pk)


def _noted(
    request: Request,
    engagement: Engagement,
    form: forms.Form,
    act: Callable[[], object],
    said: Mapping[str, object],
) -> HttpResponse:
    """Do what the form asks and return to the path, or show the form again with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, str(said["done"]))
            return _back(engagement)
    context = {
        "form": form,
        "engagement": engagement,
        "back_url": reverse("service:career", args=[engagement.pk]),
        "back_label": _("Mon parcours"),
        **said,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/one_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def add_promotion(request: Request, pk: int) -> HttpResponse:
    """Note a rank or a speciality."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "school", pk=pk)
    form = PromotionForm(request.POST or None)
    said = {
        "heading": _("Noter un grade ou une spécialité"),
        "lead": _("Les dates suffisent à retracer votre parcours ; rien n’est vérifié ailleurs."),
        "done": _("C’est noté."),
        "listed": "propositions",
        "suggested": (*ranks.RANKS[engagement.force], *ranks.SPECIALITIES),
    }
    return _noted(
        request,
        engagement,
        form,
        lambda: actions.add_promotion(engagement, by=request.user, **form.cleaned_data),
        said,
    )


@require_http_methods(["GET", "POST"])
def add_step(request: Request, pk: int) -> HttpResponse:
    """Note a step of training."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "school", pk=pk)
    form = StepForm(request.POST or None)
    said = {
        "heading": _("Noter une formation"),
        "lead": _(
            "De la préparation d’avant contrat à la spécialité, dans l’ordre de votre force."
        ),
        "done": _("Formation notée."),
    }
    return _noted(
        request,
        engagement,
        form,
        lambda: actions.add_step(engagement, step=form.step(), by=request.user),
        said,
    )


@require_http_methods(["GET", "POST"])
def suspend(request: Request, pk: int) -> HttpResponse:
    """Note that the contract is suspended."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "school", pk=pk)
    form = SuspensionForm(request.POST or None)
    said = {
        "heading": _("Suspendre le contrat"),
        "lead": _("Votre force l’accorde à votre demande ; la fin du contrat ne recule pas."),
        "done": _("Suspension notée."),
        "law_code": "reserve.suspension.months.max",
        "law_says": _("Durée permise"),
        "today": request.viewer.today,
    }
    return _noted(
        request,
        engagement,
        form,
        lambda: actions.suspend(engagement, by=request.user, **form.cleaned_data),
        said,
    )


@require_POST
def mark_step(request: Request, pk: int) -> HttpResponse:
    """Say where a step of training stands."""
    step = CHANGE_STEP.get_or_404(request.viewer, "engagement", pk=pk)
    try:
        actions.mark_step(step, status=request.POST.get("status", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("C’est noté."))
    return _back(step.engagement)


@require_POST
def remove_item(request: Request, kind: str, pk: int) -> HttpResponse:
    """Take a line of one’s path back."""
    item = _item(request, kind, pk)
    actions.remove_item(item, by=request.user)
    way_back = f"undo:{reverse('service:restore_item', args=[kind, pk])}"
    messages.success(request, _("Ligne retirée."), extra_tags=way_back)
    return _back(item.engagement)


@require_POST
def restore_item(request: Request, kind: str, pk: int) -> HttpResponse:
    """Put a line of one’s path back."""
    item = _item(request, kind, pk)
    try:
        actions.restore_item(item, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Ligne rétablie."))
    return _back(item.engagement)


def _item(request: Request, kind: str, pk: int) -> Any:
    if kind not in ITEMS:
        raise Http404
    return ITEMS[kind].get_or_404(request.viewer, "engagement", pk=pk)


@require_POST
def add_qualification(request: Request, pk: int) -> HttpResponse:
    """Note a qualification; the way back from a removal says it in the address."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "person", "school", pk=pk)
    form = QualificationForm(request.POST if "code" in request.POST else request.GET)
    if form.is_valid():
        try:
            actions.add_qualification(engagement, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Qualification notée."))
            return _back(engagement)
    context = {**_context(engagement), "qualification_form": form}
    return render(request, "service/career.html", context, status=UNPROCESSABLE)


@require_POST
def remove_qualification(request: Request, pk: int) -> HttpResponse:
    """Take a qualification back."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    held = engagement.qualifications.filter(code=request.POST.get("code", "")).first()
    if held is not None:
        actions.remove_qualification(engagement, code=held.code, by=request.user)
        said = {"code": held.code, "obtained_on": held.obtained_on or ""}
        address = reverse("service:add_qualification", args=[pk])
        way_back = f"undo:{address}?{urlencode(said)}"
        messages.success(request, _("Qualification retirée."), extra_tags=way_back)
    return _back(engagement)


@require_POST
def set_target(request: Request, pk: int) -> HttpResponse:
    """Say how many days a year one would like to serve."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "person", "school", pk=pk)
    form = TargetForm(request.POST)
    if not form.is_valid():
        context = {**_context(engagement), "target_form": form}
        return render(request, "service/career.html", context, status=UNPROCESSABLE)
    actions.set_target(engagement, days=form.cleaned_data["days"], by=request.user)
    messages.success(request, _("C’est noté : la conciliation en tiendra compte."))
    return _back(engagement)
