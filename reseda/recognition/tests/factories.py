"""A school, its people and its framework, as the tests of recognition need them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reseda.competencies.models import (
    Crosswalk,
    CrosswalkVersion,
    Framework,
    FrameworkVersion,
    Item,
    Mapping,
)
from reseda.people.models import Mandate, Organisation, Person, Role
from reseda.recognition import actions
from reseda.recognition.actions import Given, Told, Verdict
from reseda.recognition.models import (
    Decision,
    Evidence,
    JurySession,
    RecognitionFile,
    Regulation,
)
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Programme, School
from reseda.service.models import Attestation, Engagement, Period

numbers = count(1)
UNIT = "24e régiment de mulets"
PLACE = "camp des Garrigues"


def today() -> date:
    return timezone.localdate()


@dataclass
class World:
    """One school with its programme, year, framework, regulation and one person per role."""

    school: School
    programme: Programme
    year: AcademicYear
    cohort: Cohort
    version: FrameworkVersion
    competencies: list[Item]
    regulation: Regulation | None = None
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def levels(self, competency: Item) -> list[Item]:
        return list(Item.objects.filter(parent=competency, kind="level").order_by("rank"))


def person(role: Role, school: Organisation, name: str = "") -> Person:
    number = next(numbers)
    made = Person.objects.create_user(
        f"p{number}@example.org", "x", first_name=name or "Prénom", last_name=f"Nom{number}"
    )
    Mandate.objects.create(
        person=made, role=role, organisation=school, from_on=today() - timedelta(days=400)
    )
    return made


def framework(school: School) -> tuple[FrameworkVersion, list[Item]]:
    made = Framework.objects.create(school=school, kind="school", title="Référentiel d’ingénieur")
    version = FrameworkVersion.objects.create(framework=made, number=1)
    top = []
    for rank, statement in enumerate(["Conduire une équipe", "Décider dans l’incertain"], 1):
        competency = item(version, None, "competency", f"C{rank}", statement, rank)
        top.append(competency)
        for step in range(1, 4):
            level = item(
                version, competency, "level", f"C{rank}N{step}", f"{statement}, palier {step}", step
            )
            item(
                version,
                level,
                "critical_learning",
                f"C{rank}N{step}A",
                f"Apprentissage {rank}.{step}",
                1,
            )
    version.status, version.published_at = "published", timezone.now()
    version.save()
    return version, top


def item(
    version: FrameworkVersion, parent: Item | None, kind: str, code: str, statement: str, rank: int
) -> Item:
    return Item.objects.create(
        version=version, parent=parent, kind=kind, code=code, statement=statement, rank=rank
    )


def world(*, is_published: bool = True) -> World:
    number = next(numbers)
    school = School.objects.create(
        kind="school",
        name=f"École {number}",
        slug=f"ecole-{number}",
        uai=f"U{number:07}",
        short_name=f"É{number}",
    )
    programme = Programme.objects.create(
        kind="programme",
        name="Ingénieur généraliste",
        slug=f"ing-{number}",
        parent=school,
        school=school,
        code="ING",
    )
    year = AcademicYear.objects.create(
        school=school,
        name="2026-2027",
        starts_on=today() - timedelta(days=30),
        ends_on=today() + timedelta(days=300),
    )
    cohort = Cohort.objects.create(programme=programme, year=year, name="ING2")
    version, competencies = framework(school)
    made = World(school, programme, year, cohort, version, competencies)
    for role in Role:
        made.people[role.value] = person(role, school)
    made.people["other_student"] = student(made)
    enrol(made, made.student)
    made.people["second_juror"] = person(Role.JURY_MEMBER, school)
    if is_published:
        made.regulation = regulation(made)
    return made


def student(made: World) -> Person:
    found = person(Role.STUDENT, made.school)
    enrol(made, found)
    return found


def enrol(made: World, who: Person) -> None:
    Enrolment.objects.create(
        person=who, cohort=made.cohort, school=made.school, student_number=f"N{who.pk}"
    )


def regulation(made: World, **terms: Any) -> Regulation:
    return Regulation.objects.create(
        **{
            "school": made.school,
            "year": made.year,
            "title": "Règlement de l’engagement",
            "text": "Article 1.",
            "appeal": "Recours gracieux dans les deux mois.",
            "forms": ["ects", "supplement", "dispense"],
            "max_ects": Decimal(3),
            "min_days": Decimal(5),
            "days_per_ects": Decimal(5),
            "published_on": today(),
            **terms,
        }
    )


def period(who: Person, made: World, *, days: str | None = "5", ago: int = 20) -> Period:
    engagement, _new = Engagement.objects.get_or_create(
        person=who,
        school=made.school,
        force="terre",
        defaults={
            "unit_name": UNIT,
            "contract_start_on": today() - timedelta(days=800),
            "contract_end_on": today() + timedelta(days=800),
        },
    )
    starts_at = datetime.combine(today() - timedelta(days=ago), datetime.min.time(), UTC)
    made_period = Period.objects.create(
        engagement=engagement,
        starts_at=starts_at + timedelta(hours=7),
        ends_at=starts_at + timedelta(days=4, hours=16),
        purpose="manœuvre",
        place=PLACE,
        status="confirmed",
        confirmed_at=timezone.now(),
    )
    if days is not None:
        Attestation.objects.create(
            period=made_period,
            days=Decimal(days),
            activities="A encadré une équipe de secours.",
            signed_name="Adjudant Untel",
        )
        made_period.status = "done"
        made_period.save()
    return made_period


def told(*items: Item, title: str = "Prendre le relais", abilities: Sequence[Item] = ()) -> Told:
    return Told(
        title=title,
        situation="Le chef d’équipe a été évacué.",
        action="J’ai pris la tête du groupe.",
        learning="Rendre compte tôt.",
        items=list(items),
        abilities=list(abilities),
    )


def evidence(
    made: World,
    where: Period | None = None,
    *,
    title: str = "Relais",
    abilities: Sequence[Item] = (),
) -> Evidence:
    spot = where or period(made.student, made)
    who = spot.engagement.person
    words = told(made.competencies[0], title=title, abilities=abilities)
    return actions.add(spot, told=words, by=who)


def draft(made: World, *periods: Period) -> RecognitionFile:
    """Return a draft that could be submitted."""
    chosen = periods or (period(made.student, made),)
    who = chosen[0].engagement.person
    for each in chosen:
        if not each.evidence.exists():
            evidence(made, each)
    file = actions.open_file(made.school, by=who)
    competency = made.competencies[0]
    return actions.compose(
        file,
        periods=chosen,
        positions={competency.pk: made.levels(competency)[1].pk},
        wished_form="ects",
        by=who,
    )


def submitted(made: World, *periods: Period) -> RecognitionFile:
    file = draft(made, *periods)
    return actions.submit(file, by=file.person)


def assessed(made: World, *periods: Period) -> RecognitionFile:
    file = submitted(made, *periods)
    competency = made.competencies[0]
    given = Given(competency.pk, made.levels(competency)[1].pk, "Décrit et assumé.")
    actions.rate(file, given=[given], by=made.assessor)
    return actions.conclude(file, by=made.assessor)


def session(made: World, *members: Person, name: str = "Jury de juin") -> JurySession:
    return actions.open_session(
        made.school,
        name=name,
        held_on=today() + timedelta(days=3),
        members=list(members) or [made.jury_member],
        by=made.studies_director,
    )


def to_judge(made: World, *periods: Period) -> RecognitionFile:
    file = assessed(made, *periods)
    sitting = JurySession.objects.filter(school=made.school).first() or session(made)
    return actions.plan(sitting, file=file, by=made.studies_director)


def verdict(made: World, **changes: Any) -> Verdict:
    competency = made.competencies[0]
    return Verdict(
        **{
            "outcome": "validated",
            "form": "ects",
            "ects": Decimal(1),
            "motivation": "Le jury a lu une conduite d’équipe assumée.",
            "levels": {competency.pk: made.levels(competency)[1].pk},
            **changes,
        }
    )


def decided(made: World, *periods: Period, **changes: Any) -> Decision:
    file = to_judge(made, *periods)
    return actions.decide(file, verdict=verdict(made, **changes), by=made.jury_member)


def page(name: str, *args: object) -> str:
    return reverse(f"recognition:{name}", args=args)


def consulted(client: Client, name: str, file: RecognitionFile) -> str:
    """Open a file as its reader must, and return the page."""
    client.post(page(f"consult_to_{name}", file.pk))
    response = client.get(page(f"{name}_file", file.pk))
    assert response.status_code == 200
    return response.content.decode()


@dataclass
class Reserve:
    """What the reserve develops, and the published crosswalk towards the school’s framework."""

    abilities: list[Item]
    crosswalk: CrosswalkVersion


def reserve(school: School, *statements: str) -> tuple[FrameworkVersion, list[Item]]:
    """A published framework of the reserve."""
    made = Framework.objects.create(school=school, kind="reserve", title="Capacités de la réserve")
    version = FrameworkVersion.objects.create(framework=made, number=1)
    abilities = [
        item(version, None, "competency", f"R{rank}", statement, rank)
        for rank, statement in enumerate(statements, 1)
    ]
    version.status, version.published_at = "published", timezone.now()
    version.save()
    return version, abilities


def crosswalk(made: World, *, is_published: bool = True) -> Reserve:
    """Leading a section covers half of leading a team; cohesion completes it; rigour is nothing."""
    source, abilities = reserve(made.school, "Commandement", "Cohésion", "Rigueur")
    joined = Crosswalk.objects.create(
        school=made.school,
        title="De la réserve à l’école",
        source=source.framework,
        target=made.version.framework,
    )
    version = CrosswalkVersion.objects.create(
        crosswalk=joined, number=2, source=source, target=made.version
    )
    team, decision = made.competencies
    for origin, destination, relation, coverage, rationale in (
        (abilities[0], team, "partial", 50, "Le groupe est conduit, non choisi."),
        (abilities[0], decision, "total", None, "Décider sous le feu."),
        (abilities[1], team, "complementary", None, "Le lien dure après la mission."),
        (abilities[2], team, "none", None, ""),
    ):
        Mapping.objects.create(
            version=version,
            origin=origin,
            destination=destination,
            state="agreed",
            relation=relation,
            coverage=coverage,
            rationale=rationale,
            changed_at=timezone.now(),
        )
    if is_published:
        version.status, version.published_at = "published", timezone.now()
        version.save()
    return Reserve(abilities, version)
