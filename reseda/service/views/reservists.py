"""The pages of those who may know: the reservists disclosed to them, a record opened on record."""

from datetime import datetime

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from reseda.people.http import Request
from reseda.service import actions, queries
from reseda.service.forms import spelled
from reseda.service.models import Engagement, Force
from reseda.service.permissions import FOLLOW_RESERVIST
from reseda.service.queries.own import SOON
from reseda.ui.http import Column, Filter, Listing, Sort


def _listing(request: Request, now: datetime) -> Listing[Engagement]:
    today = request.viewer.today
    over = Q(ended_on__lte=today) | Q(contract_end_on__lt=today)
    soon = Q(contract_end_on__lte=today + SOON)

    def days_done(row: Engagement) -> float:
        return queries.days_of_year(row, today.year, now)[0]

    return Listing(
        request,
        queries.followed(request.viewer),
        search=["person__last_name", "person__first_name"],
        filters=[
            Filter(
                "contrat",
                _("Contrat"),
                {
                    "en-cours": (_("En cours"), ~over),
                    "echeance": (_("Échéance proche"), ~over & soon),
                    "termine": (_("Terminé"), over),
                },
            ),
            Filter(
                "reserve",
                _("Réserve"),
                {key: (name, Q(force=key)) for key, name in spelled(Force.choices)},
            ),
        ],
        sorts=[
            Sort("nom", _("Nom"), "person__last_name"),
            Sort("contrat", _("Fin de contrat"), "contract_end_on"),
            Sort("periode", _("Prochaine période"), "next_at"),
        ],
        columns=[
            Column(pgettext_lazy("family name", "Nom"), lambda row: row.person.last_name),
            Column(_("Prénom"), lambda row: row.person.first_name),
            Column(_("Réserve"), lambda row: capfirst(row.get_force_display())),
            Column(
                pgettext_lazy("reserve", "Formation"),
                lambda row: capfirst(row.get_training_display()),
            ),
            Column(_("Fin de contrat"), lambda row: row.contract_end_on),
            Column(_("Jours faits cette année"), days_done),
            Column(_("Prochaine période"), lambda row: row.next_at),
        ],
        name="suivi",
    )


@require_safe
def list_reservists(request: Request) -> HttpResponse:
    """List the reservists who chose that the viewer’s role may know."""
    now = timezone.now()
    listing = _listing(request, now)
    if request.viewer.roles.isdisjoint(FOLLOW_RESERVIST.table):
        raise Http404
    if listing.export:
        return listing.export
    year = request.viewer.today.year
    rows = [(row, *queries.days_of_year(row, year, now)) for row in listing.page]
    context = {"listing": listing, "rows": rows, "year": year, "now": now}
    return render(request, "service/reservists.html", context)


@require_safe
def read_reservist(request: Request, pk: int) -> HttpResponse:
    """Show a reservist’s record if it was opened on record lately, else offer to open it."""
    engagement = FOLLOW_RESERVIST.get_or_404(request.viewer, "person", "school", "notice", pk=pk)
    now = timezone.now()
    today = request.viewer.today
    context: dict[str, object] = {"engagement": engagement, "now": now, "today": today}
    if not queries.may_read_record(request.viewer, engagement, now):
        return render(request, "service/reservist_closed.html", context)
    context |= {
        "periods": engagement.periods.select_related("attestation"),
        "standing": queries.standing(engagement, now, today),
        "promotions": engagement.promotions.filter(removed_at__isnull=True),
        "qualifications": engagement.qualifications.all(),
    }
    return render(request, "service/reservist.html", context)


@require_POST
def consult_reservist(request: Request, pk: int) -> HttpResponse:
    """Open a record: the journal keeps who, when; its holder reads it."""
    engagement = FOLLOW_RESERVIST.get_or_404(request.viewer, pk=pk)
    actions.consult(engagement, by=request.user)
    return redirect("service:read_reservist", engagement.pk)
