"""What a period of service takes from studies: conflicts, and the pictures of its weeks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import cached_property

from reseda.service.models import Period
from reseda.timetable.domain import conflicts, week
from reseda.timetable.domain.events import Event
from reseda.timetable.models import AccommodationRequest, Feed, Kind
from reseda.timetable.queries.lessons import feeds_of, own_events

PARIS = ZoneInfo("Europe/Paris")
LIVE = (AccommodationRequest.Status.REQUESTED, AccommodationRequest.Status.GRANTED)
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
    def kind(self) -> Kind:
        """The kind, with its name for people."""
        return Kind(self.event.kind)

    @property
    def is_exam(self) -> bool:
        """Whether it must not be missed."""
        return self.event.kind == Kind.EXAM


@dataclass(frozen=True)
class Meeting:
    """A period of service laid over a timetable; without any feed, nothing can be said."""

    period: Period
    feeds: tuple[Feed, ...]
    surroundings: tuple[Event, ...]

    @property
    def span(self) -> conflicts.Period:
        """The period, as the engine reads it."""
        return conflicts.Period(str(self.period.pk), self.period.starts_at, self.period.ends_at)

    @cached_property
    def conflicts(self) -> tuple[conflicts.Conflict, ...]:
        """What the engine found, without what takes nothing from anybody."""
        found = conflicts.conflicts(self.surroundings, [self.span])
        return tuple(one for one in found if one.kind not in HARMLESS)

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        """The lessons covered: exams first, then by order of what cannot move."""
        clashes = [Clash(found.event, found.minutes) for found in self.conflicts]
        return tuple(sorted(clashes, key=lambda one: (ORDER.index(one.kind), one.event.starts_at)))

    @property
    def has_timetable(self) -> bool:
        """Whether there is a timetable to compare with, and none of them asks to be checked."""
        return bool(self.feeds)

    @property
    def doubtful(self) -> tuple[Feed, ...]:
        """The timetables whose last reading failed or became suspiciously small."""
        return tuple(feed for feed in self.feeds if feed.state != Feed.State.FRESH)

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

    @cached_property
    def weeks(self) -> tuple[week.Week, ...]:
        """The picture of each week that the period touches."""
        return tuple(
            week.week(self.surroundings, [self.span], self.conflicts, monday)
            for monday in mondays(self.period)
        )


def mondays(period: Period) -> list[date]:
    """Return the Monday of each week that a period touches, twelve at most."""
    first = period.starts_at.astimezone(PARIS).date()
    last = (period.ends_at - timedelta(minutes=1)).astimezone(PARIS).date()
    monday = first - timedelta(days=first.weekday())
    found: list[date] = []
    while monday <= last and len(found) < 12:  # noqa: PLR2004 (three months of pictures are enough)
        found.append(monday)
        monday += timedelta(days=7)
    return found


def meeting(period: Period) -> Meeting:
    """Lay a period over its person’s timetables (two queries, and two a timetable)."""
    feeds = tuple(feeds_of(period.engagement.person))
    weeks = mondays(period)
    window = (_midnight(weeks[0]), _midnight(weeks[-1] + timedelta(days=7)))
    surroundings = own_events(feeds, window)
    return Meeting(period, feeds, surroundings)


def live_request(period: Period) -> AccommodationRequest | None:
    """Return the request that awaits its decision or was granted for a period, if any."""
    return AccommodationRequest.objects.filter(period=period, status__in=LIVE).first()


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)
