"""A small school to plan: two students who told their référent, one who told nobody, offers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.service.models import Engagement, Offer
from reseda.service.tests import factories as service
from reseda.timetable import tasks
from reseda.timetable.actions import feeds, planning
from reseda.timetable.models import Feed, Plan, PlanLine
from reseda.timetable.tests import factories as make

HERE, THERE = "campement du Causse", "13e bataillon du Vercors"
PURPOSE = "exercice de franchissement"
SECRETS = (HERE, THERE, PURPOSE, "réserv", "militaire", "armée", "unité", "Terre", "bataillon")


@dataclass
class Little:
    """What the tests of plans hold."""

    school: School
    referent: Person
    director: Person
    students: list[Person]
    engagements: list[Engagement]
    silent: Engagement
    offers: dict[str, Offer] = field(default_factory=dict)


def offer(
    school: School, start: datetime, days: float, capacity: int = 1, **given: object
) -> Offer:
    said: dict[str, object] = {
        "force": "terre",
        "purpose": PURPOSE,
        "place": HERE,
        "unit_name": THERE,
        "contact_name": "Lou Vidal",
        "contact_email": "lou.vidal@example.org",
        "origin": Offer.Origin.REFERENT,
    }
    return Offer.objects.create(
        school=school,
        starts_at=start,
        ends_at=start + timedelta(days=days),
        capacity=capacity,
        **{**said, **given},
    )


def timetable(person: Person, school: School, events: list[str] | None = None) -> Feed:
    return feeds.add(
        person, school=school, name="Mon année", reading=make.reading(events), by=person
    )


def build(people: int = 2) -> Little:
    """An exam on Tuesday, a lab on Wednesday, a lecture on Friday: see `factories.year`."""
    school = service.school()
    students = [service.person(school, Role.STUDENT, first_name=f"Élève{n}") for n in range(people)]
    silent = service.person(school, Role.STUDENT, first_name="Discrète")
    world = Little(
        school=school,
        referent=service.person(school, Role.REFERENT, first_name="Dominique"),
        director=service.person(school, Role.STUDIES_DIRECTOR, first_name="Claude"),
        students=students,
        engagements=[service.engagement(one, school, "referent") for one in students],
        silent=service.engagement(silent, school),
    )
    for person in (*students, silent):
        timetable(person, school)
    world.offers = {
        # One place for two people, on a free week-end.
        "rare": offer(school, make.at(5, 8), 1.4),
        # On the exam of Tuesday.
        "exam": offer(school, make.at(1, 7), 1.4, 5),
        # On the lecture of Friday, with another free week-end for everybody.
        "lecture": offer(school, make.at(11, 7), 1.4, 5),
        "wide": offer(school, make.at(19, 8), 1.4, 5),
    }
    return world


def wanted(**given: object) -> planning.Wanted:
    today = timezone.localdate()
    said: dict[str, object] = {
        "name": "Plan d’essai",
        "starts_on": today,
        "ends_on": today + timedelta(days=200),
    }
    return planning.Wanted(**{**said, **given})  # type: ignore[arg-type]


def drafted(world: Little, **given: object) -> Plan:
    return planning.draft(world.school, wanted=wanted(**given), by=world.referent)


def computed(world: Little, **given: object) -> Plan:
    plan = drafted(world, **given)
    tasks.run_plan.call(plan.pk)
    plan.refresh_from_db()
    return plan


def published(world: Little, **given: object) -> Plan:
    return planning.publish(computed(world, **given), by=world.referent)


def replanned(world: Little, plan: Plan) -> Plan:
    """A new plan from a published one, computed."""
    found = planning.draft(
        world.school,
        wanted=wanted(name="Revu", policy=plan.policy),
        based_on=plan,
        by=world.referent,
    )
    tasks.run_plan.call(found.pk)
    found.refresh_from_db()
    return found


def line(plan: Plan, engagement: Engagement, given: Offer) -> PlanLine:
    return PlanLine.objects.get(plan=plan, engagement=engagement, offer=given)


def exam_on(world: Little, person: Person, start: datetime) -> None:
    """The timetable moves: an exam appears there."""
    feed = Feed.objects.get(person=person)
    moved = [*make.year(), make.lesson("NEW", make.CTRL, start)]
    feeds.replace(feed, reading=make.reading(moved), by=world.referent)
