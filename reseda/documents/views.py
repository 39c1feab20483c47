"""Pages of documents: taking back a file that one gave."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from reseda.documents.http import download
from reseda.documents.permissions import READ_FILE
from reseda.people.http import Request


@require_safe
def download_file(request: Request, pk: UUID) -> HttpResponse:
    """Give a file back to its owner; for anybody else it does not exist."""
    return download(READ_FILE.get_or_404(request.viewer, pk=pk))
