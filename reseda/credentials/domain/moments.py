"""Instants as the standards write them: xsd:dateTime with a zone, printed in UTC with `Z`."""

import re
from datetime import UTC, datetime
from typing import Any

from reseda.credentials.domain.refusals import Refusal

_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,12})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


def instant(moment: datetime) -> str:
    """A moment to the second in UTC: `2026-09-01T08:00:00Z`; it must know its zone."""
    if moment.tzinfo is None:
        raise Refusal("moment_without_zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(text: Any) -> datetime:
    """The moment an xsd:dateTime with a zone names; anything else is refused (`bad_moment`)."""
    if not isinstance(text, str) or not _DATE_TIME.fullmatch(text):
        raise Refusal("bad_moment", value=text)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal("bad_moment", value=text) from error
