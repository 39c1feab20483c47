"""What a period of service takes from studies: conflicts, and the pictures of its weeks."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property

from reseda.service.models import Period
from reseda.timetable.domain import conflicts, week
from reseda.timetable.domain.events import Event
from reseda.timetable.models import Absence, AccommodationRequest, Feed, Kind
from reseda.timetable.queries.lessons import Timetable, timetable

PARIS = ZoneInfo("Europe/Paris")
A_WEEK = timedelta(days=7)
# Three months of pictures are enough; the list below them is always whole.
MOST_PICTURES = 12
LIVE = (AccommodationRequest.Status.REQUESTED, AccommodationRequest.Status.GRANTED)
# What a student may count to come and go, in minutes, besides what the convocation says.
TRAVELS = (60, 120, 240, 480)
# Kinds that take nothing from anybody when a period covers them.
HARMLESS = frozenset({Kind.HOLIDAY})
# Immovable or compulsory work first; what is unknown counts as compulsory.
ORDER = (
    Kind.EXAM,
    Kind.PROJECT,
    Kind.PRACTICAL,
    Kind.UNKNOWN,
    Kind.PLACEMENT,
    Kind.TUTORIAL,
    Kind.LECTURE,
    Kind.OTHER,
    Kind.ADMIN,
)


@dataclass(frozen=True)
class Clash:
    """One lesson that a period covers, and for how many minutes."""

    event: Event
    minutes: int

    @property
    def key(self) -> str:
        """What names the lesson in a form, whatever its place in the list."""
        return key_of(self.event)

    @property
    def kind(self) -> Kind:
        """The kind, with its name for people."""
        return Kind(self.event.kind)

    @property
    def is_exam(self) -> bool:
        """Whether it must not be missed."""
        return self.event.kind == Kind.EXAM


@dataclass(frozen=True)
class Meeting:
    """A period of service laid over a timetable; without any feed, nothing can be said.

    `travel_minutes` are those counted before and after the period, to come and go.
    """

    period: Period
    timetable: Timetable
    travel_minutes: int = 0

    @cached_property
    def surroundings(self) -> tuple[Event, ...]:
        """The lessons of the weeks that the period touches."""
        weeks = mondays(self.period)
        travel = timedelta(minutes=self.travel_minutes)
        return self.timetable.within(
            min(_midnight(weeks[0]), self.period.starts_at - travel),
            max(_midnight(weeks[-1] + A_WEEK), self.period.ends_at + travel),
        )

    @property
    def span(self) -> conflicts.Period:
        """The period, as the engine reads it."""
        return conflicts.Period(str(self.period.pk), self.period.starts_at, self.period.ends_at)

    @cached_property
    def conflicts(self) -> tuple[conflicts.Conflict, ...]:
        """What the engine found, without what takes nothing from anybody."""
        found = conflicts.conflicts(
            self.surroundings, [self.span], travel_minutes=self.travel_minutes
        )
        return tuple(one for one in found if one.kind not in HARMLESS)

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """The lessons covered: exams first, then by order of what cannot move."""
        clashes = [Clash(found.event, found.minutes) for found in self.conflicts]
        return tuple(sorted(clashes, key=lambda one: (rank(one.kind), one.event.starts_at)))

    @property
    def has_timetable(self) -> bool:
        """Whether there is a timetable to compare with."""
        return bool(self.timetable.feeds)

    @property
    def doubtful(self) -> tuple[Feed, ...]:
        """The timetables whose last reading failed or became suspiciously small."""
        return tuple(feed for feed in self.timetable.feeds if feed.state != Feed.State.FRESH)

    @cached_property
    def exams(self) -> tuple[Clash, ...]:
        """The exams that the period covers."""
        return tuple(clash for clash in self.clashes if clash.is_exam)

    @cached_property
    def others(self) -> tuple[Clash, ...]:
        """The other lessons that it covers."""
        return tuple(clash for clash in self.clashes if not clash.is_exam)

    @property
    def minutes(self) -> int:
        """Minutes of lessons covered, in all."""
        return sum(clash.minutes for clash in self.clashes)

    def weeks(self, recoverable: Collection[str] = ()) -> tuple[week.Week, ...]:
        """Return the picture of each week that the period touches; `recoverable` are UIDs."""
        return tuple(
            week.week(
                self.surroundings,
                [self.span],
                self.conflicts,
                monday,
                travel_minutes=self.travel_minutes,
                recoverable=recoverable,
            )
            for monday in mondays(self.period)
        )


def key_of(event: Event) -> str:
    """Name a lesson in a form by what it is, so that a timetable read meanwhile changes no row."""
    told = f"{event.uid}|{event.starts_at.isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def rank(kind: str) -> int:
    """Return the place of a kind in lists: what cannot move comes first."""
    return ORDER.index(Kind(kind)) if kind in ORDER else len(ORDER)


def weight(absence: Absence) -> tuple[int, datetime]:
    """Return what sorts absences: exams first, then by start."""
    return rank(absence.kind), absence.starts_at


def mondays(period: Period) -> list[date]:
    """Return the Monday of each week that a period touches, twelve at most."""
    first = period.starts_at.astimezone(PARIS).date()
    last = (period.ends_at - timedelta(minutes=1)).astimezone(PARIS).date()
    monday = first - timedelta(days=first.weekday())
    found: list[date] = []
    while monday <= last and len(found) < MOST_PICTURES:
        found.append(monday)
        monday += A_WEEK
    return found


def meeting(period: Period, travel_minutes: int = 0) -> Meeting:
    """Lay a period over its person’s timetables (one query, and two a timetable)."""
    return Meeting(period, timetable(period.engagement.person), travel_minutes)


def live_request(period: Period) -> AccommodationRequest | None:
    """Return the request that awaits its decision or was granted for a period, if any."""
    return AccommodationRequest.objects.filter(period=period, status__in=LIVE).first()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)
