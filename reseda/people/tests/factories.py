"""Persons, schools and mandates for the tests of this room."""

import re
from datetime import date, timedelta

from django.apps import apps
from django.utils import timezone

from reseda.people.models import AnswerLink, Mandate, Organisation, Person, Role
from reseda.people.queries import digest_of

PHRASE = "un-long-mot-de-passe-1871"
LINK = re.compile(r"http://testserver(/connexion/lien/\S+)")


def a_school(slug="centrale"):
    return Organisation.objects.create(kind="school", name=slug.title(), slug=slug)


def a_programme(school, slug="energie"):
    return Organisation.objects.create(
        kind="programme", name=slug.title(), slug=f"{school.slug}-{slug}", parent=school
    )


def a_person(email="camille@exemple.fr", *, password=None, **fields):
    fields = {"first_name": "Camille", "last_name": "Roux", **fields}
    return Person.objects.create_user(email, password, **fields)


def a_mandate(person, role, organisation, *, scope=None, from_on=None, to_on=None, **fields):
    return Mandate.objects.create(
        person=person,
        role=role,
        organisation=organisation,
        scope=scope,
        from_on=from_on or timezone.localdate() - timedelta(days=30),
        to_on=to_on,
        **fields,
    )


def somebody(role, school, email=None, **mandate):
    person = a_person(email or f"{role}@{school.slug}.fr", last_name=str(role).title())
    a_mandate(person, role, school, **mandate)
    return person


def a_director(school, email=None):
    return somebody(Role.STUDIES_DIRECTOR, school, email)


def a_link(school, *, token="t" * 43, email="capitaine@armee.fr", days=10, **fields):
    fields = {"purpose": "people.test_question", "subject_key": 1, **fields}
    return AnswerLink.objects.create(
        organisation=school,
        email=email,
        token_digest=digest_of(token),
        expires_at=timezone.now() + timedelta(days=days),
        **fields,
    )


def letters():
    return apps.get_model("mail.OutgoingMail").objects.order_by("created_at")


def entries():
    return apps.get_model("journal.Entry").objects


def a_day(offset=0) -> date:
    return timezone.localdate() + timedelta(days=offset)


def signed_in(client, person):
    client.force_login(person)
    return client


def sign_in(client, email="camille@exemple.fr", phrase=PHRASE, **more):
    return client.post("/connexion/", {"login": email, "password": phrase, **more})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def ask_link(client, email="camille@exemple.fr", **more):
    return client.post("/connexion/lien/", {"email": email, **more})


def link_received():
    return LINK.search(letters().latest("created_at").body)[1]


def mandate_form(place, role=Role.TEACHER, **more):
    return {
        "role": str(role),
        "organisation": place.pk,
        "from_on": a_day().isoformat(),
        "to_on": "",
        **more,
    }
