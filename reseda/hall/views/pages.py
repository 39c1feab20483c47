"""The home page, the journal, the help."""

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reseda.hall import queries
from reseda.hall.permissions import READ_JOURNAL
from reseda.journal.actions import Verb
from reseda.people.http import Request
from reseda.schools.queries import school_of
from reseda.ui.http import Column, Filter, Listing, Sort


@require_safe
def home(request: Request) -> HttpResponse:
    """Show what awaits the viewer today, and the figures of their roles."""
    context = {
        "todos": queries.todo(request.viewer),
        "figures": queries.figures(request.viewer),
        "school": school_of(request.viewer),
        "today": request.viewer.today,
    }
    return render(request, "hall/home.html", context)


@require_safe
def journal(request: Request) -> HttpResponse:
    """Show what was done in the school, sentence by sentence, to whom watches over data."""
    rows = READ_JOURNAL.rows(request.viewer)
    rooms = sorted({code.partition(".")[0] for code in Verb.known})
    listing = Listing(
        request,
        rows,
        search=["verb", "actor", "subject"],
        filters=[
            Filter(
                "piece",
                _("Pièce"),
                {
                    room: (apps.get_app_config(room).verbose_name, Q(verb__startswith=f"{room}."))
                    for room in rooms
                },
            )
        ],
        sorts=[
            Sort("recent", _("Plus récent"), "-number"),
            Sort("ancien", _("Plus ancien"), "number"),
        ],
        columns=[
            Column(_("Numéro"), lambda row: row.number),
            Column(_("Moment"), lambda row: timezone.localtime(row.at)),
            Column(_("Acteur"), lambda row: row.actor),
            Column(_("Verbe"), lambda row: row.verb),
            Column(_("Objet"), lambda row: row.subject),
            Column(_("Empreinte"), lambda row: row.digest),
        ],
        name="journal",
    )
    if listing.export:
        return listing.export
    context = {"listing": listing, "said": queries.said(listing.page.object_list)}
    return render(request, "hall/journal.html", context)


@require_safe
def help_page(request: Request) -> HttpResponse:
    """Explain the thread, and what each role does in it."""
    return render(request, "hall/help.html", {"public_url": settings.PUBLIC_URL})
