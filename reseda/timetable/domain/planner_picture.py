"""The drawings of the planner: the year of each reservist, and the trade-off of one of them.

One unit is one pixel at full size. Nothing here is said in words: pages name what is drawn.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

A_WEEK = timedelta(days=7)
ROW = 36
HEAD = 44
INSET = 1.5
MOST_LANES = 2
ROUND = 5
# The year of a school fits a desk without scrolling; a short plan has broad weeks.
FULL, NARROWEST, BROADEST = 800, 15.0, 54.0
# What is drawn on top, and in full, where several things fall in one week.
RANKS = ("broken", "accepted", "granted", "held", "possible", "studies", "barred", "declined")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that takes days of somebody’s year: what it is (`look`), and what is written."""

    first: date
    last: date
    look: str
    label: str = ""
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A mark drawn: its rectangle, and whether its label has room."""

    x: float
    y: float
    width: float
    height: float
    mark: Mark

    @property
    def middle(self) -> tuple[float, float]:
        """Where the label is centred."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        """Its right edge, where a pin is drawn."""
        return self.x + self.width - 2

    @property
    def is_tall(self) -> bool:
        """Whether it has its week for itself."""
        return self.height > ROW / 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One week of a row: where it is, its Monday, the marks that touch it."""

    x: float
    width: float
    monday: date
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """The weeks of a plan: their Mondays, their width, and the months over them."""

    mondays: tuple[date, ...]
    week: float

    @property
    def width(self) -> float:
        """The width of the whole."""
        return round(self.week * len(self.mondays), 1)

    @property
    def half(self) -> float:
        """Half a week, to centre its number."""
        return self.week / 2

    @property
    def columns(self) -> tuple[tuple[float, date], ...]:
        """Each week: its left edge and its Monday."""
        return tuple((self.left(rank), monday) for rank, monday in enumerate(self.mondays))

    @property
    def months(self) -> tuple[tuple[float, float, date], ...]:
        """Each month: where it starts, how broad it is, its first day shown."""
        starts = [
            rank
            for rank, monday in enumerate(self.mondays)
            if not rank or (monday.month, monday.year) != _month(self.mondays[rank - 1])
        ]
        ends = [*starts[1:], len(self.mondays)]
        return tuple(
            (self.left(start), round((end - start) * self.week, 1), self.mondays[start])
            for start, end in zip(starts, ends, strict=True)
        )

    def left(self, rank: int) -> float:
        """Return the left edge of a week."""
        return round(rank * self.week, 1)

    def day(self, on: date) -> float | None:
        """Return where a day is drawn, None outside the weeks shown."""
        away = (on - self.mondays[0]).days
        is_inside = 0 <= away < 7 * len(self.mondays)
        return round(away / 7 * self.week, 1) if is_inside else None

    def rank(self, day: date) -> int:
        """Return which week a day is in, the nearest one where it is outside."""
        found = (day - self.mondays[0]).days // 7
        return min(max(found, 0), len(self.mondays) - 1)


@dataclass(frozen=True, slots=True)
class Row:
    """The year of one person drawn: weeks with exams, weeks without lessons, boxes, cells."""

    exams: tuple[float, ...]
    idle: tuple[float, ...]
    unknown: float | None
    boxes: tuple[Box, ...]
    cells: tuple[Cell, ...]


def _month(day: date) -> tuple[int, int]:
    return day.month, day.year


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def frame(first: date, last: date) -> Frame:
    """Lay out the weeks that some days touch."""
    monday, mondays = monday_of(first), []
    while monday <= last:
        mondays.append(monday)
        monday += A_WEEK
    week = round(min(max(FULL / len(mondays), NARROWEST), BROADEST), 1)
    return Frame(tuple(mondays), week)


def draw(
    paper: Frame,
    marks: Iterable[Mark],
    *,
    exams: Collection[date] = (),
    idle: Collection[date] = (),
    known_until: date | None = None,
) -> Row:
    """Draw a year: each mark over the weeks it touches, two to a week at most.

    `exams` and `idle` are the Mondays of the weeks with exams and without lessons; after
    `known_until` nothing is known of the studies.
    """
    first, last = paper.mondays[0], paper.mondays[-1] + A_WEEK
    inside = [one for one in marks if one.last >= first and one.first < last]
    inside.sort(key=lambda one: (RANKS.index(one.look), one.first, one.last))
    spans = [(paper.rank(one.first), paper.rank(one.last)) for one in inside]
    lanes = _lanes(spans)
    boxes = tuple(
        _box(paper, mark, span, lane, _is_alone(span, spans))
        for mark, span, lane in zip(inside, spans, lanes, strict=True)
        if lane < MOST_LANES
    )
    after = paper.rank(known_until) + 1 if known_until else 0
    return Row(
        exams=tuple(paper.left(rank) for rank in _ranks(paper, exams)),
        idle=tuple(paper.left(rank) for rank in _ranks(paper, idle)),
        unknown=paper.left(after) if after < len(paper.mondays) else None,
        boxes=tuple(reversed(boxes)),
        cells=_cells(paper, inside, spans),
    )


