"""The policy of rights: nothing for a stranger, nothing out of time, nothing twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reseda.people.models import Mandate, Organisation, Person, Role, in_force
from reseda.people.permissions import END_MANDATE, GIVE_MANDATE, READ_MANDATE, READ_PERSON
from reseda.people.policy import Permission, Rows, Viewer, matrix, own, within
from reseda.people.tests.factories import (
    a_day,
    a_director,
    a_mandate,
    a_person,
    a_programme,
    a_school,
    somebody,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return a_school()


@pytest.fixture
def student(school):
    return somebody(Role.STUDENT, school)


def test_a_director_sees_the_persons_of_her_school(school, student):
    viewer = Viewer.of(a_director(school))
    assert student in READ_PERSON.rows(viewer)
    assert READ_PERSON.get_or_404(viewer, pk=student.pk) == student


def test_a_stranger_sees_nobody_of_another_school(school, student):
    stranger = Viewer.of(a_director(a_school("ailleurs")))
    assert student not in READ_PERSON.rows(stranger)
    with pytest.raises(Http404):
        READ_PERSON.get_or_404(stranger, pk=student.pk)
    with pytest.raises(PermissionDenied):
        READ_PERSON.require(stranger.person, student)


def test_somebody_without_a_mandate_sees_nothing_whatever_the_permission(student):
    viewer = Viewer.of(a_person("personne@exemple.fr"))
    assert viewer.mandates == ()
    assert [one.code for one in matrix() if one.rows(viewer).exists()] == []


def test_a_role_absent_from_the_table_sees_nothing(school, student):
    teacher = Viewer.of(somebody(Role.TEACHER, school))
    assert not READ_PERSON.rows(teacher).exists()
    assert READ_PERSON.rows(Viewer.of(a_director(school))).exists()


@pytest.mark.parametrize(
    ("starts", "stops", "holds"),
    [(-10, None, True), (0, 0, True), (-10, -1, False), (1, None, False), (1, 9, False)],
)
def test_a_mandate_opens_rows_on_its_days_alone(school, student, starts, stops, holds):
    person = a_person("direction@exemple.fr")
    stop = None if stops is None else a_day(stops)
    a_mandate(person, Role.STUDIES_DIRECTOR, school, from_on=a_day(starts), to_on=stop)
    assert READ_PERSON.rows(Viewer.of(person)).filter(pk=student.pk).exists() is holds


def test_a_mandate_ended_opens_nothing_from_that_moment(school, student):
    director = a_director(school)
    assert READ_PERSON.allows(Viewer.of(director), student)
    director.mandates.update(ended_at="2026-01-01T00:00:00Z")
    assert not READ_PERSON.allows(Viewer.of(director), student)


def test_a_mandate_limited_to_a_programme_opens_that_programme_alone(school):
    energy, water = a_programme(school, "energie"), a_programme(school, "eau")
    inside = somebody(Role.TEACHER, school, "a@exemple.fr", scope=energy)
    outside = somebody(Role.TEACHER, school, "b@exemple.fr", scope=water)
    director = somebody(Role.STUDIES_DIRECTOR, school, scope=energy)
    viewer = Viewer.of(director)
    assert set(READ_PERSON.rows(viewer)) == {inside, director}
    assert outside in READ_PERSON.rows(Viewer.of(a_director(school, "tout@exemple.fr")))


def test_a_limited_mandate_opens_nothing_where_programmes_mean_nothing(school, student):
    energy = a_programme(school)
    limited = somebody(Role.STUDIES_DIRECTOR, school, scope=energy)
    assert not GIVE_MANDATE.rows(Viewer.of(limited)).exists()
    assert not END_MANDATE.rows(Viewer.of(limited)).exists()
    assert GIVE_MANDATE.rows(Viewer.of(a_director(school, "tout@exemple.fr"))).exists()


def test_a_row_reached_by_several_mandates_comes_once(school, student):
    for days in (1, 2, 3):
        a_mandate(student, Role.ASSESSOR, school, from_on=a_day(-days))
    director = a_director(school)
    a_mandate(director, Role.REFERENT, school)
    viewer = Viewer.of(director)
    found = list(READ_PERSON.rows(viewer).filter(pk=student.pk))
    assert found == [student]
    assert READ_PERSON.rows(viewer).count() == 2


@pytest.mark.parametrize("is_limited", [False, True])
def test_the_database_holds_a_mandate_once(school, is_limited):
    scope = a_programme(school) if is_limited else None
    person = somebody(Role.TEACHER, school, scope=scope)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_mandate(person, Role.TEACHER, school, scope=scope)
    a_mandate(person, Role.TEACHER, school, scope=scope, from_on=a_day())
    assert person.mandates.count() == 2


def test_loading_a_viewer_costs_one_query(school, django_assert_num_queries):
    director = a_director(school)
    a_mandate(director, Role.REFERENT, school, scope=a_programme(school))
    with django_assert_num_queries(1):
        viewer = Viewer.of(director)
        assert [str(one.organisation) for one in viewer.mandates]
        assert [one.person.email for one in viewer.mandates]


def test_roles_and_organisations_of_a_viewer_follow_her_mandates(school):
    elsewhere = a_school("ailleurs")
    person = a_person()
    a_mandate(person, Role.TEACHER, school)
    a_mandate(person, Role.ASSESSOR, elsewhere)
    viewer = Viewer.of(person)
    assert viewer.roles == {Role.TEACHER, Role.ASSESSOR}
    assert set(viewer.organisations()) == {school.pk, elsewhere.pk}
    assert viewer.organisations(Role.ASSESSOR) == (elsewhere.pk,)


@pytest.fixture
def a_permission():
    """Permissions made for a test leave the matrix with it."""
    known = dict(Permission.known)
    yield lambda table, code="people.test_right": Permission(code, Mandate, "Voir", table)
    Permission.known.clear()
    Permission.known.update(known)


def test_two_permissions_cannot_share_a_code(a_permission):
    a_permission({})
    with pytest.raises(ValueError, match=r"people\.test_right"):
        a_permission({})


def test_own_opens_the_rows_of_the_holder_alone(school, student, a_permission):
    permission = a_permission({Role.STUDENT: own("person")})
    other = somebody(Role.STUDENT, school, "autre@exemple.fr")
    assert list(permission.rows(Viewer.of(student))) == list(student.mandates.all())
    assert not permission.allows(Viewer.of(other), student.mandates.get())


def test_within_can_be_narrowed_further(school, a_permission):
    permission = a_permission(
        {Role.REFERENT: within("organisation", also=Q(role=Role.STUDENT), says="ceux des élèves")}
    )
    student = somebody(Role.STUDENT, school)
    teacher = somebody(Role.TEACHER, school)
    viewer = Viewer.of(somebody(Role.REFERENT, school))
    assert permission.allows(viewer, student.mandates.get())
    assert not permission.allows(viewer, teacher.mandates.get())


def test_every_permission_says_in_words_what_it_opens():
    for permission in matrix():
        assert str(permission.says).strip(), permission.code
        for role, rows in permission.table.items():
            assert isinstance(rows, Rows)
            assert str(rows.says).strip(), (permission.code, role)


DAYS = st.integers(min_value=-4, max_value=4)
MANDATES = st.lists(
    st.tuples(
        st.sampled_from([Role.STUDIES_DIRECTOR, Role.REFERENT, Role.TEACHER, Role.STUDENT]),
        st.integers(0, 1),
        st.sampled_from([None, 0, 1]),
        DAYS,
        st.one_of(st.none(), st.integers(0, 4)),
        st.booleans(),
    ),
    max_size=4,
)


class AnyMandates(TestCase):
    """Whatever mandates people hold, the rows opened are those the rule gives, each once."""

    @settings(max_examples=25, deadline=None)
    @given(held=MANDATES, shown=MANDATES)
    def test_rows_are_those_of_the_rule_and_come_once(self, held, shown):
        schools = [a_school("un"), a_school("deux")]
        programmes = [[a_programme(school, slug) for slug in ("a", "b")] for school in schools]
        viewer, other = a_person("moi@exemple.fr"), a_person("autre@exemple.fr")
        for person, mandates in ((viewer, held), (other, shown)):
            for role, where, scope, start, length, is_ended in mandates:
                from_on = a_day(start)
                Mandate.objects.get_or_create(
                    person=person,
                    role=role,
                    organisation=schools[where],
                    scope=None if scope is None else programmes[where][scope],
                    from_on=from_on,
                    defaults={
                        "to_on": None if length is None else from_on + timedelta(days=length),
                        "ended_at": "2026-01-01T00:00:00Z" if is_ended else None,
                    },
                )
        mine = [
            one
            for one in viewer.mandates.all()
            if one.role in READ_MANDATE.table
            and one.from_on <= a_day()
            and (one.to_on is None or one.to_on >= a_day())
            and one.ended_at is None
        ]
        wanted = {
            one.pk
            for one in Mandate.objects.all()
            if any(
                one.organisation_id == held.organisation_id
                and held.scope_id in {None, one.scope_id}
                for held in mine
            )
        }
        found = list(READ_MANDATE.rows(Viewer.of(viewer)).values_list("pk", flat=True))
        assert sorted(found) == sorted(wanted)

    @settings(max_examples=25, deadline=None)
    @given(start=DAYS, length=st.one_of(st.none(), st.integers(0, 4)))
    def test_in_force_reads_the_same_from_the_mandate_and_from_the_person(self, start, length):
        stop = None if length is None else a_day(start + length)
        person, school = a_person(), a_school()
        a_mandate(person, Role.TEACHER, school, from_on=a_day(start), to_on=stop)
        expected = start <= 0 and (length is None or start + length >= 0)
        assert Mandate.objects.filter(in_force(a_day())).exists() is expected
        seen = Person.objects.filter(in_force(a_day(), "mandates__"))
        assert seen.filter(pk=person.pk).exists() is expected
        assert Organisation.objects.count() == 1
