"""Pages of people: the single door of the answer links."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reseda.people import queries
from reseda.people.http import door


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a link answer; a link unknown, used, cancelled or expired gets a page that
    says what to do.
    """
    link = queries.open_link(token)
    view = door(link.purpose) if link else None
    if link is None or view is None:
        return render(request, "people/link_unknown.html", status=404)
    if not queries.may_answer(link):
        return render(request, "people/link_closed.html", {"link": link}, status=410)
    return view(request, link)
