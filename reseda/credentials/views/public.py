"""The page an employer reads, and the files it leads to: what the holder shares, nothing else."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reseda.credentials import queries
from reseda.credentials.models import Credential
from reseda.credentials.views import files, words
from reseda.credentials.views.outside import outside, readable_by_scripts
from reseda.people.http import limited


@require_safe
@outside
def show_credential(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Verify a shared credential anew and say what it is worth."""
    credential = _shared(pk)
    now = timezone.now()
    found = queries.verified(credential, now=now)
    return render(request, "credentials/public.html", told(found, now) | shown(credential))


@require_safe
@outside
def take_credential(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Give a shared credential as a file."""
    refusal = limited(request, "take_credential", counts_get=True)
    if refusal is not None:
        return refusal
    credential = _shared(pk)
    response = files.answer(request, credential, kind, names_holder=credential.shows_name)
    is_text = kind in queries.KINDS and not queries.KINDS[kind].is_drawn
    return readable_by_scripts(response) if is_text else response


def told(found: queries.Presented, now: Any) -> dict[str, Any]:
    """Return what the templates of a verdict need."""
    return {
        "found": found,
        "claims": found.claims,
        "headline": words.headline(found),
        "lines": words.lines(found),
        "now": now,
    }


def shown(credential: Credential) -> dict[str, Any]:
    """Return what this site knows of a shared credential beyond what is signed."""
    return {
        "credential": credential,
        "holder": str(credential.holder) if credential.shows_name else "",
        "school": credential.school,
        "did": credential.school.issuer.did,
        "page_url": queries.page_url(credential.pk),
        "kinds": list(queries.KINDS),
    }


def _shared(pk: UUID) -> Credential:
    credential = queries.shared(pk)
    if credential is None:
        raise Http404
    return credential
