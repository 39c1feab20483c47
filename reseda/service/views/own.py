"""The pages of one’s own engagement: declared, disclosed, its rights read, its days counted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.law import queries as law
from reseda.people.http import Request
from reseda.schools.models import School
from reseda.service import actions, queries
from reseda.service.forms import DisclosureForm, EngagementForm, refuse
from reseda.service.models import Engagement
from reseda.service.permissions import CHANGE_ENGAGEMENT, DECLARE_ENGAGEMENT
from reseda.service.queries.own import has_read_notice, next_period

UNPROCESSABLE = 422


def _chosen(request: Request) -> tuple[Engagement | None, list[Engagement]]:
    held = list(queries.engagements_of(request.user).prefetch_related("disclosures"))
    asked = request.GET.get("dossier", "")
    return next((one for one in held if str(one.pk) == asked), next(iter(held), None)), held


@require_safe
def my_engagement(request: Request) -> HttpResponse:
    """Show one’s engagement: what is next, what is expected, the days left, who may know."""
    engagement, held = _chosen(request)
    if engagement is None:
        if not DECLARE_ENGAGEMENT.rows(request.viewer).exists():
            raise Http404
        return render(request, "service/no_engagement.html")
    now = timezone.now()
    periods = list(engagement.periods.select_related("attestation").exclude(status="cancelled"))
    known = [one for one in queries.openings(engagement, request.viewer.today) if one.is_open]
    context = {
        "engagement": engagement,
        "held": held,
        "now": now,
        "today": request.viewer.today,
        "next": next_period(periods, now),
        "periods": periods,
        "cancelled": engagement.periods.filter(status="cancelled"),
        "standing": queries.standing(engagement, now, request.viewer.today),
        "known": known,
        "steps": queries.steps(engagement, periods, bool(known)),
        "readings": queries.readings(engagement),
    }
    return render(request, "service/my_engagement.html", context)


def _warn(request: Request, engagement: Engagement) -> None:
    """Say that a contract is longer or shorter than the law allows: a date may be mistyped."""
    for told in queries.contract_warnings(engagement, timezone.now(), request.viewer.today):
        messages.warning(request, told.text)


@require_http_methods(["GET", "POST"])
def declare(request: Request) -> HttpResponse:
    """Declare an engagement, then choose who may know."""
    school = School.objects.filter(
        pk__in=DECLARE_ENGAGEMENT.rows(request.viewer).values("pk")
    ).first()
    if school is None:
        raise Http404
    form = EngagementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            engagement = actions.declare(
                request.user, school=school, declaration=form.declaration(), by=request.user
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Engagement déclaré. Personne d’autre ne le sait encore."))
            _warn(request, engagement)
            return redirect("service:disclose", engagement.pk)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/engagement_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def edit_engagement(request: Request, pk: int) -> HttpResponse:
    """Change what was declared."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    is_sent = request.method == "POST"
    form = EngagementForm(request.POST) if is_sent else EngagementForm.of(engagement)
    if is_sent and form.is_valid():
        try:
            held = actions.edit(engagement, declaration=form.declaration(), by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Engagement modifié."))
            _warn(request, held)
            return _to(engagement)
    context = {"form": form, "engagement": engagement}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/engagement_form.html", context, status=status)


def _to(engagement: Engagement) -> HttpResponse:
    response = redirect("service:my_engagement")
    response["Location"] += f"?dossier={engagement.pk}"
    return response


@require_POST
def end_engagement(request: Request, pk: int) -> HttpResponse:
    """Close an engagement today."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    try:
        actions.end(engagement, ended_on=request.viewer.today, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        way_back = f"undo:{reverse('service:undo_engagement', args=[pk])}"
        messages.success(request, _("Engagement clos."), extra_tags=way_back)
    return _to(engagement)


@require_POST
def undo_engagement(request: Request, pk: int) -> HttpResponse:
    """Put back what the last change replaced."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    try:
        actions.undo(engagement, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Votre dernière modification est annulée."))
    return _to(engagement)


@require_http_methods(["GET", "POST"])
def disclose(request: Request, pk: int) -> HttpResponse:
    """Choose who may know of the engagement; nobody by default."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    openings = queries.openings(engagement, request.viewer.today)
    chosen = [one.audience for one in openings if one.is_open]
    form = DisclosureForm(
        request.POST if request.method == "POST" else None,
        openings=openings,
        initial={"audiences": chosen},
    )
    if request.method == "POST" and form.is_valid():
        actions.disclose(engagement, audiences=form.cleaned_data["audiences"], by=request.user)
        messages.success(
            request, _("Votre choix est gardé ; vous pouvez en changer à tout moment.")
        )
        if has_read_notice(engagement):
            return _to(engagement)
        return redirect("service:notice", engagement.pk)
    context = {"form": form, "engagement": engagement, "openings": openings}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/disclose.html", context, status=status)


@require_http_methods(["GET", "POST"])
def notice(request: Request, pk: int) -> HttpResponse:
    """Show the notice of rights, and keep the proof that it was read."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "notice", "school", pk=pk)
    language = get_language() or "fr"
    if request.method == "POST":
        version = request.POST.get("version", "")
        try:
            actions.acknowledge(engagement, version=version, language=language, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("service:notice", engagement.pk)
        messages.success(request, _("Lecture enregistrée."))
        return _to(engagement)
    proof = engagement.notice if has_read_notice(engagement) else None
    shown = law.notice(request.viewer.today, language)
    title, *paragraphs = proof.text.split("\n\n") if proof else (shown.title, *shown.paragraphs)
    context = {
        "engagement": engagement,
        "proof": proof,
        "version": proof.version if proof else shown.version,
        "notice_title": title,
        "paragraphs": paragraphs,
    }
    return render(request, "service/notice.html", context)
