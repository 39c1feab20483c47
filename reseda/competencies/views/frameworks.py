"""The frameworks of the school, the tree of a version, and what happens to a version."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.competencies import queries
from reseda.competencies.actions import frameworks as actions
from reseda.competencies.actions.drafts import Unsound
from reseda.competencies.forms import FrameworkForm, sentence
from reseda.competencies.models import Framework, FrameworkVersion
from reseda.competencies.permissions import CREATE_FRAMEWORK, EDIT_VERSION, READ_VERSION
from reseda.people.http import Request

Text = str | Promise


@require_safe
def list_frameworks(request: Request) -> HttpResponse:
    """List the frameworks of the school with their versions."""
    if not request.viewer.roles & set(READ_VERSION.table):
        raise Http404
    context = {
        "frameworks": queries.frameworks(request.viewer),
        "may_create": CREATE_FRAMEWORK.rows(request.viewer).exists(),
    }
    return render(request, "competencies/frameworks.html", context)


@require_safe
def show_version(request: Request, pk: int) -> HttpResponse:
    """Show a version as a tree; whoever may write it finds the buttons of the draft."""
    version = READ_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    may_edit = EDIT_VERSION.allows(request.viewer, version)
    return _shown(request, version, may_edit=may_edit)


def _shown(
    request: Request,
    version: FrameworkVersion,
    *,
    may_edit: bool,
    faults: tuple[tuple[str, str], ...] = (),
) -> HttpResponse:
    versions = READ_VERSION.rows(request.viewer).filter(framework=version.framework_id)
    context = {
        "version": version,
        "framework": version.framework,
        "tree": queries.tree(version),
        "versions": versions.order_by("-number"),
        "may_edit": may_edit,
        "may_write": may_edit and version.is_draft,
        "has_draft": any(one.is_draft for one in versions),
        "is_school": version.framework.kind == Framework.Kind.SCHOOL,
        "faults": faults,
    }
    return render(request, "competencies/version.html", context, status=422 if faults else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def create_framework(request: Request) -> HttpResponse:
    """Create a framework with its first draft."""
    school = CREATE_FRAMEWORK.rows(request.viewer).order_by("pk").first()
    if school is None:
        raise Http404
    form = FrameworkForm(request.POST or None)
    if form.is_valid():
        try:
            version = actions.create_framework(school, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, str(_("Le brouillon est ouvert.")))
            return redirect("competencies:show_version", version.pk)
    context = {"form": form, "form_title": _("Créer un référentiel")}
    return render(request, "competencies/form.html", context, status=422 if form.is_bound else 200)


def _done(
    request: Request,
    pk: int,
    act: Callable[..., FrameworkVersion],
    done: Text,
) -> HttpResponse:
    """Do something to a version that the viewer may write, then show the version it gives."""
    version = EDIT_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    try:
        shown = act(version, by=request.user)
    except Unsound as error:
        told = tuple((fault.value, sentence(fault)) for fault in error.faults)
        return _shown(request, version, may_edit=True, faults=told)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        shown = version
    else:
        messages.success(request, str(done))
    return redirect("competencies:show_version", shown.pk)


@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Freeze a draft; what keeps it from being published is listed above the tree."""
    return _done(request, pk, actions.publish, _("La version est publiée : elle ne changera plus."))


@require_POST
def retire(request: Request, pk: int) -> HttpResponse:
    """Take a published version out of force."""
    return _done(request, pk, actions.retire, _("La version est retirée."))


@require_POST
def derive(request: Request, pk: int) -> HttpResponse:
    """Open a new draft that starts from this version."""
    return _done(request, pk, actions.derive, _("Un nouveau brouillon est ouvert."))
