"""The pages by which the référent asks units what they offer: asked, reminded, closed."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from reseda.people.http import Request
from reseda.service.actions import offer_calls as actions
from reseda.service.forms import refuse
from reseda.service.forms.offers import InvitationForm
from reseda.service.models import OfferCall
from reseda.service.permissions import FOLLOW_OFFER_CALL
from reseda.service.queries.offers import calls, known_contacts
from reseda.service.views.offer_files import school_of

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def list_calls(request: Request) -> HttpResponse:
    """Show the units asked and what each proposed; ask another."""
    school = school_of(request)
    contacts = known_contacts(school.pk)
    chosen = request.GET.get("contact", "")
    known = next((one for one in contacts if one.email == chosen), None)
    starting = (
        {
            "force": known.force,
            "unit_name": known.unit_name,
            "contact_name": known.name,
            "contact_email": known.email,
        }
        if known
        else None
    )
    form = InvitationForm(request.POST if request.method == "POST" else None, initial=starting)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_unit(school, invitation=form.invitation(), by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Demande envoyée. Ce que l’unité propose paraîtra ici."))
            return redirect("service:list_offer_calls")
    context = {
        "form": form,
        "contacts": contacts,
        "rows": calls(request.viewer, timezone.now()),
        "is_wrong": bool(form.errors),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "service/offer_calls.html", context, status=status)


def _act(request: Request, pk: int, act: Callable[[OfferCall], object], done: str) -> HttpResponse:
    call = FOLLOW_OFFER_CALL.get_or_404(request.viewer, pk=pk)
    try:
        act(call)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("service:list_offer_calls")


@require_POST
def remind_call(request: Request, pk: int) -> HttpResponse:
    """Send a unit a new link."""
    done = _("Relance envoyée : le lien précédent ne répond plus.")
    return _act(request, pk, lambda call: actions.remind(call, by=request.user), done)


@require_POST
def close_call(request: Request, pk: int) -> HttpResponse:
    """Stop asking a unit."""
    done = _("Demande close. Ce que l’unité a proposé reste proposé.")
    return _act(request, pk, lambda call: actions.close_call(call, by=request.user), done)
