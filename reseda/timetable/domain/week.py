"""A week ready to be drawn: days, blocks with their column, and the reserve periods behind them.

Every position is in minutes of wall clock since midnight, in the timetable's zone, so that a
template only has to multiply.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from reseda.timetable.domain.conflicts import Conflict, Period
from reseda.timetable.domain.events import Event

FIRST_MINUTE = 7 * 60
LAST_MINUTE = 20 * 60
DAY_MINUTES = 24 * 60
DAYS = 7


@dataclass(frozen=True, slots=True)
class Block:
    """A session, or the part of it that falls on one day; `column` counts from 0 to `columns`."""

    event: Event
    start_minute: int
    end_minute: int
    column: int = 0
    columns: int = 1
    conflicting_periods: tuple[str, ...] = ()
    is_recoverable: bool = False

    @property
    def is_conflict(self) -> bool:
        """Tell whether a period meets this session."""
        return bool(self.conflicting_periods)

    @property
    def minutes(self) -> int:
        """The height of the block."""
        return self.end_minute - self.start_minute


@dataclass(frozen=True, slots=True)
class Band:
    """The part of a reserve period, or of the way to it and back, that falls on one day."""

    period_id: str
    start_minute: int
    end_minute: int
    is_travel: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One day: timed blocks by start, sessions of the whole day, bands of the periods."""

    on: date
    blocks: tuple[Block, ...]
    all_day: tuple[Block, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `monday`, drawn between two whole hours given in minutes since midnight."""

    monday: date
    start_minute: int
    end_minute: int
    days: tuple[Day, ...]

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours to write in the margin."""
        return tuple(range(self.start_minute // 60, self.end_minute // 60 + 1))

    @property
    def has_weekend(self) -> bool:
        """Tell whether Saturday or Sunday has anything to show."""
        return any(day.blocks or day.all_day or day.bands for day in self.days[5:])


def week(
    events: Iterable[Event],
    periods: Iterable[Period],
    conflicts: Iterable[Conflict],
    monday: date,
    *,
    travel_minutes: int = 0,
    recoverable: Collection[str] = (),
    zone: str = "Europe/Paris",
) -> Week:
    """Lay out the seven days that begin on `monday`; hours run from 7 to 20, further if needed.

    `recoverable` are the UIDs of the sessions that another one recovers. Raises ValueError when
    `monday` is another day.
    """
    if monday.weekday() != 0:
        raise ValueError(f"{monday} is not a Monday")
    home = ZoneInfo(zone)
    met: dict[str, list[str]] = {}
    for conflict in conflicts:
        met.setdefault(conflict.uid, []).append(conflict.period_id)
    ground = _Ground(
        tuple(events),
        tuple(_stretches(periods, timedelta(minutes=travel_minutes))),
        met,
        frozenset(recoverable),
        home,
    )
    days = tuple(_day(monday + timedelta(days=number), ground) for number in range(DAYS))
    blocks = [block for day in days for block in day.blocks]
    start = min([FIRST_MINUTE, *(block.start_minute for block in blocks)])
    end = max([LAST_MINUTE, *(block.end_minute for block in blocks)])
    return Week(monday, start // 60 * 60, -(-end // 60) * 60, days)


class _Ground(NamedTuple):
    """What every day of a week is drawn from."""

    events: tuple[Event, ...]
    stretches: tuple[tuple[str, datetime, datetime, bool], ...]
    met: Mapping[str, Sequence[str]]
    recoverable: frozenset[str]
    zone: ZoneInfo


def _stretches(
    periods: Iterable[Period], travel: timedelta
) -> Iterator[tuple[str, datetime, datetime, bool]]:
    """Each period, and the way there and back where it takes time."""
    for period in periods:
        yield period.id, period.starts_at, period.ends_at, False
        if travel:
            yield period.id, period.starts_at - travel, period.starts_at, True
            yield period.id, period.ends_at, period.ends_at + travel, True


def _day(on: date, ground: _Ground) -> Day:
    timed, whole = [], []
    for event in ground.events:
        span = _span(event.starts_at, event.ends_at, on, ground.zone)
        if span is None:
            continue
        block = Block(
            event,
            *span,
            conflicting_periods=tuple(dict.fromkeys(ground.met.get(event.uid, ()))),
            is_recoverable=event.uid in ground.recoverable,
        )
        if event.is_all_day or span == (0, DAY_MINUTES):
            whole.append(block)
        else:
            timed.append(block)
    bands = [
        Band(period, *span, is_travel)
        for period, start, end, is_travel in ground.stretches
        if (span := _span(start, end, on, ground.zone))
    ]
    return Day(on, _columns(timed), tuple(sorted(whole, key=_place)), tuple(bands))


def _span(
    starts_at: datetime, ends_at: datetime, on: date, zone: ZoneInfo
) -> tuple[int, int] | None:
    """The wall-clock minutes of an interval on one day, or None when it does not touch it."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    if start.date() > on or end.date() < on:
        return None
    first = 0 if start.date() < on else _minute(start)
    last = DAY_MINUTES if end.date() > on else _minute(end)
    if last < first:  # the clock went back while it ran
        last = first + max(1, int((ends_at - starts_at).total_seconds()) // 60)
    if last == first and starts_at.astimezone(UTC) != ends_at.astimezone(UTC):
        return None if last == 0 else (first, first + 1)
    return first, last


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _columns(blocks: list[Block]) -> tuple[Block, ...]:
    """Give side-by-side columns to blocks that overlap; each cluster shares the width equally."""
    placed: list[Block] = []
    cluster: list[tuple[Block, int]] = []
    free_at: list[int] = []
    for block in sorted(blocks, key=_place):
        if free_at and block.start_minute >= max(free_at):
            placed += _spread(cluster, len(free_at))
            cluster, free_at = [], []
        column = next(
            (i for i, end in enumerate(free_at) if end <= block.start_minute), len(free_at)
        )
        # A session without duration still takes room on the drawing.
        end = max(block.end_minute, block.start_minute + 1)
        free_at[column : column + 1] = [end]
        cluster.append((block, column))
    return tuple(placed + _spread(cluster, len(free_at)))


def _spread(cluster: list[tuple[Block, int]], columns: int) -> list[Block]:
    return [replace(block, column=column, columns=columns) for block, column in cluster]


def _place(block: Block) -> tuple[int, int, str]:
    return block.start_minute, -block.end_minute, block.event.uid
