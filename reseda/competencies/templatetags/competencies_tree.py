"""What the pages of a framework look up."""

from collections.abc import Mapping
from typing import TypeVar

from django import template

register = template.Library()

Value = TypeVar("Value")
DEEPEST_HEADING = 4


@register.filter
def at(found: Mapping[int, Value] | None, key: int) -> Value | None:
    """Return what a mapping holds at a key, or nothing."""
    return found.get(key) if found else None


@register.filter
def deeper(level: int) -> int:
    """Keep the level of a heading within what its own sub-headings leave free."""
    return min(level, DEEPEST_HEADING)
