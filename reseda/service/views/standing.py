"""The pages that count and that tell who looked: one’s counters, the consultations of a record."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reseda.people.http import Request
from reseda.service import queries
from reseda.service.permissions import CHANGE_ENGAGEMENT
from reseda.service.queries.consulting import Telling, named
from reseda.ui.http import Column, Filter, Listing, Sort


@require_safe
def counters(request: Request, pk: int) -> HttpResponse:
    """Show every counter of one’s days: the force, the employer, the academic year, thresholds."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "person", "school", pk=pk)
    today = request.viewer.today
    context = {
        "engagement": engagement,
        "today": today,
        "standing": queries.standing(engagement, timezone.now(), today),
    }
    return render(request, "service/counters.html", context)


@require_safe
def consultations(request: Request, pk: int) -> HttpResponse:
    """Show who opened one’s record, in which role, when, and what each level lets see."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, "school", pk=pk)
    told = Telling(engagement)
    listing = Listing(
        request,
        queries.consultations(engagement),
        filters=[
            Filter(
                "quoi",
                _("Ce qui a été ouvert"),
                {
                    "dossier": (_("Le dossier"), Q(verb=queries.CONSULTED)),
                    "convocation": (_("La convocation"), ~Q(verb=queries.CONSULTED)),
                },
            )
        ],
        sorts=[Sort("date", _("Date"), "-number")],
        columns=[
            Column(_("Qui"), lambda row: told(row).name),
            Column(_("À quel titre"), lambda row: ", ".join(told(row).roles)),
            Column(_("Quoi"), lambda row: str(told(row).what)),
            Column(_("Quand"), lambda row: timezone.localtime(row.at)),
        ],
        name="consultations",
    )
    if listing.export:
        return listing.export
    context = {
        "engagement": engagement,
        "listing": listing,
        "rows": named(listing.page, engagement),
        "openings": queries.openings(engagement, request.viewer.today),
    }
    return render(request, "service/consultations.html", context)
