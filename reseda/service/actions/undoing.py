"""What a change replaced, kept sealed beside the row so that the change can be undone."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import models


def snapshot(obj: models.Model, names: Sequence[str], **more: object) -> str:
    """Return the values of some fields (and more, JSON-able) as text."""
    kept: dict[str, object] = {}
    for name in names:
        field: models.Field[Any, Any] = obj._meta.get_field(name)  # type: ignore[assignment]  # columns only
        is_empty = field.value_from_object(obj) is None
        kept[name] = None if is_empty else field.value_to_string(obj)
    return json.dumps({**kept, **more})


def put_back(obj: models.Model, names: Sequence[str], text: str) -> dict[str, Any]:
    """Set the fields to the values of a snapshot; return the whole snapshot."""
    kept: dict[str, Any] = json.loads(text)
    for name in names:
        field: models.Field[Any, Any] = obj._meta.get_field(name)  # type: ignore[assignment]  # columns only
        setattr(obj, field.attname, None if kept[name] is None else field.to_python(kept[name]))
    return kept
