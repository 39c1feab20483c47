"""The drawing of a week: where each rectangle and each line of text goes, in SVG units.

One unit is one pixel at full size. The drawing says nothing in words but titles and hours: the page
names the kinds and the days.
"""

from dataclasses import dataclass
from datetime import date

from reseda.timetable.domain.events import Event
from reseda.timetable.domain.week import Block, Day, Week

WIDTH = 1152
MARGIN = 52
NARROW_DAY, ONLY_DAY = 128, 236
HEAD = 46
UNITS_A_MINUTE = 0.68
INSET = 9
GAP = 3
LINE, LEAST = 15, 6
PADDING = 9
# The mean width of a letter at the size of the drawing's text, a little wide to be safe.
LETTER = 6.5
NARROWEST = 34
STRIP = 24
MOST_STRIPS = 3
WEEKDAYS = 5
FIRM = frozenset({"practical", "project", "unknown"})


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle: the part of a period that falls on a day, or a day as a whole."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A session: its rectangle, the look it takes, and the lines that it has room for."""

    area: Area
    look: str
    event: Event
    lines: tuple[str, ...]

    @property
    def is_exam(self) -> bool:
        """Tell whether it must not be missed: a sign says it, not the colour alone."""
        return self.event.kind == "exam"

    @property
    def is_saved(self) -> bool:
        """Tell whether another session recovers it: a sign says it too."""
        return "saved" in self.look


@dataclass(frozen=True, slots=True)
class Column:
    """A day: its area, the parts of periods and the sessions on it, in the order of the hours.

    `service` are the minutes since midnight between which periods run, for the head of the column.
    """

    on: date
    area: Area
    bands: tuple[Area, ...]
    service: tuple[tuple[int, int], ...]
    travels: tuple[Area, ...]
    boxes: tuple[Box, ...]
    is_weekend: bool

    @property
    def centre(self) -> float:
        """Where the name of the day is written."""
        return self.area.x + self.area.width / 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A week drawn: its size, its days, and the heights of the hours."""

    monday: date
    width: float
    height: float
    columns: tuple[Column, ...]
    hours: tuple[tuple[int, float], ...]

    @property
    def looks(self) -> frozenset[str]:
        """The looks present, which the legend explains."""
        return frozenset(
            [
                *(word for day in self.columns for box in day.boxes for word in box.look.split()),
                *("travel" for day in self.columns if day.travels),
            ]
        )


def draw(week: Week, *, is_narrow: bool = False) -> Picture:
    """Draw a week: weekends only where they hold something, sessions of a whole day on top.

    A narrow drawing, for telephones, has only the days that a period touches.
    """
    days = _days(week)
    if is_narrow:
        days = tuple(day for day in days if day.bands) or days
    width = WIDTH if not is_narrow else MARGIN + max(len(days) * NARROW_DAY, ONLY_DAY)
    strips = min(max(len(day.all_day) for day in days), MOST_STRIPS)
    top = HEAD + strips * STRIP
    height = top + (week.end_minute - week.start_minute) * UNITS_A_MINUTE

    def down(minute: int) -> float:
        clipped = min(max(minute, week.start_minute), week.end_minute)
        return round(top + (clipped - week.start_minute) * UNITS_A_MINUTE, 1)

    share = (width - MARGIN) / len(days)
    columns = []
    for rank, day in enumerate(days):
        area = Area(round(MARGIN + rank * share, 1), HEAD, round(share, 1), height - HEAD)
        bands, travels = (
            tuple(
                Area(area.x + GAP, start, area.width - 2 * GAP, down(band.end_minute) - start)
                for band in day.bands
                if band.is_travel == is_travel
                and (start := down(band.start_minute)) < down(band.end_minute)
            )
            for is_travel in (False, True)
        )
        timed = tuple(
            _box(block, area, down(block.start_minute), down(block.end_minute))
            for block in day.blocks
        )
        service = tuple(
            (band.start_minute, band.end_minute) for band in day.bands if not band.is_travel
        )
        boxes = (*_strips(day, area), *timed)
        is_weekend = day.on.weekday() >= WEEKDAYS
        columns.append(Column(day.on, area, bands, service, travels, boxes, is_weekend))
    hours = tuple((hour, down(hour * 60)) for hour in week.hours)
    return Picture(week.monday, width, height, tuple(columns), hours)


def _days(week: Week) -> tuple[Day, ...]:
    """Leave out the end of a week that holds nothing after Friday."""
    held = [rank for rank, day in enumerate(week.days) if day.blocks or day.all_day or day.bands]
    return week.days[: max(WEEKDAYS, max(held, default=0) + 1)]


def look_of(block: Block) -> str:
    """Name the look of a session: exams apart, then what cannot be caught up from notes."""
    kind = block.event.kind
    look = "exam" if kind == "exam" else "firm" if kind in FIRM else "plain"
    if not block.is_conflict:
        return look
    return f"{look} touched saved" if block.is_recoverable else f"{look} touched"


def _strips(day: Day, area: Area) -> tuple[Box, ...]:
    return tuple(
        _boxed(
            block,
            Area(area.x + INSET, HEAD + rank * STRIP + 2, area.width - 2 * INSET, STRIP - 4),
            is_timed=False,
        )
        for rank, block in enumerate(day.all_day[:MOST_STRIPS])
    )


def _box(block: Block, area: Area, top: float, bottom: float) -> Box:
    share = (area.width - 2 * INSET + GAP) / block.columns
    left = area.x + INSET + block.column * share
    # A session without duration still shows, the last of the day too.
    height = max(bottom - top - 2, LEAST)
    top = min(top + 1, area.y + area.height - height)
    return _boxed(
        block,
        Area(round(left, 1), round(top, 1), round(share - GAP, 1), round(height, 1)),
        is_timed=True,
    )


def _boxed(block: Block, area: Area, *, is_timed: bool) -> Box:
    room = int((area.width - 2 * PADDING) / LETTER)
    count = int((area.height - 4) / LINE)
    if area.width < NARROWEST or not count:
        return Box(area, look_of(block), block.event, ())
    head = [f"{clock(block.start_minute)}–{clock(block.end_minute)}"] if is_timed else []
    if count <= len(head) or len(head[:1] and head[0]) > room:
        head = []
    lines = (*head, *cut(block.event.title, room, count - len(head)))
    return Box(area, look_of(block), block.event, lines)


def clock(minute: int) -> str:
    """Write minutes since midnight as a clock does: 495 is 8:15."""
    return f"{minute // 60}:{minute % 60:02}"


def cut(text: str, room: int, count: int) -> tuple[str, ...]:
    """Break a text into at most `count` lines of `room` letters; an ellipsis says what is left."""
    lines, current = [], ""
    for word in text.split():
        if current and len(current) + 1 + len(word) > room:
            lines.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    lines.append(current)
    is_long = len(lines) > count
    shown = [line if len(line) <= room else f"{line[: room - 1]}…" for line in lines[:count]]
    if is_long and shown and not shown[-1].endswith("…"):
        shown[-1] = f"{shown[-1][: room - 1]}…"
    return tuple(shown)
