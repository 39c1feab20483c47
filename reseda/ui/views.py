"""Pages about the pages: gallery of components, accessibility statement, choice of a theme."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from reseda.ui.domain.parts import Step
from reseda.ui.forms import SampleForm
from reseda.ui.http import THEME_COOKIE, THEMES, Column, Filter, Listing, Sort

A_YEAR = 365 * 24 * 3600
TONES = (
    ("ok", _("Confirmée")),
    ("wait", _("À décider")),
    ("stop", _("Conflit")),
    ("info", _("À publier")),
    ("quiet", _("Brouillon")),
)
TOKENS = [
    "paper",
    "surface",
    "sunken",
    "ink",
    "ink-2",
    "line",
    "edge",
    "reseda",
    "reseda-ink",
    "reseda-2",
    "reseda-soft",
    "rose",
    "rose-soft",
    "ochre",
    "ochre-soft",
    "blue",
    "blue-soft",
]
ICONS = [
    "house",
    "calendar-days",
    "clock",
    "file-text",
    "clipboard-check",
    "graduation-cap",
    "shield-check",
    "award",
    "users",
    "mail",
    "bell",
    "search",
    "download",
    "upload",
    "pencil",
    "trash-2",
    "eye",
    "lock",
]
PATH = (
    Step(_("Engagement"), "done", _("Déclaré en septembre"), "#fil"),
    Step(_("Période"), "done", _("9 au 13 novembre"), "#fil"),
    Step(_("Conflit"), "stop", _("Un examen mardi")),
    Step(_("Aménagement"), "now", _("Demandé le 14 octobre"), "#fil"),
    Step(_("Confirmation"), "next"),
    Step(_("Preuves"), "next"),
    Step(_("Évaluation"), "next"),
    Step(_("Jury"), "next"),
    Step(_("Titre"), "next"),
)
DAY = datetime(2026, 11, 9, 8, 30, tzinfo=UTC)


@require_safe
@login_not_required
def show_gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every tone: open in the demo, for those signed in elsewhere."""
    if not (settings.IS_DEMO or request.user.is_authenticated):
        return redirect_to_login(request.get_full_path())
    listing = sample_listing(request)
    if listing.export:
        return listing.export
    wrong = SampleForm({"email": "capitaine", "audience": "referent"}, auto_id="wrong_%s")
    context = {
        "layout": "ui/app.html" if request.user.is_authenticated else "ui/public.html",
        "tones": TONES,
        "tokens": TOKENS,
        "icons": ICONS,
        "path": PATH,
        "form": SampleForm(auto_id="sample_%s"),
        "single": SampleForm(auto_id="single_%s"),
        "wrong": wrong,
        "listing": listing,
        "start": DAY,
        "end": DAY + timedelta(days=4),
        "amount": Decimal("2.5"),
    }
    return render(request, "ui/gallery.html", context)


def sample_listing(request: HttpRequest) -> Listing[ContentType]:
    """List what the site stores, as an example of a list that works."""
    rooms = {
        word: (label, Q(app_label=word))
        for word, label in (
            ("people", _("Personnes")),
            ("service", _("Service")),
            ("law", _("Droit applicable")),
        )
    }
    return Listing(
        request,
        ContentType.objects.all(),
        search=["model", "app_label"],
        filters=[Filter("salle", _("Salle"), rooms)],
        sorts=[Sort("salle", _("Salle"), "app_label"), Sort("nom", _("Nom"), "model")],
        columns=[
            Column(_("Nom"), lambda row: row.name),
            Column(_("Salle"), lambda row: row.app_label),
        ],
        name="tables",
    )


@require_safe
@login_not_required
def show_accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: what was checked, how, and what was not."""
    return render(request, "ui/accessibility.html")


@require_POST
@login_not_required
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the device’s appearance in a cookie, and go back."""
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(back if is_ours else "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response
