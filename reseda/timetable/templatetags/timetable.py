"""How pages show studies: the picture of a week, durations, the type of a lesson."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from reseda.timetable.domain.week import Block, Week
from reseda.timetable.models import Kind, Lesson

register = template.Library()

# The drawing, in SVG units: one unit a minute down, and fixed widths across.
MARGIN, HEAD, DAY_WIDTH, GAP = 46, 30, 132, 3
LONGEST = 22
WEEKDAYS, SHORT_WEEK = 7, 5


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture, with its words and its look."""

    x: float
    y: float
    width: float
    height: float
    look: str
    title: str
    lines: tuple[str, ...]
    centre: float


@register.inclusion_tag("timetable/week.html")
def week_picture(week: Week) -> dict[str, object]:
    """Draw a week: lessons as boxes, the period as a hatched band, what is touched outlined."""
    days = week.days[: WEEKDAYS if week.has_weekend else SHORT_WEEK]
    scale = 0.62
    height = HEAD + (week.end_minute - week.start_minute) * scale
    width = MARGIN + len(days) * DAY_WIDTH

    def down(minute: int) -> float:
        clipped = min(max(minute, week.start_minute), week.end_minute)
        return HEAD + (clipped - week.start_minute) * scale

    bands, boxes, heads = [], [], []
    for rank, day in enumerate(days):
        left = MARGIN + rank * DAY_WIDTH
        heads.append((left + DAY_WIDTH / 2, formats.date_format(day.on, "D j M")))
        for band in day.bands:
            top, bottom = down(band.start_minute), down(band.end_minute)
            bands.append(Box(left + 1, top, DAY_WIDTH - 2, bottom - top, "duty", "", (), 0))
        boxes += [
            _box(block, left, down(block.start_minute), down(block.end_minute))
            for block in day.blocks
        ]
    return {
        "week": week,
        "days": days,
        "width": width,
        "height": height,
        "heads": heads,
        "hours": [(down(hour * 60), hour) for hour in week.hours[:-1]],
        "bands": bands,
        "boxes": boxes,
        "margin": MARGIN,
        "pattern": f"hatch-{week.monday:%Y%m%d}",
    }


def _box(block: Block, left: int, top: float, bottom: float) -> Box:
    share = (DAY_WIDTH - 2 * GAP) / block.columns
    x = left + GAP + block.column * share
    look = "exam" if block.event.kind == Kind.EXAM else "lesson"
    if block.event.kind in {Kind.PRACTICAL, Kind.PROJECT, Kind.UNKNOWN}:
        look = "firm"
    if block.is_conflict:
        look += " lost"
    words = f"{Kind(block.event.kind).label} · {block.event.title}"
    room = max(int(LONGEST / block.columns), 4)
    count = max(int((bottom - top) // 15), 1)
    lines = tuple(_cut(block.event.title, room, count))
    return Box(x, top + 1, share - 1, max(bottom - top - 2, 4), look, words, lines, x + 6)


def _cut(text: str, room: int, count: int) -> list[str]:
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > room:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    lines.append(current)
    if len(lines) > count:
        lines = [*lines[: count - 1], lines[count - 1][: room - 1] + "…"]
    return [line[:room] for line in lines]


@register.simple_tag
def week_title(monday: date) -> str:
    """Name a week by its Monday."""
    day = formats.date_format(monday, "j F Y")
    return _("Semaine du %(day)s") % {"day": day}


@register.filter
def hours(minutes: int) -> str:
    """Write a number of minutes as hours: 105 is 1 h 45."""
    whole, rest = divmod(int(minutes), 60)
    if not whole:
        return f"{rest}\u00a0min"
    return f"{whole}\u00a0h\u00a0{rest:02d}" if rest else f"{whole}\u00a0h"


@register.filter
def kind_of(corrected: Mapping[str, str], lesson: Lesson) -> str:
    """Return the type of a lesson as its person corrected it, else as a rule said."""
    return corrected.get(lesson.uid, lesson.kind)


@register.filter
def unlocalized(value: float) -> str:
    """Write a number as SVG reads it, whatever the language of the page."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


@register.filter
def times(value: int, factor: int) -> int:
    """Multiply, for the place of a line of text."""
    return value * factor
