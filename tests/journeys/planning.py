"""The addresses of conciliation plans, and of what a plan keeps for a reservist."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db.models import Model
from django.utils import timezone

from reseda.service.actions.offer_calls import ask_unit
from reseda.service.domain.offers import Invitation
from reseda.service.models import Engagement, Offer, OfferCall
from reseda.timetable.actions import calendars, rules
from reseda.timetable.models import Plan, PlanLine, TypingRule
from tests.cast import REFERENT, STUDENT
from tests.journeys.conftest import World

Find = Callable[[World], Mapping[str, object] | None]
Addresses = dict[Find, tuple[str, ...]]


def _plan(status: str, *, is_removed: bool = False) -> Find:
    def find(world: World) -> Mapping[str, object] | None:
        plans = Plan.objects.filter(school=world.school.pk, status=status)
        found = plans.exclude(removed_at__isnull=is_removed).last()
        return {"pk": found.pk} if found else None

    return find


def _own_school(model: type[Model]) -> Find:
    def find(world: World) -> Mapping[str, object] | None:
        found = model._default_manager.filter(school=world.school.pk).order_by("pk").last()
        return {"pk": found.pk} if found else None

    return find


def _line() -> PlanLine | None:
    own = PlanLine.objects.filter(engagement__person__email=STUDENT.email)
    return own.order_by("pk").last()


def of_line(_world: World) -> Mapping[str, object] | None:
    """The line of the student in the published plan."""
    found = _line()
    return {"pk": found.pk} if found else None


def of_person(_world: World) -> Mapping[str, object] | None:
    """The year of the student in the plan of the référent."""
    found = _line()
    return {"pk": found.plan_id, "engagement_pk": found.engagement_id} if found else None


def of_week(world: World) -> Mapping[str, object] | None:
    """One week of it."""
    found = of_person(world)
    return {**found, "monday": f"{timezone.localdate()}"} if found else None


def of_pair(_world: World) -> Mapping[str, object] | None:
    """The student and an offer, settled by hand."""
    found = _line()
    return {"engagement_pk": found.engagement_id, "offer_pk": found.offer_id} if found else None


def of_offer(_world: World) -> Mapping[str, object] | None:
    """An offer that the student may make a period of."""
    found = _line()
    return {"pk": found.engagement_id, "offer_pk": found.offer_id} if found else None


OF_STUDENT: Addresses = {
    of_line: ("timetable:accept_line", "timetable:decline_line"),
    of_offer: ("timetable:enter_offer", "service:wish"),
}
OF_REFERENT: Addresses = {
    _plan("ready"): (
        "timetable:read_plan",
        "timetable:read_progress",
        "timetable:list_lines",
        "timetable:stop_plan",
        "timetable:restart_plan",
        "timetable:replan",
        "timetable:publish_plan",
        "timetable:rename_plan",
        "timetable:remove_plan",
    ),
    _plan("ready", is_removed=True): ("timetable:restore_plan",),
    _plan("published"): ("timetable:check_plan",),
    of_person: ("timetable:read_plan_person",),
    of_week: ("timetable:read_plan_cell",),
    of_pair: ("timetable:pin_offer",),
    _own_school(Offer): ("service:edit_offer", "service:withdraw_offer", "service:restore_offer"),
    _own_school(OfferCall): ("service:remind_call", "service:close_call"),
    _own_school(TypingRule): (
        "timetable:rule",
        "timetable:move_rule",
        "timetable:remove_rule",
        "timetable:take_back_rule",
    ),
}


def furnish(world: World) -> None:
    """Make an offer, a plan that keeps it for the student, another not published, one removed; ask
    a unit, write a rule, share a calendar.
    """
    engagement = Engagement.objects.filter(person__email=STUDENT.email).latest("pk")
    start, today = timezone.now() + timedelta(days=60), timezone.localdate()
    offer = Offer.objects.create(
        school=world.school,
        force=engagement.force,
        purpose="Renfort",
        starts_at=start,
        ends_at=start + timedelta(days=2),
        origin="referent",
    )
    referent = world.person(REFERENT)
    given = {
        "school": world.school,
        "name": "Plan",
        "starts_on": today,
        "ends_on": today + timedelta(days=200),
        "created_by": referent,
        "totals": {"people": [engagement.pk]},
        "finished_at": timezone.now(),
    }
    for removed_at in (None, timezone.now()):
        Plan.objects.create(status="ready", removed_at=removed_at, **given)
    plan = Plan.objects.create(
        status="published", published_at=timezone.now(), published_by=referent, **given
    )
    PlanLine.objects.create(plan=plan, engagement=engagement, offer=offer, is_granted=True, days=2)
    calendars.share(
        engagement, from_on=today, to_on=today + timedelta(days=90), by=engagement.person
    )
    rules.add(world.school, target="module", match="is", pattern="CTRL", kind="exam", by=referent)
    ask_unit(world.school, invitation=Invitation("police", "police@unite.example"), by=referent)
