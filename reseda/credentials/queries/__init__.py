"""What is read of credentials."""

from reseda.credentials.queries.carriers import KINDS, Kind, badge, file_of, page_url
from reseda.credentials.queries.lists import (
    ISSUED,
    REVOKED,
    TO_ISSUE,
    Held,
    followed,
    held,
    proposal,
)
from reseda.credentials.queries.presented import (
    Presented,
    examples,
    present,
    shared,
    shared_by_code,
    verified,
)
from reseda.credentials.queries.published import (
    FRESH,
    did_document,
    resolve_locally,
    status_list_bytes,
    trusted,
)
from reseda.credentials.queries.thread import tell_credential, to_issue, todo

__all__ = [
    "FRESH",
    "ISSUED",
    "KINDS",
    "REVOKED",
    "TO_ISSUE",
    "Held",
    "Kind",
    "Presented",
    "badge",
    "did_document",
    "examples",
    "file_of",
    "followed",
    "held",
    "page_url",
    "present",
    "proposal",
    "resolve_locally",
    "shared",
    "shared_by_code",
    "status_list_bytes",
    "tell_credential",
    "to_issue",
    "todo",
    "trusted",
    "verified",
]
