"""A year with a plan, page after page: asked, published, accepted, overtaken, made again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reseda.mail.models import OutgoingMail
from reseda.service.models import Period
from reseda.timetable import tasks
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.tests import plan_world as make


@pytest.fixture
def world(db: None) -> make.Little:
    return make.build()


def act(client, page: str, *args: object, **given: object) -> None:
    answer = client.post(reverse(f"timetable:{page}", args=args), given)
    assert answer.status_code == 302, answer.content.decode()


def read(client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(f"timetable:{name}", args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def latest() -> Plan:
    """The last plan asked for, computed as a worker does."""
    plan = Plan.objects.latest("pk")
    tasks.run_plan.call(plan.pk)
    plan.refresh_from_db()
    return plan


def asked(client) -> Plan:
    """A plan asked for with the usual rules, computed."""
    today = timezone.localdate()
    act(
        client,
        "create_plan",
        name="Plan de l’année",
        starts_on=today,
        ends_on=today + timedelta(days=200),
        objective="fair",
        target_days=15,
        hard=["exam", "project", "practical", "placement", "unknown"],
        hours=20,
        weight="0.05",
        travel=2,
        rest_days=1,
    )
    return latest()


def accepted(world: make.Little, plan: Plan, signed_in) -> Period:
    """The first student says yes to what is granted to her."""
    line = make.line(plan, world.engagements[0], world.offers["wide"])
    own = signed_in(world.students[0])
    assert "à vous de dire" in read(own, "possibilities", world.engagements[0].pk)
    act(own, "accept_line", line.pk)
    period = Period.objects.get(engagement=world.engagements[0])
    assert PlanLine.objects.get(pk=line.pk).period == period
    return period


def written() -> list[str]:
    """To whom a plan was told, in order."""
    mails = OutgoingMail.objects.filter(template="timetable.plan_published")
    return list(mails.order_by("created_at", "pk").values_list("to", flat=True))


def test_from_the_offers_to_the_plan_and_back_when_a_timetable_moves(world, signed_in):
    first, second = world.students
    wide = world.offers["wide"]
    plan = asked(signed_in(world.referent))
    assert "optimum prouvé" in read(signed_in(world.referent), "read_plan", plan.pk)
    act(signed_in(world.referent), "publish_plan", plan.pk)
    assert sorted(written()) == sorted([first.email, second.email])
    period = accepted(world, plan, signed_in)

    # Her neighbour’s timetable moves: an exam falls on what she was granted.
    make.exam_on(world, second, wide.starts_at + timedelta(hours=2))
    referent = signed_in(world.referent)
    act(referent, "check_plan", plan.pk)
    assert "1 période du plan ne tient plus" in read(referent, "read_plan", plan.pk)

    act(referent, "replan", plan.pk)
    again = latest()
    assert (again.based_on, again.status) == (plan, Plan.Status.READY)
    compared = read(referent, "compare_plans", query=f"?a={plan.pk}&b={again.pk}")
    assert "1 personne concernée" in compared
    assert str(first) not in compared

    act(referent, "publish_plan", again.pk)
    plan.refresh_from_db()
    assert plan.status == Plan.Status.REPLACED
    kept = make.line(again, world.engagements[0], wide)
    assert (kept.answer, kept.period) == ("accepted", period)
    assert make.line(again, world.engagements[1], wide).reason == "clash"
    # Only whoever’s own lines changed is written to again.
    assert written()[2:] == [second.email]
    said = read(signed_in(second), "possibilities", world.engagements[1].pk)
    assert "Un examen tombe pendant" in said
