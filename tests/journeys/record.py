"""The addresses of a reservist’s record and of the absences of the staff, with what they name."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from django.utils import timezone

from reseda.documents.actions import keep
from reseda.service import actions
from reseda.service.models import (
    Employment,
    Engagement,
    Leave,
    Period,
    Promotion,
    ReactivityClause,
    Suspension,
    TrainingStep,
)
from tests.cast import HUMAN_RESOURCES, STAFF, STUDENT, Member
from tests.journeys.conftest import World

OF_ENGAGEMENT = tuple(
    f"service:{name}"
    for name in (
        "career",
        "add_promotion",
        "add_step",
        "suspend",
        "add_qualification",
        "remove_qualification",
        "set_target",
        "employer",
        "change_employer",
        "agree_clause",
        "counters",
        "consultations",
    )
)
Find = Callable[[World], Mapping[str, object] | None]
Addresses = dict[Find, tuple[str, ...]]


def of_student(latest: Callable[..., Find], as_file: Callable[..., Find]) -> Addresses:
    """The addresses of the lines of a student’s record."""
    own = {"engagement__person__email": STUDENT.email}
    moves = ("service:remove_item", "service:restore_item")
    return {
        as_file(latest(Promotion, **own), kind="grade"): moves,
        as_file(latest(TrainingStep, **own), kind="formation"): moves,
        latest(TrainingStep, **own): ("service:mark_step",),
        as_file(latest(Suspension, **own), kind="suspension"): moves,
        latest(Employment, person__email=STUDENT.email): ("service:undo_employer",),
        latest(ReactivityClause, **own): ("service:give_up_clause", "service:restore_clause"),
    }


def of_office(latest: Callable[..., Find]) -> dict[Member, Addresses]:
    """The addresses of the absences of a staff member, and of those who answer them."""
    leave = latest(Leave, person__email=STAFF.email)
    return {
        STAFF: {
            latest(Period, engagement__person__email=STAFF.email): ("service:ask_leave",),
            leave: ("service:read_leave", "service:withdraw_leave", "service:restore_leave"),
        },
        HUMAN_RESOURCES: {
            leave: ("service:decide_leave", "service:acknowledge_leave", "service:reopen_leave")
        },
    }


def furnish(world: World) -> None:
    """Write one line of each kind in the student’s record, and ask an absence for the staff."""
    student = world.person(STUDENT)
    held = Engagement.objects.filter(person=student).latest("pk")
    day = held.contract_start_on
    actions.add_promotion(held, kind="rank", name="caporal", since_on=day, by=student)
    actions.add_step(held, step=actions.Step("pmip", day, day), by=student)
    last = held.contract_end_on
    actions.suspend(held, starts_on=last, ends_on=last, by=student)
    actions.change_employer(held, employer=actions.Employer("private", day), by=student)
    actions.agree_clause(held, agreed_on=day, consented_on=day, by=student)
    _convoke(world, held)
    _ask(world)


def _convoke(world: World, held: Engagement) -> None:
    """Give the period of the thread a convocation, without a deed that would undo its state."""
    student = held.person
    file = keep(
        b"%PDF-1.4 convocation",
        name="convocation.pdf",
        content_type="application/pdf",
        organisation=world.school,
        owner=student,
        by=student,
    )
    Period.objects.filter(pk=held.periods.latest("pk").pk).update(convocation=file)


def _ask(world: World) -> None:
    staff = world.person(STAFF)
    today = timezone.localdate()
    contract = actions.Declaration(
        "terre", date(today.year, 1, 1), date(today.year + 3, 1, 1), unit_name="unité du personnel"
    )
    held = actions.declare(staff, school=world.school, declaration=contract, by=staff)
    start = timezone.now() + timedelta(days=60)
    period = actions.add_period(held, starts_at=start, ends_at=start + timedelta(days=4), by=staff)
    actions.ask_leave(period, by=staff)
