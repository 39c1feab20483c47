"""The items of a draft, one gesture at a time: plain forms and buttons, or the script of the tree.

The script asks for JSON: the key of the item, its parent, its place among its siblings, what to say
aloud, and what takes the gesture back.
"""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from reseda.competencies import queries
from reseda.competencies.actions import branches
from reseda.competencies.actions import items as actions
from reseda.competencies.domain import codes, outline
from reseda.competencies.domain.framework import UNDER
from reseda.competencies.domain.outline import Outline, Place
from reseda.competencies.forms import ItemForm, PlaceForm
from reseda.competencies.models import FrameworkVersion, Item, Removal
from reseda.competencies.permissions import EDIT_ITEM, EDIT_VERSION
from reseda.people.http import Request

WAYS = {
    "monter": outline.UP,
    "descendre": outline.DOWN,
    "entrer": outline.IN,
    "sortir": outline.OUT,
}
ENDS = {
    outline.UP: gettext_lazy("Cet élément est déjà le premier."),
    outline.DOWN: gettext_lazy("Cet élément est déjà le dernier."),
    outline.IN: gettext_lazy("Rien au-dessus ne peut le contenir."),
    outline.OUT: gettext_lazy("Il ne peut pas se placer plus haut dans l’arbre."),
}


def back(version_id: int, key: int | None = None) -> str:
    """Return to the place in the tree where the viewer was."""
    url = reverse("competencies:show_version", args=[version_id])
    return f"{url}?vue=arbre&voir={key}#e{key}" if key else f"{url}?vue=arbre"


def _is_scripted(request: Request) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _done(request: Request, item: Item, said: str, *, undo: str = "", **facts: Any) -> HttpResponse:
    """Answer a gesture: the place of the item and what to say, or the tree with a message."""
    url = back(item.version_id, item.pk)
    if not _is_scripted(request):
        messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
        return redirect(url)
    siblings = Item.objects.filter(version=item.version_id, parent=item.parent_id)
    keys = list(siblings.order_by("rank", "pk").values_list("pk", flat=True))
    position = keys.index(item.pk) if item.pk in keys else -1
    place = {"key": item.pk, "parent": item.parent_id, "position": position, "url": url}
    return JsonResponse({**place, "said": said, "undo": undo, **facts})


def _refused(request: Request, error: ValidationError, version_id: int, key: int) -> HttpResponse:
    said = " ".join(error.messages)
    if _is_scripted(request):
        return JsonResponse({"said": said}, status=422)
    messages.error(request, said)
    return redirect(back(version_id, key))


def _faulted(form: ItemForm, error: ValidationError) -> None:
    """Show a refusal beside its field, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error.messages)
        return
    for name, faults in error.error_dict.items():
        form.add_error(name if name in form.fields else None, faults)


@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: Request, pk: int) -> HttpResponse:
    """Add an item under a parent or after a sibling, of a kind that may stand there."""
    version = EDIT_VERSION.get_or_404(request.viewer, "framework", pk=pk)
    after = _named(version, request.GET.get("apres", ""))
    parent = after.parent if after else _named(version, request.GET.get("sous", ""))
    kinds = UNDER[parent.kind if parent else ""]
    kind = request.GET.get("nature", "") or (after.kind if after else "")
    if not kinds or (request.GET.get("nature") and kind not in kinds):
        raise Http404
    asked = (kind,) if request.GET.get("nature") else _first(kinds, kind)
    free = _codes(version, parent, asked)
    form = ItemForm(request.POST or None, kinds=asked, codes=free, initial={"code": free[asked[0]]})
    if form.is_valid():
        try:
            item = actions.add_item(
                version, parent=parent, after=after, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            _faulted(form, error)
        else:
            return _done(request, item, _("%(code)s est ajouté.") % {"code": item.code})
    label = str(Item.Kind(kind).label) if len(asked) == 1 else ""
    title = _("Ajouter : %(kind)s") % {"kind": label} if label else _("Ajouter un élément")
    if parent:
        title = f"{title} · {parent.code}"
    context = {"form": form, "form_title": title, "version": version, "parent": parent}
    return _form(request, context)


def _named(version: FrameworkVersion, key: str) -> Item | None:
    if not key:
        return None
    if not key.isdecimal():
        raise Http404
    return get_object_or_404(version.items.select_related("parent"), pk=int(key))


def _first(kinds: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Put a kind before the others."""
    return (kind, *(one for one in kinds if one != kind)) if kind in kinds else kinds


