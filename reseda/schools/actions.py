"""What is done to a school: its years, programmes and cohorts kept, its people imported."""

from datetime import date
from typing import TypedDict, TypeVar, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import SYSTEM, System, Verb, record
from reseda.people import actions as people
from reseda.people.models import Mandate, Organisation, Person, Role
from reseda.people.policy import Permission
from reseda.schools import queries
from reseda.schools.domain import roster
from reseda.schools.domain.roster import Change, Place, Roster
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Group, Programme, School
from reseda.schools.permissions import (
    EDIT_COHORT,
    EDIT_PROGRAMME,
    EDIT_SCHOOL,
    EDIT_YEAR,
    IMPORT_PEOPLE,
)

CREATE_YEAR = Verb("schools.create_year", _("a ouvert une année universitaire"))
EDIT_YEAR_VERB = Verb("schools.edit_year", _("a modifié une année universitaire"))
CREATE_PROGRAMME = Verb("schools.create_programme", _("a ajouté une formation"))
EDIT_PROGRAMME_VERB = Verb("schools.edit_programme", _("a modifié une formation"))
CREATE_COHORT = Verb("schools.create_cohort", _("a ajouté une promotion"))
EDIT_COHORT_VERB = Verb("schools.edit_cohort", _("a modifié une promotion"))
IMPORT = Verb(
    "schools.import_people",
    _("a importé des personnes ({created} créées, {updated} modifiées, {unchanged} inchangées)"),
)

M = TypeVar("M", bound=models.Model)


class YearFacts(TypedDict):
    """What is told of an academic year."""

    name: str
    starts_on: date
    ends_on: date


class ProgrammeFacts(TypedDict):
    """What is told of a programme."""

    code: str
    name: str
    rncp_code: str
    is_apprenticeship: bool


class CohortFacts(TypedDict):
    """What is told of a cohort."""

    programme: Programme
    year: AcademicYear
    name: str


def _may(permission: Permission[M], obj: M, by: Person | System) -> None:
    """Check a person’s right; the operator’s commands act for the site itself."""
    if isinstance(by, Person):
        permission.require(by, obj)


@transaction.atomic
def create_year(school: School, *, by: Person | System, **told: Unpack[YearFacts]) -> AcademicYear:
    """Open an academic year; two years of a school never share a day."""
    _may(EDIT_SCHOOL, school, by)
    School.objects.select_for_update().get(pk=school.pk)
    year = AcademicYear(school=school, **told)
    _check_year(year)
    year.save()
    record(CREATE_YEAR, year, by=by, organisation=school.pk)
    return year


@transaction.atomic
def edit_year(
    year: AcademicYear, *, by: Person | System, **told: Unpack[YearFacts]
) -> AcademicYear:
    """Change the name or the days of an academic year."""
    _may(EDIT_YEAR, year, by)
    School.objects.select_for_update().get(pk=year.school_id)
    held = AcademicYear.objects.select_for_update().get(pk=year.pk)
    _assign(held, dict(told))
    _check_year(held)
    held.save()
    record(EDIT_YEAR_VERB, held, by=by, organisation=held.school_id)
    return held


def _check_year(year: AcademicYear) -> None:
    year.full_clean()
    shared = AcademicYear.objects.filter(
        school=year.school_id, starts_on__lte=year.ends_on, ends_on__gte=year.starts_on
    ).exclude(pk=year.pk)
    other = shared.first()
    if other is not None:
        raise ValidationError(
            {
                "starts_on": ValidationError(
                    _("Ces dates empiètent sur l’année %(name)s : changez l’une ou l’autre."),
                    code="years_overlap",
                    params={"name": other.name},
                )
            }
        )


