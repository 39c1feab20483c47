"""The cast of these tests: a student reservist, who may know, who may not, the unit’s links."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db.models import F, Model, TextField
from django.db.models.functions import Cast
from django.test import Client
from django.utils import timezone

from reseda.mail.models import OutgoingMail
from reseda.people.models import AnswerLink, Person, Role
from reseda.schools.models import School
from reseda.service import actions
from reseda.service.actions import Rule
from reseda.service.models import Engagement, Period
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


@pytest.fixture
def coming(engagement: Engagement) -> Period:
    return make.period(engagement, make.ago(-20))


@pytest.fixture
def past(engagement: Engagement) -> Period:
    return make.period(engagement, make.ago(20))


Login = Callable[[Person], Client]


@pytest.fixture
def signed_in(client: Client) -> Login:
    def login(person: Person) -> Client:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return login


def asked(period: Period) -> AnswerLink:
    actions.ask_confirmation(period, by=period.engagement.person)
    return latest_link()


def dates(period: Period, **given: str) -> dict[str, str]:
    start, end = timezone.localtime(period.starts_at), timezone.localtime(period.ends_at)
    said = {"starts_on": start.date(), "starts_half": "noon", "ends_on": end.date()}
    return {name: str(value) for name, value in {**said, "ends_half": "noon"}.items()} | given


@pytest.fixture
def staff(school: School) -> Person:
    return make.person(school, Role.STAFF)


@pytest.fixture
def office(school: School) -> Person:
    return make.person(school, Role.HUMAN_RESOURCES, first_name="Noor")


@pytest.fixture
def agreement(school: School, office: Person) -> Rule:
    """Ten business days, a month of notice: the law of private employers."""
    rule = Rule("private", date(2020, 1, 1))
    actions.set_rule(school, rule=rule, by=office)
    return rule
