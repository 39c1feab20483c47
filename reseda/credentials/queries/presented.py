"""Credentials as outsiders see them: shared ones alone, verified anew each time they are shown."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from reseda.credentials.domain.claims import Claims, claims, status_place
from reseda.credentials.domain.codes import read_code
from reseda.credentials.domain.rulings import Answer, Ruling, answers, ruling
from reseda.credentials.domain.verification import Verdict, verify
from reseda.credentials.models import Credential
from reseda.credentials.queries.published import resolve_locally, status_url, trusted

OURS = frozenset({"genuine", "revoked", "expired", "not_yet"})
LOADED = ("holder", "school__issuer", "status_list")


@dataclass(frozen=True)
class Presented:
    """A verdict as a page tells it; `claims` is None where nothing that was read is proved."""

    ruling: Ruling
    answers: tuple[Answer, ...]
    claims: Claims | None
    carrier: str = ""


def shared(pk: UUID) -> Credential | None:
    """Return a credential that its holder shares, or None: unknown and unshared are alike."""
    found = Credential.objects.filter(pk=pk, shared_at__isnull=False)
    return found.select_related(*LOADED).first()


def shared_by_code(text: str) -> Credential | None:
    """Return the shared credential that bears a short code, however it is typed."""
    code = read_code(text)
    return Credential.objects.filter(code=code, shared_at__isnull=False).first() if code else None


def examples() -> dict[str, list[str]]:
    """Return the shared credentials of the demo: those that hold, those that were revoked."""
    found: dict[str, list[str]] = {"valid": [], "revoked": []}
    rows = Credential.objects.filter(shared_at__isnull=False).order_by("issued_at", "pk")
    for pk, revoked_at in rows.values_list("pk", "revoked_at"):
        found["revoked" if revoked_at else "valid"].append(str(pk))
    return found


def present(verdict: Verdict) -> Presented:
    """Put a verdict in the terms of a page: nothing is quoted of a document nobody vouches for."""
    decided = ruling(verdict)
    is_signed = verdict.check("proof").is_ok and verdict.check("issuer").is_ok
    said = claims(verdict.carried.credential) if verdict.carried and is_signed else None
    return Presented(
        decided, answers(verdict), said, verdict.carried.carrier if verdict.carried else ""
    )


def verified(credential: Credential, *, now: datetime) -> Presented:
    """Verify the stored document as a stranger would, with what its school publishes.

    A row that no longer belongs to its document (another’s, another place in the list) is invalid.
    """
    data = documents_bytes(credential.document)
    found = present(verify(data, resolve=resolve_locally, now=now, trusted=trusted()))
    # A stored document is ours or it is nothing: signed by somebody else, it was put in its place.
    if found.ruling not in OURS or not _belongs(credential):
        return Presented("invalid", found.answers, None)
    if found.ruling == "genuine" and credential.revoked_at is not None:
        return Presented("revoked", found.answers, found.claims)
    return found


def documents_bytes(document: Any) -> bytes:
    """Return a signed document as the file people keep."""
    return json.dumps(document, ensure_ascii=False).encode()


def _belongs(credential: Credential) -> bool:
    document, issuer = credential.document, credential.school.issuer
    if not isinstance(document, dict) or document.get("id") != f"urn:uuid:{credential.pk}":
        return False
    place = status_url(issuer, credential.status_list.number), str(credential.status_index)
    return status_place(document) == place
