"""How a missed lesson may be recovered: which other sessions of the timetable teach the same thing.

A feed is often that of a whole promotion: the same practical is then given to the next group on
another day, and going there loses nothing. An exam is never proposed: it must not be missed, and a
substitute one has to be arranged by people.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from reseda.timetable.domain.conflicts import Period
from reseda.timetable.domain.events import Event
from reseda.timetable.domain.typing_rules import words

# What a student may not leave to catch up something else; a lecture can be read from notes.
HARD = frozenset({"exam", "project", "practical", "placement", "unknown"})
# What is taught, and therefore can be taught again.
TAUGHT = frozenset({"project", "practical", "tutorial", "lecture", "unknown"})
MOST = 3

_MARK = re.compile(r"\b(?:(?:tp|td|cm|gr|g|groupe|grp) ?\d+[a-z]?|promo|promotion)\b")
Span = tuple[datetime, datetime]
Unit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One session that recovers a missed one, and why it is proposed.

    `likeness`: "same" (title, length and place in the series are those of the lesson missed),
    "alike" (title and length), "near" (the same teaching unit, otherwise), "own" (the next session
    of the unit that the student attends anyway: not a recovery, a moment to see the teacher).
    `place` and `missed_place` count from 1 in the series of each group; 0 when it cannot be told.
    `over` are the titles of the student's own lectures or tutorials at the same time.
    """

    event: Event
    likeness: str
    is_same_week: bool
    place: int = 0
    missed_place: int = 0
    over: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Tell whether nothing would be lost by going there instead."""
        return self.likeness == "same"

    @property
    def is_recovery(self) -> bool:
        """Tell whether going there recovers the lesson."""
        return self.likeness != "own"


@dataclass(frozen=True, slots=True)
class Recovery:
    """A missed lesson and what may recover it, the surest first, then the nearest in time."""

    missed: Event
    proposals: tuple[Proposal, ...]

    @property
    def needs_substitute(self) -> bool:
        """Tell whether a substitute exam must be arranged."""
        return self.missed.kind == "exam"

    @property
    def is_recoverable(self) -> bool:
        """Tell whether another session recovers it."""
        return any(one.is_recovery for one in self.proposals)


@dataclass(frozen=True, slots=True)
class Sum:
    """What a kind of lesson loses: sessions and minutes, in all and without any recovery."""

    kind: str
    count: int
    minutes: int
    lost_count: int
    lost_minutes: int


def recoveries(
    missed: Iterable[Event],
    whole: Iterable[Event],
    own: Iterable[Event],
    periods: Iterable[Period],
    *,
    zone: str = "Europe/Paris",
    most: int = MOST,
) -> tuple[Recovery, ...]:
    """Propose, for each missed lesson, sessions that recover it, `most` at the most.

    `whole` are the sessions of every group of the promotion, `own` those the student attends,
    `periods` all their periods. A proposal has the same teaching unit and kind, comes after the
    lesson missed or earlier in the same week, and meets neither a period, nor a lesson that may not
    be left, nor a session of the same unit that the student attends. Times are aware; weeks and
    days are those of `zone`.
    """
    ground = _Ground(tuple(whole), tuple(own), tuple(periods), ZoneInfo(zone))
    return tuple(Recovery(one, tuple(ground.proposals(one)[:most])) for one in missed)


def sums(found: Iterable[Recovery]) -> tuple[Sum, ...]:
    """Add up, for each kind in order of first appearance, what is missed and what stays lost."""
    totals: dict[str, list[int]] = {}
    for recovery in found:
        total = totals.setdefault(recovery.missed.kind, [0, 0, 0, 0])
        minutes = _minutes(recovery.missed)
        total[0] += 1
        total[1] += minutes
        if not recovery.is_recoverable:
            total[2] += 1
            total[3] += minutes
    return tuple(Sum(kind, *total) for kind, total in totals.items())


@lru_cache(maxsize=8192)
def unit_of(module: str, title: str) -> str:
    """Return what names a teaching unit: its module, else its title without forms nor groups."""
    return words(module) or bare(title)


@lru_cache(maxsize=8192)
def bare(title: str, group: str = "") -> str:
    """Bring a title to its plain words, without the codes of groups, to compare it with others."""
    plain = f" {words(title)} "
    for code in group.split(", ") if group else ():
        plain = plain.replace(f" {words(code)} ", " ")
    return " ".join(_MARK.sub(" ", plain).split())


class _Ground:
    """Everything a search needs, worked out once for all the missed lessons."""

    def __init__(
        self,
        whole: Sequence[Event],
        own: Sequence[Event],
        periods: Sequence[Period],
        zone: ZoneInfo,
    ) -> None:
        self.zone = zone
        self.own = {(one.uid, one.starts_at) for one in own}
        self.units: dict[Unit, list[Event]] = defaultdict(list)
        for one in sorted({*whole, *own}):
            if one.kind in TAUGHT and not one.is_all_day and one.ends_at > one.starts_at:
                self.units[_unit(one)].append(one)
        self.away = _Spans((one.starts_at, one.ends_at) for one in periods)
        self.busy = _Spans((one.starts_at, one.ends_at) for one in own if one.kind in HARD)
        soft = sorted(one for one in own if one.kind in TAUGHT - HARD and not one.is_all_day)
        self.soft = soft
        self.soft_starts = [one.starts_at for one in soft]
        self.longest = max((one.ends_at - one.starts_at for one in soft), default=timedelta())

    def proposals(self, missed: Event) -> list[Proposal]:
        """Return every proposal for a lesson, in order."""
        if missed.kind not in TAUGHT or missed.is_all_day:
            return []
        series = self.units.get(_unit(missed), [])
        found = list(self._elsewhere(missed, series))
        found.sort(key=lambda one: (*_rank(one), abs(one.event.starts_at - missed.starts_at)))
        return found or list(self._next(missed, series))

    def _elsewhere(self, missed: Event, series: Sequence[Event]) -> Iterator[Proposal]:
        places = _Places(series, self.own)
        # Whoever runs beside the student's own session of the unit only gives the same again.
        beside = _Spans(
            (one.starts_at, one.ends_at) for one in series if (one.uid, one.starts_at) in self.own
        )
        week = self._monday(missed)
        for one in series:
            key = (one.uid, one.starts_at)
            is_same_week = self._monday(one) == week
            is_in_time = one.starts_at >= missed.ends_at or is_same_week
            if key in self.own or not is_in_time:
                continue
            if any(spans.meets(one) for spans in (self.away, self.busy, beside)):
                continue
            place, missed_place = places(one, missed)
            yield Proposal(
                event=one,
                likeness=_likeness(missed, one, place, missed_place),
                is_same_week=is_same_week,
                place=place,
                missed_place=missed_place,
                over=self._over(one),
            )

    def _next(self, missed: Event, series: Sequence[Event]) -> Iterator[Proposal]:
        """The next session of the unit that the student attends anyway, outside any period."""
        for one in series:
            key = (one.uid, one.starts_at)
            is_after = key in self.own and one.starts_at >= missed.ends_at
            if is_after and not self.away.meets(one):
                yield Proposal(one, "own", self._monday(one) == self._monday(missed))
                return

    def _over(self, event: Event) -> tuple[str, ...]:
        first = bisect_left(self.soft_starts, event.starts_at - self.longest)
        last = bisect_left(self.soft_starts, event.ends_at)
        return tuple(one.title for one in self.soft[first:last] if one.ends_at > event.starts_at)

    def _monday(self, event: Event) -> date:
        day = event.starts_at.astimezone(self.zone).date()
        return day - timedelta(days=day.weekday())


class _Spans:
    """Stretches of time, some over others, of which one asks whether they meet an event."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self.starts = [start for start, _end in ordered]
        # The latest end among the first ones: beyond it nothing that began before still runs.
        self.latest = list(accumulate((end for _start, end in ordered), max))

    def meets(self, event: Event) -> bool:
        """Tell whether a stretch shares time with an event."""
        last = bisect_left(self.starts, event.ends_at)
        return bool(last) and self.latest[last - 1] > event.starts_at


