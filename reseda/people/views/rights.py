"""The matrix of rights, as the policy applies it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reseda.people import queries
from reseda.people.http import Request


@require_safe
def show_rights(request: Request) -> HttpResponse:
    """Show who may do what, on which rows."""
    return render(request, "people/rights.html", {"rooms": queries.rights()})
