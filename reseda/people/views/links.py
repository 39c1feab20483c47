"""The single door of the answer links, and the same questions for those who have an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reseda.people import actions, queries
from reseda.people.http import Request, door, limited, question
from reseda.people.models import AnswerLink, Role
from reseda.people.permissions import ANSWER_FROM_ACCOUNT


def _unknown(request: HttpRequest) -> HttpResponse:
    # Counted on GET too: somebody who tries tokens one after the other opens pages.
    return limited(request, "unknown_link", counts_get=True) or render(
        request, "people/link_unknown.html", status=404
    )


def _closed(request: HttpRequest, link: AnswerLink, token: str) -> HttpResponse:
    context = {
        "link": link,
        "is_expired": queries.is_expired(link),
        "resend_url": reverse("people:resend", args=[token]),
    }
    return render(request, "people/link_closed.html", context, status=410)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a link answer.

    A link unknown, used, cancelled or expired gets a page that says what to do.
    """
    link = queries.open_link(token)
    view = door(link.purpose) if link else None
    if link is None or view is None:
        return _unknown(request)
    if not queries.may_answer(link):
        return _closed(request, link, token)
    return view(request, link)


@login_not_required
@never_cache
@require_POST
def resend(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link to the address that received the expired one."""
    link = queries.open_link(token)
    if link is None:
        return _unknown(request)
    refusal = limited(request, "resend_link", key=link.token_digest)
    if refusal:
        return refusal
    try:
        actions.resend(link)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Un nouveau lien part à l’adresse qui avait reçu le premier."))
    return redirect("people:answer", token)


@never_cache
@require_safe
def list_answers(request: Request) -> HttpResponse:
    """List the questions that await the viewer, sent to her address."""
    if Role.UNIT_CORRESPONDENT not in request.viewer.roles:
        raise Http404
    rows = [(question(link.purpose), link) for link in queries.awaiting(request.viewer)]
    return render(request, "people/answers.html", {"rows": rows})


@require_POST
def reissue(request: Request, pk: int) -> HttpResponse:
    """Open one of these questions, without going back to the e-mail."""
    link = ANSWER_FROM_ACCOUNT.get_or_404(request.viewer, pk=pk)
    try:
        address = actions.reissue(link, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("people:list_answers")
    return redirect(address)
