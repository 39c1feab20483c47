"""What a school publishes about itself, for verifiers and for people."""

import hashlib
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from reseda.credentials import queries
from reseda.credentials.models import Issuer, SigningKey
from reseda.credentials.views.outside import outside, readable_by_scripts


@require_safe
@outside
def show_issuer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who the school is for a verifier: its identity, its keys and their dates."""
    issuer = _issuer(slug)
    context = {
        "issuer": issuer,
        "keys": SigningKey.objects.filter(school=issuer.school_id).order_by("-created_at", "pk"),
        "others": Issuer.objects.exclude(pk=issuer.pk).select_related("school"),
        "did_url": f"{issuer.site}/ecoles/{slug}/did.json",
    }
    return render(request, "credentials/issuer.html", context)


@require_safe
@outside
def did_document(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish the keys of a school, current and retired."""
    content = json.dumps(queries.did_document(_issuer(slug)), ensure_ascii=False).encode()
    return _published(request, content, "application/did+ld+json")


@require_safe
@outside
def status_list(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Publish a signed list of what the school revoked."""
    content = queries.status_list_bytes(_issuer(slug), number)
    if content is None:
        raise Http404
    return _published(request, content, "application/vc+ld+json")


def _issuer(slug: str) -> Issuer:
    return get_object_or_404(Issuer.objects.select_related("school"), school__slug=slug)


def _published(request: HttpRequest, content: bytes, media_type: str) -> HttpResponse:
    """Answer with bytes that may be kept a few minutes, or 304 to whoever has them already."""
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    found = HttpResponse(content, content_type=media_type)
    found["ETag"] = etag
    seconds = int(queries.FRESH.total_seconds())
    found["Cache-Control"] = f"public, max-age={seconds}"
    response = get_conditional_response(request, etag=etag, response=found)
    return readable_by_scripts(response if isinstance(response, HttpResponse) else found)
