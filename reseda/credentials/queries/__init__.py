"""What is read of credentials."""

from reseda.credentials.queries.published import did_document, resolve_locally, status_list_bytes
from reseda.credentials.queries.thread import tell_credential, todo

__all__ = ["did_document", "resolve_locally", "status_list_bytes", "tell_credential", "todo"]
