"""Crosswalks: their list, how one is opened and settled, what happens to a version."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.competencies.actions import crosswalks as actions
from reseda.competencies.forms.crosswalks import (
    CrosswalkForm,
    DeriveForm,
    SettingsForm,
    settings_of,
)
from reseda.competencies.models import CrosswalkVersion, FrameworkVersion
from reseda.competencies.permissions import (
    CREATE_CROSSWALK,
    EDIT_CROSSWALK,
    READ_CROSSWALK,
    READ_VERSION,
    REVIEW_CROSSWALK,
)
from reseda.competencies.queries import crosswalks
from reseda.competencies.queries.crosswalks import overview, screens
from reseda.competencies.queries.crosswalks.measures import CAUTIONS
from reseda.people.http import Request
from reseda.ui.http import Column, Filter, Listing, Sort

RELATED = ("crosswalk", "source__framework", "target__framework")


def context_of(request: Request, version: CrosswalkVersion, tab: str) -> dict[str, Any]:
    """What every page of a version shows: its tabs, and what this viewer may do with it."""
    may_edit = EDIT_CROSSWALK.allows(request.viewer, version)
    may_review = REVIEW_CROSSWALK.allows(request.viewer, version)
    is_reviewer = may_edit or may_review
    context: dict[str, Any] = {
        "version": version,
        "tab": tab,
        "may_edit": may_edit,
        "may_review": may_review,
        "may_judge": may_review and version.is_draft,
        "may_suggest": is_reviewer and version.is_draft,
        "is_reviewer": is_reviewer,
        "is_frozen": not version.is_draft,
    }
    context["eyes"] = screens.Eyes(request.viewer, is_reviewer)
    context["conflict_count"] = overview.conflict_count(version) if is_reviewer else 0
    return context


def agreement_context(version: CrosswalkVersion) -> dict[str, Any]:
    """What a page shows of the agreement of reviewers: figures, band in words, cautions."""
    found = crosswalks.agreement_of(version)
    figures = {"kappa": found.kappa, "kappa_low": found.low, "kappa_high": found.high}
    return {
        "agreement": found,
        **{name: _figure(value) for name, value in figures.items()},
        "kappa_words": capfirst(str(crosswalks.summary(found))),
        "observed": round(100 * found.observed) if found.observed is not None else 0,
        "cautions": [CAUTIONS[code] for code in found.cautions],
        "scale": overview.scale(found),
    }


def _figure(value: float | None) -> str:
    return "" if value is None else number_format(value, 2)


@require_safe
def list_crosswalks(request: Request) -> HttpResponse:
    """List the versions of crosswalks that this viewer may read."""
    if not request.viewer.roles & set(READ_CROSSWALK.table):
        raise Http404
    listing = _listing(request)
    if listing.export:
        return listing.export
    may_create = CREATE_CROSSWALK.rows(request.viewer).exists()
    context = {
        "listing": listing,
        "rows": listing.page.object_list,
        "may_create": may_create,
        "is_ready": may_create and overview.has_two_frameworks(request.viewer),
    }
    return render(request, "competencies/crosswalk_list.html", context)


def _listing(request: Request) -> Listing[CrosswalkVersion]:
    decided = Count("mappings", filter=Q(mappings__state__in=("agreed", "settled")))
    rows: QuerySet[CrosswalkVersion] = READ_CROSSWALK.rows(request.viewer)
    rows = rows.select_related(*RELATED).annotate(decided=decided)
    statuses = {
        "relecture": (_("En cours de relecture"), Q(status="draft")),
        "publiees": (_("Publiées"), Q(status="published")),
        "retirees": (_("Retirées"), Q(status="retired")),
    }
    return Listing(
        request,
        rows,
        search=["crosswalk__title", "crosswalk__title_en", "source__framework__title"],
        filters=[Filter("etat", _("État"), statuses)],
        sorts=[
            Sort("titre", pgettext_lazy("framework", "Titre"), "crosswalk__title"),
            Sort("date", _("Date"), "-created_at"),
        ],
        columns=[
            Column(_("Correspondance"), lambda row: str(row.crosswalk)),
            Column(_("Version"), lambda row: row.number),
            Column(_("État"), lambda row: row.get_status_display()),
            Column(_("Origine"), lambda row: str(row.source)),
            Column(_("Arrivée"), lambda row: str(row.target)),
            Column(_("Couples traités"), lambda row: row.decided),
            Column(_("Publiée le"), lambda row: row.published_at),
        ],
        name="correspondances",
    )


# --- Opened, settled, carried on


def _form_page(request: Request, form: Form, version: CrosswalkVersion | None) -> HttpResponse:
    context = {
        "form": form,
        "version": version,
        "form_title": _("Régler la correspondance") if version else _("Ouvrir une correspondance"),
        "form_lead": _("Ce qui change ici vaut pour les avis à venir comme pour ceux déjà donnés.")
        if version
        else _("Deux versions publiées, mises en regard ligne par ligne."),
        "send_label": _("Enregistrer") if version else _("Ouvrir la relecture"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "competencies/crosswalk_form.html", context, status=status)


def blame(form: Form, error: ValidationError) -> None:
    """Put what an action refuses on the fields it speaks of, or above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, told in error.error_dict.items():
        form.add_error(name if name in form.fields else None, told)


