"""Pairs one by one: a line with its leads, a pair in full, opinions that differ and are settled."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reseda.competencies.actions import reviews
from reseda.competencies.forms.crosswalks import JUDGEMENTS, told_in, word_of
from reseda.competencies.models import CrosswalkVersion, Mapping, Suggestion
from reseda.competencies.permissions import EDIT_CROSSWALK, READ_CROSSWALK
from reseda.competencies.queries import crosswalks
from reseda.competencies.queries.crosswalks import overview, screens
from reseda.competencies.templatetags.crosswalks import judged
from reseda.competencies.views.crosswalks import RELATED, context_of
from reseda.competencies.views.matrix import back_to
from reseda.people.http import Request

# How many leads stand before the rest of a line.
LEADS = 5
ACTS = {
    reviews.SETTLE.code: gettext_lazy("Couple tranché"),
    reviews.REOPEN.code: gettext_lazy("Couple rouvert"),
}
ANSWERED = "competencies/crosswalk_pair.html"


@require_safe
def review_list(request: Request, pk: int) -> HttpResponse:
    """Go to the first line where the viewer’s opinion is wanted, else to the first."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    context = context_of(request, version, "list")
    found = None
    if context["may_judge"]:
        found = crosswalks.next_pair(request.viewer, version)
    entries = screens.Axis(version, "source").entries
    if not entries:
        raise Http404
    return redirect(
        "competencies:review_origin", version.pk, found[0] if found else entries[0].item.pk
    )


@require_safe
def review_origin(request: Request, pk: int, origin: int) -> HttpResponse:
    """Show one line of what the reserve develops: its leads first, then the other columns."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    context = context_of(request, version, "list")
    axis = screens.Axis(version, "source")
    entry = axis.of(origin)
    if entry is None:
        raise Http404
    columns = [one.item for one in screens.Axis(version, "target").entries]
    cells = list(screens.cells(version, context["eyes"], [entry.item], columns).values())
    leads, others = _leads(cells, is_reviewer=context["is_reviewer"])
    places = axis.entries
    context |= {
        "face": axis.face(entry),
        "leads": leads,
        "others": others,
        "open_others": [one for one in others if one.is_open],
        "before": places[entry.index - 2].item if entry.index > 1 else None,
        "after": places[entry.index].item if entry.index < len(places) else None,
        "place": entry.index,
        "places": len(places),
        "judgements": JUDGEMENTS,
        "no_words": (),
    }
    return render(request, "competencies/crosswalk_origin.html", context)


def _leads(
    cells: list[screens.Shown], *, is_reviewer: bool
) -> tuple[list[screens.Shown], list[screens.Shown]]:
    """Part the cells of a line: leads by rank for reviewers, what corresponds for readers."""
    if is_reviewer:
        first = sorted((one for one in cells if one.band), key=lambda one: one.rank)[:LEADS]
    else:
        first = [one for one in cells if one.relation not in ("", "none")]
    others = [one for one in cells if one not in first]
    # What is left to judge comes before what is done.
    return first, sorted(others, key=lambda one: not one.is_open)


# --- A pair


def _pair(
    request: Request, version: CrosswalkVersion, origin: int, destination: int
) -> dict[str, Any]:
    """Return what a page says of one pair, or 404 where it is not compared."""
    context = context_of(request, version, "pair")
    axes = screens.Axis(version, "source"), screens.Axis(version, "target")
    ends = axes[0].of(origin), axes[1].of(destination)
    if ends[0] is None or ends[1] is None:
        raise Http404
    items = ends[0].item, ends[1].item
    cell = screens.cells(version, context["eyes"], [items[0]], [items[1]])[origin, destination]
    return context | {
        "source_face": axes[0].face(ends[0]),
        "target_face": axes[1].face(ends[1]),
        "origin": items[0],
        "destination": items[1],
        "cell": cell,
        "judgements": JUDGEMENTS,
    }


@require_safe
def show_pair(request: Request, pk: int, origin: int, destination: int) -> HttpResponse:
    """Show a pair in full: both wordings, the opinions that may be seen, what can be done."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    return render(request, ANSWERED, _pair_page(request, version, origin, destination))


