"""The way in by a link sent by e-mail; the other ways in are pages of django-allauth."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reseda.people import actions
from reseda.people.forms import SignInLinkForm
from reseda.people.http import limited


def _next(request: HttpRequest) -> str:
    """Return the page of this site asked for after sign-in, or nothing."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_link(request: HttpRequest) -> HttpResponse:
    """Send a way in to an address; the answer is the same whether it has an account or not."""
    form = SignInLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        refusal = limited(request, "sign_in_link", key=email.lower())
        if refusal:
            return refusal
        actions.offer_sign_in(email, next_url=_next(request))
        return redirect("people:link_sent")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "next": _next(request)}
    return render(request, "people/request_link.html", context, status=status)


@login_not_required
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    """Say where to look for the link."""
    return render(request, "people/link_sent.html", {"minutes": actions.SIGN_IN_MINUTES})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; pressing it signs in. A scanner that opens the link uses nothing."""
    if request.method != "POST":
        return render(request, "people/use_link.html", {"next": _next(request)})
    refusal = limited(request, "use_link")
    if refusal:
        return refusal
    try:
        person = actions.use_sign_in(token)
    except ValidationError as error:
        context = {"why": error.messages[0], "next": _next(request)}
        return render(request, "people/sign_in_closed.html", context, status=410)
    response: HttpResponse = perform_login(
        request, person, redirect_url=_next(request) or None, email=person.email
    )
    return response
