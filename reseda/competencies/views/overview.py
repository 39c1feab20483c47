"""A version of a crosswalk in one page: how far, by whom, how well, and what to take away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from reseda.competencies.actions import suggestions
from reseda.competencies.models import CrosswalkVersion
from reseda.competencies.permissions import EDIT_CROSSWALK, READ_CROSSWALK, REVIEW_CROSSWALK
from reseda.competencies.queries import case_crosswalks, crosswalks
from reseda.competencies.queries.crosswalks import exports, overview, screens
from reseda.competencies.views.coverage import tiles
from reseda.competencies.views.crosswalks import RELATED, agreement_context, context_of
from reseda.people.http import Request
from reseda.ui.domain.parts import Text
from reseda.ui.http.sheets import sheet

TSV = "sssom.tsv"
FILES: tuple[tuple[str, Text, str], ...] = (
    ("XLSX", gettext_lazy("tableau de tous les couples"), "xlsx"),
    ("CSV", gettext_lazy("le même, en texte"), "csv"),
    ("SSSOM", gettext_lazy("TSV, pour les outils qui échangent des correspondances"), TSV),
)
Left = tuple[str, str, str, str]


@require_safe
def show_crosswalk(request: Request, pk: int) -> HttpResponse:
    """Show where a version stands, what is left to do, and what one may take away."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    context = context_of(request, version, "overview")
    versions = READ_CROSSWALK.rows(request.viewer).filter(crosswalk=version.crosswalk_id)
    context["versions"] = list(versions.order_by("-number"))
    context["has_draft"] = any(one.is_draft for one in context["versions"])
    found = crosswalks.coverage(version)
    context["coverage_parts"] = overview.coverage_parts(found)
    context["tiles"] = tiles(version, found)
    is_served = overview.is_served(version)
    context["downloads"] = _downloads(version, is_served=is_served)
    context["address"] = case_crosswalks.address(version.crosswalk) if is_served else ""
    if context["is_reviewer"]:
        context |= _of_reviewers(request, version, context)
    return render(request, "competencies/crosswalk.html", context)


def _of_reviewers(
    request: Request, version: CrosswalkVersion, context: dict[str, Any]
) -> dict[str, Any]:
    left = overview.waiting(version)
    return {
        "progress": overview.progress_of(version, context["eyes"]),
        "left": _left(version, left),
        "is_publishable": left["decided"] and not left["conflict"] and not left["proposed"],
        "reviewers": _reviewers(request, version, may_know=context["may_edit"]),
        "suggestion_count": screens.suggestion_count(version),
        **agreement_context(version),
    }


def _left(version: CrosswalkVersion, counts: dict[str, int]) -> list[Left]:
    """Say what stands between a draft and its publication; undecided pairs may stay so."""
    found: list[Left] = []
    if not any(counts.values()):
        url = reverse("competencies:show_matrix", args=[version.pk])
        said = _("Aucun couple n’est décidé : commencez par les pistes.")
        return [("wait", "circle-dashed", said, url)]
    if counts["conflict"]:
        said = ngettext(
            "%(n)d couple a des avis opposés : tranchez-le.",
            "%(n)d couples ont des avis opposés : tranchez-les.",
            counts["conflict"],
        )
        url = reverse("competencies:list_conflicts", args=[version.pk])
        found.append(("stop", "triangle-alert", said % {"n": counts["conflict"]}, url))
    if counts["proposed"]:
        said = ngettext(
            "%(n)d couple attend son second avis.",
            "%(n)d couples attendent leur second avis.",
            counts["proposed"],
        )
        url = reverse("competencies:show_matrix", args=[version.pk]) + "?etat=a-moi"
        found.append(("wait", "hourglass", said % {"n": counts["proposed"]}, url))
    pairs = crosswalks.progress(version)
    if pairs.undecided:
        said = ngettext(
            "%(n)d couple n’a été examiné par personne : il peut le rester.",
            "%(n)d couples n’ont été examinés par personne : ils peuvent le rester.",
            pairs.undecided,
        )
        found.append(("quiet", "circle-dashed", said % {"n": pairs.undecided}, ""))
    return found


def _reviewers(
    request: Request, version: CrosswalkVersion, *, may_know: bool
) -> list[dict[str, Any]]:
    """Return who judged: other names and moments are for whoever runs the crosswalk alone."""
    found = []
    for rank, one in enumerate(crosswalks.reviewers(version), start=1):
        is_me = one.person.pk == request.viewer.person.pk
        is_known = may_know or is_me
        # How much the others did is a trace of what they did.
        if not is_known and version.is_draft and version.is_blind:
            continue
        numbered = _("relecteur %(n)d") % {"n": rank}
        found.append(
            {
                "name": str(one.person) if is_known else capfirst(numbered),
                "is_me": is_me,
                "count": one.given,
                "last_at": one.last_at if is_known else None,
            }
        )
    return found


# --- Suggestions


@require_POST
def ask_suggestions(request: Request, pk: int) -> HttpResponse:
    """Ask for suggestions: they are computed apart, the card shows how far."""
    version = REVIEW_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    try:
        suggestions.ask(version, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("competencies:show_crosswalk", version.pk)


@require_safe
def suggestions_state(request: Request, pk: int) -> HttpResponse:
    """Show how far the computation of suggestions is: the card alone."""
    version = REVIEW_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    if not request.htmx:
        return redirect("competencies:show_crosswalk", version.pk)
    context = context_of(request, version, "overview")
    context["suggestion_count"] = screens.suggestion_count(version)
    return render(request, "competencies/crosswalk_suggesting.html", context)


# --- Taken away


def _downloads(version: CrosswalkVersion, *, is_served: bool) -> list[tuple[str, Text, str]]:
    """Name the files of a version: name, what for, address."""
    files = [
        (name, said, reverse("competencies:export_crosswalk", args=[version.pk, kind]))
        for name, said, kind in FILES
    ]
    return files + (_served(version) if is_served else [])


def _served(version: CrosswalkVersion) -> list[tuple[str, Text, str]]:
    """Name what programs read by CASE: the version in force, in its two profiles."""
    address = reverse("competencies:case_show_package", args=[version.crosswalk.identifier])
    return [
        ("CASE 1.1", _("relations de la norme seules"), address),
        (
            _("CASE 1.1 étendu"),
            _("partielle et complémentaire distinguées"),
            f"{address}?profile=ext",
        ),
    ]


@require_safe
def export_crosswalk(request: Request, pk: int, kind: str) -> HttpResponse:
    """Give the pairs of a version as a file; of a draft, to whoever runs it alone."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    if version.is_draft and not EDIT_CROSSWALK.allows(request.viewer, version):
        raise Http404
    name = f"correspondance-{version.crosswalk_id}-v{version.number}"
    # Who judged, and how, is for those who judge: the same as on the pages.
    is_reviewer = REVIEW_CROSSWALK.allows(request.viewer, version)
    if kind == TSV:
        return _as_tsv(exports.as_sssom(version, has_reviewers=is_reviewer), name)
    return sheet(name, kind, *exports.table(version, has_reviewers=is_reviewer))


def _as_tsv(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/tab-separated-values; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.sssom.tsv"'
    response["Cache-Control"] = "private, no-store"
    return response
