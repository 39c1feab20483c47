"""Reading is only reading: every page, for every role, in both languages, writes nothing and leaves
no blank where a word was to stand; a list costs the same however long it is.
"""

import copy
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction
from django.template.base import FilterExpression, Variable, VariableDoesNotExist
from django.template.defaultfilters import default
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reseda.hall.management.demo import frame, stories
from reseda.hall.management.demo import planning as year
from reseda.service import actions as service
from reseda.service.actions import offers, wishes
from reseda.service.actions.offer_calls import ask_unit
from reseda.service.domain.offers import Invitation, Proposal
from reseda.service.models import Engagement
from reseda.timetable import tasks
from reseda.timetable.actions import planning, rules
from reseda.timetable.domain.reading import read
from reseda.timetable.models import Plan
from tests.cast import DIRECTOR, REFERENT, ROLES, STAFF, STUDENT
from tests.journeys import addresses
from tests.journeys.thread import Thread

pytestmark = pytest.mark.django_db


class Undefined(AssertionError):
    """A template names something that the view did not give."""


@pytest.fixture
def no_blanks(monkeypatch):
    """Make a variable that does not exist fail where it is shown, instead of showing nothing."""
    lenient = FilterExpression.resolve

    def resolve(self, context, ignore_failures=False):
        if ignore_failures or not isinstance(self.var, Variable):
            return lenient(self, context, ignore_failures)
        known = copy.copy(self)
        try:
            known.var, known.is_var = self.var.resolve(context), False
        except VariableDoesNotExist as error:
            if any(function is default for function, _arguments in self.filters):
                return lenient(self, context)
            raise Undefined(f"{self.token} in {context.render_context.template.name}") from error
        return lenient(known, context)

    monkeypatch.setattr(FilterExpression, "resolve", resolve)


# What keeps something on a GET all the same, and why.
KEEPING = {
    "mfa_activate_totp": "the secret shown waits in the session until a code proves it",
    "mfa_add_webauthn": "the challenge sent waits in the session until a key answers it",
}
# What leads elsewhere, and why.
LEADING = {
    "account_login": "somebody who has signed in goes home",
    "account_change_password": "without a password yet, one chooses it",
    "mfa_authenticate": "only while signing in",
    "mfa_login_webauthn": "only while signing in",
    "competencies:review_list": "to the line where one’s opinion is wanted",
    "competencies:suggestions_state": "a part of the page of a crosswalk, which shows it whole",
    "recognition:edit_file": "once handed in, a file is read",
    "credentials:issue_credential": "once issued, a credential is read",
    "timetable:read_progress": "once computed, a plan is read",
    "ui:set_language": "back to where one was",
}
# What is not a page of its own, and why.
PARTS = {"competencies:show_branch": "rows of a tree, for the page that unfolds it"}
# What refuses, and why.
REFUSING = {
    "account_reauthenticate": "nothing to prove oneself with",
    "mfa_reauthenticate": "nothing to prove oneself with",
    "mfa_reauthenticate_webauthn": "nothing to prove oneself with",
}
UNKNOWN, TAKES_POST_ONLY = 404, 405


def pages(world, member):
    """The addresses for a role: its own, those of the objects it meets (the others are a 404, see
    test_stranger); to the student alone, what is the same for everybody.
    """
    found = [
        (one.name, reverse(one.name, kwargs=addresses.PLAIN.get(one.name)))
        for one in addresses.patterns()
        if (not one.arguments or one.name in addresses.PLAIN)
        and (member is STUDENT or not (one.is_public or one.name.startswith("mfa_")))
    ]
    found += [
        (one.name, one.path)
        for one in addresses.of_objects(world)
        if member in (one.owner, REFERENT, DIRECTOR)
    ]
    return [page for page in found if page[0] not in KEEPING]


