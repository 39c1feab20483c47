"""The pages of human resources: absences asked by the staff, their answers, quotas, the rule."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Person, Role
from reseda.service import actions, queries
from reseda.service.forms import refuse
from reseda.service.forms.career import DecideForm, RuleForm
from reseda.service.models import EmployerRule, Leave
from reseda.service.permissions import DECIDE_LEAVE
from reseda.service.queries.leaves import URGENT
from reseda.service.views.leaves import STATES, has_moved
from reseda.ui.http import Column, Filter, Listing, Sort

UNPROCESSABLE = 422


def _require_office(request: Request) -> None:
    if Role.HUMAN_RESOURCES not in request.viewer.roles:
        raise Http404


@require_safe
def list_leaves(request: Request) -> HttpResponse:
    """List the absences asked by the staff, those to answer first."""
    _require_office(request)
    today = request.viewer.today
    soon = Q(refusal_due_on__lte=today + URGENT) | Q(silence_due_on__lte=today + URGENT)
    listing = Listing(
        request,
        queries.office_leaves(request.viewer),
        search=["person__last_name", "person__first_name"],
        filters=[
            Filter("etat", _("État"), STATES),
            Filter(
                "delai",
                _("Délai"),
                {"urgent": (_("Réponse urgente"), Q(status="requested") & soon)},
            ),
            Filter(
                "quota",
                _("Quota"),
                {
                    "dans": (_("Dans le quota"), Q(is_within=True)),
                    "au-dela": (_("Au-delà"), Q(is_within=False)),
                },
            ),
        ],
        sorts=[
            Sort("demande", _("Date de la demande"), "-requested_at"),
            Sort("date", _("Date de l’absence"), "starts_at"),
            Sort("nom", _("Nom"), "person__last_name"),
            Sort("delai", _("Délai de réponse"), "refusal_due_on"),
        ],
        columns=_columns(),
        name="autorisations",
    )
    if listing.export:
        return listing.export
    context = {"listing": listing, "today": today}
    return render(request, "service/leaves.html", context)


def _columns() -> list[Column]:
    return [
        Column(pgettext_lazy("family name", "Nom"), lambda row: row.person.last_name),
        Column(_("Prénom"), lambda row: row.person.first_name),
        Column(_("Début"), lambda row: timezone.localtime(row.starts_at)),
        Column(_("Fin"), lambda row: timezone.localtime(row.ends_at)),
        Column(_("Jours"), lambda row: row.days),
        Column(_("Dans le quota"), lambda row: str(_("oui") if row.is_within else _("non"))),
        Column(_("Préavis tenu"), lambda row: str(_("oui") if row.is_notice_kept else _("non"))),
        Column(_("État"), lambda row: row.get_status_display()),
        Column(_("Motif"), lambda row: row.reason),
        Column(_("Demandée le"), lambda row: timezone.localtime(row.requested_at)),
        Column(_("Jours de présence attestés"), certified),
    ]


def certified(leave: Leave) -> object:
    """Return the days of presence that the unit attested, nothing before it did."""
    attestation = getattr(leave.period, "attestation", None)
    return attestation.days if attestation else ""


@require_safe
def list_quotas(request: Request) -> HttpResponse:
    """List, person by person, what is used of the quotas of a civil year."""
    _require_office(request)
    this_year = request.viewer.today.year
    asked = request.GET.get("annee", "")
    years = (this_year - 1, this_year, this_year + 1)
    year = int(asked) if asked in map(str, years) else this_year

    def used(row: Person) -> str:
        uses = queries.uses_of(row, year)
        return " ; ".join(f"{one.used:g}/{one.limit:g} {one.label}".strip() for one in uses)

    listing = Listing(
        request,
        queries.office_people(request.viewer, year),
        search=["last_name", "first_name"],
        sorts=[Sort("nom", pgettext_lazy("family name", "Nom"), "last_name")],
        columns=[
            Column(pgettext_lazy("family name", "Nom"), lambda row: row.last_name),
            Column(_("Prénom"), lambda row: row.first_name),
            Column(_("Année civile"), lambda _row: year),
            Column(_("Jours demandés sur le quota"), used),
        ],
        name=f"quotas-{year}",
    )
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "rows": [(row, queries.uses_of(row, year)) for row in listing.page],
        "year": year,
        "years": years,
        "today": request.viewer.today,
    }
    return render(request, "service/quotas.html", context)


@require_http_methods(["GET", "POST"])
def decide_leave(request: Request, pk: int) -> HttpResponse:
    """Show a request with its delays and quota, and answer it."""
    leave = DECIDE_LEAVE.get_or_404(
        request.viewer, "person", "school", "period__attestation", "decided_by", pk=pk
    )
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = actions.grant_leave if given["decision"] == "granted" else actions.refuse_leave
        try:
            act(leave, reason=given["reason"], by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            return _answered(request, pk, is_granted=given["decision"] == "granted")
    context = {
        "leave": leave,
        "form": form,
        "today": request.viewer.today,
        "now": timezone.now(),
        "is_own": leave.person_id == request.user.pk,
        "may_refuse": request.viewer.today <= leave.refusal_due_on,
        "may_reopen": _may_reopen(leave),
        "has_moved": has_moved(leave),
        "is_over": leave.ends_at <= timezone.now(),
        "attestation": getattr(leave.period, "attestation", None),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/decide_leave.html", context, status=status)


def _may_reopen(leave: Leave) -> bool:
    fresh = leave.decided_at and leave.decided_at > timezone.now() - actions.REGRET
    taken_back = leave.status in (Leave.Status.ACKNOWLEDGED, Leave.Status.GRANTED)
    return bool(fresh and taken_back and leave.former_status != Leave.Status.REFUSED)


def _answered(request: Request, pk: int, *, is_granted: bool) -> HttpResponse:
    if is_granted:
        way_back = f"undo:{reverse('service:reopen_leave', args=[pk])}"
        done = _("Absence accordée ; la personne est prévenue.")
        messages.success(request, done, extra_tags=way_back)
    else:
        messages.success(request, _("Refus envoyé, avec son motif."))
    return redirect("service:decide_leave", pk)


@require_POST
def acknowledge_leave(request: Request, pk: int) -> HttpResponse:
    """Say that an absence of right was noted."""
    way_back = f"undo:{reverse('service:reopen_leave', args=[pk])}"
    return _act(request, pk, actions.acknowledge_leave, _("Bonne note prise."), way_back)


@require_POST
def reopen_leave(request: Request, pk: int) -> HttpResponse:
    """Take back an answer just given."""
    return _act(request, pk, actions.reopen_leave, _("Réponse reprise : à vous de décider."), "")


def _act(
    request: Request, pk: int, act: Callable[..., object], done: object, way_back: str
) -> HttpResponse:
    leave = DECIDE_LEAVE.get_or_404(request.viewer, pk=pk)
    try:
        act(leave, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, str(done), extra_tags=way_back)
    return redirect("service:decide_leave", pk)


@require_http_methods(["GET", "POST"])
def employer_rule(request: Request) -> HttpResponse:
    """Set the days and the notice that the school applies to its reservist staff."""
    school = queries.offices(request.viewer).first()
    if school is None:
        raise Http404
    today = request.viewer.today
    rule = queries.rule_of(school, today)
    form = RuleForm(request.POST) if request.method == "POST" else RuleForm.of(rule, today)
    if request.method == "POST" and form.is_valid():
        actions.set_rule(school, rule=form.rule(), by=request.user)
        messages.success(
            request, _("Règle enregistrée ; les demandes déjà faites gardent la leur.")
        )
        return redirect("service:employer_rule")
    context = {
        "form": form,
        "school": school,
        "rule": rule,
        "today": today,
        "rules": EmployerRule.objects.filter(school=school).select_related("set_by"),
        "quotas": queries.quotas_of(queries.school_employer(school, today), today),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/employer_rule.html", context, status=status)
