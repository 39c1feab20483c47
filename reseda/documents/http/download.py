"""A stored file on its way to somebody's disk."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reseda.documents.models import StoredFile


def download(stored: StoredFile) -> HttpResponse:
    """Answer with the content as an attachment: not shown, not guessed, not kept in a cache.

    The caller has checked the right and, for somebody else's file, journaled the opening.
    """
    response = HttpResponse(stored.read(), content_type=stored.content_type)
    disposition = content_disposition_header(as_attachment=True, filename=stored.name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
