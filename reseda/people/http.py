"""How a request meets people: the viewer on the request, sign-in rules, the doors of the answer
links.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from reseda.people.models import AnswerLink, Person
from reseda.people.policy import Viewer

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request of somebody signed in, as the views receive it."""

    user: Person
    viewer: Viewer
    htmx: "HtmxDetails"


class ViewerMiddleware:
    """Puts `viewer` on the request of somebody signed in; mandates are read once, when first asked
    for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request, with its viewer where there is one."""
        user = request.user
        if isinstance(user, Person) or user.is_authenticated:
            request.viewer = SimpleLazyObject(lambda: Viewer.of(user))  # type: ignore[attr-defined]  # added here
        return self.get_response(request)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the school (import, mandate), never by the visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up alone."""
        return False


AnswerView = Callable[[HttpRequest, AnswerLink], HttpResponse]
_doors: dict[str, AnswerView] = {}


def answers(purpose: str) -> Callable[[AnswerView], AnswerView]:
    """Declare the page by which an outsider answers one kind of question; the room names its
    purpose once.
    """

    def declare(view: AnswerView) -> AnswerView:
        _doors[purpose] = view
        return view

    return declare


def door(purpose: str) -> AnswerView | None:
    """Return the page that answers this purpose, if a room declared one."""
    return _doors.get(purpose)
