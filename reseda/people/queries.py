"""What is read of people."""

import hashlib

from django.utils import timezone

from reseda.people.models import AnswerLink


def digest_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256, so that the database alone opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_link(token: str) -> AnswerLink | None:
    """Return the link of a token, whatever its state, or None when no such link was ever made."""
    return (
        AnswerLink.objects.select_related("organisation")
        .filter(token_digest=digest_of(token))
        .first()
    )


def may_answer(link: AnswerLink) -> bool:
    """Tell whether a link still awaits its answer."""
    return link.answered_at is None and link.revoked_at is None and link.expires_at > timezone.now()
