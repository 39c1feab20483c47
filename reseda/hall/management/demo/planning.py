"""The year ahead of the demo’s reservists: what units offer, what each wishes, the plan published.

A first plan is published and partly answered; a second, kept as a draft, starts from it.
"""

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from reseda.hall.management.demo import cast, population
from reseda.hall.management.demo.frame import Cast
from reseda.people.models import Person, Role
from reseda.schools.models import School
from reseda.schools.queries import holders
from reseda.service import actions as service
from reseda.service.actions import offers, wishes
from reseda.service.domain.offers import Invitation, Proposal
from reseda.service.models import Engagement
from reseda.service.queries.offers import offers_within
from reseda.timetable import tasks
from reseda.timetable.actions import planning
from reseda.timetable.domain.events import Reading
from reseda.timetable.models import Plan, PlanLine

SEED = 2711
INITIAL, DRIVING = "FORMATION INITIALE", "PERMIS MILITAIRE"
FIRST_HOUR, AFTERNOON, LAST_HOUR = time(8), time(17), time(18)
FRIDAY, LAST_LESSON = 4, 15
FEW_WEEKS, COSTLY_OFFERS = 4, 4
DAYS_WISHED = (10, 15, 20, 25)
WISHES = (None, None, 1, 2, 2, 3, 3, 0)

# Weeks from now, first week day, days, places, what for, what it requires and gives. What starts on
# a Friday starts in the afternoon: a lecture or a tutorial may be lost on the way.
Line = tuple[int, int, int, int, str, tuple[str, ...], tuple[str, ...]]
ARMY: tuple[Line, ...] = (
    (3, 5, 2, 3, "Week-end d’instruction au tir", (INITIAL,), ()),
    (5, 0, 5, 2, "Semaine de conduite tout terrain", (INITIAL,), (DRIVING,)),
    (7, 4, 3, 3, "Préparation d’une mission de surveillance", (INITIAL,), ()),
    (9, 5, 2, 3, "Week-end d’instruction", (), ()),
    (12, 0, 5, 2, "Mission de surveillance", (INITIAL,), ()),
    (15, 4, 3, 4, "Entraînement à l’orientation", (), ()),
    (18, 0, 5, 2, "Manœuvre logistique", (DRIVING,), ()),
    (22, 4, 3, 3, "Exercice de franchissement", (INITIAL,), ()),
    (27, 5, 2, 4, "Week-end d’instruction", (), ()),
    (34, 0, 12, 4, "Mission d’été", (INITIAL,), ()),
)
POLICING: tuple[Line, ...] = (
    (4, 5, 2, 1, "Sécurisation d’un marché", (INITIAL,), ()),
    (8, 4, 3, 2, "Journées de perfectionnement", (), ()),
    (13, 4, 3, 1, "Surveillance d’un événement sportif", (INITIAL,), ()),
    (21, 5, 2, 2, "Patrouilles de fin de semaine", (INITIAL,), ()),
    (35, 0, 12, 2, "Renfort de saison", (INITIAL,), ()),
)
SUPPORT: tuple[Line, ...] = (
    (4, 0, 5, 1, "Soutien technique des systèmes", (INITIAL,), ()),
    (6, 4, 3, 2, "Maintien en condition des matériels", (INITIAL,), ()),
    (10, 5, 2, 2, "Week-end d’instruction", (), ()),
    (11, 4, 3, 2, "Exercice de transmissions", (), ()),
    (14, 0, 5, 1, "Semaine de spécialité", (INITIAL,), ()),
    (16, 4, 3, 2, "Exercice de défense de point sensible", (INITIAL,), ()),
    (20, 4, 3, 1, "Journées portes ouvertes", (), ()),
    (24, 5, 2, 2, "Week-end d’instruction", (), ()),
    (33, 0, 12, 2, "Période d’été", (INITIAL,), ()),
)
UNITS: tuple[tuple[str, str, str, tuple[Line, ...]], ...] = (
    ("terre", "14e régiment de réserve", "Camp des Garrigues", ARMY),
    ("gendarmerie", "Compagnie de réserve du Vidourle", "Quissac", POLICING),
    ("air_espace", "Base aérienne 900", "Nîmes", SUPPORT),
    ("marine", "Flottille de réserve du Lez", "Sète", SUPPORT),
)


