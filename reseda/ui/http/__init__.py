"""What a request brings to a page: its layout, and the lists it asks for."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import is_valid_path
from django.utils.translation import get_language

from reseda.ui.http.lists import Column, Filter, Listing, Sort

__all__ = ["THEMES", "THEME_COOKIE", "Column", "Filter", "Listing", "Sort", "layout"]

THEME_COOKIE = "reseda_theme"
# Pages of the rooms above that the layout leads to, each shown once its room answers there.
ADDRESSES = {
    "account": "/mon-compte/",
    "sign_out": "/deconnexion/",
    "law": "/droit/",
    "glossary": "/glossaire/",
}
THEMES = ("auto", "light", "dark")


def layout(request: HttpRequest) -> dict[str, object]:
    """Give every page the site’s name, the theme and language chosen, whether this is the demo."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "site_name": "Réséda",
        "theme": theme if theme in THEMES else "auto",
        "language": get_language(),
        "is_demo": settings.IS_DEMO,
        "addresses": {name: path for name, path in ADDRESSES.items() if is_valid_path(path)},
        "is_htmx": bool(getattr(request, "htmx", False)),
    }
