"""Pages of the law: what every « pourquoi ? » of the site leads to."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reseda.law import queries
from reseda.law.domain.values import Confidence, Theme, Value
from reseda.law.forms import LawForm
from reseda.law.queries import Line
from reseda.people.http import Request
from reseda.ui.domain.parts import Tone

THEMES: dict[Theme, object] = {
    "military": _("Réserve opérationnelle militaire"),
    "police": _("Réserve de la police nationale"),
    "civil_security": _("Réserves de sécurité civile"),
    "employment": _("Employeurs et agents publics"),
    "studies": _("Études et reconnaissance"),
    "support": _("Aides"),
    "partnership": _("Conventions et accès aux sites"),
    "protection": _("Données et qualité de militaire"),
}

CONFIDENCES: dict[Confidence, tuple[Tone, object]] = {
    "verified": ("ok", _("Lu dans le texte")),
    "secondary": ("info", _("Source secondaire")),
    "inferred": ("wait", _("Déduit")),
    "uncertain": ("wait", _("À vérifier")),
}


@dataclass(frozen=True)
class Shown:
    """A value in words: its amount, the days between which it holds, and how sure it is."""

    value: Value
    amount: str
    since: str
    until: str
    checked: str
    tone: Tone
    confidence: object


@dataclass(frozen=True)
class Row:
    """A rule as the page shows it on a day; `is_over` when it ended before."""

    line: Line
    current: Shown | None
    older: list[Shown]
    is_over: bool


def _shown(value: Value) -> Shown:
    tone, confidence = CONFIDENCES[value.confidence]
    return Shown(
        value,
        queries.amount(value),
        _dated(value.since_on),
        _dated(value.until_on) if value.until_on else "",
        _dated(value.checked_on),
        tone,
        confidence,
    )


def _row(line: Line, day: date) -> Row:
    return Row(
        line,
        _shown(line.current) if line.current else None,
        [_shown(old) for old in line.older],
        is_over=line.current is None and any(old.since_on <= day for old in line.older),
    )


def _dated(day: date) -> str:
    """Say a day without its weekday: « 1er mars 2022 »."""
    is_first = day.day == 1 and (get_language() or "fr").startswith("fr")
    return f"1er {date_format(day, 'F Y')}" if is_first else date_format(day, "j F Y")


@require_safe
def list_values(request: Request) -> HttpResponse:
    """Show the legal values of a day, today unless another is asked for, by theme."""
    form = LawForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("le") or request.viewer.today
    search = asked.get("q", "")
    found = queries.lines(day, get_language() or "fr", search)
    themes = [
        (theme, THEMES[theme], [_row(line, day) for line in lines])
        for theme, lines in found.items()
    ]
    rows = [row for _theme, _title, shown in themes for row in shown]
    context = {
        "themes": themes,
        "doubtful": [row for row in rows if row.current and not row.current.value.is_sure],
        "checked": _dated(queries.last_checked_on()),
        "day": day,
        "is_today": day == request.viewer.today,
        "q": search,
        "count": len(rows),
    }
    return render(request, "law/list_values.html", context)