@require_http_methods(["GET", "HEAD", "POST"])
def create_crosswalk(request: Request) -> HttpResponse:
    """Open a crosswalk over two published versions."""
    school = CREATE_CROSSWALK.rows(request.viewer).order_by("pk").first()
    if school is None:
        raise Http404
    form = CrosswalkForm(request.POST if request.method == "POST" else None)
    frozen = _published(request).filter(framework__school=school)
    for name in ("source", "target"):
        form.fields[name].queryset = frozen  # type: ignore[attr-defined]  # a choice of models
        form.offer(f"{name}_kinds", overview.kinds(list(frozen)), with_counts=False)
    if form.is_valid():
        try:
            version = actions.create(school, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("La relecture est ouverte."))
            return redirect("competencies:show_crosswalk", version.pk)
    elif not form.is_bound:
        _guess(form, list(frozen))
    return _form_page(request, form, None)


def _published(request: Request) -> QuerySet[FrameworkVersion]:
    rows = READ_VERSION.rows(request.viewer).filter(status="published")
    return rows.select_related("framework").order_by("framework__kind", "framework__title")


def _guess(form: CrosswalkForm, frozen: list[FrameworkVersion]) -> None:
    for name, kind in (("source", "reserve"), ("target", "school")):
        found = [one for one in frozen if one.framework.kind == kind]
        form.fields[name].initial = found[0].pk if found else None


@require_http_methods(["GET", "HEAD", "POST"])
def edit_crosswalk(request: Request, pk: int) -> HttpResponse:
    """Change what a draft compares, by how many people, and how it is presented."""
    version = EDIT_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk, status="draft")
    sent = request.POST if request.method == "POST" else None
    form = SettingsForm(sent, initial=settings_of(version))
    form.offer("source_kinds", overview.kinds([version.source]))
    form.offer("target_kinds", overview.kinds([version.target]))
    if form.is_valid():
        try:
            actions.edit(version, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect("competencies:show_crosswalk", version.pk)
    return _form_page(request, form, version)


@require_http_methods(["GET", "HEAD", "POST"])
def derive_crosswalk(request: Request, pk: int) -> HttpResponse:
    """Show what the next version would take from this one, then open it."""
    version = EDIT_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    if version.is_draft:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    form = DeriveForm(asked if "source" in asked else None)
    for name in ("source", "target"):
        framework = getattr(version, name).framework_id
        rows = _published(request).filter(framework=framework)
        rows = rows | _published(request).model.objects.filter(pk=getattr(version, f"{name}_id"))
        found = rows.select_related("framework").order_by("-number")
        form.fields[name].queryset = found  # type: ignore[attr-defined]  # a choice of models
        newest = found.first()
        form.fields[name].initial = newest.pk if newest else None
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    ends = {
        name: chosen.get(name)
        or FrameworkVersion.objects.select_related("framework").get(pk=form.fields[name].initial)
        for name in ("source", "target")
    }
    if request.method == "POST" and chosen:
        return _done(
            request,
            version,
            lambda held, by: actions.derive(held, by=by, **ends),
            _("Une nouvelle version est ouverte."),
        )
    return _derive_page(request, version, form, ends)


def _derive_page(
    request: Request, version: CrosswalkVersion, form: Form, ends: dict[str, FrameworkVersion]
) -> HttpResponse:
    carried, named = overview.carried(version, ends["source"], ends["target"])
    context = {
        "version": version,
        "form": form,
        **ends,
        "carried": carried,
        "changed": [named[key] for key in carried.changed],
        "vanished": [named[key] for key in carried.vanished],
    }
    return render(request, "competencies/crosswalk_derive.html", context)


# --- What happens to a version


def _done(
    request: Request,
    version: CrosswalkVersion,
    act: Callable[..., CrosswalkVersion],
    done: str | Promise,
) -> HttpResponse:
    try:
        shown = act(version, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        shown = version
    else:
        messages.success(request, str(done))
    return redirect("competencies:show_crosswalk", shown.pk)


@require_POST
def publish_crosswalk(request: Request, pk: int) -> HttpResponse:
    """Freeze a draft; what keeps it from being published is told."""
    version = EDIT_CROSSWALK.get_or_404(request.viewer, pk=pk)
    done = gettext_lazy("La correspondance est publiée : elle ne changera plus.")
    return _done(request, version, actions.publish, done)


@require_POST
def retire_crosswalk(request: Request, pk: int) -> HttpResponse:
    """Take a published version out of force."""
    version = EDIT_CROSSWALK.get_or_404(request.viewer, pk=pk)
    return _done(request, version, actions.retire, gettext_lazy("La correspondance est retirée."))


@require_POST
def delete_crosswalk(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""
    version = EDIT_CROSSWALK.get_or_404(request.viewer, pk=pk)
    try:
        actions.delete_draft(version, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("competencies:show_crosswalk", version.pk)
    messages.success(request, _("Le brouillon est supprimé."))
    return redirect("competencies:list_crosswalks")
