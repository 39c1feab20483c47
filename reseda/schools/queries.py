"""What is read of schools."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Mandate, Person, Role, in_force
from reseda.people.policy import Viewer
from reseda.schools.domain import roster
from reseda.schools.domain.roster import Known, Place
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Group, Programme, School
from reseda.schools.permissions import EDIT_SCHOOL
from reseda.ui.domain.parts import Todo

# Below what every database takes as parameters of one query.
CHUNK = 500


def school_of(viewer: Viewer) -> School | None:
    """Return the school of the viewer’s first mandate in force, or None for somebody without."""
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


def teachers(school: School, on: date) -> QuerySet[Person]:
    """Return the active teachers of a school on a day."""
    return holders(school, Role.TEACHER, on)


@dataclass(frozen=True)
class ProgrammeFrame:
    """A programme with its cohorts of one year; each cohort has `students` and its groups."""

    programme: Programme
    cohorts: tuple[Cohort, ...]

    @property
    def students(self) -> int:
        """How many students the year has in this programme."""
        return sum(getattr(cohort, "students", 0) for cohort in self.cohorts)


def frame(school: School, year: AcademicYear | None) -> tuple[ProgrammeFrame, ...]:
    """Return the programmes of a school with their cohorts of a year (three queries)."""
    groups = Group.objects.annotate(students=Count("enrolments"))
    cohorts: dict[int, list[Cohort]] = defaultdict(list)
    for cohort in (
        Cohort.objects.filter(programme__school=school, year=year)
        .annotate(students=Count("enrolments"))
        .prefetch_related(Prefetch("groups", groups))
        .order_by("name")
    ):
        cohorts[cohort.programme_id].append(cohort)
    programmes = Programme.objects.filter(school=school).order_by("name")
    return tuple(ProgrammeFrame(one, tuple(cohorts[one.pk])) for one in programmes)


def known(school: School, emails: Iterable[str], on: date) -> Known:
    """Return what an import of people is compared with: the school’s frame, and those persons."""
    current = current_year(school, on)
    years = AcademicYear.objects.filter(school=school)
    enrolments = {one.pk: one for one in _enrolments(school)}
    found = {person.pk: person for person in people_named(emails)}
    ours = _ever_ours(school, found, on)
    for one in enrolments.values():
        if one.person_id in found:
            ours.setdefault(one.person_id, set())
    return Known(
        programmes=dict(Programme.objects.filter(school=school).values_list("code", "name")),
        years=frozenset(years.values_list("name", flat=True)),
        year=current.name if current else "",
        cohorts=frozenset(cohorts_by_place(school)),
        people=_described(found, ours, enrolments.values()),
        numbers={
            (_place(one.cohort), one.student_number): one.person.email.lower()
            for one in enrolments.values()
        },
        elsewhere=frozenset(
            person.email.lower() for key, person in found.items() if key not in ours
        ),
        groups=frozenset(groups_by_place(school)),
    )


def _place(cohort: Cohort) -> Place:
    return Place(cohort.programme.code, cohort.year.name, cohort.name)


def _cohorts(school: School) -> QuerySet[Cohort]:
    return Cohort.objects.filter(programme__school=school).select_related("programme", "year")


def _enrolments(school: School) -> QuerySet[Enrolment]:
    return (
        Enrolment.objects.filter(school=school)
        .select_related("person", "cohort__programme", "cohort__year")
        .prefetch_related("groups")
    )


def people_named(emails: Iterable[str]) -> Iterator[Person]:
    """Yield the persons who have these addresses, whatever their case."""
    wanted = sorted(set(emails))
    for start in range(0, len(wanted), CHUNK):
        yield from Person.objects.alias(lower=Lower("email")).filter(
            lower__in=wanted[start : start + CHUNK]
        )


def _ever_ours(school: School, found: Iterable[int], on: date) -> dict[int, set[str]]:
    """Return the roles in force in the school of those who ever held one there."""
    wanted = set(found)
    places = Q(organisation=school.pk) | Q(organisation__parent=school.pk)
    ever = Mandate.objects.filter(places).values_list("person", flat=True).distinct()
    return {key: set() for key in ever if key in wanted} | roles_in_force(school, wanted, on)


def roles_in_force(school: School, people: Iterable[int], on: date) -> dict[int, set[str]]:
    """Return the roles that these persons hold in a school, the whole of it, on a day."""
    wanted, roles = set(people), defaultdict[int, set[str]](set)
    mandates = Mandate.objects.filter(in_force(on), organisation=school.pk, scope=None)
    for person, role in mandates.values_list("person", "role"):
        if person in wanted:
            roles[person].add(role)
    return dict(roles)


def cohorts_by_place(school: School) -> dict[Place, Cohort]:
    """Return the cohorts of a school by their names."""
    return {_place(cohort): cohort for cohort in _cohorts(school)}


def groups_by_place(school: School) -> dict[tuple[Place, str], Group]:
    """Return the groups of a school by their cohort and code."""
    groups = Group.objects.filter(cohort__programme__school=school)
    return {
        (_place(group.cohort), group.code): group
        for group in groups.select_related("cohort__programme", "cohort__year")
    }


def enrolments_by_year(school: School, people: Iterable[int]) -> dict[tuple[int, str], Enrolment]:
    """Return the enrolments of these persons by person and name of the year."""
    wanted = set(people)
    return {
        (one.person_id, one.cohort.year.name): one
        for one in Enrolment.objects.filter(school=school).select_related("cohort__year")
        if one.person_id in wanted
    }


def _described(
    found: dict[int, Person], ours: dict[int, set[str]], enrolments: Iterable[Enrolment]
) -> dict[str, roster.Person]:
    placed: dict[int, dict[str, tuple[Place, str, frozenset[str]]]] = defaultdict(dict)
    for one in enrolments:
        place = _place(one.cohort)
        groups = frozenset(group.code for group in one.groups.all())
        placed[one.person_id][place.year] = (place, one.student_number, groups)
    return {
        found[key].email.lower(): roster.Person(
            found[key].last_name, found[key].first_name, frozenset(roles), placed[key]
        )
        for key, roles in ours.items()
    }


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits those who keep the school: a year to open, people to import."""
    school = EDIT_SCHOOL.rows(viewer).first()
    if school is None:
        return []
    year = current_year(school, viewer.today)
    if year is None:
        return [
            Todo(
                _("Ouvrir l’année universitaire"),
                reverse("schools:create_year"),
                "stop",
                _("À ouvrir"),
                _("Aucune année ne contient le jour d’aujourd’hui."),
            )
        ]
    if Enrolment.objects.filter(school=school, cohort__year=year).exists():
        return []
    return [
        Todo(
            _("Importer les élèves de l’année"),
            reverse("schools:import_people"),
            "wait",
            _("À importer"),
            _("Aucun élève n’est inscrit cette année."),
        )
    ]
