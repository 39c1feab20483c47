"""What `check` knows of a problem, asked one pair at a time: days, meetings, covers, gains.

Written for the check alone, apart from the planner. Instants are compared exactly; a lesson touched
for a part of a minute loses that minute.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from reseda.timetable.domain.planning.model import Busy, Offer, Policy, Problem, Reservist

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)
NOON = time(12)
FULL_VALUE = 1000
POINTS_PER_DAY = 50


@dataclass(slots=True)
class Met:
    """What an offer meets in one timetable."""

    is_hard: bool = False
    is_hard_on_the_way: bool = False
    minutes: int = 0
    uids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Slot:
    """An offer with what does not depend on anybody: its days by civil year, its widened ends."""

    offer: Offer
    days: Mapping[int, float]
    total: float
    start: datetime
    end: datetime
    leaves_at: datetime
    returns_at: datetime


class Ground:
    """A problem laid out to be asked about one pair at a time."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.policy = problem, problem.policy
        self.zone = ZoneInfo(problem.zone)
        travel = timedelta(minutes=problem.policy.travel_minutes)
        self.slots = {o.id: self._slot(o, travel) for o in problem.offers}
        self.rest = timedelta(days=problem.policy.rest_days)
        self.excluded = {(pair.reservist, pair.offer) for pair in problem.excluded}
        self.published = {(pair.reservist, pair.offer) for pair in problem.published}
        self._windows = sorted(self.slots.values(), key=lambda slot: slot.leaves_at)
        self._leaving = [slot.leaves_at for slot in self._windows]
        self._latest = list(accumulate((slot.returns_at for slot in self._windows), max))
        self._known: dict[int, dict[str, Met]] = {}
        self._midnights: dict[date, datetime] = {}

    def _slot(self, offer: Offer, travel: timedelta) -> Slot:
        days = days_of(offer, self.zone)
        start, end = offer.start.astimezone(UTC), offer.end.astimezone(UTC)
        return Slot(offer, days, sum(days.values()), start, end, start - travel, end + travel)

    def met(self, busy: tuple[Busy, ...]) -> dict[str, Met]:
        """What each offer meets in a timetable; offers that meet nothing are absent.

        People of a group share one timetable: it is looked at once.
        """
        if id(busy) not in self._known:
            self._known[id(busy)] = self._meet(busy)
        return self._known[id(busy)]

    def _meet(self, busy: tuple[Busy, ...]) -> dict[str, Met]:
        found: dict[str, Met] = {}
        hard, recoverable = set(self.policy.hard), set(self.policy.recoverable)
        for event in busy:
            if event.kind not in hard and event.kind not in recoverable:
                continue
            # Two instants of one zone would be compared by their clocks, wrong when these change.
            start, end = event.start.astimezone(UTC), event.end.astimezone(UTC)
            if start >= end:
                continue
            for slot in self._around(start, end):
                met = found.setdefault(slot.offer.id, Met())
                if event.kind in hard:
                    meets = start < slot.end and end > slot.start
                    met.is_hard, met.is_hard_on_the_way = met.is_hard or meets, True
                elif minutes := _lost(start, end, slot):
                    met.minutes += minutes
                    met.uids.append(event.uid)
        return found

    def _around(self, start: datetime, end: datetime) -> Iterator[Slot]:
        """The offers whose widened time meets an event."""
        place = bisect_left(self._leaving, end)
        while place and self._latest[place - 1] > start:
            place -= 1
            if self._windows[place].returns_at > start:
                yield self._windows[place]

    def midnight(self, on: date) -> datetime:
        """The instant at which a civil day starts."""
        if on not in self._midnights:
            self._midnights[on] = datetime.combine(on, time(), self.zone).astimezone(UTC)
        return self._midnights[on]

    def is_covered(self, reservist: Reservist, slot: Slot) -> bool:
        """Whether the contract covers the offer whole."""
        contract = reservist.contract
        first = self.midnight(contract.start)
        return first <= slot.start and slot.end <= self.midnight(contract.end + ONE_DAY)

    def is_apart(self, one: Slot, other: Slot) -> bool:
        """Whether a reservist may rest enough between two offers."""
        return one.end + self.rest <= other.start or other.end + self.rest <= one.start

    def gain(self, reservist: Reservist, slot: Slot, held: Sequence[Slot]) -> float:
        """The points that one more granted offer brings to a reservist."""
        before = sum(other.total for other in held)
        pair = (reservist.id, slot.offer.id)
        change = self.problem.change_cost * (-1 if pair in self.published else 1)
        return (
            worth(self.policy, reservist, before + slot.total)
            - worth(self.policy, reservist, before)
            - self.policy.minute_cost * minutes_of(self.met(reservist.busy), slot)
            + reservist.wishes.get(slot.offer.id, 0)
            - change
        )


def minutes_of(met: Mapping[str, Met], slot: Slot) -> int:
    """Recoverable minutes that an offer costs, the way there and back included."""
    found = met.get(slot.offer.id)
    return found.minutes if found else 0


def worth(policy: Policy, reservist: Reservist, days: float) -> float:
    """V(d): what that many days are worth to a reservist, in points."""
    if reservist.target_days <= 0:
        return 0
    if policy.objective == "total":
        return POINTS_PER_DAY * min(days, reservist.target_days)
    part = min(days / reservist.target_days, 1)
    return FULL_VALUE * (2 * part - part * part)


def days_of(offer: Offer, zone: ZoneInfo) -> dict[int, float]:
    """Days that an offer counts in each civil year: those it says, else half a day for each half of
    a civil date, cut at noon, that it overlaps by a minute or more.
    """
    if offer.counted is not None:
        return dict(offer.counted)
    days: dict[int, float] = {}
    start, end = offer.start.astimezone(UTC), offer.end.astimezone(UTC)
    on = offer.start.astimezone(zone).date()
    while on <= offer.end.astimezone(zone).date():
        cuts = [(on, time()), (on, NOON), (on + ONE_DAY, time())]
        first, noon, last = (datetime.combine(*cut, zone).astimezone(UTC) for cut in cuts)
        for begins, ends in ((first, noon), (noon, last)):
            if min(end, ends) - max(start, begins) >= MINUTE:
                days[on.year] = days.get(on.year, 0) + 0.5
        on += ONE_DAY
    return days


def _lost(start: datetime, end: datetime, slot: Slot) -> int:
    """Minutes that a lesson shares with a widened offer, a begun minute counting whole."""
    return -(-(min(end, slot.returns_at) - max(start, slot.leaves_at)) // MINUTE)
