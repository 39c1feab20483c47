"""Pages of juries: sessions, their agenda, their minutes, one file and its decision."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.recognition import actions, queries
from reseda.recognition.forms import ComplementForm, SessionForm, VerdictForm
from reseda.recognition.models import JurySession, RecognitionFile
from reseda.recognition.permissions import (
    CHANGE_SESSION,
    JUDGE_FILE,
    OPEN_SESSION,
    PLAN_FILE,
    READ_SESSION,
)
from reseda.recognition.views import REFUSED
from reseda.recognition.views.doors import first, needs
from reseda.schools.queries import holders, school_of
from reseda.ui.http import Column, Filter, Listing, Sort
from reseda.ui.queries import thread

Status = RecognitionFile.Status
LOADED = (
    *("person", "programme", "session", "regulation", "framework_version__framework"),
    "decision__crosswalk_version__crosswalk",
)


@require_safe
def list_sessions(request: Request) -> HttpResponse:
    """List the sessions that the viewer may see."""
    needs(request, Role.STUDIES_DIRECTOR, Role.JURY_MEMBER)
    today = request.viewer.today
    listing = Listing(
        request,
        queries.with_counts(READ_SESSION.rows(request.viewer)),
        search=["name"],
        filters=[
            Filter(
                "quand",
                _("Quand"),
                {
                    "a-venir": (_("À venir"), Q(held_on__gte=today)),
                    "passees": (_("Passées"), Q(held_on__lt=today)),
                },
            )
        ],
        sorts=[Sort("date", _("Date"), "-held_on"), Sort("nom", _("Nom"), "name")],
        columns=[
            Column(_("Session"), lambda row: row.name),
            Column(_("Date"), lambda row: row.held_on),
            Column(_("Dossiers"), lambda row: row.files_count),
            Column(_("Décidés"), lambda row: row.decided_count),
        ],
        name="jurys",
    )
    if listing.export:
        return listing.export
    context = {
        "listing": listing,
        "is_director": Role.STUDIES_DIRECTOR in request.viewer.roles,
        "waiting": PLAN_FILE.rows(request.viewer)
        .filter(status=Status.ASSESSED, session__isnull=True)
        .count(),
    }
    return render(request, "recognition/session_list.html", context)


@require_http_methods(["GET", "POST"])
def open_session(request: Request) -> HttpResponse:
    """Create a session."""
    needs(request, Role.STUDIES_DIRECTOR)
    found = school_of(request.viewer)
    school = OPEN_SESSION.get_or_404(request.viewer, pk=found.pk if found else None)
    jurors = list(holders(school, Role.JURY_MEMBER, request.viewer.today))
    form = SessionForm(request.POST or None, jurors=jurors)
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.open_session(school, **form.content(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("La session est créée ; ses membres sont prévenus."))
            return redirect("recognition:read_session", pk=session.pk)
    status = REFUSED if request.method == "POST" else 200
    context = {"form": form, "jurors": jurors}
    return render(request, "recognition/session_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def change_session(request: Request, pk: int) -> HttpResponse:
    """Change a session that has decided nothing yet."""
    session = CHANGE_SESSION.get_or_404(request.viewer, "school", pk=pk)
    jurors = list(holders(session.school, Role.JURY_MEMBER, request.viewer.today))
    form = SessionForm(request.POST or None, jurors=jurors, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_session(session, **form.content(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("La session est modifiée."))
            return redirect("recognition:read_session", pk=pk)
    status = REFUSED if request.method == "POST" else 200
    context = {"form": form, "session": session, "jurors": jurors}
    return render(request, "recognition/session_form.html", context, status=status)


@require_safe
def read_session(request: Request, pk: int) -> HttpResponse:
    """Show the agenda of a session; the director of studies completes it here."""
    session = READ_SESSION.get_or_404(request.viewer, "school", pk=pk)
    may_change = CHANGE_SESSION.allows(request.viewer, session)
    context = {
        "session": session,
        "members": list(session.members.all()),
        "agenda": queries.agenda(session, request.viewer),
        "may_change": may_change,
        "to_plan": list(queries.to_plan(session)) if may_change else [],
        "has_decided": session.decisions.exists(),
    }
    return render(request, "recognition/session.html", context)


@require_POST
def plan_file(request: Request, pk: int) -> HttpResponse:
    """Put a file on the agenda."""
    session = CHANGE_SESSION.get_or_404(request.viewer, pk=pk)
    key = request.POST.get("file", "")
    file = PLAN_FILE.get_or_404(request.viewer, pk=int(key) if key.isdecimal() else None)
    return _planned(request, session, lambda: actions.plan(session, file=file, by=request.user))


@require_POST
def unplan_file(request: Request, pk: int) -> HttpResponse:
    """Take a file off the agenda."""
    file = PLAN_FILE.get_or_404(request.viewer, "session", pk=pk)
    if file.session is None:
        raise Http404
    return _planned(request, file.session, lambda: actions.unplan(file, by=request.user))


@require_safe
def read_minutes(request: Request, pk: int) -> HttpResponse:
    """Show the minutes of a session, made to be printed."""
    session = READ_SESSION.get_or_404(request.viewer, "school", pk=pk)
    minutes = queries.minutes(session)
    found = (one.decision.crosswalk_version for one in minutes)
    behind = {each.pk: each for each in found if each is not None}
    context = {
        "session": session,
        "members": list(session.members.all()),
        "minutes": minutes,
        "crosswalks": [behind[key] for key in sorted(behind)],
        "postponed": list(queries.postponed(session)),
    }
    return render(request, "recognition/minutes.html", context)


@require_http_methods(["GET", "POST"])
def judge_file(request: Request, pk: int) -> HttpResponse:
    """Show a file to its jury: what was lived, what is expected, what is proposed; and decide."""
    file = JUDGE_FILE.get_or_404(request.viewer, *LOADED, pk=pk)
    if not queries.has_consulted(request.user, file):
        return render(request, "recognition/door.html", {"file": file, "door": "judge"})
    dossier = queries.dossier(file, request.viewer.today)
    form = VerdictForm(request.POST or None, dossier=dossier)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(file, verdict=form.verdict(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("La décision est prise ; l’élève est prévenu."))
            return redirect("recognition:read_session", pk=file.session_id)
    context = {
        "file": file,
        "dossier": dossier,
        "form": form,
        "complement_form": ComplementForm(),
        "may_decide": file.status == Status.ASSESSED,
        "decision": getattr(file, "decision", None),
        "thread": thread(request.viewer, dossier.activities[0].period.pk)
        if dossier.activities
        else [],
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "recognition/judgement.html", context, status=status)


@require_POST
def consult_to_judge(request: Request, pk: int) -> HttpResponse:
    """Open a file, which is written in the journal and told to its student."""
    file = JUDGE_FILE.get_or_404(request.viewer, pk=pk)
    actions.consult(file, by=request.user)
    return redirect("recognition:judge_file", pk=pk)


@require_POST
def jury_complement(request: Request, pk: int) -> HttpResponse:
    """Give a file back to its student instead of deciding."""
    file = JUDGE_FILE.get_or_404(request.viewer, "session", pk=pk)
    form = ComplementForm(request.POST)
    try:
        message = form.cleaned_data["message"] if form.is_valid() else ""
        actions.ask_complement(file, message=message, by=request.user, session=file.session)
    except ValidationError as error:
        messages.error(request, first(error))
        return redirect("recognition:judge_file", pk=pk)
    messages.success(request, _("Votre demande est envoyée à l’élève."))
    return redirect("recognition:read_session", pk=file.session_id)


def _planned(request: Request, session: JurySession, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except ValidationError as error:
        messages.error(request, first(error))
    else:
        messages.success(request, _("L’ordre du jour est modifié."))
    return redirect("recognition:read_session", pk=session.pk)
