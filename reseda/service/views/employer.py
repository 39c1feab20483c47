"""The pages of one’s employer: who it is, the days it owes, the reactivity clause it agreed to."""

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.service import actions, queries
from reseda.service.forms import refuse
from reseda.service.forms.career import ClauseForm, EmployerForm
from reseda.service.models import Employment, Engagement
from reseda.service.permissions import CHANGE_CLAUSE, CHANGE_EMPLOYMENT, CHANGE_ENGAGEMENT

UNPROCESSABLE = 422


@require_safe
def employer(request: Request, pk: int) -> HttpResponse:
    """Show who employs its holder, what that employer owes, and the reactivity clause."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "person", "school", pk=pk)
    today = request.viewer.today
    employments = list(Employment.objects.filter(person=engagement.person_id))
    clauses = list(engagement.clauses.all())
    rule = queries.employer_of(engagement, today)
    context = {
        "engagement": engagement,
        "today": today,
        "employments": employments,
        "current": next((one for one in employments if one.ended_on is None), None),
        "rule": rule,
        "quota": rule and queries.quota_of(rule, queries.regime_of(engagement), today),
        "clause": next((one for one in clauses if one.lapsed_on is None), None),
        "lapsed": [one for one in clauses if one.lapsed_on is not None],
    }
    return render(request, "service/employer.html", context)


@require_http_methods(["GET", "POST"])
def change_employer(request: Request, pk: int) -> HttpResponse:
    """Say who employs its holder; a clause agreed with the former employer lapses."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "school", pk=pk)
    form = EmployerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.change_employer(engagement, employer=form.employer(), by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            way_back = f"undo:{reverse('service:undo_employer', args=[made.pk])}"
            messages.success(request, _("Votre employeur est noté."), extra_tags=way_back)
            return redirect("service:employer", pk)
    has_clause = engagement.clauses.filter(lapsed_on__isnull=True).exists()
    said = {
        "heading": _("Dire qui m’emploie"),
        "lead": _("Pour compter vos absences de droit. Personne d’autre ne le voit."),
        "warning": _(
            "La clause de réactivité convenue avec l’employeur actuel tombera ce jour-là, un "
            "nouveau contrat d’apprentissage compris."
        )
        if has_clause
        else "",
        "law_code": "reserve.reactivity.notice_days" if has_clause else "",
        "law_says": _("Clause de réactivité"),
    }
    return _page(request, engagement, form, said)


def _page(
    request: Request,
    engagement: Engagement,
    form: EmployerForm | ClauseForm,
    said: Mapping[str, object],
) -> HttpResponse:
    context = {
        "form": form,
        "engagement": engagement,
        "today": request.viewer.today,
        "back_url": reverse("service:employer", args=[engagement.pk]),
        "back_label": _("Mon employeur"),
        **said,
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/one_form.html", context, status=status)


@require_POST
def undo_employer(request: Request, pk: int) -> HttpResponse:
    """Go back to the employer before the last one noted."""
    employment = CHANGE_EMPLOYMENT.get_or_404(request.viewer, pk=pk)
    engagement = queries.engagements_of(request.user).first()
    try:
        actions.undo_employer(employment, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Retour à l’employeur d’avant."))
    if engagement is None:
        return redirect("service:my_engagement")
    return redirect("service:employer", engagement.pk)


@require_http_methods(["GET", "POST"])
def agree_clause(request: Request, pk: int) -> HttpResponse:
    """Note a reactivity clause."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "school", pk=pk)
    form = ClauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.agree_clause(engagement, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Clause de réactivité notée."))
            return redirect("service:employer", pk)
    said = {
        "heading": _("Noter une clause de réactivité"),
        "lead": _("Vous acceptez d’être appelé sous un préavis court ; l’employeur y consent."),
        "law_code": "reserve.reactivity.notice_days",
        "law_says": _("Préavis d’appel"),
    }
    return _page(request, engagement, form, said)


@require_POST
def give_up_clause(request: Request, pk: int) -> HttpResponse:
    """End a reactivity clause."""
    clause = CHANGE_CLAUSE.get_or_404(request.viewer, pk=pk)
    try:
        actions.give_up_clause(clause, on=request.viewer.today, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        way_back = f"undo:{reverse('service:restore_clause', args=[pk])}"
        messages.success(request, _("Clause close : dites-le à votre unité."), extra_tags=way_back)
    return redirect("service:employer", clause.engagement_id)


@require_POST
def restore_clause(request: Request, pk: int) -> HttpResponse:
    """Put back a clause just given up."""
    clause = CHANGE_CLAUSE.get_or_404(request.viewer, pk=pk)
    try:
        actions.restore_clause(clause, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Clause rétablie."))
    return redirect("service:employer", clause.engagement_id)
