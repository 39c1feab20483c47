"""The calendar feed: its secret address, and what it answers to a calendar program."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reseda.people.http import Request
from reseda.timetable.actions import calendars as actions
from reseda.timetable.domain import feed
from reseda.timetable.models import CalendarAccess
from reseda.timetable.queries import calendars


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the secret address of one’s calendar, or how to open it."""
    access = CalendarAccess.objects.filter(person=request.user).first()
    address = ""
    if access:
        path = reverse("timetable:agenda", args=[access.token])
        address = f"{settings.PUBLIC_URL}{path}"
    return render(request, "timetable/calendar.html", {"access": access, "address": address})


@require_POST
def open_access(request: Request) -> HttpResponse:
    """Open one’s calendar, or change its address."""
    actions.open_access(request.user, by=request.user)
    messages.success(request, _("L’adresse de votre agenda est prête."))
    return redirect("timetable:calendar")


@require_POST
def close_access(request: Request) -> HttpResponse:
    """Close one’s calendar."""
    access = CalendarAccess.objects.filter(person=request.user).first()
    if access:
        actions.close_access(access, by=request.user)
    messages.success(request, _("L’adresse de votre agenda ne répond plus."))
    return redirect("timetable:calendar")


@login_not_required
@never_cache
@require_safe
def agenda(_request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program that holds the token; any other is told that nothing is here."""
    access = calendars.access(token)
    if access is None:
        raise Http404
    with override(access.person.language):
        entries = calendars.entries(access.person)
        data = feed.write(entries, name=_("Mon agenda"), now=timezone.now())
    answer = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return answer
