"""A credential leaving as a file, for its holder or for anybody it is shared with."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from reseda.credentials import queries
from reseda.credentials.domain.refusals import Refusal
from reseda.credentials.forms import unprintable
from reseda.credentials.models import Credential

# Rulings under which a drawing or a printed page would not lie: revoked, the document itself says
# so to whoever verifies it.
HOLDING = ("genuine", "revoked")


def answer(
    request: HttpRequest, credential: Credential, kind: str, *, names_holder: bool
) -> HttpResponse:
    """Answer with the file, or with the page that says why there is none."""
    if kind not in queries.KINDS:
        raise Http404
    wanted = queries.KINDS[kind]
    if wanted.is_drawn:
        found = queries.verified(credential, now=timezone.now())
        if found.ruling not in HOLDING:
            context = {"reason": "invalid"}
            return render(request, "credentials/no_file.html", context, status=HTTPStatus.CONFLICT)
    try:
        body = queries.file_of(credential, kind, names_holder=names_holder)
    except Refusal as refusal:
        context = {"reason": "unprintable", "sentence": unprintable(refusal).messages[0]}
        return render(request, "credentials/no_file.html", context, status=HTTPStatus.CONFLICT)
    return _sent(body, wanted.media_type, f"titre-{credential.code}.{kind}")


def _sent(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    disposition = content_disposition_header(as_attachment=False, filename=name)
    response["Content-Disposition"] = disposition or "inline"
    response["Cache-Control"] = "no-store, private"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response
