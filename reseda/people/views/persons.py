"""Persons of a school and their mandates, for the direction of studies and the referents."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people import actions, queries
from reseda.people.forms import MandateForm, NewPersonForm
from reseda.people.http import Request
from reseda.people.models import Mandate, Organisation, Person, Role
from reseda.people.permissions import END_MANDATE, READ_PERSON
from reseda.ui.http import Column, Filter, Listing, Sort


@dataclass(frozen=True)
class Line:
    """A mandate on the page of a person: its state, and whether the viewer may change it."""

    mandate: Mandate
    tone: str
    state: str
    may_change: bool

    @classmethod
    def of(cls, mandate: Mandate, *, may_change: bool) -> "Line":
        """Say where a mandate stands today."""
        today = timezone.localdate()
        if mandate.ended_at:
            tone, state = "stop", _("Arrêté")
        elif mandate.from_on > today:
            tone, state = "wait", _("À venir")
        elif mandate.to_on and mandate.to_on < today:
            tone, state = "quiet", _("Terminé")
        else:
            tone, state = "ok", _("En cours")
        return cls(mandate, tone, state, may_change)


def _roles(person: Person) -> str:
    shown: list[Mandate] = person.shown  # type: ignore[attr-defined]  # prefetched by the query
    return ", ".join(str(one.get_role_display()) for one in shown)


@require_safe
def list_persons(request: Request) -> HttpResponse:
    """List the persons of the viewer's schools."""
    viewer = request.viewer
    if not queries.may_see_persons(viewer):
        raise Http404
    by_role = {
        role.value: (str(role.label).capitalize(), queries.holds(viewer, role)) for role in Role
    }
    listing = Listing(
        request,
        queries.persons(viewer),
        search=["last_name", "first_name", "email"],
        filters=[Filter("role", _("Rôle"), by_role)],
        sorts=[
            Sort("nom", _("Nom"), "last_name"),
            Sort("adresse", _("Adresse"), "email"),
            Sort("arrivee", _("Plus récents"), "-joined_at"),
        ],
        columns=[
            Column(_("Nom"), lambda row: row.last_name),
            Column(_("Prénom"), lambda row: row.first_name),
            Column(_("Adresse électronique"), lambda row: row.email),
            Column(_("Rôles"), _roles),
        ],
        name="personnes",
    )
    return listing.export or render(request, "people/persons.html", {"listing": listing})


@require_safe
def show_person(request: Request, pk: int) -> HttpResponse:
    """Show a person and her mandates."""
    person = READ_PERSON.get_or_404(request.viewer, pk=pk)
    return _person_page(request, person, MandateForm(viewer=request.viewer, person=person))


def _person_page(
    request: Request, person: Person, form: MandateForm, *, status: int = 200
) -> HttpResponse:
    endable = queries.endable(request.viewer, person)
    lines = [
        Line.of(mandate, may_change=mandate.pk in endable)
        for mandate in queries.mandates(request.viewer, person)
    ]
    context = {"person": person, "lines": lines, "form": form}
    return render(request, "people/person.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: Request) -> HttpResponse:
    """Bring somebody into the school with a first mandate."""
    form = NewPersonForm(request.POST or None, viewer=request.viewer)
    if not queries.may_see_persons(request.viewer):
        raise Http404
    if request.method == "POST" and form.is_valid():
        person = _bring_in(request, form.cleaned_data)
        messages.success(request, _("%(person)s a maintenant un mandat.") % {"person": person})
        return redirect("people:show_person", person.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "people/add_person.html", {"form": form}, status=status)


@transaction.atomic
def _bring_in(request: Request, asked: dict[str, object]) -> Person:
    place = asked["organisation"]
    assert isinstance(place, Organisation)  # noqa: S101  (what the form returns)
    person = actions.open_account(
        str(asked["email"]),
        first_name=str(asked["first_name"]),
        last_name=str(asked["last_name"]),
        school=place.parent or place,
        by=request.user,
    )
    _give(request, person, asked)
    return person


def _give(request: Request, person: Person, asked: dict[str, object]) -> None:
    actions.give(
        person,
        role=Role(str(asked["role"])),
        organisation=asked["organisation"],  # type: ignore[arg-type]  # checked by the form
        from_on=asked["from_on"],  # type: ignore[arg-type]  # checked by the form
        to_on=asked["to_on"],  # type: ignore[arg-type]  # checked by the form
        by=request.user,
    )


@require_POST
def give_mandate(request: Request, pk: int) -> HttpResponse:
    """Give one more mandate to a person of the school."""
    person = READ_PERSON.get_or_404(request.viewer, pk=pk)
    form = MandateForm(request.POST, viewer=request.viewer, person=person)
    if not form.is_valid():
        return _person_page(request, person, form, status=422)
    _give(request, person, form.cleaned_data)
    messages.success(request, _("Le mandat est donné."))
    return redirect("people:show_person", pk)


@require_POST
def end_mandate(request: Request, pk: int) -> HttpResponse:
    """End a mandate at once; the page then offers to restore it."""
    mandate = END_MANDATE.get_or_404(request.viewer, pk=pk)
    try:
        actions.end(mandate, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        way_back = f"undo:{reverse('people:restore_mandate', args=[mandate.pk])}"
        messages.success(request, _("Le mandat est arrêté."), extra_tags=way_back)
    return redirect("people:show_person", mandate.person_id)


@require_POST
def restore_mandate(request: Request, pk: int) -> HttpResponse:
    """Undo the end of a mandate."""
    mandate = END_MANDATE.get_or_404(request.viewer, pk=pk)
    try:
        actions.restore(mandate, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Le mandat est rétabli."))
    return redirect("people:show_person", mandate.person_id)