class _Places:
    """The place of each session in the series of its group, the student's group apart."""

    def __init__(self, series: Sequence[Event], own: set[tuple[str, datetime]]) -> None:
        self.by_group: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
        for one in series:
            key = (one.uid, one.starts_at)
            for code in ("",) if key in own else one.groups or ("?",):
                self.by_group[code].append(key)

    def __call__(self, other: Event, missed: Event) -> tuple[int, int]:
        """Return the two places; (0, 0) when the two series have not as many sessions."""
        mine = self.by_group[""]
        key = (missed.uid, missed.starts_at)
        if key not in mine:
            return 0, 0
        for code in other.groups:
            theirs = self.by_group.get(code, [])
            if len(theirs) == len(mine):
                return theirs.index((other.uid, other.starts_at)) + 1, mine.index(key) + 1
        return 0, 0


def _unit(event: Event) -> Unit:
    return unit_of(event.module, event.title), event.kind


def _likeness(missed: Event, other: Event, place: int, missed_place: int) -> str:
    is_alike = bare(missed.title, missed.group) == bare(other.title, other.group)
    if not is_alike or missed.ends_at - missed.starts_at != other.ends_at - other.starts_at:
        return "near"
    return "same" if place and place == missed_place else "alike"


def _rank(one: Proposal) -> tuple[int, int]:
    return ("same", "alike", "near", "own").index(one.likeness), len(one.over)


def _minutes(event: Event) -> int:
    return int((event.ends_at - event.starts_at).total_seconds()) // 60
