"""The cast of these tests: a student reservist, who may know, who may not, the unit’s links."""

import pytest
from django.db.models import F, Model, TextField
from django.db.models.functions import Cast

from reseda.mail.models import OutgoingMail
from reseda.people.models import AnswerLink, Person, Role
from reseda.schools.models import School
from reseda.service.models import Engagement
from reseda.service.tests import factories as make


@pytest.fixture
def school(db: None) -> School:
    return make.school()


@pytest.fixture
def student(school: School) -> Person:
    return make.person(school, Role.STUDENT)


@pytest.fixture
def referent(school: School) -> Person:
    return make.person(school, Role.REFERENT, first_name="Dominique")


@pytest.fixture
def stranger() -> Person:
    elsewhere = make.school("École d’ailleurs")
    return make.person(elsewhere, *Role, first_name="Sacha")


@pytest.fixture
def engagement(student: Person, school: School) -> Engagement:
    return make.engagement(student, school)


def latest_link() -> AnswerLink:
    return AnswerLink.objects.latest("pk")


def latest_path() -> str:
    """The path of the last link sent, as its reader finds it in the mail."""
    body = OutgoingMail.objects.filter(template__startswith="service.", body__isnull=False)
    sent = next(one for one in body.order_by("-created_at") if "/repondre/" in one.body)
    return "/repondre/" + sent.body.partition("/repondre/")[2].split()[0]


def in_database(obj: Model) -> str:
    """A row as the database holds it."""
    fields = obj._meta.concrete_fields
    raw = [Cast(F(field.attname), TextField()) for field in fields]
    return str(type(obj)._default_manager.filter(pk=obj.pk).values_list(*raw))
