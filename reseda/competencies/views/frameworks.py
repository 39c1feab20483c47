"""The frameworks of the school, and a version read: as a text, as a tree, as a list."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from reseda.competencies import queries
from reseda.competencies.actions import frameworks as actions
from reseda.competencies.domain.framework import ENOUGH_INDICATORS, UNDER
from reseda.competencies.forms import FrameworkForm
from reseda.competencies.models import Framework, FrameworkVersion, Item
from reseda.competencies.permissions import (
    CREATE_FRAMEWORK,
    EDIT_VERSION,
    READ_VERSION,
)
from reseda.competencies.queries import branches
from reseda.competencies.queries.frameworks import Node
from reseda.people.http import Request
from reseda.ui.http import Column, Filter, Listing, Sort

# Up to how many items a version is offered as a text; beyond, the tree is its first page.
READABLE = 600
PARTS_A_PAGE, LINES_A_PAGE = 12, 200


@require_safe
def list_frameworks(request: Request) -> HttpResponse:
    """List the frameworks of the school, each with the version that one reads first."""
    if not request.viewer.roles & set(READ_VERSION.table):
        raise Http404
    found = queries.frameworks(request.viewer)
    listing = Listing(
        request,
        found,
        search=("title", "title_en"),
        filters=(
            Filter(
                "nature",
                _("Nature"),
                {
                    "ecole": (_("De l’école"), Q(kind=Framework.Kind.SCHOOL)),
                    "reserve": (_("De la réserve"), Q(kind=Framework.Kind.RESERVE)),
                },
            ),
            Filter("etat", _("État"), _states(request)),
        ),
        sorts=(
            Sort("titre", pgettext_lazy("framework", "Titre"), "title"),
            Sort("date", _("Date"), "-changed_at"),
            Sort("taille", _("Nombre d’éléments"), "-size"),
        ),
        columns=(
            Column(pgettext_lazy("framework", "Titre"), lambda one: one.title),
            Column(_("Titre en anglais"), lambda one: one.title_en),
            Column(_("Nature"), lambda one: one.get_kind_display()),
            Column(_("Version"), lambda one: one.shown_number),
            Column(_("État"), lambda one: queries.status_label(one.shown_status)),
            Column(_("Date"), lambda one: one.changed_at.date()),
            Column(_("Compétences"), lambda one: one.competencies),
            Column(_("Éléments"), lambda one: one.size),
        ),
        name="referentiels",
    )
    if listing.export is not None:
        return listing.export
    context = {
        "listing": listing,
        "may_create": CREATE_FRAMEWORK.rows(request.viewer).exists(),
    }
    return render(request, "competencies/frameworks.html", context)


def _states(request: Request) -> dict[str, tuple[Any, Q]]:
    seen = READ_VERSION.rows(request.viewer)
    return {
        word: (label, Q(versions__in=seen.filter(status=status)))
        for word, status, label in (
            ("publie", "published", _("Publié")),
            ("brouillon", "draft", _("Avec un brouillon")),
            ("retire", "retired", _("Avec des versions retirées")),
        )
    }


def frame(request: Request, version: FrameworkVersion, tab: str) -> dict[str, Any]:
    """Return what every page of a version shows: its state, what one may do, where one is."""
    versions = READ_VERSION.rows(request.viewer).filter(framework=version.framework_id)
    found = list(versions.order_by("-number"))
    may_edit = EDIT_VERSION.allows(request.viewer, version)
    return {
        "version": version,
        "framework": version.framework,
        "versions": found,
        "tab": tab,
        "may_edit": may_edit,
        "may_write": may_edit and version.is_draft,
        "has_draft": any(one.is_draft for one in found),
        "is_school": version.framework.kind == Framework.Kind.SCHOOL,
    }


@require_safe
def show_version(request: Request, pk: int) -> HttpResponse:
    """Show a version, as a text for its readers, as a tree for those who write it."""
    version = READ_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    return shown(request, version)


def shown(
    request: Request, version: FrameworkVersion, *, faults: tuple[tuple[str, str], ...] = ()
) -> HttpResponse:
    """Draw a version, above it what keeps it from being published."""
    nodes = queries.tree(version)
    held = branches.summary(nodes)
    context = frame(request, version, "")
    is_readable = held.size <= READABLE
    asked = request.GET.get("vue", "")
    is_tree = not is_readable or asked == "arbre" or (asked != "lecture" and context["may_write"])
    context |= {
        "held": held,
        "enough": ENOUGH_INDICATORS,
        "faults": faults,
        "is_readable": is_readable,
        "tab": "tree" if is_tree else "read",
        "top_kinds": [(kind, Item.Kind(kind).label) for kind in UNDER[""]],
    }
    draw, name = (_tree, "tree") if is_tree else (_reading, "reading")
    context |= draw(request, version, nodes)
    status = 422 if faults else 200
    return render(request, f"competencies/{name}.html", context, status=status)


def _tree(request: Request, version: FrameworkVersion, nodes: tuple[Node, ...]) -> dict[str, Any]:
    """Page the top of the tree; `voir` names an item that is to be visible, `sous` a branch."""
    word = request.GET.get("voir", "")
    shown_key = int(word) if word.isdecimal() else None
    word = request.GET.get("sous", "")
    root = branches.found(nodes, int(word)) if word.isdecimal() else None
    tops = root.children if root else nodes
    page = _page(request, tops, LINES_A_PAGE, shown_key)
    return {
        "branches": branches.branches(page.object_list, shown=shown_key),
        "page": page,
        "root": root,
    }


def _page(request: Request, tops: tuple[Node, ...], size: int, key: int | None) -> Any:
    paginator = Paginator(tops, size)
    if key is not None and "page" not in request.GET:
        for rank, top in enumerate(tops):
            if branches.found((top,), key):
                return paginator.get_page(rank // size + 1)
    return paginator.get_page(request.GET.get("page"))


def _reading(
    request: Request, version: FrameworkVersion, nodes: tuple[Node, ...]
) -> dict[str, Any]:
    develops, developed_by = branches.developing(version, nodes)
    return {
        "page": Paginator(nodes, PARTS_A_PAGE).get_page(request.GET.get("page")),
        "develops": develops,
        "developed_by": developed_by,
        "about": queries.known_about(version),
        "terms": queries.terms(version),
    }


@require_safe
def show_branch(request: Request, pk: int) -> HttpResponse:
    """Give one line of the tree with those under it, for the script that unfolds and edits."""
    item = get_object_or_404(
        Item.objects.filter(version__in=READ_VERSION.rows(request.viewer)).select_related(
            "version__framework"
        ),
        pk=pk,
    )
    node = branches.found(queries.tree(item.version), item.pk)
    if node is None:
        raise Http404
    context = {
        "branch": branches.branch(node),
        "version": item.version,
        "enough": ENOUGH_INDICATORS,
        "may_write": item.version.is_draft and EDIT_VERSION.allows(request.viewer, item.version),
    }
    return render(request, "competencies/branch.html", context)


@require_safe
def list_items(request: Request, pk: int) -> HttpResponse:
    """List the items of a version: searched, filtered by kind and by what they lack."""
    version = READ_VERSION.get_or_404(request.viewer, "framework__school", pk=pk)
    nodes = queries.tree(version)
    lacking = {
        "anglais": (_("Sans libellé anglais"), Q(statement_en="")),
        "indicateurs": (
            _("Compétences avec moins de trois indicateurs"),
            Q(pk__in=branches.few(nodes)),
        ),
    }
    kinds = {
        kind: (Item.Kind(kind).label.capitalize(), Q(kind=kind))
        for kind, _name, _count in branches.summary(nodes).counts
    }
    listing = Listing(
        request,
        version.items.select_related("parent"),
        search=("code", "statement", "statement_en"),
        filters=(Filter("nature", _("Nature"), kinds), Filter("manque", _("À compléter"), lacking)),
        sorts=(
            Sort("code", _("Code"), "code"),
            Sort("nature", _("Nature"), "kind"),
            Sort("libelle", _("Libellé"), "statement"),
        ),
        columns=(
            Column(_("Code"), lambda one: one.code),
            Column(_("Code parent"), lambda one: one.parent.code if one.parent else ""),
            Column(_("Nature"), lambda one: one.get_kind_display()),
            Column(_("Libellé français"), lambda one: one.statement),
            Column(_("Libellé anglais"), lambda one: one.statement_en),
            Column(_("Crédits ECTS"), lambda one: one.credits),
            Column(_("Identifiant"), lambda one: str(one.identifier)),
        ),
        name=f"elements-{version.framework_id}-v{version.number}",
    )
    if listing.export is not None:
        return listing.export
    context = {**frame(request, version, "items"), "listing": listing}
    return render(request, "competencies/items.html", context)


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
            form.add_error(None, error)
        else:
            messages.success(request, str(_("Le brouillon est ouvert.")))
            return redirect("competencies:show_version", version.pk)
    context = {"form": form, "form_title": _("Créer un référentiel")}
    return render(request, "competencies/form.html", context, status=422 if form.is_bound else 200)
