"""A school, its people and their timetables for the tests of this room; words nobody may read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.tests.factories import enrol, make_programme, make_year
from reseda.service.models import Engagement, Period
from reseda.service.tests import factories as service
from reseda.timetable.actions import accommodation, feeds
from reseda.timetable.domain.events import Reading
from reseda.timetable.domain.reading import read
from reseda.timetable.models import Absence, AccommodationRequest, Feed
from reseda.timetable.tests.calendars import ade, ade_event

PARIS = ZoneInfo("Europe/Paris")
# What the teacher, the mail and the calendar must never say.
SECRETS = (*service.WORDS, "Larzac", "Vercors", "réserv", "militaire", "armée")
CTRL, LAB, TALK = "M307 Capteurs ctrl", "M314 Mesures TP", "M301 Optique CM"


@dataclass(frozen=True)
class World:
    """A student with a period next month, and those who have to do with it."""

    school: School
    student: Person
    director: Person
    teacher: Person
    referent: Person
    registry: Person
    stranger: Person
    engagement: Engagement
    period: Period


def monday() -> datetime:
    """The Monday, at midnight in Paris, of a week some forty days ahead."""
    day = timezone.now().astimezone(PARIS).date() + timedelta(days=40)
    day -= timedelta(days=day.weekday())
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of that week: day 0 is its Monday."""
    wall = monday() + timedelta(days=day)
    return wall.replace(hour=hour, minute=minute)


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M%SZ}"


def lesson(
    uid: str, title: str, start: datetime, *, hours: float = 2, group: str = "RT1 promo"
) -> str:
    end = start + timedelta(hours=hours)
    return ade_event(uid, stamp(start), stamp(end), title, f"{group}\\nDURAND LOU")


def year(lessons: int = 12) -> list[str]:
    """An exam on Tuesday, a lab on Wednesday, a lecture on Friday, and later weeks of lectures."""
    later = [
        lesson(f"L{n}", TALK, at(4, 8) + timedelta(weeks=n)) for n in range(1, max(lessons - 2, 1))
    ]
    return [
        lesson("EXAM", CTRL, at(1, 8)),
        lesson("LAB", LAB, at(2, 13)),
        lesson("TALK", TALK, at(4, 8)),
        *later,
    ]


def reading(events: list[str] | None = None) -> Reading:
    return read(ade(year() if events is None else events))


def world() -> World:
    school = service.school()
    student = service.person(school, Role.STUDENT)
    engagement = service.engagement(student, school)
    # From Monday evening to Thursday noon: the exam and the lab, not the lecture of Friday.
    period = spell(engagement)
    return World(
        school=school,
        student=student,
        director=service.person(school, Role.STUDIES_DIRECTOR, first_name="Claude"),
        teacher=service.person(school, Role.TEACHER, first_name="Yaël"),
        referent=service.person(school, Role.REFERENT, first_name="Dominique"),
        registry=service.person(school, Role.REGISTRY, first_name="Noa"),
        stranger=service.person(service.school("École d’ailleurs"), *Role, first_name="Sacha"),
        engagement=engagement,
        period=period,
    )


def spell(engagement: Engagement, weeks: int = 0) -> Period:
    """A period of that week, or so many weeks later."""
    return service.period(engagement, at(0, 18) + timedelta(weeks=weeks), days=3)


def feed(world: World, events: list[str] | None = None, **given: str) -> Feed:
    return feeds.add(
        world.student,
        school=world.school,
        name=given.pop("name", "Mon année"),
        reading=reading(events),
        by=world.student,
        **given,
    )


def asked(world: World, period: Period | None = None) -> AccommodationRequest:
    return accommodation.request(
        period or world.period, wish="Reporter l’examen.", by=world.student
    )


def granted(
    world: World, found: AccommodationRequest | None = None, *, reason: str = ""
) -> AccommodationRequest:
    found = found or asked(world)
    arranged = {
        one.pk: accommodation.Arrangement(world.teacher, "Avec l’autre groupe")
        for one in absences(found)
    }
    return accommodation.decide(
        found,
        is_granted=True,
        reason=reason,
        measures="Examen reporté.",
        arranged=arranged,
        by=world.director,
    )


def absences(found: AccommodationRequest) -> list[Absence]:
    return list(Absence.objects.filter(request=found))


def programme_of(world: World, person: Person, code: str, groups: tuple[str, ...] = ()) -> object:
    """Enrol somebody in a programme, in these groups; return the programme."""
    programme = make_programme(world.school, code)
    cohort = programme.cohorts.create(year=make_year(world.school), name="ING1")
    enrolment = enrol(person, cohort, f"n-{person.pk}")
    enrolment.groups.set([cohort.groups.create(code=one) for one in groups])
    return programme
