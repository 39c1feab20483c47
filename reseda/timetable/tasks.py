"""What is done for studies without anybody waiting: feeds read again, plans computed, watched."""

import time
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tasks import task

from reseda.journal.actions import SYSTEM
from reseda.timetable.actions import feeds, planning
from reseda.timetable.domain.planning import model
from reseda.timetable.domain.planning.model import Pair, PinError, Progress
from reseda.timetable.domain.planning.solve import plan as solved
from reseda.timetable.forms import fetched, parsed
from reseda.timetable.models import Feed, Plan
from reseda.timetable.queries.planning.drift import drift
from reseda.timetable.queries.planning.problems import Given, problem_of

AT_ONCE = 50
# After which a feed whose task was lost is read again.
PATIENCE = timedelta(minutes=15)


def refresh(feed: Feed) -> Feed:
    """Read a feed again from its address; what goes wrong is noted, and nothing known is lost."""
    try:
        body, etag = fetched(feed.address, feed.etag)
        if body is None:
            return feeds.note_unchanged(feed, by=SYSTEM)
        return feeds.replace(feed, reading=parsed(body), by=SYSTEM, etag=etag)
    except ValidationError as error:
        return feeds.note_failure(feed, code=str(error.code or "unreadable"), by=SYSTEM)


@task
def refresh_one(pk: int) -> str:
    """Read one feed again, and return the state it is in; nothing is done once it is removed."""
    feed = Feed.objects.filter(pk=pk, removed_at__isnull=True, origin=Feed.Origin.ADDRESS).first()
    return refresh(feed).state if feed else ""


@task
def refresh_due() -> int:
    """Have the feeds whose time has come read again, and return how many; safe to run twice.

    A feed is claimed by moving its next reading forward before it is fetched, so that two workers
    do not fetch it together; each has a task of its own, so that one that breaks stops no other.
    """
    now = timezone.now()
    due = Feed.objects.filter(removed_at__isnull=True, next_read_at__lte=now)
    done = 0
    for pk, planned in due.order_by("next_read_at").values_list("pk", "next_read_at")[:AT_ONCE]:
        claimed = Feed.objects.filter(pk=pk, next_read_at=planned)
        if claimed.update(next_read_at=now + PATIENCE):
            refresh_one.enqueue(pk)
            done += 1
    return done


# --- Conciliation plans

# How often a computation says how far it is, in seconds: twice a second at most.
PACE = 0.5
# How often a published plan is compared with what became of timetables and offers.
WATCH_EVERY = timedelta(minutes=15)
# A queued plan that no worker took is put in the queue again after that long.
FORGOTTEN = timedelta(minutes=5)
STEPS = {"reading": 5, "pricing": 15, "proving": 75, "explaining": 90}


class Teller:
    """Writes how far the engine is, and asks whether it must stop, at a bounded pace."""

    def __init__(self, pk: int) -> None:
        self.pk, self.progress, self.told_at, self.is_stopped = pk, 1, 0.0, False

    def tell(self, progress: Progress) -> None:
        """Note the step of the engine, and the gap that it closed."""
        gap = (progress.bound - progress.value) / max(1.0, abs(progress.bound))
        nearer = 55 * max(0.0, 1 - min(1.0, gap)) if progress.step == "pricing" else 0
        self.progress = max(self.progress, STEPS[progress.step] + round(nearer))
        self.should_stop()

    def should_stop(self) -> bool:
        """Tell whether somebody asked for the computation to stop."""
        now = time.monotonic()
        if now - self.told_at >= PACE:
            self.told_at = now
            self.is_stopped = planning.note_progress(self.pk, self.progress)
        return self.is_stopped


@task
def run_plan(pk: int) -> str:
    """Compute a plan, and return the state it is left in; nothing is done twice.

    Whatever goes wrong leaves a plan in failure, which can be started again.
    """
    plan = planning.claim(pk)
    if plan is None:
        return ""
    try:
        return computed(plan, Teller(pk)).status
    except Exception:
        planning.fail(plan, code="error")
        raise


def computed(plan: Plan, teller: Teller) -> Plan:
    """Compute a plan that was claimed: stored ready, interrupted, or failed with its reason."""
    given = problem_of(plan)
    if not given.problem.offers:
        return planning.fail(plan, code="no_offers")
    if not given.problem.reservists:
        return planning.fail(plan, code="no_people")
    try:
        given, answer = _solved(plan, given, teller)
    except PinError:
        return planning.fail(plan, code="pin")
    # Asked at the very end too: a stop that comes late is still a stop.
    if teller.is_stopped or planning.note_progress(plan.pk, 95):
        return planning.stop(plan)
    return planning.store(plan, given=given, answer=answer)


def _solved(plan: Plan, given: Given, teller: Teller) -> tuple[Given, model.Plan]:
    """Solve; accepted periods that no legal plan can hold any more are let go, one by one."""
    let_go: set[Pair] = set()
    while True:
        try:
            answer = solved(given.problem, should_stop=teller.should_stop, tell=teller.tell)
        except PinError as error:
            if error.pair not in given.kept:
                raise
            let_go.add(error.pair)
            given = problem_of(plan, let_go=let_go)
        else:
            return given, answer


@task
def watch_plan(pk: int) -> int:
    """Look for what does not hold any more in a published plan, and return how many lines."""
    plan = Plan.objects.filter(pk=pk, status=Plan.Status.PUBLISHED).first()
    if plan is None:
        return 0
    broken = drift(plan)
    planning.note_drift(
        plan, [(one.line.pk, {"rule": one.rule, "facts": dict(one.facts)}) for one in broken]
    )
    return len(broken)


@task
def watch_plans() -> int:
    """Have published plans watched and forgotten computations taken up; safe to run twice."""
    planning.give_up_lost()
    planning.forget_removed()
    now = timezone.now()
    forgotten = Plan.objects.filter(status=Plan.Status.QUEUED, created_at__lt=now - FORGOTTEN)
    for pk in forgotten.values_list("pk", flat=True):
        run_plan.enqueue(pk)
    count = 0
    for plan in Plan.objects.filter(
        status=Plan.Status.PUBLISHED, ends_on__gte=timezone.localtime(now).date()
    ):
        if _is_due(plan, now):
            watch_plan.enqueue(plan.pk)
            count += 1
    return count


def _is_due(plan: Plan, now: datetime) -> bool:
    seen = plan.totals.get("drift", {}).get("at")
    return not seen or datetime.fromisoformat(seen) < now - WATCH_EVERY
