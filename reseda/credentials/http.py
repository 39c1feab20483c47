"""Asking other sites for what an issuer publishes, within strict bounds."""

from collections.abc import Callable

from reseda.credentials.domain.reading import MAX_JSON_BYTES
from reseda.documents.http import Unfetchable, fetch

# An issuer’s document, its status list, and one to spare: a credential that asks for more is
# trying to make this site knock at doors.
MOST_ADDRESSES = 3
SECONDS = 4


def outside() -> Callable[[str], bytes | None]:
    """Return what reads other sites for one verification: https alone, each address once."""
    asked: dict[str, bytes | None] = {}

    def resolve(url: str) -> bytes | None:
        if url not in asked:
            is_allowed = url.startswith("https://") and len(asked) < MOST_ADDRESSES
            asked[url] = _body(url, MAX_JSON_BYTES) if is_allowed else None
        return asked[url]

    return resolve


def linked(url: str, limit: int) -> bytes:
    """Return the file at an address given by somebody, or raise `Unfetchable`."""
    return fetch(url, limit=limit, seconds=2 * SECONDS).body


def _body(url: str, limit: int) -> bytes | None:
    try:
        return fetch(url, limit=limit, seconds=SECONDS).body
    except Unfetchable:
        return None