def _codes(
    version: FrameworkVersion, parent: Item | None, kinds: tuple[str, ...]
) -> dict[str, str]:
    """Suggest a free code for each kind, after those that stand there already (two queries)."""
    taken = set(version.items.values_list("code", flat=True))
    found = version.items.filter(parent=parent).order_by("rank", "pk").values_list("kind", "code")
    siblings: dict[str, list[str]] = {}
    for kind, code in found:
        siblings.setdefault(kind, []).append(code)
    above = parent.code if parent else ""
    return {kind: codes.suggested(kind, above, siblings.get(kind, []), taken) for kind in kinds}


def _form(request: Request, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].is_bound else 200
    return render(request, "competencies/item.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: Request, pk: int) -> HttpResponse:
    """Change what an item says, and do with it all that the tree allows."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version__framework", "parent", pk=pk)
    tree = queries.outline_of(item.version)
    kinds = _first(outline.kinds_for(tree, item.pk) or (item.kind,), item.kind)
    form = ItemForm(request.POST or None, instance=item, kinds=kinds)
    if form.is_valid():
        try:
            item = actions.edit_item(item, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _faulted(form, error)
        else:
            return _done(request, item, _("%(code)s est modifié.") % {"code": item.code})
    title = _("Modifier %(code)s") % {"code": item.code if not form.is_bound else ""}
    context = {"form": form, "form_title": title.strip(), "version": item.version, "item": item}
    return _form(request, {**context, **_gestures(tree, item)})


def _gestures(tree: Outline, item: Item) -> dict[str, Any]:
    """Say what may be done to an item where it stands."""
    labels = dict(Item.Kind.choices)
    parent = tree.parents[item.pk]
    around = "" if parent is None else tree.kinds[parent]
    return {
        "is_draft": item.version.is_draft,
        "size": len(list(tree.branch(item.pk))),
        "ways": {
            word: outline.target(tree, item.pk, way) is not None for word, way in WAYS.items()
        },
        "under": [(kind, labels[kind]) for kind in UNDER[tree.kinds[item.pk]]],
        "beside": [(kind, labels[kind]) for kind in _first(UNDER[around], tree.kinds[item.pk])],
        "links": item.links.select_related("destination").order_by("pk"),
        "linked_from": item.linked_from.select_related("origin").order_by("pk"),
    }


@require_POST
def move_item(request: Request, pk: int, way: str) -> HttpResponse:
    """Move an item one step: up, down, under the one before, out of the one that holds it."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version", pk=pk)
    try:
        was = branches.move_item(item, way=WAYS[way], by=request.user)
    except ValidationError as error:
        return _refused(request, error, item.version_id, item.pk)
    if was is None:
        return _refused(request, ValidationError(ENDS[WAYS[way]]), item.version_id, item.pk)
    return _done(request, item, _place_said(item), undo=_return(item, was), is_move=True)


def _return(item: Item, was: Place) -> str:
    words = {"sous": was.parent or "", "rang": was.position}
    return f"{reverse('competencies:place_item', args=[item.pk])}?{urlencode(words)}"