def _pair_page(
    request: Request, version: CrosswalkVersion, origin: int, destination: int
) -> dict[str, Any]:
    context = _pair(request, version, origin, destination)
    cell: screens.Shown = context["cell"]
    may_settle = context["may_edit"] and version.is_draft
    opinions = _opinions(request, cell, may_know=context["may_edit"])
    context |= {
        "mapping": cell.mapping,
        "opinions": opinions,
        "history": _history(version, cell, opinions) if context["is_reviewer"] else [],
        # Said whether or not somebody judged: saying it only then would tell.
        "is_hidden": cell.is_open and version.is_blind and version.reviewers > 1,
        "words": cell.words,
        "may_settle": may_settle and cell.state == Mapping.State.CONFLICT,
        "may_reopen": may_settle and cell.state == Mapping.State.SETTLED,
        "suggestion": _suggestion(version, cell) if context["is_reviewer"] else None,
        "earlier": cell.earlier,
        "origin_url": reverse("competencies:review_origin", args=[version.pk, origin]),
        # Where its forms lead back to; a refused one is answered at an address that none reads.
        "here": reverse("competencies:show_pair", args=[version.pk, origin, destination]),
    }
    return context


def _history(
    version: CrosswalkVersion, cell: screens.Shown, opinions: list[tuple[Any, str]]
) -> list[tuple[datetime, str]]:
    """Tell what happened to a pair, the last first; opinions alone are told already."""
    if cell.mapping is None:
        return []
    acts = [
        (at, str(ACTS[verb])) for at, verb in overview.acts_on(version, cell.mapping, tuple(ACTS))
    ]
    if not acts:
        return []
    said = _("%(name)s : %(opinion)s")
    given = [
        (one.given_at, said % {"name": name, "opinion": judged(one)}) for one, name in opinions
    ]
    return sorted([*acts, *given], reverse=True)


def _suggestion(version: CrosswalkVersion, cell: screens.Shown) -> Suggestion | None:
    found = version.suggestions.filter(origin=cell.origin, destination=cell.destination)
    return found.first() if cell.band else None


def _opinions(request: Request, cell: screens.Shown, *, may_know: bool) -> list[tuple[Any, str]]:
    numbered = _("relecteur %(n)d")
    named = screens.names(cell.opinions, request.viewer, numbered, may_know=may_know)
    return list(zip(cell.opinions, named, strict=True))


def _mapping(version: CrosswalkVersion, origin: int, destination: int) -> Mapping:
    found = (
        version.mappings.filter(origin=origin, destination=destination)
        .select_related("version__crosswalk")
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_POST
def settle_pair(request: Request, pk: int, origin: int, destination: int) -> HttpResponse:
    """Decide between opinions that differ; the reason is compulsory."""
    version = EDIT_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    mapping = _mapping(version, origin, destination)
    try:
        reviews.settle(mapping, by=request.user, **told_in(request.POST))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        context = _pair_page(request, version, origin, destination)
        word = request.POST.get("jugement", "")
        context |= {"prudent": word, "refused": " ".join(error.messages)}
        context["here"] = back_to(request, version)
        return render(request, ANSWERED, context, status=422)
    messages.success(request, _("Le couple est tranché."))
    return redirect(back_to(request, version))


@require_POST
def reopen_pair(request: Request, pk: int, origin: int, destination: int) -> HttpResponse:
    """Give a settled pair back to its reviewers."""
    version = EDIT_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    try:
        reviews.reopen(_mapping(version, origin, destination), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Le couple est rouvert : les avis décident de nouveau."))
    return redirect("competencies:show_pair", version.pk, origin, destination)


# --- Opinions that differ


@require_safe
def list_conflicts(request: Request, pk: int) -> HttpResponse:
    """Show the pairs whose reviewers differ, side by side, to be settled there."""
    version = READ_CROSSWALK.get_or_404(request.viewer, *RELATED, pk=pk)
    context = context_of(request, version, "conflicts")
    if not context["is_reviewer"]:
        raise Http404
    context |= {
        "conflicts": [
            _conflict(request, one, may_know=context["may_edit"])
            for one in crosswalks.conflicts(version)
            if context["may_edit"] or _is_mine(request, one)
        ],
        "judgements": JUDGEMENTS,
    }
    return render(request, "competencies/crosswalk_conflicts.html", context)


def _is_mine(request: Request, one: crosswalks.Conflict) -> bool:
    return request.user.pk in {review.author_id for review in one.reviews}


def _conflict(request: Request, one: crosswalks.Conflict, *, may_know: bool) -> dict[str, Any]:
    named = screens.names(one.reviews, request.viewer, _("relecteur %(n)d"), may_know=may_know)
    prudent = one.difference.prudent
    return {
        "cell": screens.Shown(one.mapping.origin, one.mapping.destination, "conflict"),
        "opinions": list(zip(one.reviews, named, strict=True)),
        "prudent": word_of(prudent.relation, prudent.coverage) if prudent else "",
    }
