"""The components of every page: one typed function and one template of the same name each."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reseda.ui.domain.parts import Step, Text, Tone
from reseda.ui.http import Listing

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"
TONES: tuple[str, ...] = get_args(Tone)
VARIANTS = ("main", "plain", "quiet", "danger")
TONE_ICONS = {"ok": "check", "stop": "x", "wait": "hourglass", "info": "info", "quiet": "minus"}
STEP_ICONS = {"done": "check", "now": "arrow-right", "next": "", "stop": "x"}
LEVELS = range(2, 5)
# French says « 1,5 jour »: its plural starts at two.
FRENCH_PLURAL = 2

Context = dict[str, object]
Number = int | float | Decimal


def _one_of(value: str, allowed: Sequence[str], what: str) -> str:
    if value not in allowed:
        message = f"{what} is one of {', '.join(allowed)}, not {value!r}"
        raise template.TemplateSyntaxError(message)
    return value


def _drawn(name: str, context: Context) -> SafeString:
    return render_to_string(f"ui/{name}.html", context)


# --- Pictograms and words


@register.inclusion_tag("ui/icon.html")
def icon(name: str, label: Text = "", size: int = 20) -> Context:
    """A lucide pictogram: decorative, unless a label says what it means."""
    return {"name": name, "label": label, "size": size}


@register.inclusion_tag("ui/pill.html")
def pill(tone: str, text: Text, icon: str = "") -> Context:
    """A state: colour, pictogram and word together."""
    _one_of(tone, TONES, "the tone of a pill")
    return {"tone": tone, "text": text, "icon": icon or TONE_ICONS[tone]}


@register.inclusion_tag("ui/figure.html")
def figure(value: object, label: Text) -> Context:
    """A number that counts, with what it counts."""
    return {"value": value, "label": label}


@register.inclusion_tag("ui/meter.html")
def meter(value: Number, max: Number, label: Text) -> Context:  # noqa: A002  (HTML’s word)
    """How much of a whole is reached; the bar only repeats what the words say."""
    share = round(100 * float(value) / float(max)) if max else 0
    return {
        "value": _number(value),
        "max": _number(max),
        "label": label,
        "share": sorted((0, share, 100))[1],
    }


# --- Boxes


@register.simple_block_tag
def card(
    content: str,
    title: Text = "",
    level: int = 2,
    tone: str = "",
    id: str = "",  # noqa: A002  (HTML’s word)
) -> SafeString:
    """A box that groups what belongs together, under its own heading."""
    if tone:
        _one_of(tone, TONES, "the tone of a card")
    if level not in LEVELS:
        message = f"the level of a heading is 2, 3 or 4, not {level}"
        raise template.TemplateSyntaxError(message)
    return _drawn(
        "card", {"content": content, "title": title, "level": level, "tone": tone, "id": id}
    )


@register.simple_block_tag
def notice(content: str, tone: str, title: Text = "") -> SafeString:
    """Something to know before going on; the tone says how it matters."""
    _one_of(tone, TONES, "the tone of a notice")
    return _drawn(
        "notice", {"content": content, "tone": tone, "title": title, "icon": TONE_ICONS[tone]}
    )


@register.inclusion_tag("ui/empty.html")
def empty(
    title: Text, text: Text = "", href: str = "", label: Text = "", icon: str = "inbox"
) -> Context:
    """What stands where nothing is yet: why, and what to do next."""
    return {"title": title, "text": text, "href": href, "label": label, "icon": icon}


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A list of facts: `<div><dt>…</dt><dd>…</dd></div>` each."""
    return _drawn("facts", {"content": content})


@register.simple_block_tag
def data_table(content: str, caption: Text) -> SafeString:
    """A table to be scanned, which scrolls alone and turns into cards where it is narrow."""
    return _drawn("data_table", {"content": content, "caption": caption})


# --- Things to press


@register.inclusion_tag("ui/button.html")
def button(label: Text, href: str, variant: str = "plain", icon: str = "") -> Context:
    """A link that looks like the gesture it starts."""
    _one_of(variant, VARIANTS, "the variant of a button")
    return {"label": label, "href": href, "variant": variant, "icon": icon}


@register.inclusion_tag("ui/submit.html")
def submit(
    label: Text, variant: str = "main", icon: str = "", name: str = "", value: str = ""
) -> Context:
    """The button that sends the form around it."""
    _one_of(variant, VARIANTS, "the variant of a button")
    return {"label": label, "variant": variant, "icon": icon, "name": name, "value": value}