def _place_said(item: Item) -> str:
    siblings = Item.objects.filter(version=item.version_id, parent=item.parent_id)
    facts = {"code": item.code, "place": item.rank, "count": siblings.count()}
    if item.parent is None:
        return _("%(code)s est à la place %(place)d sur %(count)d, au sommet.") % facts
    facts["parent"] = item.parent.code
    return _("%(code)s est à la place %(place)d sur %(count)d sous %(parent)s.") % facts


@require_http_methods(["GET", "HEAD", "POST"])
def place_item(request: Request, pk: int) -> HttpResponse:
    """Choose, among the places allowed, under which item this one goes."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version__framework", "parent", pk=pk)
    if "rang" in request.GET and request.method == "POST":
        return _placed(request, item, request.GET.get("sous", ""), request.GET["rang"])
    form = PlaceForm(
        request.POST or None,
        places=_places(item),
        initial={"under": str(item.parent_id or "sommet")},
    )
    if form.is_valid():
        under = form.cleaned_data["under"].removeprefix("sommet")
        return _placed(request, item, under, "32000")
    context = {
        "form": form,
        "form_title": _("Déplacer %(code)s") % {"code": item.code},
        "version": item.version,
        "item": item,
    }
    status = 422 if form.is_bound else 200
    return render(request, "competencies/place.html", context, status=status)


def _places(item: Item) -> list[tuple[str, str | Promise]]:
    """Name the allowed places, each with how deep it stands."""
    tree = queries.outline_of(item.version)
    found = item.version.items.in_bulk()
    return [
        ("sommet", _("Au sommet du référentiel"))
        if key is None
        else (str(key), f"{'—' * (len(tree.path(key)) - 1)} {str(found[key])[:90]}".strip())
        for key in outline.allowed(tree, item.pk)
    ]


def _placed(request: Request, item: Item, under: str, rank: str) -> HttpResponse:
    if not (rank.isdecimal() and (under.isdecimal() or not under)):
        raise Http404
    place = Place(int(under) if under else None, int(rank))
    try:
        was = branches.place_item(item, place=place, by=request.user)
    except ValidationError as error:
        return _refused(request, error, item.version_id, item.pk)
    return _done(request, item, _place_said(item), undo=_return(item, was), is_move=True)


@require_POST
def duplicate_item(request: Request, pk: int) -> HttpResponse:
    """Copy an item and what it holds right after it."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version", pk=pk)
    try:
        copy = branches.duplicate_item(item, by=request.user)
    except ValidationError as error:
        return _refused(request, error, item.version_id, item.pk)
    undo = reverse("competencies:delete_item", args=[copy.pk])
    said = _("%(code)s est copié : %(copy)s.") % {"code": item.code, "copy": copy.code}
    return _done(request, copy, said, undo=undo)


@require_POST
def delete_item(request: Request, pk: int) -> HttpResponse:
    """Remove an item with what is under it; the message puts it back."""
    item = EDIT_ITEM.get_or_404(request.viewer, "version", "parent", pk=pk)
    try:
        removal = branches.delete_item(item, by=request.user)
    except ValidationError as error:
        return _refused(request, error, item.version_id, item.pk)
    count = len(removal.content["items"])
    said = ngettext("%(n)d élément retiré.", "%(n)d éléments retirés.", count) % {"n": count}
    undo = reverse("competencies:restore", args=[removal.pk])
    if _is_scripted(request):
        told = {"removed": item.pk, "parent": item.parent_id, "said": said, "undo": undo}
        return JsonResponse(told)
    messages.success(request, said, extra_tags=f"undo:{undo}")
    return redirect(back(item.version_id, item.parent_id))


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Put back what was taken out of a draft, exactly as it was."""
    removal = get_object_or_404(
        Removal.objects.filter(version__in=EDIT_VERSION.rows(request.viewer)).select_related(
            "version__framework"
        ),
        pk=pk,
    )
    try:
        item = branches.restore(removal, by=request.user)
    except ValidationError as error:
        return _refused(request, error, removal.version_id, 0)
    return _done(request, item, _("%(code)s est remis.") % {"code": item.code})
