"""Strict JSON: one meaning per text, whoever reads it."""

import json
from typing import Any

from reseda.credentials.domain.refusals import Refusal

# A credential is a few kilobytes; a signed list with every bit random is about 25.
MAX_JSON_BYTES = 1024 * 1024


def json_object(content: bytes | str) -> dict[str, Any]:
    """The object a JSON text holds.

    Refused with `too_large`, `bad_json` (with line and column), `duplicate_member` (two readers
    could keep different ones) or `not_an_object`.
    """
    if len(content) > MAX_JSON_BYTES:
        raise Refusal("too_large", limit=MAX_JSON_BYTES)
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise Refusal("bad_json", line=error.lineno, column=error.colno) from error
    except UnicodeDecodeError as error:
        raise Refusal("bad_json", position=error.start) from error
    except RecursionError as error:
        raise Refusal("too_deep") from error
    if not isinstance(value, dict):
        raise Refusal("not_an_object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise Refusal("duplicate_member", member=next(n for n in names if names.count(n) > 1))
    return members


def _refused(constant: str) -> Any:
    raise Refusal("bad_json", constant=constant)
