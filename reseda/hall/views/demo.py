"""The doors of the demo: sign in as anybody of the cast. They exist in the demo alone."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from reseda.hall.management.demo.cast import ROLES
from reseda.people.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@csrf_exempt  # Scripts that try the demo have no page to take a token from.
@login_not_required
@require_POST
def sign_in(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as the member of the cast who plays this role."""
    member = ROLES.get(role)
    if not settings.IS_DEMO or member is None:
        raise Http404
    person = get_object_or_404(Person, email=member.email, is_active=True)
    login(request, person, backend=BACKEND)
    return redirect("hall:home")
