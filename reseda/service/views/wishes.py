"""The page of the periods offered to a reservist, where each says what they wish for."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reseda.people.http import Request
from reseda.service import queries
from reseda.service.actions import wishes as actions
from reseda.service.domain.days import days
from reseda.service.models import Engagement, Offer, Wish
from reseda.service.permissions import CHANGE_ENGAGEMENT, READ_OFFER
from reseda.service.queries.offers import held_by, offers_within, wishes_of
from reseda.service.views.offers import SealedListing, month_filter
from reseda.ui.http import Filter, Sort

UNPROCESSABLE = 422
# The most wished for first: it is what one looks for.
LEVELS = tuple(reversed(Wish.Level.choices))


@dataclass(frozen=True)
class Line:
    """An offer as its reservist reads it: days, what it needs (held or not), the wish said."""

    offer: Offer
    days: float
    needs: tuple[tuple[str, bool], ...]
    level: int | None

    @property
    def is_open(self) -> bool:
        """Whether everything it needs is held."""
        return all(is_held for _code, is_held in self.needs)


def _chosen(request: Request, pk: int | None) -> tuple[Engagement, list[Engagement]]:
    held = [one for one in queries.engagements_of(request.user) if one.ended_on is None]
    found = next((one for one in held if pk in {None, one.pk}), None)
    if found is None:
        raise Http404
    return found, held


def _line(offer: Offer, held: tuple[str, ...], level: int | None) -> Line:
    needs = tuple((code, code in held) for code in offer.requires)
    return Line(offer, days(offer.starts_at, offer.ends_at), needs, level)


@require_safe
def list_my_offers(request: Request, pk: int | None = None) -> HttpResponse:
    """List the periods offered to one’s force inside one’s contract, with what one wished.

    Those of the engagement under way, or of the one that the address names.
    """
    engagement, held = _chosen(request, pk)
    offers = offers_within(engagement, timezone.now())
    codes = held_by(engagement)
    known = list(offers)
    able = [one.pk for one in known if set(one.requires) <= set(codes)]
    listing = SealedListing(
        request,
        offers,
        search=["purpose"],
        filters=[
            Filter(
                "souhait",
                gettext_lazy("Souhait"),
                {
                    "a-dire": (_("À dire"), ~Q(wishes__engagement=engagement)),
                    "dit": (_("Dit"), Q(wishes__engagement=engagement)),
                },
            ),
            Filter(
                "acces",
                gettext_lazy("Qualifications"),
                {
                    "tenues": (_("Je les ai"), Q(pk__in=able)),
                    "manquantes": (_("Il m’en manque"), ~Q(pk__in=able)),
                },
            ),
            month_filter(one.starts_at for one in known),
        ],
        sorts=[
            Sort("date", gettext_lazy("Date"), "starts_at"),
            Sort("places", gettext_lazy("Places"), "-capacity"),
            Sort("saisie", gettext_lazy("Dernière saisie"), "-created_at"),
        ],
    )
    said = wishes_of([engagement])
    context = {
        "engagement": engagement,
        "held": held,
        "listing": listing,
        "lines": [_line(one, codes, said.get((engagement.pk, one.pk))) for one in listing.page],
        "levels": LEVELS,
        "unsaid": sum((engagement.pk, one.pk) not in said for one in known),
    }
    return render(request, "service/my_offers.html", context)


@require_POST
def wish(request: Request, pk: int, offer_pk: int) -> HttpResponse:
    """Keep a wish; a program that changes the page in place gets the line alone."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    offer = READ_OFFER.get_or_404(request.viewer, pk=offer_pk)
    sent = request.POST.get("level", "")
    level = int(sent) if sent.isdecimal() else None
    is_known = sent == "" or level in Wish.Level.values
    try:
        if is_known:
            actions.wish(offer, engagement=engagement, level=level, by=request.user)
    except ValidationError as error:
        is_known = False
        messages.error(request, " ".join(error.messages))
    if request.htmx:
        line = _line(offer, held_by(engagement), level)
        context = {"line": line, "engagement": engagement, "levels": LEVELS, "is_kept": is_known}
        status = 200 if is_known else UNPROCESSABLE
        return render(request, "service/wish_state.html", context, status=status)
    if is_known:
        messages.success(request, _("Souhait gardé."))
    response = redirect("service:list_offers_of", engagement.pk)
    response["Location"] += f"#periode-{offer.pk}"
    return response