def year_ahead(people: Cast, reading: Reading | None) -> None:
    """Enter what units offer, what each wishes, and the plans of the year; `reading` is the
    timetable of the student whose pages are shown first.
    """
    referent = _referent(people.school, people.today)
    draw = random.Random(SEED)  # noqa: S311 (invented wishes, not a secret)
    for force, unit, place, lines in UNITS:
        costly = _on_lectures(reading, people.today) if force == "air_espace" and reading else ()
        for line in (*lines, *costly):
            proposal = _proposal(force, unit, place, line, people.today)
            offers.add(people.school, proposal=proposal, by=referent)
    offers_ask(people.school, referent)
    _wishes(people.school, draw)
    _plans(people, referent)


def _referent(school: School, today: date) -> Person:
    return holders(school, Role.REFERENT, today).get(email=cast.REFERENT.email)


def _proposal(force: str, unit: str, place: str, line: Line, today: date) -> Proposal:
    weeks, week_day, days, capacity, purpose, requires, grants = line
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    first = monday + timedelta(days=week_day)
    return Proposal(
        force=force,
        starts_at=_at(first, AFTERNOON if week_day == FRIDAY else FIRST_HOUR),
        ends_at=_at(first + timedelta(days=days - 1), LAST_HOUR),
        purpose=purpose,
        capacity=capacity,
        unit_name=unit,
        place=place,
        contact_name=cast.UNIT.name,
        contact_email=cast.UNIT.email,
        requires=requires,
        grants=grants,
    )


def _on_lectures(reading: Reading, today: date) -> list[Line]:
    """Week-ends that start on a Friday when a lecture ends the week: they cost something."""
    found: dict[int, Line] = {}
    monday = today - timedelta(days=today.weekday())
    for event in reading.events:
        start = timezone.localtime(event.starts_at)
        weeks = (start.date() - monday).days // 7
        is_last = start.weekday() == FRIDAY and start.hour >= LAST_LESSON
        if is_last and event.kind == "lecture" and weeks > FEW_WEEKS:
            line = (weeks, FRIDAY, 3, 2, "Entraînement de fin de semaine", (INITIAL,), ())
            found.setdefault(weeks, line)
    return list(found.values())[1 : 2 + COSTLY_OFFERS : 2]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())


def offers_ask(school: School, referent: Person) -> None:
    """Leave one unit with an open link, so that its page can be visited."""
    from reseda.service.actions.offer_calls import ask_unit  # noqa: PLC0415

    invitation = Invitation(
        force="police",
        contact_email=cast.UNIT.email,
        unit_name="Service de réserve du Gardon",
        contact_name=cast.UNIT.name,
    )
    ask_unit(school, invitation=invitation, by=referent)


def _wishes(school: School, draw: random.Random) -> None:
    now = timezone.now()
    held = Engagement.objects.filter(school=school, ended_on__isnull=True, notice__isnull=False)
    for engagement in held.select_related("person").order_by("pk"):
        person = engagement.person
        service.set_target(engagement, days=draw.choice(DAYS_WISHED), by=person)
        for offer in offers_within(engagement, now).order_by("pk"):
            level = draw.choice(WISHES)
            # Nothing is impossible for the student whose pages are shown first.
            if level is not None and (level or person.email != cast.STUDENT.email):
                wishes.wish(offer, engagement=engagement, level=level, by=person)


def _plans(people: Cast, referent: Person) -> None:
    first = people.today
    last = max(population.year_of(people.today)[1], first + timedelta(days=200))
    wanted = planning.Wanted(f"Plan {first.year}-{last.year}", first, last)
    plan = _computed(planning.draft(people.school, wanted=wanted, by=referent))
    published = planning.publish(plan, by=referent)
    granted = PlanLine.objects.filter(plan=published, is_granted=True)
    lines = granted.select_related("engagement__person", "offer").order_by("pk")
    for rank, line in enumerate(lines):
        # A third accepted, some declined, the others still to answer.
        if rank % 3 == 0:
            planning.accept(line, by=line.engagement.person)
        elif rank % 7 == 4 and not line.offer.grants:  # noqa: PLR2004 (one in seven)
            planning.decline(line, by=line.engagement.person)
    again = planning.Wanted(f"{published.name}, revu", first, last, policy=published.policy)
    _computed(planning.draft(people.school, wanted=again, based_on=published, by=referent))


def _computed(plan: Plan) -> Plan:
    """Compute a plan at once, as the worker would."""
    tasks.run_plan.call(plan.pk)
    return Plan.objects.get(pk=plan.pk)
