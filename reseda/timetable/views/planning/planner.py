"""The year planner: who is granted which period, why not, what is settled by hand, what changes."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.schools.models import Programme
from reseda.service.models import Engagement, Force, Offer
from reseda.timetable.actions import planning as actions
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.permissions import CHANGE_PLAN, PIN_RESERVIST, READ_PLAN
from reseda.timetable.queries.planning.compare import changes
from reseda.timetable.queries.planning.shelf import drifted
from reseda.timetable.queries.planning.year import (
    figures,
    left_out,
    lines_of,
    options,
    population,
    year,
)
from reseda.timetable.templatetags.plan_sentences import Names, told, word
from reseda.timetable.views.planning.plans import IN_HAND
from reseda.ui.http import Column, Filter, Listing, Sort

ENROLLED = "person__enrolments__cohort__programme"
KEY_DIGITS = 9


@require_safe
def read_plan(request: Request, pk: int) -> HttpResponse:
    """Show a plan: its figures, then the year of each reservist, week by week."""
    plan = READ_PLAN.get_or_404(request.viewer, "programme", "based_on", pk=pk)
    context = _context(request, plan)
    if plan.totals.get("people"):
        listing = _listing(request, plan)
        paper, rows = year(plan, list(listing.page.object_list), request.viewer)
        context |= {"listing": listing, "paper": paper, "rows": rows}
        context["today"] = paper.day(request.viewer.today)
        context |= {"figures": figures(plan, request.viewer)}
        context |= {"left_out": left_out(plan, request.viewer)}
    return render(request, "timetable/plan.html", context)


def _context(request: Request, plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "is_computing": plan.status in IN_HAND,
        "may_change": CHANGE_PLAN.allows(request.viewer, plan),
        "drifted": drifted([plan], request.viewer)[plan.pk],
    }


def _listing(request: Request, plan: Plan) -> Listing[Engagement]:
    programmes = Programme.objects.filter(school=plan.school_id).order_by("code")
    filters = [
        Filter(
            "jours",
            _("Jours"),
            {
                "aucun": (_("Aucun jour"), Q(granted_days=0)),
                "moins": (_("Sous l’objectif"), Q(share__lt=1)),
                "atteint": (_("Objectif atteint"), Q(share__gte=1)),
            },
        )
    ]
    if not plan.programme_id:
        codes = {f"f{one.pk}": (one.code, Q(**{ENROLLED: one.pk})) for one in programmes}
        filters.append(Filter("formation", _("Formation"), codes))
    people = population(plan, request.viewer)
    forces = sorted(set(people.order_by().values_list("force", flat=True)))
    if len(forces) > 1:
        choices = {one: (Force(one).label, Q(force=one)) for one in forces}
        filters.append(Filter("force", _("Force"), choices))
    return Listing(
        request,
        people,
        search=["person__last_name", "person__first_name"],
        filters=filters,
        sorts=[
            Sort("nom", _("Nom"), "person__last_name"),
            Sort("jours", _("Jours retenus"), "-granted_days"),
            Sort("part", _("Part de l’objectif"), "share"),
        ],
        name="plan",
    )


@require_safe
def read_cell(request: Request, pk: int, engagement_pk: int, monday: str = "") -> HttpResponse:
    """Show what a plan says of one reservist: all the year, or the offers of one week."""
    plan = READ_PLAN.get_or_404(request.viewer, "programme", pk=pk)
    engagement = population(plan, request.viewer).filter(pk=engagement_pk).first()
    if engagement is None:
        raise Http404
    found = options(plan, engagement, request.viewer, _day(monday))
    everything = lines_of(plan, request.viewer).filter(engagement=engagement)
    context = _context(request, plan) | {
        "engagement": engagement,
        "monday": _day(monday),
        "options": found,
        "names": Names({str(line.offer_id): line.offer for line in everything}),
        "may_pin": PIN_RESERVIST.allows(request.viewer, engagement),
    }
    return render(request, "timetable/plan_cell.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Http404 from error


@require_POST
def pin_offer(request: Request, engagement_pk: int, offer_pk: int) -> HttpResponse:
    """Settle a pair by hand, or give it back to the planner."""
    engagement = PIN_RESERVIST.get_or_404(request.viewer, pk=engagement_pk)
    offer = Offer.objects.filter(pk=offer_pk, school=engagement.school_id).first()
    if offer is None:
        raise Http404
    asked = request.POST.get("sort", "")
    try:
        if asked in ("retenir", "ecarter") and not request.POST.get("undo"):
            actions.pin(engagement, offer=offer, is_granted=asked == "retenir", by=request.user)
            undo = f"undo:{request.path}"
            said = _("C’est fixé : le prochain calcul en tiendra compte.")
            messages.success(request, said, extra_tags=undo)
        else:
            actions.unpin(engagement, offer=offer, by=request.user)
            messages.success(request, _("Le calcul décidera de nouveau."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(_back(request))


def _back(request: Request) -> str:
    """Return the page one came from, as long as it is one of ours."""
    address = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else reverse("timetable:list_plans")


@require_safe
def list_lines(request: Request, pk: int) -> HttpResponse:
    """Show a plan as a table, every pair with its reason, to search and take away."""
    plan = READ_PLAN.get_or_404(request.viewer, "programme", pk=pk)
    listing = _lines(request, plan)
    if listing.export:
        return listing.export
    return render(
        request,
        "timetable/plan_lines.html",
        _context(request, plan) | {"listing": listing, "names": _names(plan, request)},
    )


def _names(plan: Plan, request: Request) -> Names:
    offers = Offer.objects.filter(pk__in=lines_of(plan, request.viewer).order_by().values("offer"))
    return Names({str(one.pk): one for one in offers})


def _lines(request: Request, plan: Plan) -> Listing[PlanLine]:
    names = _names(plan, request) if request.GET.get("export") else Names()
    reasons = ("clash", "travel", "ceiling", "recoverable_limit", "overlap", "full", "requires")
    return Listing(
        request,
        lines_of(plan, request.viewer),
        search=["engagement__person__last_name", "engagement__person__first_name"],
        filters=[
            Filter(
                "sort",
                _("Sort"),
                {
                    "retenues": (_("Retenues"), Q(is_granted=True)),
                    "refusees": (_("Refusées"), Q(is_granted=False)),
                    "acceptees": (_("Acceptées"), Q(answer=PlanLine.Answer.ACCEPTED)),
                    "declinees": (_("Déclinées"), Q(answer=PlanLine.Answer.DECLINED)),
                },
            ),
            Filter("raison", _("Raison"), {one: (word(one), Q(reason=one)) for one in reasons}),
        ],
        sorts=[
            Sort("nom", _("Nom"), "engagement__person__last_name"),
            Sort("date", _("Date"), "offer__starts_at"),
        ],
        columns=[
            Column(_("Réserviste"), lambda row: str(row.engagement.person)),
            Column(_("Début"), lambda row: row.offer.starts_at),
            Column(_("Fin"), lambda row: row.offer.ends_at),
            Column(_("Sort"), lambda row: _("retenue") if row.is_granted else _("refusée")),
            Column(_("Jours"), lambda row: row.days if row.is_granted else ""),
            Column(_("Minutes à rattraper"), lambda row: row.minutes if row.is_granted else ""),
            Column(_("Réponse"), lambda row: row.get_answer_display()),
            Column(
                _("Raison"),
                lambda row: (
                    "" if row.is_granted else told(row.reason, row.facts, row.would_need, names).why
                ),
            ),
        ],
        name="plan",
    )


@require_safe
def compare_plans(request: Request) -> HttpResponse:
    """Show what changes from one plan to another, person by person."""
    rows = READ_PLAN.rows(request.viewer).select_related("programme")
    ready = rows.filter(finished_at__isnull=False, totals__people__isnull=False)
    before, after = (_asked(request, name) for name in ("a", "b"))
    first = ready.filter(pk=before).first() if before else None
    second = ready.filter(pk=after).first() if after else None
    if (before and first is None) or (after and second is None):
        raise Http404
    context: dict[str, Any] = {
        "plans": ready.order_by(F("published_at").desc(nulls_last=True), "-pk")
    }
    context |= {"before": first, "after": second}
    if first and second:
        context["changes"] = changes(first, second, request.viewer)
        context["figures"] = [figures(one, request.viewer) for one in (first, second)]
    if not request.viewer.roles & {Role.REFERENT, Role.STUDIES_DIRECTOR}:
        raise Http404
    return render(request, "timetable/plan_compare.html", context)


def _asked(request: Request, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= KEY_DIGITS else 0
