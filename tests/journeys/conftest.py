"""The world of the journeys: the demo's two schools with one small cohort, on a day that does not
move by itself.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from reseda.competencies.actions.frameworks import load_example
from reseda.hall.management.demo import cast, frame, population, timetables
from reseda.journal.models import Entry
from reseda.mail.models import OutgoingMail
from reseda.people.models import Person
from reseda.schools.models import School
from tests.journeys.visitor import Visitor

PARIS = ZoneInfo("Europe/Paris")
# A Monday of term: five weeks later, the exams of the second half of autumn.
TODAY = datetime(2026, 10, 5, 9, tzinfo=PARIS)
WALL = (*timetables.ING.tutorials, *timetables.ING.practicals)
SMALL = (population.CohortPlan("GEN", "ING2", 9, WALL),)


class Clock:
    """The time of the tests: it starts on a chosen day, runs as any clock, and can be moved on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self._real = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: self._real() + self.ahead)
        self.go_to(TODAY)

    def go_to(self, moment: datetime) -> None:
        """Make it this moment."""
        self.ahead = moment - self._real()


@dataclass(frozen=True)
class Letter:
    """A message of the outbox, as its reader opens it."""

    to: str
    subject: str
    body: str

    @property
    def link(self) -> str:
        """The one address of this site that the letter gives, as typed in a browser."""
        found = set(re.findall(re.escape(settings.PUBLIC_URL) + r"(/\S*)", self.body))
        assert len(found) == 1, (self.subject, found)
        return found.pop()


@dataclass
class World:
    """Two schools and their people; whoever is asked for signs in with a browser of their own."""

    school: School
    other: School
    clock: Clock
    browser: type

    def person(self, member: cast.Member) -> Person:
        """The account of a member of the cast."""
        return Person.objects.get(email=member.email)

    def as_(self, who: cast.Member | Person) -> Visitor:
        """A browser in which somebody has signed in; it refuses forms without their token."""
        visitor = self.visitor()
        person = who if isinstance(who, Person) else self.person(who)
        visitor.client.force_login(person)
        return visitor

    def visitor(self) -> Visitor:
        """A browser in which nobody has signed in."""
        return Visitor(self.browser(enforce_csrf_checks=True))

    def letter(self, to: str) -> Letter:
        """The last message sent to an address."""
        found = OutgoingMail.objects.filter(to=to).latest("created_at")
        return Letter(found.to, found.subject, found.body)

    @contextmanager
    def journals(self, *verbs: str) -> Iterator[None]:
        """Check that the journal gains an entry of each of these verbs, by somebody."""
        last = Entry.objects.count()
        yield
        new = [*Entry.objects.filter(number__gt=last).values_list("verb", flat=True)]
        assert set(verbs) <= set(new), (verbs, new)

    def awaits(self, who: cast.Member | Person, words: str) -> Visitor:
        """Read on somebody's home page what is expected of them today, and click it."""
        return self.as_(who).open("/").click(words)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of this test."""
    return Clock(monkeypatch)


@pytest.fixture
def bare(db, clock: Clock, client, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two schools and their people, who have done nothing yet; no attempt counted against any."""
    cache.clear()
    monkeypatch.setattr(population, "COHORTS", SMALL)
    school = population.populate(timezone.localdate())
    other = School.objects.get(slug=cast.OTHER_SCHOOL)
    return World(school, other, clock, type(client))


@pytest.fixture
def world(bare: World) -> World:
    """In the first school, a framework and a regulation in force, and a teacher's modules."""
    people = frame.Cast.of(bare.school, timezone.localdate())
    load_example(bare.school, "ecole", by=people.assessor)
    load_example(bare.school, "reserve", by=people.assessor)
    frame.rules(people)
    frame.teachers(people)
    return bare


def lessons(wanted: int) -> list[timetables.Session]:
    """So many lessons of the cohort from September on."""
    first, last = population.year_of(TODAY.date())
    start = first + timedelta(days=6)
    return timetables.generalist(timetables.GENERALIST_2, start, last, seed=12)[:wanted]


def exported(found: list[timetables.Session]) -> bytes:
    """Lessons as ADE exports them."""
    return timetables.ade(found, "2026-2027", TODAY)


@pytest.fixture
def timetable() -> bytes:
    """The year of the cohort: 1,200 lessons."""
    return exported(lessons(1200))


@pytest.fixture
def term() -> bytes:
    """Its first months, enough to meet the exams of November."""
    return exported(lessons(450))
