"""A door of the demo: the identifiers of its shared credentials, for those who try verifiers."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from reseda.credentials import queries
from reseda.credentials.views.outside import outside


@require_safe
@outside
def list_examples(_request: HttpRequest) -> HttpResponse:
    """List the shared credentials of the demo; elsewhere this address does not exist."""
    if not settings.IS_DEMO:
        raise Http404
    return JsonResponse(queries.examples())
