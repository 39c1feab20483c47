"""Who and what the tests of this room need."""

from datetime import date

from reseda.mail.domain.templates import Template, declare
from reseda.people.models import Mandate, Organisation, Person

VISIT = declare(
    Template(
        code="mail.test_visit",
        name="Visite (essai)",
        subject={"fr": "Visite de {name}", "en": "{name}’s visit"},
        body={
            "fr": "Bonjour,\n\nRépondez ici :\n{address}\n",
            "en": "Hello,\n\nAnswer here:\n{address}\n",
        },
        variables={"name": "Camille Roux", "address": "https://reseda.example/repondre/abc/"},
    )
)


def a_school(slug="ecole"):
    return Organisation.objects.create(kind="school", name=f"École {slug}", slug=slug)


def a_person(role, school):
    email = f"{role}.{Person.objects.count()}@example.org"
    person = Person.objects.create(email=email, first_name="Nour", last_name="Petit")
    Mandate.objects.create(person=person, role=role, organisation=school, from_on=date(2020, 9, 1))
    return person
