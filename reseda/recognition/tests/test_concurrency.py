"""Thirty hands on the same decision: one decision, on a real database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from reseda.mail.models import OutgoingMail
from reseda.recognition import actions
from reseda.recognition.models import ActivityUse, Decision, RecognitionFile
from reseda.recognition.tests import factories as make

HANDS = 30

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def together(act: Callable[[int], object]) -> list[str]:
    """Run the same act from thirty threads at once; return what each was told."""
    barrier = Barrier(HANDS)

    def hand(number: int) -> str:
        try:
            barrier.wait()
            return str(act(number))
        except ValidationError as error:
            return str(error.error_list[0].code)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(hand, range(HANDS)))


def test_thirty_submissions_of_the_same_decision_leave_one() -> None:
    world = make.world()
    file = make.to_judge(world)
    verdict = make.verdict(world)

    def decide(_number: int) -> str:
        actions.decide(file, verdict=verdict, by=world.jury_member)
        return "decided"

    told = together(decide)
    assert sorted(set(told)) == ["decided", "file_is_final"]
    assert told.count("decided") == 1
    assert (Decision.objects.count(), ActivityUse.objects.count()) == (1, 1)
    assert OutgoingMail.objects.filter(template="recognition.decided").count() == 1


def test_thirty_posts_of_the_same_page_leave_one_decision_and_no_error() -> None:
    world = make.world()
    file = make.to_judge(world)
    actions.consult(file, by=world.jury_member)
    competency = world.competencies[0]
    sent = {
        "outcome": "validated",
        "form": "ects",
        "ects": "1",
        "motivation": "Lu et jugé.",
        f"level_{competency.pk}": world.levels(competency)[1].pk,
    }
    clients = [Client() for _hand in range(HANDS)]
    for client in clients:
        client.force_login(world.jury_member)
    path = reverse("recognition:judge_file", args=[file.pk])
    told = together(lambda number: clients[number].post(path, sent).status_code)
    assert sorted(set(told)) == ["302", "422"]
    assert told.count("302") == 1
    assert Decision.objects.count() == 1


def test_two_files_on_the_same_activity_decided_at_once_validate_it_once() -> None:
    world = make.world()
    spot = make.period(world.student, world)
    first = make.to_judge(world, spot)
    # Brought in behind the actions, which refuse it: what if two files reached the jury anyway?
    second = RecognitionFile.objects.create(
        reference="2026-999",
        person=world.student,
        school=world.school,
        programme=world.programme,
        regulation=world.regulation,
        framework_version=world.version,
        session=first.session,
        status="assessed",
        submitted_at=make.timezone.now(),
    )
    second.activities.create(period=spot)
    files, verdict = [first, second], make.verdict(world)

    def decide(number: int) -> str:
        actions.decide(files[number % 2], verdict=verdict, by=world.jury_member)
        return "decided"

    told = together(decide)
    assert told.count("decided") == 1
    assert set(told) <= {"decided", "file_is_final", "activity_already_used"}
    assert ActivityUse.objects.get().decision.file in files


def test_thirty_requests_for_a_file_open_one_and_references_never_collide() -> None:
    world = make.world()
    students = [make.student(world) for _hand in range(3)]

    def open_one(number: int) -> str:
        return actions.open_file(world.school, by=students[number % 3]).reference

    assert len(set(together(open_one))) == len(students)
    assert RecognitionFile.objects.count() == len(students)
