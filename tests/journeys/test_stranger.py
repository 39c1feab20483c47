"""Whoever has nothing to do with an object of the thread does not learn that it exists: 404, at
every step, on every address.
"""

import pytest
from django.db import transaction
from django.urls import reverse

from reseda.journal.models import Entry
from reseda.schools.models import Enrolment
from tests.cast import STRANGER, STUDENT
from tests.journeys import addresses, crosswalks, frameworks
from tests.journeys.thread import PLACE, PURPOSE, UNIT_NAME, Thread

pytestmark = pytest.mark.django_db

# What another student of the same school may open, and why.
EVERYBODYS = {
    "recognition:read_regulation": "a published regulation is read by the whole school",
    **frameworks.EVERYBODYS,
    **crosswalks.EVERYBODYS,
}
# What the director of another school may open under the same address, and why.
THEIR_OWN = {
    "mail:edit_template": "the address names a letter, of which she sees her own school’s",
    "mail:preview_template": "the address names a letter, of which she sees her own school’s",
    "mail:reset_template": "the address names a letter, of which she sees her own school’s",
}
# What answers the same to everybody before it looks for the object, and why.
ASKED_FIRST = {
    "mfa_edit_webauthn": "one proves again who one is first",
    "mfa_remove_webauthn": "one proves again who one is first",
}
# What the owner does not press here, and why.
UNPRESSED = {"timetable:refresh": "it would ask the network"}
# Pages of one’s own account, by django-allauth: nothing of the thread.
ACCOUNT = ("account_", "mfa_", "usersessions_")
DEMO = {"mail:list_demo_mail": "in the demo, anybody reads every letter: nothing leaves it"}
STEPS = ("ask_accommodation", "plan", "share")


def test_every_address_of_an_object_is_in_the_list():
    found = {one.name for one in addresses.patterns() if one.arguments}
    listed = addresses.named() | set(addresses.PUBLIC) | set(addresses.PLAIN)
    assert found == listed


def test_what_is_open_to_anybody_is_in_the_list():
    found = {one.name for one in addresses.patterns() if one.arguments and one.is_public}
    assert found == set(addresses.PUBLIC)


def answers(client, one):
    """The statuses of a GET and of an empty POST, where the address takes them."""
    statuses = (client.get(one.path).status_code, client.post(one.path, one.data).status_code)
    return {one for one in statuses if one != 405}


def intruders(world):
    """Who tries, with the addresses that are not closed to them."""
    fellow = Enrolment.objects.filter(school=world.school).exclude(person__email=STUDENT.email)[0]
    return (
        (STRANGER, THEIR_OWN | ASKED_FIRST),
        (fellow.person, EVERYBODYS | ASKED_FIRST),
    )


def seen_by_intruders(world):
    """The addresses where an object of the thread does not answer as if it did not exist."""
    seen = []
    for who, open_ones in intruders(world):
        client = world.as_(who).client
        client.handler.enforce_csrf_checks = False
        closed = (one for one in addresses.of_objects(world) if one.name not in open_ones)
        seen += [(str(who), one.name) for one in closed if answers(client, one) != {404}]
    return seen


def opened_to_visitors(world):
    """The addresses of objects where somebody who has not signed in is not sent to sign in."""
    client = world.visitor().client
    client.handler.enforce_csrf_checks = False
    return [
        one.name
        for one in addresses.of_objects(world)
        for answer in (client.get(one.path), client.post(one.path))
        if answer.status_code != 302 or not answer.url.startswith("/connexion/")
    ]


def opened_to_owners(world, but):
    """The addresses that answer to whom they are for: on the others a 404 would prove nothing.

    What an empty form does there is undone.
    """
    opened = set()
    clients = {owner: world.as_(owner).client for owner in addresses.OBJECTS}
    for one in addresses.of_objects(world):
        client = clients[one.owner]
        client.handler.enforce_csrf_checks = False
        if one.name not in but:
            with transaction.atomic():
                if answers(client, one) - {404}:
                    opened.add(one.name)
                transaction.set_rollback(True)
    return opened


def told_in_lists(world, words):
    """The other pages where somebody who has nothing to do with the thread reads such a word."""
    lists = {one.name for one in addresses.patterns() if not one.arguments} - set(DEMO)
    found = []
    for who, _open_ones in intruders(world):
        client = world.as_(who).client
        for name in sorted(name for name in lists if not name.startswith(ACCOUNT)):
            page = client.get(reverse(name)).content.decode(errors="replace")
            found += [(str(who), name, word) for word in words if word in page]
    return found


def test_a_stranger_sees_no_object_at_any_step_nor_in_any_list(world, term):
    thread = Thread(world, term).take("ask_accommodation")
    addresses.furnish(world)
    opened = set(UNPRESSED)
    for step in STEPS:
        thread.take(step)
        entries = Entry.objects.count()
        assert seen_by_intruders(world) == []
        assert Entry.objects.count() == entries
        opened |= opened_to_owners(world, opened)
    assert opened == addresses.named()
    assert opened_to_visitors(world) == []
    words = (STUDENT.last_name, UNIT_NAME, PURPOSE, PLACE, thread.file.reference)
    assert told_in_lists(world, words) == []
