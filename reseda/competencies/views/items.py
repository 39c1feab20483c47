"""The items of a draft: added, edited, removed, moved with plain buttons."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reseda.competencies.actions import items as actions
from reseda.competencies.domain.framework import UNDER
from reseda.competencies.forms import ItemForm
from reseda.competencies.models import FrameworkVersion, Item
from reseda.competencies.permissions import EDIT_ITEM, EDIT_VERSION
from reseda.people.http import Request


def _back(version_id: int, item: Item | None = None) -> str:
    """Return to the place in the tree where the viewer was."""
    url = reverse("competencies:show_version", args=[version_id])
    return f"{url}#e{item.pk}" if item else url


def _form(request: Request, form: ItemForm, version: FrameworkVersion, title: str) -> HttpResponse:
    context = {"form": form, "form_title": title, "version": version}
    return render(request, "competencies/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: Request, pk: int) -> HttpResponse:
    """Add an item of the kind and under the parent that the address names."""
    version = EDIT_VERSION.get_or_404(request.viewer, "framework", pk=pk)
    key = request.GET.get("sous", "")
    parent = version.items.filter(pk=int(key)).first() if key.isdecimal() else None
    kind = request.GET.get("nature", "")
    if kind not in UNDER.get(parent.kind if parent else "", ()) or (key and parent is None):
        raise Http404
    form = ItemForm(request.POST or None)
    if form.is_valid():
        try:
            item = actions.add_item(
                version, kind=kind, parent=parent, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(_back(version.pk, item))
    title = _("Ajouter : %(kind)s") % {"kind": Item.Kind(kind).label}
    return _form(request, form, version, title)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: Request, pk: int) -> HttpResponse:
    """Change the code and the wordings of an item."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version__framework", pk=pk)
    form = ItemForm(request.POST or None, instance=item)
    if form.is_valid():
        try:
            item = actions.edit_item(item, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(_back(item.version_id, item))
    title = _("Modifier %(code)s") % {"code": item.code}
    return _form(request, form, item.version, title)


@require_POST
def delete_item(request: Request, pk: int) -> HttpResponse:
    """Remove an item with what is under it."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version", "parent", pk=pk)
    try:
        count = actions.delete_item(item, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = ngettext("%(n)d élément retiré.", "%(n)d éléments retirés.", count)
        messages.success(request, text % {"n": count})
    return redirect(_back(item.version_id, item.parent))


@require_POST
def move_item(request: Request, pk: int, way: str) -> HttpResponse:
    """Move an item one place up or down."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version", pk=pk)
    try:
        actions.move_item(item, is_up=way == "monter", by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(_back(item.version_id, item))
