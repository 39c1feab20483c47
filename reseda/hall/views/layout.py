"""What every page receives from the hall: the navigation of the viewer’s roles."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from reseda.hall import queries


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Return the sections of the side navigation, built only by pages that show it."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {"navigation": []}
    return {"navigation": SimpleLazyObject(lambda: queries.navigation(viewer, request.path, 0))}