def _ranks(paper: Frame, mondays: Collection[date]) -> list[int]:
    return [rank for rank, monday in enumerate(paper.mondays) if monday in mondays]


def _lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Give each span, in order, the first lane that is free over its weeks."""
    taken: list[set[int]] = []
    found = []
    for start, end in spans:
        weeks = set(range(start, end + 1))
        lane = next((n for n, busy in enumerate(taken) if not busy & weeks), len(taken))
        if lane == len(taken):
            taken.append(set())
        taken[lane] |= weeks
        found.append(lane)
    return found


def _is_alone(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    start, end = span
    return sum(1 for first, last in spans if first <= end and start <= last) == 1


def _box(paper: Frame, mark: Mark, span: tuple[int, int], lane: int, is_alone: bool) -> Box:
    left, right = paper.left(span[0]) + INSET, paper.left(span[1] + 1) - INSET
    top, height = 6.0, ROW - 12.0
    if not is_alone:
        height = (ROW - 10) / 2
        top = 4 + lane * (height + 2)
    return Box(round(left, 1), round(top, 1), round(right - left, 1), round(height, 1), mark)


def _cells(
    paper: Frame, marks: Sequence[Mark], spans: Sequence[tuple[int, int]]
) -> tuple[Cell, ...]:
    found = []
    for rank, (x, monday) in enumerate(paper.columns):
        here = tuple(
            mark for mark, (start, end) in zip(marks, spans, strict=True) if start <= rank <= end
        )
        if here:
            found.append(Cell(x, paper.week, monday, here))
    return tuple(found)


# --- The trade-off: days served against hours to recover

PLOT_WIDTH, PLOT_HEIGHT = 560, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 52, 56
MOST_TICKS = 6
STEPS = (0.5, 1, 2, 5, 10, 15, 20, 30, 50, 100)


@dataclass(frozen=True, slots=True)
class Dot:
    """One possible plan on the drawing: where, which of the choices it is, and its days."""

    x: float
    y: float
    rank: int
    days: float


@dataclass(frozen=True, slots=True)
class TradeOff:
    """The drawing of what days cost: dots, the stairs under them, the ticks of both axes."""

    dots: tuple[Dot, ...]
    path: str
    days: tuple[tuple[float, float], ...]
    hours: tuple[tuple[float, float], ...]


def trade_off(
    points: Sequence[tuple[float, int]], beside: Sequence[tuple[float, int]] = ()
) -> TradeOff:
    """Draw choices given as (days, minutes to recover): days upwards, hours to the right.

    Those `beside` are drawn after the others and are no step of the stairs.
    """
    edge, points = len(points), (*points, *beside)
    most_days = max((days for days, _minutes in points), default=0) or 1
    most_hours = max((minutes / 60 for _days, minutes in points), default=0) or 1

    def place(days: float, hours: float) -> tuple[float, float]:
        x = LEFT + hours / most_hours * (PLOT_WIDTH - LEFT - RIGHT)
        y = PLOT_HEIGHT - BOTTOM - days / most_days * (PLOT_HEIGHT - TOP - BOTTOM)
        return round(x, 1), round(y, 1)

    dots = tuple(
        Dot(*place(days, minutes / 60), rank, days) for rank, (days, minutes) in enumerate(points)
    )
    ordered = sorted(dots[:edge], key=lambda dot: (dot.x, -dot.y))
    steps = [f"M{ordered[0].x} {ordered[0].y}"] if ordered else []
    steps += [f"H{dot.x} V{dot.y}" for dot in ordered[1:]]
    return TradeOff(
        dots,
        " ".join(steps),
        tuple((days, place(days, 0)[1]) for days in ticks(most_days)),
        tuple((hours, place(0, hours)[0]) for hours in ticks(most_hours)),
    )


def ticks(most: float) -> tuple[float, ...]:
    """Return round numbers from 0 to a maximum, six at most."""
    step = next((one for one in STEPS if most / one <= MOST_TICKS), STEPS[-1])
    return tuple(step * n for n in range(int(most / step) + 1))
