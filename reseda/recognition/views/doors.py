"""What several pages do before they open: the role they are for, the file consulted openly."""

from django.core.exceptions import ValidationError
from django.http import Http404

from reseda.people.http import Request
from reseda.people.models import Role


def needs(request: Request, *roles: Role) -> None:
    """Answer 404 to whoever holds none of these roles."""
    if not request.viewer.roles & set(roles):
        raise Http404


def first(error: ValidationError) -> str:
    """Return the first sentence of a refusal."""
    return str(error.messages[0])
