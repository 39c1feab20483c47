"""Pages of documents: taking back a file that one gave."""

import logging
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from reseda.documents.http import download
from reseda.documents.permissions import READ_FILE
from reseda.people.http import Request
from reseda.people.models import Unreadable

logger = logging.getLogger("reseda.documents")


@require_safe
def download_file(request: Request, pk: UUID) -> HttpResponse:
    """Give a file back to its owner; for anybody else it does not exist."""
    stored = READ_FILE.get_or_404(request.viewer, pk=pk)
    try:
        return download(stored)
    except Unreadable as error:
        logger.exception("stored file %s cannot be read", stored.pk)
        raise Http404 from error