def test_reading_writes_nothing_and_leaves_no_blank_in_both_languages(world, term, no_blanks):
    Thread(world, term).take("share")
    addresses.furnish(world)
    Authenticator.objects.all().delete()
    odd, shown = [], {}
    for role, member in ROLES.items():
        client = world.as_(member).client
        for name, path in pages(world, member):
            answer = client.get(path)
            if answer.status_code == 200:
                shown.setdefault(name, (member, path))
            elif not is_expected(name, answer.status_code):
                odd.append((role, name, answer.status_code))
    assert odd == []
    for member in {member for member, _path in shown.values()}:
        client = world.as_(member).client
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        for name, (who, path) in shown.items():
            if who == member:
                answer = client.get(path)
                assert answer.status_code == 200
                is_page = answer["Content-Type"].startswith("text/html") and name not in PARTS
                assert not is_page or b'<html lang="en"' in answer.content
    assert len(shown) > 70


def is_expected(name, status):
    return (
        status in {UNKNOWN, TAKES_POST_ONLY}
        or (status == 302 and name in LEADING)
        or (status == 403 and name in REFUSING)
    )


ONE_EACH = ("issued", "requested", "granted")
STAGES = (*ONE_EACH, "shared", "requested", "granted", "shared", "requested", "granted")
STORIES = tuple(
    stories.Story("ING2", rank, "terre", "14e régiment de réserve", stage)
    for rank, stage in enumerate(STAGES)
)


LISTS = [
    one.name
    for one in addresses.patterns()
    if not (one.arguments or one.is_public or one.name.startswith(("account_", "mfa_")))
]


def year_of(world, count):
    """So many offers, units asked, wishes, rules, absences of the staff; a plan published, and as
    many others.
    """
    referent, student, staff = (world.person(one) for one in (REFERENT, STUDENT, STAFF))
    held = Engagement.objects.filter(person=student).latest("pk")
    today, now = timezone.localdate(), timezone.now()
    contract = service.Declaration("terre", today, today + timedelta(days=365))
    hired = service.declare(staff, school=world.school, declaration=contract, by=staff)
    for rank in range(count):
        start = now + timedelta(days=60 + 10 * rank)
        dates = {"starts_at": start, "ends_at": start + timedelta(days=2)}
        made = offers.add(
            world.school, proposal=Proposal(held.force, **dates, purpose="Renfort"), by=referent
        )
        wishes.wish(made, engagement=held, level=3, by=student)
        ask_unit(world.school, invitation=Invitation("police", f"{rank}@u.example"), by=referent)
        rules.add(
            world.school, target="module", match="is", pattern=f"C{rank}", kind="exam", by=referent
        )
        service.ask_leave(service.add_period(hired, **dates, by=staff), by=staff)
    wanted = planning.Wanted("Plan", today, today + timedelta(days=200))
    for rank in range(count + 1):
        plan = planning.draft(world.school, wanted=wanted, by=referent)
        tasks.run_plan.call(plan.pk)
        if not rank:
            planning.publish(Plan.objects.get(pk=plan.pk), by=referent)


def costs(world, told, monkeypatch, known=None):
    """How many queries each page without an object costs to each role, once stories are told."""
    monkeypatch.setattr(stories, "STORIES", told)
    ahead = len(told) // len(ONE_EACH)
    monkeypatch.setattr(year, "year_ahead", lambda *_given: year_of(world, ahead))
    found = {}
    with transaction.atomic():
        stories.tell(world.school, timezone.localdate(), lambda _line: None)
        for role, member in ROLES.items():
            client = world.as_(member).client
            client.get("/aide/")
            for name in LISTS:
                if known and (role, name) not in known:
                    continue
                with CaptureQueriesContext(connection) as queries:
                    answer = client.get(reverse(name))
                if answer.status_code == 200:
                    found[role, name] = len(queries)
        transaction.set_rollback(True)
    return found


def test_a_list_of_three_costs_what_a_list_of_one_costs(bare, term, monkeypatch):
    monkeypatch.setattr(stories, "_staff", lambda _people: None)
    monkeypatch.setattr(stories, "PLANNED", ())
    monkeypatch.setattr(frame, "readings", lambda _today: {"ING2": read(term)})
    few, more = STORIES[: len(ONE_EACH)], STORIES
    one = costs(bare, few, monkeypatch)
    three = costs(bare, more, monkeypatch, one)
    assert {page: (one[page], three[page]) for page in one if one[page] < three[page]} == {}