@register.inclusion_tag("ui/post_button.html")
def post_button(
    label: Text,
    action_url: str,
    variant: str = "plain",
    icon: str = "",
    name: str = "",
    value: str = "",
) -> Context:
    """A gesture that changes something, made in one press: a form of one button."""
    return {"action": action_url, **submit(label, variant, icon, name, value)}


@register.inclusion_tag("ui/undo.html")
def undo(tags: str | None) -> Context:
    """The way back from a gesture just made, where the tags of its message hold `undo:<address>`.

    The address is posted to with `undo=1`.
    """
    found = (tag.removeprefix("undo:") for tag in (tags or "").split() if tag.startswith("undo:"))
    return {"action": next(found, "")}


# --- Forms


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> Context:
    """One field: label above, help, control, errors."""
    kind = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "is_check": kind == "checkbox" and not bound.use_fieldset,
        "is_optional": not bound.field.required and kind != "checkbox",
    }


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> Context:
    """All the fields of a form, after a summary of what is wrong."""
    wrong = [bound for bound in form.visible_fields() if bound.errors]
    return {"form": form, "wrong": wrong}


# --- Paths


@register.inclusion_tag("ui/steps.html")
def steps(items: Sequence[Step]) -> Context:
    """A path read from top to bottom."""
    return {"steps": _with_icons(items)}


@register.inclusion_tag("ui/thread.html")
def thread(steps: Sequence[Step]) -> Context:
    """The thread of an activity, read across; one step alone is no thread and is not drawn."""
    return {"steps": _with_icons(steps) if len(steps) > 1 else []}


def _with_icons(items: Sequence[Step]) -> list[tuple[Step, str, str]]:
    words = {"done": _("fait"), "now": _("en cours"), "next": _("à venir"), "stop": _("arrêté")}
    return [(step, STEP_ICONS[step.state], words[step.state]) for step in items]


# --- Lists


@register.inclusion_tag("ui/toolbar.html")
def toolbar(listing: Listing[Any]) -> Context:
    """Search, filters with counts, order, number of rows and files of a list."""
    return {"listing": listing}


@register.inclusion_tag("ui/pagination.html")
def pagination(listing: Listing[Any]) -> Context:
    """The other pages of a list, where there are any."""
    return {"listing": listing}


# --- Layout


@register.simple_block_tag
def kept(content: str) -> SafeString:
    """Keep a block for several places: `{% kept as page_title %}{% block title %}…`."""
    return mark_safe(content.strip())


# --- Dates and numbers in words


@register.filter
def span(start: date | None, end: date | None) -> str:
    """Say from when to when: « du 9 au 13 novembre 2026 », « le 9 novembre 2026 »."""
    first, last = _day(start), _day(end)
    if first is None:
        return _("jusqu’au %(day)s") % {"day": _dated(last)} if last else ""
    if last is None:
        return _("à partir du %(day)s") % {"day": _dated(first)}
    if first == last:
        return _("le %(day)s") % {"day": _dated(first)}
    form = " F Y" if first.year != last.year else " F" if first.month != last.month else ""
    return _("du %(start)s au %(end)s") % {"start": _dated(first, form), "end": _dated(last)}


@register.filter
def jour(value: date | None) -> str:
    """Say a day in full: « lundi 9 novembre 2026 »."""
    day = _day(value)
    return f"{date_format(day, 'l')} {_dated(day)}" if day else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Say a day and an hour: « 9 novembre 2026 à 8 h 30 »."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return _("%(day)s à %(hour)s") % {"day": _dated(local), "hour": _hour(local)}


@register.filter
def days(value: Number | None) -> str:
    """Say a number of days: « 2,5 jours »."""
    if value is None:
        return ""
    is_one = abs(float(value)) < FRENCH_PLURAL if _is_french() else value == 1
    noun = ngettext("jour", "jours", 1 if is_one else 2)
    return f"{_number(value)}{NBSP}{noun}"


def _is_french() -> bool:
    return (get_language() or "fr").startswith("fr")


def _day(value: date | None) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value or None


def _dated(day: date, form: str = " F Y") -> str:
    number = "1er" if day.day == 1 and _is_french() else str(day.day)
    return f"{number}{date_format(day, form)}" if form else number


def _hour(value: datetime) -> str:
    if not _is_french():
        return f"{value.hour}:{value.minute:02}"
    return f"{value.hour}{NBSP}h" + (f"{NBSP}{value.minute:02}" if value.minute else "")


def _number(value: Number) -> str:
    short = value if isinstance(value, int) else Decimal(str(value)).normalize()
    return number_format(f"{short:f}" if isinstance(short, Decimal) else short, use_l10n=True)
