"""Pages of a person and her mandates: who gives, ends and restores which."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from reseda.people import actions
from reseda.people.models import Mandate, Role
from reseda.people.policy import Viewer
from reseda.people.tests.factories import (
    a_day,
    a_director,
    a_mandate,
    a_programme,
    entries,
    mandate_form,
    signed_in,
    somebody,
)

pytestmark = pytest.mark.django_db


def test_a_person_of_another_school_does_not_exist(client, stranger, student):
    mandate = student.mandates.get()
    signed_in(client, stranger)
    assert client.get(f"/personnes/{student.pk}/").status_code == 404
    form = mandate_form(stranger.mandates.get().organisation)
    assert client.post(f"/personnes/{student.pk}/mandats/", form).status_code == 404
    assert client.post(f"/mandats/{mandate.pk}/arreter/").status_code == 404
    assert client.post(f"/mandats/{mandate.pk}/retablir/").status_code == 404
    mandate.refresh_from_db()
    assert mandate.ended_at is None
    assert student.mandates.count() == 1


def test_changes_are_by_post_alone(client, director, student):
    mandate = student.mandates.get()
    signed_in(client, director)
    for address in (
        f"/personnes/{student.pk}/mandats/",
        f"/mandats/{mandate.pk}/arreter/",
        f"/mandats/{mandate.pk}/retablir/",
        "/mon-compte/sessions/autres/",
    ):
        assert client.get(address).status_code == 405, address


def test_a_director_gives_a_mandate_for_a_while(client, school, director, student):
    signed_in(client, director)
    form = mandate_form(school, Role.JURY_MEMBER, to_on=a_day(90).isoformat())
    assert client.post(f"/personnes/{student.pk}/mandats/", form).status_code == 302
    given = student.mandates.get(role=Role.JURY_MEMBER)
    assert (given.from_on, given.to_on) == (a_day(), a_day(90))
    assert entries().get(verb="people.give_mandate").actor == director.journal_name


def test_a_mandate_can_be_limited_to_a_programme(client, school, director, student):
    energy = a_programme(school)
    signed_in(client, director)
    client.post(f"/personnes/{student.pk}/mandats/", mandate_form(energy))
    given = student.mandates.get(role=Role.TEACHER)
    assert (given.organisation, given.scope) == (school, energy)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", ""),
        ("role", "superadmin"),
        ("from_on", "31/02/2026"),
        ("to_on", "1900-01-01"),
        ("organisation", "999999"),
        ("organisation", "x"),
    ],
)
def test_a_mandate_wrongly_filled_is_explained_and_not_given(
    client, school, director, student, field, value
):
    signed_in(client, director)
    form = mandate_form(school, **{field: value})
    answer = client.post(f"/personnes/{student.pk}/mandats/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert student.mandates.count() == 1


def test_the_same_mandate_is_not_given_twice(client, school, director, student):
    signed_in(client, director)
    answer = client.post(f"/personnes/{student.pk}/mandats/", mandate_form(school, Role.STUDENT))
    assert answer.status_code == 422
    assert "déjà ce mandat" in answer.content.decode()


def test_a_mandate_is_given_in_ones_own_school_only(client, stranger, director, student):
    signed_in(client, director)
    elsewhere = stranger.mandates.get().organisation
    answer = client.post(f"/personnes/{student.pk}/mandats/", mandate_form(elsewhere))
    assert answer.status_code == 422
    with pytest.raises(PermissionDenied):
        actions.give(
            student, role=Role.TEACHER, organisation=elsewhere, from_on=a_day(), by=director
        )
    assert student.mandates.count() == 1


def test_a_referent_brings_people_in_but_gives_no_office(client, school, student):
    referent = somebody(Role.REFERENT, school)
    signed_in(client, referent)
    page = f"/personnes/{student.pk}/mandats/"
    assert client.post(page, mandate_form(school, Role.STUDIES_DIRECTOR)).status_code == 422
    with pytest.raises(PermissionDenied):
        actions.give(
            referent,
            role=Role.STUDIES_DIRECTOR,
            organisation=school,
            from_on=a_day(),
            by=referent,
        )
    assert client.post(page, mandate_form(school, Role.ASSESSOR)).status_code == 302
    assert not Mandate.objects.filter(role=Role.STUDIES_DIRECTOR).exists()


def test_a_referent_does_not_end_the_mandate_of_the_direction(client, school, director):
    referent = somebody(Role.REFERENT, school)
    mandate = director.mandates.get()
    assert signed_in(client, referent).post(f"/mandats/{mandate.pk}/arreter/").status_code == 404
    with pytest.raises(PermissionDenied):
        actions.end(mandate, by=referent)


def test_a_mandate_ended_stops_at_once_and_can_be_restored(client, director, student):
    mandate = student.mandates.get()
    signed_in(client, director)
    page = client.post(f"/mandats/{mandate.pk}/arreter/", follow=True).content.decode()
    assert "Rétablir" in page
    assert Viewer.of(student).mandates == ()
    client.post(f"/mandats/{mandate.pk}/retablir/")
    assert Viewer.of(student).mandates == (mandate,)
    verbs = list(entries().filter(verb__endswith="_mandate").values_list("verb", flat=True))
    assert verbs == ["people.end_mandate", "people.restore_mandate"]


def test_a_mandate_given_today_by_mistake_can_be_ended_today(school, director, student):
    mandate = actions.give(
        student, role=Role.REFERENT, organisation=school, from_on=a_day(), by=director
    )
    assert Role.REFERENT in Viewer.of(student).roles
    actions.end(mandate, by=director)
    assert Role.REFERENT not in Viewer.of(student).roles


def test_a_mandate_given_again_after_its_end_holds_again(school, director, student):
    given = {"role": Role.ASSESSOR, "organisation": school, "from_on": a_day(), "by": director}
    actions.end(actions.give(student, **given), by=director)
    actions.give(student, **given)
    assert Role.ASSESSOR in Viewer.of(student).roles
    assert student.mandates.filter(role=Role.ASSESSOR).count() == 1


def test_a_school_keeps_a_director_of_studies(client, school, director):
    mandate = director.mandates.get()
    signed_in(client, director)
    page = client.post(f"/mandats/{mandate.pk}/arreter/", follow=True).content.decode()
    assert "dernier mandat de direction" in page
    second = a_director(school, "seconde@exemple.fr")
    actions.end(mandate, by=second)
    assert Viewer.of(director).mandates == ()
    with pytest.raises(ValidationError):
        actions.end(second.mandates.get(), by=second)


def test_ending_twice_or_restoring_what_holds_is_refused(director, student):
    mandate = student.mandates.get()
    with pytest.raises(ValidationError):
        actions.restore(mandate, by=director)
    actions.end(mandate, by=director)
    with pytest.raises(ValidationError):
        actions.end(mandate, by=director)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_person_costs_the_same_queries_whatever_her_mandates(
    client, school, director, student, count, django_assert_num_queries
):
    for n in range(count - 1):
        a_mandate(student, Role.ASSESSOR, school, from_on=a_day(-n - 1))
    signed_in(client, director)
    with django_assert_num_queries(9):
        page = client.get(f"/personnes/{student.pk}/")
    assert len(page.context["lines"]) == count
