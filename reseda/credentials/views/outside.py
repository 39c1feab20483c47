"""What every page open to anybody shares: no account, no robot, no address told elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def outside(view: View) -> View:
    """Open a page to anybody: its address is given by the holder, not found by a robot."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Not "no-referrer": browsers would then hide the origin of our own forms, refused for it.
        response["Referrer-Policy"] = "same-origin"
        response.setdefault("Cache-Control", "no-store")
        return response

    return opened


def readable_by_scripts(response: HttpResponse) -> HttpResponse:
    """Let verifiers that run in a browser, on any site, read this document."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
