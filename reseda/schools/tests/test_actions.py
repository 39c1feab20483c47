"""What is done to a school: its frame kept, its people imported whole or not at all."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from reseda.journal.models import Entry
from reseda.people.models import Mandate, Person, Role
from reseda.schools import actions, queries
from reseda.schools.models import AcademicYear, Cohort, Enrolment, Group, Programme, School
from reseda.schools.tests.factories import make_person, make_programme, make_school, make_year

pytestmark = pytest.mark.django_db

HEAD = "E-mail;Nom;Prénom;Numéro étudiant;Formation;Promotion;Groupes;Rôle\n"
ZOE = "zoe@a.fr;Lefèvre;Zoé;1001;INFO;ING1;TD1, TP2;élève\n"
MAX = "max@a.fr;Roux;Max;;;;;enseignant\n"


@pytest.fixture
def school() -> School:
    found = make_school()
    make_programme(found)
    make_year(found)
    return found


@pytest.fixture
def registry(school: School) -> Person:
    return make_person("registry@a.fr", Role.REGISTRY, school=school)


def load(school: School, by: Person, lines: str = ZOE + MAX) -> tuple[int, int, int]:
    found = actions.import_people(school, data=(HEAD + lines).encode(), by=by)
    return len(found.created), len(found.updated), found.unchanged


def test_an_import_makes_persons_mandates_enrolments_cohorts_and_groups(
    school: School, registry: Person
) -> None:
    assert load(school, registry) == (2, 0, 0)
    zoe = Person.objects.get(email="zoe@a.fr")
    assert not zoe.has_usable_password()
    enrolment = queries.enrolment(zoe, date(2026, 11, 1))
    assert enrolment is not None
    assert (enrolment.cohort.name, enrolment.student_number) == ("ING1", "1001")
    assert sorted(group.code for group in enrolment.groups.all()) == ["TD1", "TP2"]
    assert list(zoe.mandates.values_list("role", flat=True)) == ["student"]
    assert [one.email for one in queries.teachers(school, date(2100, 1, 1))] == ["max@a.fr"]


def test_a_second_import_of_the_same_file_writes_nothing(school: School, registry: Person) -> None:
    load(school, registry)
    entries = Entry.objects.count()
    assert load(school, registry) == (0, 0, 2)
    assert Entry.objects.count() == entries


def test_a_changed_file_changes_only_what_it_says(school: School, registry: Person) -> None:
    load(school, registry)
    changed = ZOE.replace("Zoé", "Zoë").replace("ING1", "ING2").replace("TD1, TP2", "TD1")
    assert load(school, registry, changed + MAX) == (0, 1, 1)
    enrolment = Enrolment.objects.get(person__email="zoe@a.fr")
    assert (enrolment.person.first_name, enrolment.cohort.name) == ("Zoë", "ING2")
    assert [group.cohort.name for group in enrolment.groups.all()] == ["ING2"]
    assert load(school, registry, changed) == (0, 0, 1)


def test_a_role_is_added_to_those_held_and_a_mandate_that_ended_is_given_again(
    school: School, registry: Person
) -> None:
    load(school, registry)
    Mandate.objects.filter(person__email="zoe@a.fr").update(
        from_on=date(2019, 9, 1), to_on=date(2020, 8, 31)
    )
    assert load(school, registry, ZOE.replace("élève", "élève, évaluatrice")) == (0, 1, 0)
    roles = queries.roles_in_force(
        school, Person.objects.values_list("pk", flat=True), date(2100, 1, 1)
    )
    assert roles[Person.objects.get(email="zoe@a.fr").pk] == {"student", "assessor"}


@pytest.mark.parametrize(
    "wrong", ["max@a.fr;Roux;;;;;;enseignant\n", ZOE, "a@a.fr;A;A;1;NULLE;ING1;;\n"]
)
def test_one_wrong_line_and_nothing_at_all_is_written(
    school: School, registry: Person, wrong: str
) -> None:
    people = Person.objects.count()
    with pytest.raises(ValidationError) as caught:
        load(school, registry, ZOE + wrong)
    assert caught.value.code == "faults"
    assert Person.objects.count() == people
    assert not Cohort.objects.exists()


def test_somebody_of_another_school_is_refused_and_left_untouched(
    school: School, registry: Person
) -> None:
    other = make_person("zoe@a.fr", Role.STUDENT, school=make_school("ecole-b"))
    with pytest.raises(ValidationError):
        load(school, registry)
    other.refresh_from_db()
    assert other.first_name == "Zoe"
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("role", [Role.STUDENT, Role.REFERENT, Role.TEACHER])
def test_only_the_registry_and_the_director_of_studies_import(
    school: School, registry: Person, role: Role
) -> None:
    with pytest.raises(PermissionDenied):
        load(school, make_person("other@a.fr", role, school=school))
    assert load(school, registry) == (2, 0, 0)


def test_the_registry_of_another_school_does_not_import_here(
    school: School, registry: Person
) -> None:
    stranger = make_person("registry@b.fr", Role.REGISTRY, school=make_school("ecole-b"))
    with pytest.raises(PermissionDenied):
        load(school, stranger)
    assert load(school, registry) == (2, 0, 0)


def test_the_journal_tells_how_many_and_never_who(school: School, registry: Person) -> None:
    load(school, registry)
    entry = Entry.objects.get(verb="schools.import_people")
    assert entry.facts == {"created": 2, "updated": 0, "unchanged": 0}
    assert "zoe" not in "".join(str(one.facts) + one.subject for one in Entry.objects.all())


def test_two_years_of_a_school_never_share_a_day(school: School, registry: Person) -> None:
    AcademicYear.objects.all().delete()
    told = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    first = actions.create_year(school, by=registry, name="2026-2027", **told)
    with pytest.raises(ValidationError, match="empiètent"):
        actions.create_year(
            school,
            by=registry,
            name="2027-2028",
            starts_on=date(2027, 8, 31),
            ends_on=date(2028, 8, 30),
        )
    actions.edit_year(first, by=registry, name="2026-2027", **told)
    assert queries.current_year(school, date(2027, 8, 31)) == first
    assert queries.current_year(school, date(2027, 9, 1)) is None


def test_a_year_ends_after_it_starts(school: School, registry: Person) -> None:
    AcademicYear.objects.all().delete()
    with pytest.raises(ValidationError, match="Le dernier jour vient après le premier"):
        actions.create_year(
            school,
            by=registry,
            name="2026-2027",
            starts_on=date(2026, 9, 1),
            ends_on=date(2026, 9, 1),
        )


def test_a_programme_code_is_given_once_in_a_school(school: School, registry: Person) -> None:
    told = {"name": "Génie civil", "rncp_code": "", "is_apprenticeship": True}
    with pytest.raises(ValidationError):
        actions.create_programme(school, by=registry, code="INFO", **told)
    made = actions.create_programme(school, by=registry, code="GC", **told)
    assert (made.school, made.parent_id, made.kind) == (school, school.pk, "programme")


def test_a_cohort_stays_inside_its_school(school: School, registry: Person) -> None:
    year, programme = AcademicYear.objects.get(), Programme.objects.get()
    elsewhere = make_programme(make_school("ecole-b"))
    with pytest.raises(PermissionDenied):
        actions.create_cohort(school, by=registry, programme=elsewhere, year=year, name="ING1")
    cohort = actions.create_cohort(school, by=registry, programme=programme, year=year, name="ING1")
    with pytest.raises(PermissionDenied):
        actions.edit_cohort(cohort, by=registry, programme=elsewhere, year=year, name="ING1")


def test_a_group_moves_with_the_cohort_named_in_the_file(school: School, registry: Person) -> None:
    load(school, registry)
    load(school, registry, ZOE.replace("ING1", "ING2"))
    assert Group.objects.filter(code="TD1").count() == 2


def test_a_frame_counts_students_in_the_same_number_of_queries(
    school: School, registry: Person, django_assert_num_queries: object
) -> None:
    load(school, registry)
    year = AcademicYear.objects.get()
    for count in (1, 2):
        with django_assert_num_queries(3):  # type: ignore[operator]
            frame = queries.frame(school, year)
            assert [len(c.groups.all()) for one in frame for c in one.cohorts] == [2]
        assert (len(frame), sum(one.students for one in frame)) == (count, 1)
        make_programme(school, f"GC{count}", "Génie civil")
