"""Plans as a list, a plan asked for, followed while it is computed, published."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Organisation, Role
from reseda.schools.models import School
from reseda.schools.queries import current_year
from reseda.timetable import tasks
from reseda.timetable.actions import planning as actions
from reseda.timetable.forms.planning import NameForm, PlanForm, initial
from reseda.timetable.models import Plan
from reseda.timetable.permissions import CHANGE_PLAN, READ_PLAN
from reseda.timetable.queries.planning.shelf import readiness, summed
from reseda.ui.http import Column, Filter, Listing, Sort

REFUSED = 422
REMOVED_SHOWN = 10
A_YEAR = timedelta(days=365)
Status = Plan.Status
IN_HAND = (Status.QUEUED, Status.RUNNING)


@require_safe
def list_plans(request: Request) -> HttpResponse:
    """List the plans of one’s school, latest first; without any, say what a plan needs first."""
    if not request.viewer.roles & {Role.REFERENT, Role.STUDIES_DIRECTOR}:
        raise Http404
    listing = Listing(
        request,
        READ_PLAN.rows(request.viewer).select_related("programme", "created_by"),
        search=["name"],
        filters=[
            Filter(
                "etat",
                _("État"),
                {
                    "publies": (_("Publiés"), Q(status=Status.PUBLISHED)),
                    "prets": (_("Prêts"), Q(status=Status.READY)),
                    "calcul": (_("En calcul"), Q(status__in=IN_HAND)),
                    "anciens": (_("Remplacés"), Q(status=Status.REPLACED)),
                },
            )
        ],
        sorts=[Sort("date", _("Date"), "-created_at"), Sort("nom", _("Nom"), "name")],
        columns=[
            Column(_("Nom"), lambda row: row.name),
            Column(_("Du"), lambda row: row.starts_on),
            Column(_("Au"), lambda row: row.ends_on),
            Column(_("Formation"), lambda row: str(row.programme or _("toute l’école"))),
            Column(_("État"), lambda row: row.get_status_display()),
        ],
        name="plans",
    )
    if listing.export:
        return listing.export
    may_plan = Role.REFERENT in request.viewer.roles
    context: dict[str, Any] = {"listing": listing, "may_plan": may_plan}
    context["rows"] = summed(listing.page.object_list, request.viewer) if listing.count else []
    context["removed"] = _removed(request) if may_plan else []
    school = _school(request)
    if may_plan and school and not listing.count and not listing.is_narrowed:
        context["ready"] = readiness(school, request.viewer)
    return render(request, "timetable/plans.html", context)


def _removed(request: Request) -> list[Plan]:
    removed = CHANGE_PLAN.rows(request.viewer).filter(removed_at__isnull=False)
    return list(removed.order_by("-removed_at", "-pk")[:REMOVED_SHOWN])


def _school(request: Request) -> School | None:
    keys = request.viewer.organisations(Role.REFERENT)
    return School.objects.filter(pk__in=keys).order_by("pk").first()


@require_http_methods(["GET", "POST"])
def create_plan(request: Request) -> HttpResponse:
    """Ask for a plan, in plain words; it is computed at once by a task."""
    school = _school(request)
    if school is None:
        raise Http404
    former = _former(request)
    form = _form(request, school, former)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = actions.Wanted(
            data["name"], data["starts_on"], data["ends_on"], data["programme"], form.policy
        )
        try:
            plan = actions.draft(school, wanted=wanted, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        except PermissionDenied:
            form.add_error("programme", _("Votre mandat ne couvre pas cette formation."))
        else:
            tasks.run_plan.enqueue(plan.pk)
            return redirect("timetable:read_plan", pk=plan.pk)
    context = {"form": form, "ready": readiness(school, request.viewer)}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "timetable/plan_form.html", context, status=status)


def _former(request: Request) -> Plan | None:
    key = request.GET.get("depuis", "")
    rows = READ_PLAN.rows(request.viewer)
    return rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 10 else None  # noqa: PLR2004 (a key of the database)


def _form(request: Request, school: School, former: Plan | None) -> PlanForm:
    mandates = [
        one
        for one in request.viewer.mandates
        if one.role == Role.REFERENT and one.organisation_id == school.pk
    ]
    is_for_all = any(one.scope_id is None for one in mandates)
    programmes = [one.organisation for one in school.programmes.select_related("organisation")]
    if not is_for_all:
        scopes = {one.scope_id for one in mandates}
        programmes = [one for one in programmes if one.pk in scopes]
    if request.method == "POST":
        return PlanForm(request.POST, programmes=programmes, is_for_all=is_for_all)
    return PlanForm(
        initial=_first_values(school, request.viewer.today, former, programmes, is_for_all),
        programmes=programmes,
        is_for_all=is_for_all,
    )


def _first_values(
    school: School,
    today: date,
    former: Plan | None,
    programmes: list[Organisation],
    is_for_all: bool,
) -> dict[str, object]:
    found = initial(former)
    if former:
        found |= {"starts_on": former.starts_on, "ends_on": former.ends_on, "name": former.name}
        found["programme"] = former.programme_id
        return found
    academic = current_year(school, today)
    first, last = (academic.starts_on, academic.ends_on) if academic else (today, today + A_YEAR)
    found |= {"starts_on": first, "ends_on": last}
    found["name"] = _("Plan %(year)s") % {"year": academic.name if academic else today.year}
    if not is_for_all and programmes:
        found["programme"] = programmes[0].pk
    return found


@require_safe
def read_progress(request: Request, pk: int) -> HttpResponse:
    """Show how far a computation is; once it is over, have the page read again."""
    plan = READ_PLAN.get_or_404(request.viewer, pk=pk)
    if plan.status not in IN_HAND:
        if not request.htmx:
            return redirect("timetable:read_plan", pk=pk)
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "timetable/plan_progress.html", {"plan": plan})


def _done(request: Request, plan: Plan, act: Any, said: str, **given: object) -> HttpResponse:
    """Do something to a plan, say it or why not, and come back to it."""
    try:
        act(plan, by=request.user, **given)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, said)
    return redirect("timetable:read_plan", pk=plan.pk)


def _kept(request: Request, pk: int) -> Plan:
    """Return a plan that the viewer may change and that was not thrown away, or answer 404."""
    return CHANGE_PLAN.get_or_404(
        request.viewer, "school", "programme", pk=pk, removed_at__isnull=True
    )


@require_POST
def stop_plan(request: Request, pk: int) -> HttpResponse:
    """Ask a computation to stop."""
    plan = _kept(request, pk)
    return _done(request, plan, actions.ask_stop, _("L’arrêt est demandé."))


@require_POST
def restart_plan(request: Request, pk: int) -> HttpResponse:
    """Compute a plan again, from what timetables and offers say now."""
    plan = _kept(request, pk)
    try:
        actions.restart(plan, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        tasks.run_plan.enqueue(plan.pk)
    return redirect("timetable:read_plan", pk=pk)


@require_POST
def replan(request: Request, pk: int) -> HttpResponse:
    """Make a new plan from this one, changing as little as possible of it."""
    plan = _kept(request, pk)
    first = max(plan.starts_on, min(request.viewer.today, plan.ends_on))
    name = _("%(name)s, revu le %(day)s") % {
        "name": plan.name[:55],
        "day": f"{timezone.localdate():%d/%m}",
    }
    wanted = actions.Wanted(name, first, plan.ends_on, plan.programme, plan.policy)
    made = actions.draft(plan.school, wanted=wanted, based_on=plan, by=request.user)
    tasks.run_plan.enqueue(made.pk)
    return redirect("timetable:read_plan", pk=made.pk)


@require_POST
def check_plan(request: Request, pk: int) -> HttpResponse:
    """Compare a published plan with today’s timetables and offers, now."""
    plan = CHANGE_PLAN.get_or_404(request.viewer, pk=pk, status=Status.PUBLISHED)
    if tasks.watch_plan.call(plan.pk):
        messages.warning(request, _("Des périodes ne tiennent plus : elles sont signalées."))
    else:
        messages.success(request, _("Tout tient : rien n’a changé qui touche ce plan."))
    return redirect("timetable:read_plan", pk=pk)


@require_POST
def publish_plan(request: Request, pk: int) -> HttpResponse:
    """Publish a plan: the former one is replaced, everybody concerned is told."""
    plan = _kept(request, pk)
    said = _("Le plan est publié ; chaque personne concernée reçoit un courriel discret.")
    return _done(request, plan, actions.publish, said)


@require_POST
def rename_plan(request: Request, pk: int) -> HttpResponse:
    """Give a plan another name."""
    plan = _kept(request, pk)
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Donnez un nom de 80 lettres au plus."))
        return redirect("timetable:read_plan", pk=pk)
    name = form.cleaned_data["name"]
    return _done(request, plan, actions.rename, _("Le plan a un nouveau nom."), name=name)


@require_POST
def remove_plan(request: Request, pk: int) -> HttpResponse:
    """Throw away a plan that nobody was told of."""
    plan = _kept(request, pk)
    try:
        actions.remove(plan, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("timetable:read_plan", pk=pk)
    undo = f"undo:{reverse('timetable:restore_plan', args=[pk])}"
    said = _("Le plan est supprimé ; vous pouvez le rétablir pendant un mois.")
    messages.success(request, said, extra_tags=undo)
    return redirect("timetable:list_plans")


@require_POST
def restore_plan(request: Request, pk: int) -> HttpResponse:
    """Take back a plan that was thrown away."""
    plan = CHANGE_PLAN.get_or_404(request.viewer, pk=pk, removed_at__isnull=False)
    return _done(request, plan, actions.restore, _("Le plan est rétabli."))
