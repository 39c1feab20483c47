"""What every page receives from the hall: the navigation of the viewer’s roles."""

from typing import Any

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return the sections of the side navigation; nothing for a visitor."""
    return {"navigation": []}
