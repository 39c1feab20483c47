"""Pages by which a student asks for recognition and follows it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.people.models import Role
from reseda.recognition import actions, queries
from reseda.recognition.forms import FileForm
from reseda.recognition.models import RecognitionFile
from reseda.recognition.permissions import CHANGE_FILE
from reseda.recognition.views import REFUSED
from reseda.recognition.views.doors import first, needs
from reseda.schools.queries import school_of
from reseda.service.models import Period
from reseda.ui.domain.parts import Step
from reseda.ui.queries import thread

Status = RecognitionFile.Status
LOADED = (
    *("programme", "session", "regulation", "decision__regulation", "framework_version"),
    "decision__crosswalk_version__crosswalk",
)


@require_safe
def list_files(request: Request) -> HttpResponse:
    """Show the files of the student, and how to open one."""
    needs(request, Role.STUDENT)
    school = school_of(request.viewer)
    context = {
        "files": list(queries.file_of(request.user)),
        "lived": queries.lived(request.user),
        "regulation": queries.in_force(school, request.viewer.today) if school else None,
    }
    return render(request, "recognition/file_list.html", context)


@require_POST
def open_file(request: Request) -> HttpResponse:
    """Open a file at the student's request."""
    needs(request, Role.STUDENT)
    school = school_of(request.viewer)
    if school is None:
        raise Http404
    try:
        file = actions.open_file(school, by=request.user)
    except ValidationError as error:
        messages.error(request, first(error))
        return redirect("recognition:my_file")
    return redirect("recognition:edit_file", pk=file.pk)


@require_safe
def read_file(request: Request, pk: int) -> HttpResponse:
    """Follow a file: where it is, what it holds, who opened it, what was decided."""
    file = CHANGE_FILE.get_or_404(request.viewer, *LOADED, pk=pk)
    dossier = queries.dossier(file, request.viewer.today)
    decision = getattr(file, "decision", None)
    context = {
        "file": file,
        "dossier": dossier,
        "decision": decision,
        "steps": _steps(file),
        "complement": file.complements.filter(answered_at__isnull=True).first(),
        "consultations": queries.consultations(file),
        "may_edit": file.status in (Status.DRAFT, Status.COMPLEMENT),
        "may_withdraw": file.status not in (Status.DECIDED, Status.WITHDRAWN),
        "thread": _thread(request, dossier),
    }
    return render(request, "recognition/file.html", context)


@require_http_methods(["GET", "POST"])
def edit_file(request: Request, pk: int) -> HttpResponse:
    """Choose the activities, the levels and the form of a file, and see what it lacks."""
    file = CHANGE_FILE.get_or_404(request.viewer, *LOADED, pk=pk)
    if file.status not in (Status.DRAFT, Status.COMPLEMENT):
        return redirect("recognition:read_file", pk=pk)
    dossier = queries.dossier(file, request.viewer.today)
    form = FileForm(request.POST or None, lived=queries.lived(request.user), dossier=dossier)
    if request.method == "POST" and form.is_valid():
        try:
            _compose(request, file, form)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Votre dossier est enregistré."))
            return redirect("recognition:edit_file", pk=pk)
    context = {
        "file": file,
        "dossier": dossier,
        "form": form,
        "complement": file.complements.filter(answered_at__isnull=True).first(),
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "recognition/file_form.html", context, status=status)


@require_POST
def submit_file(request: Request, pk: int) -> HttpResponse:
    """Hand a file in."""
    file = CHANGE_FILE.get_or_404(request.viewer, pk=pk)
    try:
        actions.submit(file, by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("recognition:edit_file", pk=pk)
    messages.success(request, _("Votre dossier est déposé."))
    return redirect("recognition:read_file", pk=pk)


@require_POST
def withdraw_file(request: Request, pk: int) -> HttpResponse:
    """Take a file back."""
    file = CHANGE_FILE.get_or_404(request.viewer, pk=pk)
    try:
        actions.withdraw(file, by=request.user)
    except ValidationError as error:
        messages.error(request, first(error))
        return redirect("recognition:read_file", pk=pk)
    messages.success(request, _("Votre dossier est retiré ; vos preuves restent à vous."))
    return redirect("recognition:my_file")


def _compose(request: Request, file: RecognitionFile, form: FileForm) -> None:
    periods = Period.objects.filter(pk__in=form.cleaned_data["periods"])
    actions.compose(
        file,
        periods=list(periods),
        positions=form.placed(),
        wished_form=form.cleaned_data["wished_form"],
        by=request.user,
    )


def _thread(request: Request, dossier: queries.Dossier) -> list[Step]:
    if not dossier.activities:
        return []
    return thread(request.viewer, dossier.activities[0].period.pk)


def _steps(file: RecognitionFile) -> list[Step]:
    """Say where a file is, in the order in which it goes."""
    order = ["draft", "submitted", "assessed", "decided"]
    labels = [_("Préparé"), _("Déposé"), _("Évalué"), _("Décidé par le jury")]
    if file.status == Status.WITHDRAWN:
        return [Step(labels[0], "done"), Step(_("Retiré"), "stop")]
    reached = order.index("draft" if file.status == Status.COMPLEMENT else file.status)
    is_decided = file.status == Status.DECIDED
    return [
        Step(
            label, "done" if rank < reached or is_decided else "now" if rank == reached else "next"
        )
        for rank, label in enumerate(labels)
    ]
