"""Small schools, people, engagements and periods for the tests of service."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from reseda.people.models import Mandate, Person, Role
from reseda.schools.models import School
from reseda.service import actions
from reseda.service.actions import Declaration, Details, Statement
from reseda.service.models import Engagement, Leave, Period

_numbers = count(1)
START, END = date(2020, 1, 1), date(2040, 12, 31)
UNIT, PLACE, PURPOSE = "13e bataillon du Vercors", "camp de Larzac", "exercice de franchissement"
WORDS = (UNIT, PLACE, PURPOSE, "Terre", "bataillon")


def school(name: str = "École d’ingénieurs des Causses") -> School:
    n = next(_numbers)
    return School.objects.create(
        kind="school", name=name, slug=f"ecole-{n}", uai=f"{n:07}A", short_name=f"E{n}"
    )


def person(where: School, *roles: Role, first_name: str = "Camille") -> Person:
    n = next(_numbers)
    made = Person.objects.create_user(
        f"p{n}@example.org", first_name=first_name, last_name=f"Roux{n}"
    )
    for role in roles:
        Mandate.objects.create(person=made, role=role, organisation=where, from_on=START, to_on=END)
    return made


def declaration(**given: object) -> Declaration:
    said: dict[str, object] = {
        "force": "terre",
        "contract_start_on": date(2022, 1, 1),
        "contract_end_on": date(2036, 12, 31),
        "unit_name": UNIT,
        "contact_name": "Adjudante Lou Vidal",
        "contact_email": "lou.vidal@example.org",
    }
    return Declaration(**{**said, **given})  # type: ignore[arg-type]


def engagement(holder: Person, where: School, *audiences: str, **given: object) -> Engagement:
    made = actions.declare(holder, school=where, declaration=declaration(**given), by=holder)
    return actions.disclose(made, audiences=audiences, by=holder) if audiences else made


def ago(days: int) -> datetime:
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon - timedelta(days=days)


def period(held: Engagement, start: datetime, days: int = 2) -> Period:
    return actions.add_period(
        held,
        starts_at=start,
        ends_at=start + timedelta(days=days),
        details=Details(PURPOSE, PLACE),
        by=held.person,
    )


def statement(**given: object) -> Statement:
    said: dict[str, object] = {
        "days": Decimal("2.0"),
        "activities": "A conduit un groupe de huit personnes.",
        "capacities": "cohésion\nprise de décision",
        "name": "Lou Vidal",
        "title": "correspondante des réserves",
    }
    return Statement(**{**said, **given})  # type: ignore[arg-type]


def paris(*given: int) -> datetime:
    return timezone.make_aware(datetime(*given))  # type: ignore[arg-type]  # noqa: DTZ001 (made aware here)


def utc(*given: int) -> datetime:
    return datetime(*given, tzinfo=UTC)  # type: ignore[arg-type]


def monday(weeks: int) -> date:
    day = timezone.localdate() + timedelta(weeks=weeks)
    return day - timedelta(days=day.weekday())


def away(staff: Person, school: School, weeks: int = 10, days: int = 5) -> Period:
    """A period from a Monday morning, in a civil year and a contract that hold it whole."""
    held = staff.engagements.first() or engagement(staff, school)
    first = monday(weeks)
    if first.year != (first + timedelta(days=days)).year:
        first += timedelta(weeks=3)
    return period(held, paris(first.year, first.month, first.day), days)


def asked(period: Period, **said: bool) -> Leave:
    return actions.ask_leave(period, by=period.engagement.person, **said)
