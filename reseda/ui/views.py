"""Pages about the pages: gallery of components, accessibility statement, choice of a theme."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from reseda.ui.http import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 3600


@require_safe
@login_not_required
def show_gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every tone: open in the demo, for those signed in elsewhere."""
    if not (settings.IS_DEMO or request.user.is_authenticated):
        return redirect_to_login(request.get_full_path())
    return render(request, "ui/gallery.html", {})


@require_safe
@login_not_required
def show_accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: what was checked, how, and what was not."""
    return render(request, "ui/accessibility.html")


@require_POST
@login_not_required
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the device’s appearance in a cookie, and go back."""
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(back if is_ours else "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE,
            theme,
            max_age=A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response
