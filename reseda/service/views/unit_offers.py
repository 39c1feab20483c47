"""The page by which a unit proposes periods, without an account: one by one, or from a file.

One address does it all, the link of the mail: it shows only what that link proposed, and nothing
of the reservists.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reseda.people.http import answers
from reseda.people.models import AnswerLink
from reseda.schools.domain.workbooks import Unreadable
from reseda.service.actions import offers as actions
from reseda.service.forms import refuse
from reseda.service.forms.offers import (
    PreviewedForm,
    UnitFileForm,
    UnitOfferForm,
    unreadable,
)
from reseda.service.models import Offer, OfferCall
from reseda.service.queries.offers import known_codes
from reseda.service.views.offer_files import Preview, done, read_file, template_file

UNPROCESSABLE = 422
GONE = 410


@answers(actions.PURPOSE, says=gettext_lazy("Proposer des périodes"))
def propose(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    """Show what this link proposed, and take what it says."""
    call = OfferCall.objects.select_related("school").filter(pk=link.subject_key).first()
    if call is None or call.closed_at:
        return render(request, "service/offer_void.html", status=GONE)
    if "modele" in request.GET:
        return template_file("xlsx" if request.GET["modele"] == "xlsx" else "csv")
    if request.method != "POST":
        return _page(request, link, call)
    try:
        return _did(request, link, call)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(request.path)


def _did(request: HttpRequest, link: AnswerLink, call: OfferCall) -> HttpResponse:
    if "content" in request.POST:
        return _write(request, link, call)
    if "retirer" in request.POST:
        return _withdraw(request, link, _own(call, request.POST["retirer"]))
    asked = request.POST.get("retablir") or request.GET.get("retablir")
    if asked:
        actions.restore(_own(call, asked), by=link)
        messages.success(request, _("La période est de nouveau proposée."))
        return redirect(request.path)
    if "file" in request.FILES or request.POST.get("etape") == "fichier":
        return _read(request, link, call)
    return _keep(request, link, call)


def _own(call: OfferCall, key: str) -> Offer:
    found = Offer.objects.filter(call=call, pk=int(key) if key.isdecimal() else 0).first()
    if found is None:
        raise Http404
    return found


def _withdraw(request: HttpRequest, link: AnswerLink, offer: Offer) -> HttpResponse:
    actions.withdraw(offer, by=link)
    way_back = f"undo:{request.path}?retablir={offer.pk}"
    messages.success(request, _("La période n’est plus proposée."), extra_tags=way_back)
    return redirect(request.path)


def _keep(request: HttpRequest, link: AnswerLink, call: OfferCall) -> HttpResponse:
    edited = _own(call, request.GET["modifier"]) if "modifier" in request.GET else None
    form = UnitOfferForm(request.POST)
    if form.is_valid():
        proposal = form.proposal(force=call.force)
        try:
            if edited:
                actions.edit(edited, proposal=proposal, by=link)
            else:
                actions.add(call.school, proposal=proposal, by=link)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("Période modifiée.") if edited else _("Période proposée. Merci.")
            )
            return redirect(request.path)
    return _page(request, link, call, form=form)


def _read(request: HttpRequest, link: AnswerLink, call: OfferCall) -> HttpResponse:
    form = UnitFileForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data["file"].data
        preview = Preview(call.school, data, call.force, call.unit_name, call)
        try:
            context = preview.context()
        except Unreadable as error:
            form.add_error("file", unreadable(error))
        else:
            if not context["told"]:
                return render(request, "service/unit_offer_preview.html", context)
            return _page(request, link, call, told=context["told"], more=context["more"])
    return _page(request, link, call, file_form=form)


def _write(request: HttpRequest, link: AnswerLink, call: OfferCall) -> HttpResponse:
    form = PreviewedForm(request.POST)
    found = None
    if form.is_valid():
        try:
            data = form.cleaned_data["content"]
            found = read_file(data, force=call.force, unit_name=call.unit_name)
        except Unreadable as error:
            messages.error(request, unreadable(error))
            return redirect(request.path)
    if found is None or found.faults:
        messages.error(request, _("Ce fichier est à corriger : choisissez-le à nouveau."))
        return redirect(request.path)
    drops = form.cleaned_data["drops_missing"]
    imported = actions.import_offers(call.school, drafts=found.drafts, by=link, drops_missing=drops)
    messages.success(request, done(imported))
    return redirect(request.path)


def _page(request: HttpRequest, link: AnswerLink, call: OfferCall, **said: object) -> HttpResponse:
    edited = _own(call, request.GET["modifier"]) if "modifier" in request.GET else None
    now = timezone.now()
    offers = list(Offer.objects.filter(call=call))
    starting = UnitOfferForm.of_offer(edited) if edited else None
    form = said.get("form") or UnitOfferForm(initial=starting)
    context = {
        "link": link,
        "call": call,
        "school": call.school,
        "edited": edited,
        "form": form,
        "file_form": UnitFileForm(),
        "offers": [one for one in offers if one.ends_at > now],
        "past": [one for one in offers if one.ends_at <= now],
        "codes": known_codes(call.school_id, call),
        **said,
    }
    context["form"] = form
    is_refused = bool(said)
    return render(
        request, "service/unit_offers.html", context, status=UNPROCESSABLE if is_refused else 200
    )
