"""How pages show studies: the picture of a week, durations, problems, the type of a lesson."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template
from django.forms.boundfield import BoundWidget
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from reseda.timetable.domain import picture
from reseda.timetable.domain.catch_up import Proposal
from reseda.timetable.domain.week import DAY_MINUTES, Block, Day, Week
from reseda.timetable.forms import NOT_FETCHED, UNFETCHABLE, UNREADABLE
from reseda.timetable.forms.accommodation import Choice
from reseda.timetable.models import Kind, Lesson
from reseda.timetable.queries.periods import key_of

register = template.Library()

MOST_PLACES = 3
LEGEND = {
    "exam": gettext_lazy("examen"),
    "firm": gettext_lazy("obligatoire ou inconnu"),
    "plain": gettext_lazy("autre séance"),
    "touched": gettext_lazy("touchée par la période"),
    "saved": gettext_lazy("se rattrape"),
    "travel": gettext_lazy("trajet"),
}
PROBLEMS = {
    "empty_feed": gettext_lazy("Aucune séance n’y figure."),
    "cancelled": gettext_lazy("Séance annulée par l’école, laissée de côté."),
    "duplicate": gettext_lazy("Séance écrite deux fois, gardée une fois."),
    "truncated": gettext_lazy(
        "Le fichier est coupé : les séances complètes sont gardées. Exportez-le de nouveau."
    ),
    "unclosed_event": gettext_lazy("Séance inachevée, laissée de côté."),
    "unreadable_event": gettext_lazy("Séance illisible, laissée de côté."),
    "unreadable_value": gettext_lazy("Une information d’une séance est illisible."),
    "unreadable_line": gettext_lazy("Ligne illisible, laissée de côté."),
    "missing_start": gettext_lazy("Séance sans début, laissée de côté."),
    "ends_before_start": gettext_lazy("Séance qui finit avant de commencer, laissée de côté."),
    "date_out_of_range": gettext_lazy("Séance à une date impossible, laissée de côté."),
    "missing_uid": gettext_lazy("Séance sans identifiant, reconnue à son contenu."),
    "unknown_timezone": gettext_lazy("Fuseau horaire inconnu, lu à l’heure de Paris."),
    "not_utf8": gettext_lazy("Fichier écrit dans un codage ancien : vérifiez les accents."),
    "recurrence_refused": gettext_lazy("Répétition impossible à suivre, laissée de côté."),
    "recurrence_cut": gettext_lazy("Répétition sans fin, suivie sur deux ans."),
    "exrule_ignored": gettext_lazy("Exception d’une forme ancienne, ignorée : vérifiez la série."),
    **{code: UNFETCHABLE[code] for code in UNFETCHABLE if code != "status"},
    **UNREADABLE,
}


@register.inclusion_tag("timetable/week.html")
def week_picture(week: Week) -> dict[str, object]:
    """Draw a week: lessons as boxes, the period as a hatched band, what is touched outlined."""
    wide, narrow = picture.draw(week), picture.draw(week, is_narrow=True)
    return {
        "monday": week.monday,
        "margin": picture.MARGIN,
        "drawings": [_drawing(wide, "wide"), _drawing(narrow, "narrow")],
        "days": [_told(day) for day in week.days if day.all_day or day.blocks or day.bands],
        "legend": [(look, words) for look, words in LEGEND.items() if look in wide.looks],
    }


def _drawing(drawn: picture.Picture, size: str) -> dict[str, object]:
    is_wordy = size == "wide" and len(drawn.columns) <= picture.WEEKDAYS
    short = pgettext("date format", "D j b")
    return {
        "size": size,
        "drawn": drawn,
        "pattern": f"hatch-{size}-{drawn.monday:%Y%m%d}",
        "columns": [
            (
                day,
                formats.date_format(day.on, "l j F" if is_wordy else short),
                _served(day.service, _("période") if is_wordy else ""),
            )
            for day in drawn.columns
        ],
    }


def _told(day: Day) -> tuple[Day, str, tuple[Block, ...]]:
    spans = [(band.start_minute, band.end_minute) for band in day.bands if not band.is_travel]
    return day, _served(spans, _("Période")), (*day.all_day, *day.blocks)


def _served(spans: Iterable[tuple[int, int]], word: str) -> str:
    told = []
    for start, end in spans:
        if (start, end) == (0, DAY_MINUTES):
            told.append(_("toute la journée"))
        elif not start:
            told.append(_("jusqu’à %(end)s") % {"end": picture.clock(end)})
        elif end == DAY_MINUTES:
            told.append(_("à partir de %(start)s") % {"start": picture.clock(start)})
        else:
            told.append(f"{picture.clock(start)}–{picture.clock(end)}")
    return f"{word} {', '.join(told)}".strip() if told else ""


@register.filter
def hours_of(block: Block) -> str:
    """Write when a lesson of a day runs."""
    if block.event.is_all_day:
        return _("toute la journée")
    return f"{picture.clock(block.start_minute)}–{picture.clock(block.end_minute)}"


@register.simple_tag
def week_title(monday: date) -> str:
    """Name a week by its Monday."""
    day = formats.date_format(monday, "j F Y")
    return _("Semaine du %(day)s") % {"day": day}


@register.inclusion_tag("timetable/problems.html")
def problem_list(problems: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """Say what a reading met: each kind of problem once, how often, and where first."""
    problems = list(problems)
    counts = Counter(str(problem["code"]) for problem in problems)
    return {
        "problems": [
            {
                "sentence": PROBLEMS.get(code, NOT_FETCHED if code == "status" else _ODD),
                "count": count,
                "places": _places(problem for problem in problems if problem["code"] == code),
            }
            for code, count in counts.most_common()
        ]
    }


_ODD = gettext_lazy("Événement qui n’a pas pu être lu.")


def _places(problems: Iterable[Mapping[str, Any]]) -> list[str]:
    """Name the first lines; a UID says nothing to anybody."""
    lines = [str(one["place"]) for one in problems if str(one["place"]).startswith("line ")]
    return [
        _("ligne %(number)s") % {"number": line.removeprefix("line ")}
        for line in lines[:MOST_PLACES]
    ]


@register.filter
def hours(minutes: int) -> str:
    """Write a number of minutes as hours: 105 is 1 h 45."""
    whole, rest = divmod(int(minutes), 60)
    if not whole:
        return f"{rest}\u00a0min"
    if not rest:
        return f"{whole}\u00a0h"
    return _("%(hours)d h %(minutes)02d") % {"hours": whole, "minutes": rest}


@register.filter
def kind_of(corrected: Mapping[str, str], lesson: Lesson) -> str:
    """Return the type of a lesson as its person corrected it, else as a rule said."""
    return corrected.get(lesson.uid, lesson.kind)


@register.filter
def kind_name(kind: str) -> str:
    """Name the type of a lesson."""
    return str(Kind(kind).label)


@register.simple_tag
def kind_label(kind: str) -> str:
    """Name the type of a lesson, for a part of page that asks for its label."""
    return kind_name(kind)


@register.filter
def ways(choice: Choice) -> list[tuple[Proposal | None, BoundWidget]]:
    """Lay the radio buttons of a lesson beside the sessions that they stand for."""
    found = {key_of(one.event): one for one in choice.recovered.recoveries}
    return [(found.get(str(radio.data["value"])), radio) for radio in choice.how.subwidgets]


@register.filter
def why_proposed(found: Proposal) -> str:
    """Say why a session is proposed, and what to know of it."""
    told = []
    group = found.event.group
    if group:
        told.append(_("avec %(group)s") % {"group": group})
    if found.place and found.place == found.missed_place:
        told.append(_("séance n° %(n)d de la série, comme la vôtre") % {"n": found.place})
    elif found.place:
        told.append(
            _("séance n° %(n)d de la série, la vôtre est la n° %(own)d")
            % {"n": found.place, "own": found.missed_place}
        )
    if found.is_same_week:
        told.append(_("dans la même semaine"))
    if found.over:
        told.append(_("pendant %(titles)s") % {"titles": ", ".join(found.over)})
    return " · ".join(told)


@register.filter
def count_of(counts: Mapping[str, int], key: str) -> int:
    """Return how many times a key was counted."""
    return counts.get(key, 0)


@register.filter
def svg(value: float) -> str:
    """Write a number as SVG reads it, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


@register.filter
def add_units(value: float, other: int) -> str:
    """Add units to a length of the drawing."""
    return svg(max(value + other, 0))


@register.filter
def times(value: int, factor: int) -> int:
    """Multiply, for the place of a line of text."""
    return value * factor
