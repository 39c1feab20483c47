"""The schools of the demo and the people in them: two schools, 240 students, the cast."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reseda.hall.management.demo import cast, timetables
from reseda.people.models import Mandate, Organisation, Person, Role
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Group, Programme, School

SEED = 1802
FIRST_NAMES = tuple(
    """
    Adèle Adrien Agathe Amine Anaïs Antonin Axel Baptiste Bérénice Bilal Capucine Céleste
    Clément Constance Damien Diane Elias Élise Esteban Eva Fanny Félix Gabin Garance Hana
    Hélène Ilyes Iris Jade Joachim Justine Kenza Lila Louison Maëlle Malik Margaux Mathis
    Mila Naël Ninon Noé Octave Ophélie Pauline Quentin Rania Romane Sacha Salomé Samy Thaïs
    Théo Ulysse Valentine Victor Yanis Ysée Zacharie Zoé
    """.split()  # noqa: SIM905 (a list to read)
)
LAST_NAMES = tuple(
    """
    Abadie Allard Amrani Astier Auzias Baron Bastide Benali Berthier Blanc Bonnafous Boyer
    Cazalis Chabert Chapuis Clavel Combes Coste Dahan Delmas Deschamps Diallo Durieux
    Espinasse Fabre Faure Ferrand Fournel Gauthier Giraud Granier Guérin Haddad Imbert
    Jourdan Lacombe Lagarde Lambert Laurens Malaval Marty Mazel Meunier Mondon Nogaret
    Nguyen Pagès Pelissier Peyre Pons Puech Rey Rigal Rouquette Sabatier Salles Sarda Serre
    Soulier Teissier Traoré Vernet Vidal Villaret Viala
    """.split()  # noqa: SIM905 (a list to read)
)


@dataclass(frozen=True)
class CohortPlan:
    """A cohort to make: its programme, name, number of students and tutorial groups."""

    programme: str
    name: str
    size: int
    groups: tuple[str, ...]


COHORTS = (
    CohortPlan("GEN", "ING1", 90, (*timetables.ING.tutorials, *timetables.ING.practicals)),
    CohortPlan("GEN", "ING2", 80, (*timetables.ING.tutorials, *timetables.ING.practicals)),
    CohortPlan("RES", "ING3", 70, (*timetables.RES3.tutorials, *timetables.RES3.practicals)),
)


def year_of(today: date) -> tuple[date, date]:
    """Return the first and last day of the academic year that a day is in (September to August)."""
    first = today.year if today.month >= 9 else today.year - 1  # noqa: PLR2004 (September)
    return date(first, 9, 1), date(first + 1, 8, 31)


def populate(today: date) -> School:
    """Make both schools; return the one where the stories take place."""
    school = _school(
        cast.SCHOOL, "École d’ingénieurs des Garrigues", "Garrigues", "Alzon", "0300999G", cast.MAIL
    )
    other = _school(
        cast.OTHER_SCHOOL,
        "Institut polytechnique du Ponant",
        "Ponant",
        "Landivy",
        "0290999P",
        cast.OTHER_MAIL,
    )
    starts_on, ends_on = year_of(today)
    names = _names()
    for place, plans in ((school, COHORTS), (other, COHORTS[:1])):
        year = AcademicYear.objects.create(
            school=place,
            name=f"{starts_on.year}-{ends_on.year}",
            starts_on=starts_on,
            ends_on=ends_on,
        )
        programmes = _programmes(place)
        for plan in plans:
            size = plan.size if place == school else 20
            _cohort(place, programmes[plan.programme], year, plan, size, names)
    for member in cast.ROLES.values():
        _member(member, school if member.school == cast.SCHOOL else other, starts_on)
    _outsider_body()
    return school


def _school(slug: str, name: str, short: str, city: str, uai: str, domain: str) -> School:
    return School.objects.create(
        kind=Organisation.Kind.SCHOOL,
        name=name,
        slug=slug,
        uai=uai,
        short_name=short,
        city=city,
        domain=domain,
    )


def _programmes(school: School) -> dict[str, Programme]:
    made = {}
    for code, name, is_apprenticeship in (
        ("GEN", "Ingénieur généraliste", False),
        ("RES", "Ingénieur informatique et réseaux, par apprentissage", True),
    ):
        made[code] = Programme.objects.create(
            kind=Organisation.Kind.PROGRAMME,
            name=name,
            slug=f"{school.slug}-{code.lower()}",
            parent=school.organisation,
            school=school,
            code=code,
            is_apprenticeship=is_apprenticeship,
        )
    return made


def _names() -> Iterator[tuple[str, str]]:
    pairs = [(first, last) for first in FIRST_NAMES for last in LAST_NAMES]
    random.Random(SEED).shuffle(pairs)  # noqa: S311 (invented people, not a secret)
    return iter(pairs)


def _cohort(
    school: School,
    programme: Programme,
    year: AcademicYear,
    plan: CohortPlan,
    size: int,
    names: Iterator[tuple[str, str]],
) -> None:
    cohort = Cohort.objects.create(programme=programme, year=year, name=plan.name)
    groups = [Group.objects.create(cohort=cohort, code=code) for code in plan.groups]
    people = [_student(*next(names), school) for _rank in range(size)]
    Person.objects.bulk_create(people)
    Mandate.objects.bulk_create(
        Mandate(
            person=one, role=Role.STUDENT, organisation=school.organisation, from_on=year.starts_on
        )
        for one in people
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            person=one,
            cohort=cohort,
            school=school,
            student_number=f"{year.starts_on:%y}{plan.name[-1]}{rank:04d}",
        )
        for rank, one in enumerate(people, start=1)
    )
    links = Enrolment.groups.through
    links.objects.bulk_create(
        links(enrolment_id=one.pk, group_id=group.pk)
        for rank, one in enumerate(enrolments)
        for group in _groups_of(rank, groups)
    )


def _groups_of(rank: int, groups: list[Group]) -> list[Group]:
    practical = rank % 4
    return [groups[practical // 2], groups[2 + practical]]


def _student(first: str, last: str, school: School) -> Person:
    plain = f"{first}.{last}".lower()
    for accented, letter in zip("éèêëàâïîôöüç", "eeeeaaiioouc", strict=True):
        plain = plain.replace(accented, letter)
    return Person(
        first_name=first,
        last_name=last,
        email=f"{plain}@{school.domain}",
        password="!",  # noqa: S106 (no password: the demo signs in by its buttons)
    )


def _member(member: cast.Member, school: School, since: date) -> None:
    person, is_new = Person.objects.get_or_create(
        email=member.email,
        defaults={"first_name": member.first_name, "last_name": member.last_name, "password": "!"},
    )
    if member is cast.STUDENT and is_new:
        _enrol_in_place_of_another(person, school)
    for role in member.roles:
        place = _outsider_body() if role == Role.UNIT_CORRESPONDENT else school.organisation
        Mandate.objects.get_or_create(
            person=person, role=role, organisation=place, scope=None, from_on=since
        )


def _enrol_in_place_of_another(person: Person, school: School) -> None:
    """Give the student of the cast the place of one of the 240, so that the number stays true."""
    place = Enrolment.objects.filter(school=school, cohort__name="ING2").order_by("pk")[0]
    former = place.person
    place.person = person
    place.save(update_fields=["person"])
    Mandate.objects.filter(person=former).delete()
    former.delete()


def _outsider_body() -> Organisation:
    body, _is_new = Organisation.objects.get_or_create(
        slug="unites", defaults={"kind": Organisation.Kind.OUTSIDE, "name": "Unités partenaires"}
    )
    return body
