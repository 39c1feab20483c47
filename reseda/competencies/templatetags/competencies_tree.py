"""What the pages of a framework look up."""

from collections.abc import Mapping
from typing import TypeVar

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

Value = TypeVar("Value")
DEEPEST_HEADING = 4
# The types of links of CASE 1.1, as a sentence from one item to another.
LINKS: Mapping[str, str | Promise] = {
    "isRelatedTo": _("est lié à"),
    "precedes": _("précède"),
    "isPartOf": _("fait partie de"),
    "isPeerOf": _("est le pair de"),
    "exactMatchOf": _("dit la même chose que"),
    "replacedBy": _("est remplacé par"),
    "exemplar": _("a pour exemple"),
    "hasSkillLevel": _("a pour niveau"),
    "isTranslationOf": _("traduit"),
}


@register.filter
def at(found: Mapping[int, Value] | None, key: int) -> Value | None:
    """Return what a mapping holds at a key, or nothing."""
    return found.get(key) if found else None


@register.filter
def deeper(level: int) -> int:
    """Keep the level of a heading within what its own sub-headings leave free."""
    return min(level, DEEPEST_HEADING)


@register.filter
def linked_as(kind: str) -> str | Promise:
    """Say the type of a link, as it is written where CASE 1.1 has no such type."""
    return LINKS.get(kind, kind)
