"""The versions of a framework: opened, published, retired, compared, deleted, drawn from."""

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
from reseda.competencies.domain.difference import Changed, difference, words
from reseda.competencies.forms import COLUMNS, FrameworkForm, TitleForm, sentence
from reseda.competencies.models import FrameworkVersion, Item
from reseda.competencies.permissions import EDIT_VERSION, READ_VERSION
from reseda.competencies.views.frameworks import frame, shown
from reseda.people.http import Request

Text = str | Promise
WORDED = {"statement", "statement_en"}


def _done(
    request: Request, pk: int, act: Callable[..., FrameworkVersion], done: Text
) -> HttpResponse:
    """Do something to a version that the viewer may write, then show the version it gives."""
    version = EDIT_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    try:
        given = act(version, by=request.user)
    except Unsound as error:
        told = tuple((fault.value, sentence(fault)) for fault in error.faults)
        return shown(request, version, faults=told)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        given = version
    else:
        messages.success(request, str(done))
    return redirect("competencies:show_version", given.pk)


@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    """Freeze a draft; what keeps it from being published is listed above the tree."""
    return _done(
        request,
        pk,
        actions.publish,
        _("La version est publiée : elle ne changera plus, et chacun peut la lire par CASE."),
    )


@require_POST
def retire(request: Request, pk: int) -> HttpResponse:
    """Take a published version out of force."""
    return _done(request, pk, actions.retire, _("La version est retirée."))


@require_POST
def derive(request: Request, pk: int) -> HttpResponse:
    """Open a new draft that starts from this version."""
    return _done(request, pk, actions.derive, _("Un nouveau brouillon est ouvert."))


@require_safe
def list_versions(request: Request, pk: int) -> HttpResponse:
    """List the versions of a framework that the viewer may read, with dates and sizes."""
    version = READ_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    context = frame(request, version, "versions")
    context["rows"] = queries.versions(request.viewer, version.framework_id)
    return render(request, "competencies/versions.html", context)


@require_safe
def compare(request: Request, pk: int) -> HttpResponse:
    """Show what changed to this version from another one of the same framework."""
    version = READ_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    word = request.GET.get("depuis", "")
    if not word.isdecimal():
        raise Http404
    other = READ_VERSION.get_or_404(
        request.viewer, "framework__school", framework=version.framework_id, pk=int(word)
    )
    found = difference(queries.known(other), queries.known(version))
    context = {
        **frame(request, version, "versions"),
        "other": other,
        "difference": found,
        "changed": [(one, list(_told(one))) for one in found.changed],
    }
    return render(request, "competencies/difference.html", context)


def _told(one: Changed) -> list[tuple[Text, list[tuple[str, str]]]]:
    """Say each field that differs, word by word where it is a wording."""
    found: list[tuple[Text, list[tuple[str, str]]]] = []
    for name in one.fields:
        was, now = _value(name, getattr(one.was, name)), _value(name, getattr(one.now, name))
        pair = [(tag, text) for tag, text in (("del", was), ("ins", now)) if text]
        found.append((COLUMNS.get(name, name), words(was, now) if name in WORDED else pair))
    return found


def _value(name: str, value: object) -> str:
    if name == "kind":
        return str(Item.Kind(str(value)).label)
    return "" if value is None else str(value)


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: Request, pk: int) -> HttpResponse:
    """Change the title of the framework of a version."""
    version = EDIT_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    form = TitleForm(request.POST or None, instance=version.framework)
    if form.is_valid():
        try:
            actions.rename(version.framework, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, str(_("Le titre est changé.")))
            return redirect("competencies:show_version", version.pk)
        version.framework.refresh_from_db()
    context = {"form": form, "form_title": _("Changer le titre"), "version": version}
    return render(request, "competencies/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_draft(request: Request, pk: int) -> HttpResponse:
    """Delete a draft, after saying what goes with it."""
    version = EDIT_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    if not version.is_draft:
        raise Http404
    others = READ_VERSION.rows(request.viewer).filter(framework=version.framework_id)
    last = others.exclude(pk=version.pk).order_by("-number").first()
    if request.method != "POST":
        context = {**frame(request, version, ""), "size": version.items.count(), "last": last}
        return render(request, "competencies/delete_draft.html", context)
    try:
        actions.delete_draft(version, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("competencies:show_version", version.pk)
    messages.success(request, str(_("Le brouillon est supprimé.")))
    if last is None:
        return redirect("competencies:list_frameworks")
    return redirect("competencies:list_versions", last.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def derive_framework(request: Request, pk: int) -> HttpResponse:
    """Open another framework that starts from this version, its items linked to those here."""
    version = EDIT_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    if version.is_draft:
        raise Http404
    form = FrameworkForm(request.POST or None, initial={"kind": version.framework.kind})
    if form.is_valid():
        try:
            opened = actions.derive_framework(version, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            done = _("Le nouveau référentiel est ouvert : adaptez-le, puis publiez-le.")
            messages.success(request, str(done))
            return redirect("competencies:show_version", opened.pk)
    context = {
        "form": form,
        "form_title": _("Tirer un autre référentiel de celui-ci"),
        "form_lead": _(
            "Le brouillon dira la même chose ; chaque élément gardera le lien vers celui d’où il "
            "vient."
        ),
        "version": version,
    }
    return render(request, "competencies/form.html", context, status=422 if form.is_bound else 200)
