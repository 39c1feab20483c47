"""The decision as a paper that its student keeps."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from reseda.people.http import Request
from reseda.recognition import queries
from reseda.recognition.permissions import READ_DECISION


@require_safe
def download_decision(request: Request, pk: int) -> HttpResponse:
    """Give the decision on a file as a PDF, to whoever may read it."""
    found = queries.with_levels(READ_DECISION.rows(request.viewer)).filter(file=pk).first()
    if found is None:
        raise Http404
    response = HttpResponse(queries.paper(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="decision-{found.file.reference}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