@transaction.atomic
def create_programme(
    school: School, *, by: Person | System, **told: Unpack[ProgrammeFacts]
) -> Programme:
    """Add a programme to a school; its code is what imports name it by."""
    _may(EDIT_SCHOOL, school, by)
    programme = Programme(
        school=school,
        parent=school,
        kind=Organisation.Kind.PROGRAMME,
        slug=_free_slug(f"{school.slug}-{slugify(told['code'])}"),
        **told,
    )
    programme.full_clean()
    programme.save()
    record(CREATE_PROGRAMME, programme, by=by, organisation=school.pk)
    return programme


def _free_slug(wanted: str) -> str:
    taken = set(
        Organisation.objects.filter(slug__startswith=wanted[:70]).values_list("slug", flat=True)
    )
    names = (f"{wanted[:70]}-{rank}" if rank else wanted[:70] for rank in range(len(taken) + 1))
    return next(name for name in names if name not in taken)


@transaction.atomic
def edit_programme(
    programme: Programme, *, by: Person | System, **told: Unpack[ProgrammeFacts]
) -> Programme:
    """Change what is told of a programme."""
    _may(EDIT_PROGRAMME, programme, by)
    held = Programme.objects.select_for_update().get(pk=programme.pk)
    _assign(held, dict(told))
    held.full_clean()
    held.save()
    record(EDIT_PROGRAMME_VERB, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def create_cohort(school: School, *, by: Person | System, **told: Unpack[CohortFacts]) -> Cohort:
    """Add a cohort to a programme of the school, in one of its years."""
    _may(EDIT_SCHOOL, school, by)
    cohort = Cohort(**told)
    _check_cohort(cohort, school.pk)
    cohort.save()
    record(CREATE_COHORT, cohort, by=by, organisation=school.pk)
    return cohort


@transaction.atomic
def edit_cohort(cohort: Cohort, *, by: Person | System, **told: Unpack[CohortFacts]) -> Cohort:
    """Change the name, programme or year of a cohort."""
    _may(EDIT_COHORT, cohort, by)
    held = Cohort.objects.select_for_update().get(pk=cohort.pk)
    school_id = held.programme.school_id
    _assign(held, dict(told))
    _check_cohort(held, school_id)
    held.save()
    record(EDIT_COHORT_VERB, held, by=by, organisation=school_id)
    return held


def _check_cohort(cohort: Cohort, school_id: int) -> None:
    if {cohort.programme.school_id, cohort.year.school_id} != {school_id}:
        raise PermissionDenied(EDIT_COHORT.code)
    cohort.full_clean()


def _assign(obj: models.Model, told: dict[str, object]) -> None:
    for name, value in told.items():
        setattr(obj, name, value)


@transaction.atomic
def import_people(
    school: School, *, data: bytes, by: Person | System = SYSTEM, on: date | None = None
) -> Roster:
    """Write what a file of people says, all of it or nothing; return what it changed.

    The file is read and checked again here. Raises `sheets.Unreadable`, or `ValidationError` of
    code `faults` when a line is refused.
    """
    _may(IMPORT_PEOPLE, school, by)
    day = on or timezone.localdate()
    held = School.objects.select_for_update().get(pk=school.pk)
    found = roster.read(data, queries.known(held, roster.emails(data), day))
    if found.faults:
        raise ValidationError(
            _("Le fichier ne convient plus : %(n)d ligne(s) à corriger. Rien n’a été écrit."),
            code="faults",
            params={"n": len({fault.line for fault in found.faults})},
        )
    if found.unchanged == len(found.changes):
        return found
    try:
        _write(held, found, by, day)
    except IntegrityError as error:
        raise ValidationError(
            _("Quelqu’un vient d’écrire les mêmes personnes. Rien n’a été écrit : recommencez."),
            code="meanwhile",
        ) from error
    record(
        IMPORT,
        held,
        by=by,
        organisation=held.pk,
        created=len(found.created),
        updated=len(found.updated),
        unchanged=found.unchanged,
    )
    return found


def _write(school: School, found: Roster, by: Person | System, day: date) -> None:
    _open_places(school, found)
    todo = [change for change in found.changes if not change.is_nothing]
    newcomers = {
        change.entry.email: Person(
            email=change.entry.email,
            first_name=change.entry.first_name,
            last_name=change.entry.last_name,
        )
        for change in found.created
    }
    opened = people.open_many(newcomers.values(), mandates=(), organisation=school, by=by)
    persons = {person.email: person for person in opened}
    persons |= {
        person.email.lower(): person
        for person in queries.people_named(change.entry.email for change in found.updated)
    }
    _rename(school, todo, persons, by)
    _give(school, todo, persons, by, day)
    _enrol(school, todo, persons)


def _open_places(school: School, found: Roster) -> None:
    """Make the cohorts and groups that the file names for the first time."""
    programmes = {one.code: one for one in Programme.objects.filter(school=school)}
    years = {one.name: one for one in AcademicYear.objects.filter(school=school)}
    Cohort.objects.bulk_create(
        Cohort(programme=programmes[place.programme], year=years[place.year], name=place.cohort)
        for place in found.new_cohorts
    )
    cohorts = queries.cohorts_by_place(school)
    Group.objects.bulk_create(
        Group(cohort=cohorts[place], code=code) for place, code in found.new_groups
    )


def _rename(
    school: School, changes: list[Change], persons: dict[str, Person], by: Person | System
) -> None:
    for change in changes:
        if {"first_name", "last_name"} & {name for name, _before, _after in change.fields}:
            people.rename(
                persons[change.entry.email],
                first_name=change.entry.first_name,
                last_name=change.entry.last_name,
                organisation=school,
                by=by,
            )


def _give(
    school: School,
    changes: list[Change],
    persons: dict[str, Person],
    by: Person | System,
    day: date,
) -> None:
    held = queries.roles_in_force(school, (person.pk for person in persons.values()), day)
    mandates = [
        Mandate(
            person=persons[change.entry.email],
            role=Role(role),
            organisation=school,
            from_on=day,
        )
        for change in changes
        for role in change.entry.roles
        if role not in held.get(persons[change.entry.email].pk, set())
    ]
    if mandates:
        people.open_many((), mandates=mandates, organisation=school, by=by)


def _enrol(school: School, changes: list[Change], persons: dict[str, Person]) -> None:
    cohorts = queries.cohorts_by_place(school)
    placed = [(change, change.entry.place) for change in changes if change.entry.place]
    present = queries.enrolments_by_year(school, (person.pk for person in persons.values()))
    created: list[Enrolment] = []
    moved: list[Enrolment] = []
    kept: list[tuple[Change, Enrolment, Place]] = []
    for change, place in placed:
        person = persons[change.entry.email]
        enrolment = present.get((person.pk, place.year))
        (moved if enrolment else created).append(
            enrolment := enrolment or Enrolment(person=person, school=school)
        )
        enrolment.cohort = cohorts[place]
        enrolment.student_number = change.entry.student_number
        kept.append((change, enrolment, place))
    Enrolment.objects.bulk_create(created, batch_size=500)
    Enrolment.objects.bulk_update(moved, ["cohort", "student_number"], batch_size=200)
    _group(school, kept)


def _group(school: School, kept: list[tuple[Change, Enrolment, Place]]) -> None:
    """Put each student in the groups the file tells; a file without groups leaves them."""
    through = Enrolment.groups.through
    told = [(change, one, place) for change, one, place in kept if change.entry.groups is not None]
    groups = queries.groups_by_place(school)
    for start in range(0, len(told), queries.CHUNK):
        keys = [one.pk for _change, one, _place in told[start : start + queries.CHUNK]]
        through.objects.filter(enrolment_id__in=keys).delete()
    through.objects.bulk_create(
        (
            through(enrolment_id=one.pk, group_id=groups[place, code].pk)
            for change, one, place in told
            for code in sorted(change.entry.groups or ())
        ),
        batch_size=500,
    )
