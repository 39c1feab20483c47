"""When somebody is taken, by half-days and nothing else: what may be told to a unit.

Lessons, exams and anything else become the half-days that they touch, joined where they follow one
another, so that neither hours, titles, rooms nor their number can be read again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from reseda.service.domain.days import NOON, PARIS, Half, HalfName, halves

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, order=True)
class Block:
    """Half-days that follow one another, from the start of the first to the end of the last."""

    starts_at: datetime
    ends_at: datetime


def blocks(
    taken: Iterable[Span],
    *,
    first: date,
    last: date,
    apart_from: Iterable[Span] = (),
    zone: tzinfo = PARIS,
) -> tuple[Block, ...]:
    """Return when somebody is taken from `first` to `last`, both included, in order.

    Instants are aware; half-days that `apart_from` touches are left out: something else says them.
    """
    said = {half for start, end in apart_from for half in halves(start, end, zone)}
    found = {
        half
        for start, end in taken
        for half in halves(start, end, zone)
        if first <= half.day <= last and half not in said
    }
    joined: list[tuple[Half, Half]] = []
    for half in sorted(found):
        if joined and _next(joined[-1][1]) == half:
            joined[-1] = joined[-1][0], half
        else:
            joined.append((half, half))
    return tuple(Block(_start(one, zone), _end(other, zone)) for one, other in joined)


def _next(half: Half) -> Half:
    if half.half == HalfName.MORNING:
        return Half(half.day, HalfName.AFTERNOON)
    return Half(half.day + DAY, HalfName.MORNING)


def _start(half: Half, zone: tzinfo) -> datetime:
    hour = time() if half.half == HalfName.MORNING else NOON
    return datetime.combine(half.day, hour, tzinfo=zone)


def _end(half: Half, zone: tzinfo) -> datetime:
    return _start(_next(half), zone)
