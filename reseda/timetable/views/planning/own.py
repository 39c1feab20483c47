"""The page of a reservist: what they may choose from, and what a published plan grants them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reseda.people.http import Request
from reseda.service.actions import Details, add_period
from reseda.service.models import Engagement, Wish
from reseda.service.permissions import CHANGE_ENGAGEMENT
from reseda.service.queries import engagement_of
from reseda.service.queries.offers import offers_for, wishes_of
from reseda.timetable.actions import planning as actions
from reseda.timetable.domain.planner_picture import trade_off
from reseda.timetable.domain.planning.model import Choice, Possibility
from reseda.timetable.models import PlanLine
from reseda.timetable.permissions import ANSWER_LINE
from reseda.timetable.queries.planning.own import Own, already_entered, broken_lines, own
from reseda.timetable.templatetags.plan_sentences import OWN_WORDS, Names, Told, broken, told

MOST_DIGITS = 3


@require_safe
def my_possibilities(request: Request) -> HttpResponse:
    """Show the possibilities under one’s present engagement; without any, say where to begin."""
    engagement = engagement_of(request.user, request.viewer.today)
    if engagement is None:
        return render(request, "timetable/no_possibilities.html")
    return _shown(request, engagement)


@require_safe
def possibilities(request: Request, pk: int) -> HttpResponse:
    """Show one’s possibilities: the trade-off, the best plan, each offer and why not."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "person", "school", pk=pk)
    return _shown(request, engagement)


def _shown(request: Request, engagement: Engagement) -> HttpResponse:
    found = own(engagement, timezone.now())
    names = Names(found.offers, found.titles)
    chosen = found.choice(_asked(request))
    context: dict[str, Any] = {
        "engagement": engagement,
        "own": found,
        "names": names,
        "chosen": chosen,
        "chosen_full": len(set(chosen.offers) & (found.given.full - _planned(found)))
        if chosen
        else 0,
        "rank": _rank(found, chosen),
        "answers": _answers(found, names),
        "rows": _rows(found, names, chosen),
    }
    if found.found and len(found.found.frontier) > 1:
        frontier, best = found.found.frontier, found.found.best
        context["choices"] = found.choices
        context["picture"] = trade_off(
            [(one.days, one.minutes) for one in frontier],
            [(one.days, one.minutes) for one in found.choices[len(frontier) :]],
        )
        context["is_best"] = chosen == best
    return render(request, "timetable/possibilities.html", context)


def _asked(request: Request) -> int | None:
    text = request.GET.get("choix", "")
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def _rank(found: Own, chosen: Choice | None) -> int | None:
    if found.found is None or chosen is None:
        return None
    same = (n for n, one in enumerate(found.choices) if set(one.offers) == set(chosen.offers))
    return next(same, None)


def _answers(found: Own, names: Names) -> list[dict[str, object]]:
    """The lines of the published plan, with what no longer holds."""
    drifted = broken_lines(found.lines)
    return [
        {
            "line": line,
            "broken": broken(str(what["rule"]), what.get("facts", {}), names)  # type: ignore[arg-type]  # as stored by the watch
            if (what := drifted.get(line.pk))
            else "",
            "is_open": not line.answer and line.offer.starts_at > timezone.now(),
        }
        for line in found.lines
    ]


def _rows(found: Own, names: Names, chosen: Choice | None) -> list[dict[str, object]]:
    """Each offer: chosen, possible or not, why, what forcing it costs, what was wished."""
    if found.found is None:
        return []
    wishes = wishes_of([found.engagement])
    entered = already_entered(found.engagement)
    planned = _planned(found)
    rows = []
    for one in found.found.offers:
        offer = found.offers[one.offer]
        if offer.force != found.engagement.force:
            continue
        rows.append(
            {
                "offer": offer,
                "one": one,
                "is_chosen": bool(chosen and one.offer in chosen.offers),
                "is_entered": (offer.starts_at, offer.ends_at) in entered,
                "is_full": one.offer in found.given.full and one.offer not in planned,
                "is_planned": one.offer in planned,
                "is_barred": one.refusal is not None and one.refusal.reason not in OWN_WORDS,
                "is_possible": one.grant is not None or one.forced is not None,
                "wish": wishes.get((found.engagement.pk, offer.pk)),
                "told": _told(found, one, names, wishes.get((found.engagement.pk, offer.pk))),
                "drops": [names.offer(key) for key in one.forced.drops] if one.forced else [],
                "lessons": [found.titles.get(uid, uid) for uid in one.forced.lessons]
                if one.forced
                else [],
            }
        )
    return rows


def _planned(found: Own) -> set[str]:
    return {str(line.offer_id) for line in found.lines if line.answer != PlanLine.Answer.DECLINED}


def _told(found: Own, one: Possibility, names: Names, wish: int | None) -> Told | None:
    if one.refusal is None:
        return None
    if one.refusal.reason == "no_gain":
        return Told(
            _("Rien ne l’empêche, mais l’objectif est atteint sans elle, ou à moindre coût.")
        )
    facts, need = found.facts(one)
    if one.refusal.reason == "excluded" and wish == Wish.Level.NEVER:
        return Told(_("Vous l’avez dite impossible pour vous."), _("Changer votre souhait."))
    return told(one.refusal.reason, facts, need, names)


def _answered(request: Request, pk: int, act: Any, said: str, *, undo: str = "") -> HttpResponse:
    line: PlanLine = ANSWER_LINE.get_or_404(request.viewer, "offer", "plan", "engagement", pk=pk)
    try:
        act(line, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, said, extra_tags=undo)
    return redirect("timetable:possibilities", pk=line.engagement_id)


@require_POST
def accept_line(request: Request, pk: int) -> HttpResponse:
    """Accept what the plan grants: it becomes a period of one’s record."""
    said = _("C’est accepté : la période est dans votre engagement.")
    return _answered(request, pk, actions.accept, said)


@require_POST
def decline_line(request: Request, pk: int) -> HttpResponse:
    """Decline what the plan grants, or take the refusal back."""
    if request.POST.get("undo"):
        return _answered(request, pk, actions.reopen, _("Votre réponse est effacée."))
    undo = f"undo:{reverse('timetable:decline_line', args=[pk])}"
    said = _("C’est décliné : la place est libre pour quelqu’un d’autre.")
    return _answered(request, pk, actions.decline, said, undo=undo)


@require_POST
def enter_offer(request: Request, pk: int, offer_pk: int) -> HttpResponse:
    """Enter an offer as a period of one’s own: those who plan alone arrange it with their unit."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    offer = offers_for(engagement, timezone.now()).filter(pk=offer_pk).first()
    if offer is None:
        raise Http404
    try:
        period = add_period(
            engagement,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            details=Details(purpose=offer.purpose, place=offer.place),
            by=request.user,
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("timetable:possibilities", pk=pk)
    messages.success(request, _("La période est dans votre engagement. Faites-la confirmer."))
    return redirect("service:read_period", pk=period.pk)
