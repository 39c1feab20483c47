"""The pages of offered periods for those who gather them: list, entry, withdrawal, units asked."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property, partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people.http import Request
from reseda.service.actions import offers as actions
from reseda.service.forms import refuse, spelled
from reseda.service.forms.offers import COLUMNS, OfferForm
from reseda.service.models import Force, Offer
from reseda.service.permissions import CHANGE_OFFER, OFFER_PERIODS
from reseda.service.queries.offers import gathered, known_codes, may_gather
from reseda.service.views.offer_files import school_of
from reseda.ui.http import Column, Filter, Listing, Sort

UNPROCESSABLE = 422
SOURCES = {"unite": "unit", "referent": "referent", "fichier": "file"}


class SealedListing(Listing[Offer]):
    """A list searched in what is sealed in the database: rows are opened, then compared."""

    @cached_property
    def _sought(self) -> Q:
        words = self.q.casefold().split()
        if not words:
            return Q()
        kept = [row.pk for row in self.queryset if all(one in _text(row) for one in words)]
        return Q(pk__in=kept)


def _text(row: Offer) -> str:
    said = (row.purpose, row.place, row.unit_name, *row.requires, *row.grants)
    return " ".join((*said, str(row.get_force_display()))).casefold()


def month_filter(moments: Iterable[datetime]) -> Filter:
    """Return the filter of the months in which some offers start."""
    firsts = sorted({timezone.localdate(one).replace(day=1) for one in moments})
    return Filter("mois", gettext_lazy("Mois"), {f"{day:%Y-%m}": _month(day) for day in firsts})


def _month(first: date) -> tuple[str, Q]:
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    within = Q(starts_at__gte=_midnight(first), starts_at__lt=_midnight(following))
    return capfirst(date_format(first, "F Y")), within


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 (made aware here)


def _listing(request: Request, now: datetime) -> SealedListing:
    rows = gathered(request.viewer)
    coming = [(force, at) for force, at in rows.values_list("force", "starts_at")]
    forces = {force for force, _at in coming}
    return SealedListing(
        request,
        rows,
        search=["purpose"],
        filters=[
            Filter(
                "etat",
                gettext_lazy("État"),
                {
                    "a-venir": (_("À venir"), Q(ends_at__gt=now, withdrawn_at__isnull=True)),
                    "passee": (_("Passée"), Q(ends_at__lte=now, withdrawn_at__isnull=True)),
                    "retiree": (_("Retirée"), Q(withdrawn_at__isnull=False)),
                },
            ),
            Filter(
                "reserve",
                gettext_lazy("Réserve"),
                {
                    key: (name, Q(force=key))
                    for key, name in spelled(Force.choices)
                    if key in forces
                },
            ),
            month_filter(at for _force, at in coming if at > now),
            Filter(
                "source",
                gettext_lazy("Source"),
                {
                    word: (capfirst(str(Offer.Origin(code).label)), Q(origin=code))
                    for word, code in SOURCES.items()
                },
            ),
        ],
        sorts=[
            Sort("date", gettext_lazy("Date"), "starts_at"),
            Sort("places", gettext_lazy("Places"), "-capacity"),
            Sort("reserve", gettext_lazy("Réserve"), "force"),
            Sort("saisie", gettext_lazy("Dernière saisie"), "-created_at"),
        ],
        columns=[Column(label, partial(_written, name)) for name, label in COLUMNS.items()],
        name="periodes-proposees",
    )


def _written(column: str, row: Offer) -> object:
    """Return a cell as an import reads it again."""
    value = getattr(row, column)
    return ", ".join(value) if isinstance(value, list) else value


@require_safe
def list_offers(request: Request) -> HttpResponse:
    """List every period that units offer to the reservists of the school."""
    if not may_gather(request.viewer):
        raise Http404
    now = timezone.now()
    listing = _listing(request, now)
    if listing.export:
        return listing.export
    may_change = OFFER_PERIODS.rows(request.viewer).exists()
    context = {"listing": listing, "rows": listing.page, "now": now, "may_change": may_change}
    return render(request, "service/offers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_offer(request: Request) -> HttpResponse:
    """Enter a period that a unit offers."""
    school = school_of(request)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offer = actions.add(school, proposal=form.proposal(), by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            way_back = f"undo:{reverse('service:withdraw_offer', args=[offer.pk])}"
            messages.success(request, _("Période proposée."), extra_tags=way_back)
            return redirect("service:list_offers")
    return _form(request, form, school.pk, None)


def _form(request: Request, form: OfferForm, school_pk: int, offer: Offer | None) -> HttpResponse:
    context = {"form": form, "offer": offer, "codes": known_codes(school_pk)}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/offer_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_offer(request: Request, pk: int) -> HttpResponse:
    """Change what an offered period says."""
    offer = CHANGE_OFFER.get_or_404(request.viewer, pk=pk)
    is_sent = request.method == "POST"
    form = OfferForm(request.POST) if is_sent else OfferForm(initial=OfferForm.of_offer(offer))
    if is_sent and form.is_valid():
        try:
            actions.edit(offer, proposal=form.proposal(), by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Période modifiée."))
            return redirect("service:list_offers")
    return _form(request, form, offer.school_id, offer)


@require_POST
def withdraw_offer(request: Request, pk: int) -> HttpResponse:
    """Withdraw an offered period; the list then offers to restore it."""
    offer = CHANGE_OFFER.get_or_404(request.viewer, pk=pk)
    try:
        actions.withdraw(offer, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        way_back = f"undo:{reverse('service:restore_offer', args=[pk])}"
        messages.success(request, _("La période n’est plus proposée."), extra_tags=way_back)
    return redirect("service:list_offers")


@require_POST
def restore_offer(request: Request, pk: int) -> HttpResponse:
    """Offer again a period withdrawn."""
    offer = CHANGE_OFFER.get_or_404(request.viewer, pk=pk)
    try:
        actions.restore(offer, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("La période est de nouveau proposée."))
    return redirect("service:list_offers")
