"""Schools as the tests of this room and of those above need them."""

from datetime import date

from reseda.people.models import Mandate, Person, Role
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Programme, School

YEAR_START, YEAR_END = date(2000, 9, 1), date(2100, 8, 31)


def make_school(slug: str = "ecole-a") -> School:
    return School.objects.create(
        kind="school",
        name=f"École {slug}",
        slug=slug,
        uai=f"{sum(map(ord, slug)) % 10**7:07}A",
        short_name=slug,
    )


def make_programme(school: School, code: str = "INFO", name: str = "Informatique") -> Programme:
    return Programme.objects.create(
        kind="programme",
        name=name,
        slug=f"{school.slug}-{code.lower()}",
        parent=school,
        school=school,
        code=code,
    )


def make_year(school: School) -> AcademicYear:
    """Make a year that contains every day of the tests, whenever they run."""
    return AcademicYear.objects.create(
        school=school, name="2026-2027", starts_on=YEAR_START, ends_on=YEAR_END
    )


def make_person(
    email: str, *roles: Role, school: School | None = None, scope: Programme | None = None
) -> Person:
    name = email.partition("@")[0]
    person = Person.objects.create_user(email, first_name=name.title(), last_name="Test")
    for role in roles:
        assert school is not None
        Mandate.objects.create(
            person=person, role=role, organisation=school, scope=scope, from_on=date(2020, 1, 1)
        )
    return person


def enrol(person: Person, cohort: Cohort, number: str) -> Enrolment:
    return Enrolment.objects.create(
        person=person, cohort=cohort, school=cohort.programme.school, student_number=number
    )
