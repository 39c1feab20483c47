"""How a page says a legal value that it applied, and the small link that explains it."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reseda.law import queries
from reseda.law.domain.values import NotInForce, Value

register = template.Library()


@register.simple_tag
def why(code: str, day: date) -> SafeString:
    """Link to the legal value of a code on a day; its name says which one, for who cannot see."""
    language = get_language() or "fr"
    told = queries.describe(code, language)
    try:
        found = queries.value(code, day)
        told = f"{told} ({_amount(found)}, {found.article})"
    except NotInForce:
        pass
    return format_html(
        '<a class="why" href="{}?le={}#{}" title="{}">{}<span class="hidden"> {}</span></a>',
        reverse("law:list_values"),
        day.isoformat(),
        code,
        told,
        _("pourquoi ?"),
        told,
    )


@register.simple_tag
def legal(code: str, day: date) -> str:
    """Say a legal value of a day in words, « 15 jours », so that no page writes the figure itself;
    nothing where none is known.
    """
    try:
        return queries.amount(queries.value(code, day))
    except NotInForce:
        return ""


def _amount(found: Value) -> str:
    """Say a value without its unit, which the description already tells."""
    if found.unit == "yes_no":
        return _("oui") if found.value else _("non")
    return str(found.value)
