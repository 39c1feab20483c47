"""The calendar feeds: their secret addresses, and what they answer to a calendar program."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reseda.people.http import Request
from reseda.service.models import Engagement
from reseda.service.permissions import CHANGE_ENGAGEMENT
from reseda.service.queries import engagements_of
from reseda.timetable.actions import calendars as actions
from reseda.timetable.domain import feed
from reseda.timetable.domain.feed import Entry
from reseda.timetable.forms.calendars import ContentForm, SharingForm
from reseda.timetable.models import CalendarAccess, UnitCalendar
from reseda.timetable.queries import calendars

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Sharing:
    """What one engagement shares with its unit, as the page shows it."""

    engagement: Engagement
    shared: UnitCalendar | None
    form: SharingForm

    @property
    def address(self) -> str:
        """The secret address, if something is shared."""
        return actions.address_of(self.shared) if self.shared else ""


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the secret addresses of one’s calendars, or how to open them."""
    return _page(request)


def _page(request: Request, refused: SharingForm | None = None, pk: int = 0) -> HttpResponse:
    access = CalendarAccess.objects.filter(person=request.user).first()
    address = ""
    if access:
        path = reverse("timetable:agenda", args=[access.token])
        address = f"{settings.PUBLIC_URL}{path}"
    context = {
        "access": access,
        "address": address,
        "content_form": ContentForm.of(access) if access else None,
        "sharings": [
            _sharing(request, one, refused if one.pk == pk else None)
            for one in engagements_of(request.user)
            if one.ended_on is None and one.contract_end_on >= request.viewer.today
        ],
    }
    status = UNPROCESSABLE if refused else 200
    return render(request, "timetable/calendar.html", context, status=status)


def _sharing(request: Request, engagement: Engagement, refused: SharingForm | None) -> Sharing:
    shared = calendars.open_calendar_of(engagement)
    starting = SharingForm.starting(engagement, shared, request.viewer.today)
    return Sharing(
        engagement, shared, refused or SharingForm(initial=starting, engagement=engagement)
    )


@require_POST
def open_access(request: Request) -> HttpResponse:
    """Open one’s calendar, or change its address."""
    actions.open_access(request.user, by=request.user)
    messages.success(request, _("L’adresse de votre agenda est prête."))
    return redirect("timetable:calendar")


@require_POST
def choose_content(request: Request) -> HttpResponse:
    """Choose what one’s calendar contains."""
    access = CalendarAccess.objects.filter(person=request.user).first()
    form = ContentForm(request.POST)
    if access is None or not form.is_valid():
        raise Http404
    actions.choose_content(access, content=form.content(), by=request.user)
    messages.success(request, _("Votre agenda suit ce choix."))
    return redirect("timetable:calendar")


@require_POST
def close_access(request: Request) -> HttpResponse:
    """Close one’s calendar."""
    access = CalendarAccess.objects.filter(person=request.user).first()
    if access:
        actions.close_access(access, by=request.user)
    messages.success(request, _("L’adresse de votre agenda ne répond plus."))
    return redirect("timetable:calendar")


@require_POST
def share(request: Request, pk: int) -> HttpResponse:
    """Share with one’s unit when one is free, or change what is shared."""
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    form = SharingForm(request.POST, engagement=engagement)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.share(
                engagement,
                from_on=given["from_on"],
                to_on=given["to_on"],
                periods=form.chosen(),
                by=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Vos disponibilités sont partagées à cette adresse."))
            return redirect("timetable:calendar")
    return _page(request, form, pk)


def _act(
    request: Request, pk: int, act: Callable[[UnitCalendar], object], done: str
) -> HttpResponse:
    engagement = CHANGE_ENGAGEMENT.get_or_404(request.viewer, pk=pk)
    shared = calendars.open_calendar_of(engagement)
    if shared is None:
        raise Http404
    try:
        act(shared)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect("timetable:calendar")


@require_POST
def renew(request: Request, pk: int) -> HttpResponse:
    """Change the address of what is shared."""
    done = _("L’adresse est changée : l’ancienne ne répond plus.")
    return _act(request, pk, lambda shared: actions.renew(shared, by=request.user), done)


@require_POST
def send(request: Request, pk: int) -> HttpResponse:
    """Send the address to one’s unit."""
    done = _("L’adresse part au correspondant de votre unité.")
    return _act(request, pk, lambda shared: actions.send_to_unit(shared, by=request.user), done)


@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    """Stop sharing."""
    done = _("Votre unité ne voit plus vos disponibilités.")
    return _act(request, pk, lambda shared: actions.stop(shared, by=request.user), done)


def _calendar(entries: list[Entry], name: str, file: str) -> HttpResponse:
    data = feed.write(entries, name=name, now=timezone.now())
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{file}.ics"'
    return answer


@login_not_required
@never_cache
@require_safe
def agenda(_request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program that holds the token; any other is told that nothing is here."""
    access = calendars.access(token)
    if access is None:
        raise Http404
    with override(access.person.language):
        return _calendar(calendars.entries(access), _("Mon agenda"), "agenda")


@login_not_required
@never_cache
@require_safe
def unit_agenda(_request: HttpRequest, token: str) -> HttpResponse:
    """Answer the calendar program of a unit: when somebody is free, and nothing else."""
    today = timezone.localdate()
    shared = calendars.unit_calendar(token, today)
    if shared is None:
        raise Http404
    with override(actions.LANGUAGE_OF_UNITS):
        return _calendar(calendars.unit_entries(shared, today), _("Disponibilités"), "agenda")
