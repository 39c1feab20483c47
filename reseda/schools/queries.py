"""What is read of schools."""

from datetime import date

from django.db.models import QuerySet

from reseda.people.models import Mandate, Person, Role, in_force
from reseda.people.policy import Viewer
from reseda.schools.models import AcademicYear, Enrolment, School


def school_of(viewer: Viewer) -> School | None:
    """Return the school of the viewer’s first mandate in force, or None for somebody who has no
    school.
    """
    return School.objects.filter(pk__in=viewer.organisations()).order_by("pk").first()


def current_year(school: School, on: date) -> AcademicYear | None:
    """Return the academic year of a school that contains a day."""
    return AcademicYear.objects.filter(school=school, starts_on__lte=on, ends_on__gte=on).first()


def enrolment(person: Person, on: date) -> Enrolment | None:
    """Return the enrolment of a person whose academic year contains a day, else the latest one."""
    held = Enrolment.objects.filter(person=person).select_related(
        "cohort__programme", "cohort__year", "school"
    )
    current = held.filter(cohort__year__starts_on__lte=on, cohort__year__ends_on__gte=on).first()
    return current or held.order_by("-cohort__year__starts_on").first()


def holders(school: School, role: Role, on: date) -> QuerySet[Person]:
    """Return the active persons who hold a role in a school on a day."""
    mandates = Mandate.objects.filter(in_force(on), organisation=school.pk, role=role)
    return Person.objects.filter(is_active=True, pk__in=mandates.values("person"))
