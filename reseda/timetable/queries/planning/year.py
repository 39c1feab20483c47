"""A plan as it is looked at: the year of each reservist, one cell of it, its figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from reseda.people.policy import Viewer
from reseda.service.domain.days import days
from reseda.service.models import Engagement, Period
from reseda.service.permissions import FOLLOW_RESERVIST
from reseda.timetable.domain import planner_picture as picture
from reseda.timetable.domain.planner_picture import Mark
from reseda.timetable.models import Pin, Plan, PlanLine
from reseda.timetable.permissions import READ_LINE
from reseda.timetable.queries.planning.drift import known_drift
from reseda.timetable.queries.planning.rules import SERVICE, rules
from reseda.timetable.queries.planning.service_days import service_of
from reseda.timetable.queries.planning.weeks import Calendar, calendars_of

STUDIES = ("clash", "travel", "recoverable_limit")
POSSIBLE = ("full", "no_gain", "overlap")


@dataclass(frozen=True)
class YearRow:
    """One reservist in the planner: the drawing of the year, what is granted, what is wanted."""

    engagement: Engagement
    drawing: picture.Row
    calendar: Calendar
    granted: tuple[PlanLine, ...]
    refused: int
    days: float
    target: float
    broken: int


def population(plan: Plan, viewer: Viewer) -> QuerySet[Engagement]:
    """Return the engagements that a plan is about and that the viewer may know of.

    Each has `granted_days` (declined ones left out), `wanted` and `share` (0 to 1) in this plan.
    """
    granted = (
        PlanLine.objects.filter(plan=plan, engagement=OuterRef("pk"), is_granted=True)
        .exclude(answer=PlanLine.Answer.DECLINED)
        .order_by()
        .values("engagement")
        .annotate(total=Sum("days"))
        .values("total")
    )
    usual = rules(plan.policy).target_days
    number = DecimalField(max_digits=7, decimal_places=1)
    return (
        FOLLOW_RESERVIST.rows(viewer)
        .filter(pk__in=plan.totals.get("people", ()))
        .select_related("person")
        .annotate(
            granted_days=Coalesce(Subquery(granted), Value(0), output_field=number),
            wanted=Coalesce(Cast("target_days", FloatField()), Value(float(usual))),
        )
        .annotate(
            share=Case(
                When(wanted=0, then=Value(1.0)),
                default=Cast("granted_days", FloatField()) / F("wanted"),
                output_field=FloatField(),
            )
        )
    )


def lines_of(plan: Plan, viewer: Viewer) -> QuerySet[PlanLine]:
    """Return the lines of a plan that the viewer may see, with offer and reservist."""
    return (
        READ_LINE.rows(viewer)
        .filter(plan=plan)
        .select_related("offer", "engagement__person", "period")
        .order_by("engagement__person__last_name", "engagement", "offer__starts_at", "pk")
    )


def year(
    plan: Plan, engagements: Sequence[Engagement], viewer: Viewer
) -> tuple[picture.Frame, list[YearRow]]:
    """Draw the year of some reservists; as many queries whatever their number."""
    paper = picture.frame(plan.starts_on, plan.ends_on)
    people = [one.person_id for one in engagements]
    lines: dict[int, list[PlanLine]] = defaultdict(list)
    for line in lines_of(plan, viewer).filter(engagement__in=[one.pk for one in engagements]):
        lines[line.engagement_id].append(line)
    service = service_of(people, timezone.now())
    calendars = calendars_of(people, paper)
    pins = pins_of(engagements)
    broken = known_drift(plan)
    rows = []
    for one in engagements:
        own = lines[one.pk]
        accepted = {line.period_id for line in own if line.period_id}
        held = [p for p in service[one.person_id].periods if p.pk not in accepted]
        calendar = calendars.get(one.person_id, Calendar())
        marks = [*_marks_of_lines(own, pins, broken), *(_mark_of_period(period) for period in held)]
        rows.append(
            YearRow(
                engagement=one,
                drawing=picture.draw(
                    paper,
                    marks,
                    exams=calendar.exams,
                    idle=calendar.idle,
                    known_until=calendar.known_until,
                ),
                calendar=calendar,
                granted=tuple(line for line in own if line.is_granted),
                refused=sum(1 for line in own if not line.is_granted),
                days=float(getattr(one, "granted_days", 0)),
                target=float(getattr(one, "wanted", 0)),
                broken=sum(1 for line in own if line.pk in broken),
            )
        )
    return paper, rows


def _marks_of_lines(
    lines: Iterable[PlanLine],
    pins: Mapping[tuple[int, int], bool],
    broken: Mapping[int, object],
) -> list[Mark]:
    return [
        Mark(
            *days_between(line.offer.starts_at, line.offer.ends_at),
            look_of(line, is_broken=line.pk in broken),
            short(float(line.days)) if line.is_granted else "",
            (line.engagement_id, line.offer_id) in pins,
        )
        for line in lines
    ]


def _mark_of_period(period: Period) -> Mark:
    first, last = days_between(period.starts_at, period.ends_at)
    return Mark(first, last, "held", short(days(period.starts_at, period.ends_at)))


def look_of(line: PlanLine, *, is_broken: bool = False) -> str:
    """Name the look of a line: what is granted by its answer, what is refused by its reason."""
    if line.is_granted:
        if line.answer == PlanLine.Answer.DECLINED:
            return "declined"
        if is_broken:
            return "broken"
        return "accepted" if line.answer else "granted"
    if line.reason in STUDIES and not _is_about_service(line):
        return "studies"
    return "possible" if line.reason in POSSIBLE else "barred"


def _is_about_service(line: PlanLine) -> bool:
    events = line.facts.get("events", ())
    return bool(events) and all(event["kind"] == SERVICE for event in events)


def short(count: float) -> str:
    """Write a number of days in as few signs as possible."""
    return f"{count:.1f}".removesuffix(".0").replace(".", ",")


def days_between(start: datetime, end: datetime) -> tuple[date, date]:
    """Return the first and last local day of a stretch of time, its end excluded."""
    last = timezone.localtime(end) - timedelta(minutes=1)
    return timezone.localtime(start).date(), last.date()


def pins_of(engagements: Iterable[Engagement]) -> dict[tuple[int, int], bool]:
    """Return what was settled by hand: (engagement, offer) -> granted or excluded (one query)."""
    found = Pin.objects.filter(engagement__in=[one.pk for one in engagements])
    return {
        (engagement, offer): is_granted
        for engagement, offer, is_granted in found.values_list("engagement", "offer", "is_granted")
    }


@dataclass(frozen=True)
class Figures:
    """The numbers of a plan over the lines that the viewer may see; nobody else is counted."""

    people: int
    days: float
    granted: int
    places: int
    nobody: int
    minutes: int
    accepted: int
    declined: int


def figures(plan: Plan, viewer: Viewer) -> Figures:
    """Sum up a plan for a viewer (two queries); what was declined is not granted any more."""
    everybody = population(plan, viewer)
    counts = everybody.aggregate(people=Count("pk"), nobody=Count("pk", filter=Q(granted_days=0)))
    granted = READ_LINE.rows(viewer).filter(plan=plan, is_granted=True)
    stands = ~Q(answer=PlanLine.Answer.DECLINED)
    sums = granted.aggregate(
        days=Sum("days", filter=stands),
        granted=Count("pk", filter=stands),
        minutes=Sum("minutes", filter=stands),
        accepted=Count("pk", filter=Q(answer=PlanLine.Answer.ACCEPTED)),
        declined=Count("pk", filter=Q(answer=PlanLine.Answer.DECLINED)),
    )
    return Figures(
        people=counts["people"],
        nobody=counts["nobody"],
        days=float(sums["days"] or 0),
        granted=sums["granted"],
        minutes=sums["minutes"] or 0,
        accepted=sums["accepted"],
        declined=sums["declined"],
        places=int(plan.totals.get("places", 0)) if plan.totals else 0,
    )


def left_out(plan: Plan, viewer: Viewer) -> list[tuple[Engagement, str]]:
    """Return whom a plan leaves out and why, among those the viewer may know of."""
    stored = plan.totals.get("left_out", {}) if plan.totals else {}
    rows = FOLLOW_RESERVIST.rows(viewer).filter(pk__in=[int(key) for key in stored])
    found = rows.select_related("person").order_by("person__last_name", "pk")
    return [(one, stored[str(one.pk)]) for one in found]


@dataclass(frozen=True)
class Option:
    """One offer of a week for one reservist: its line in the plan, and what was settled by hand."""

    line: PlanLine
    look: str
    pinned: bool | None
    broken: Mapping[str, object] | None


def options(
    plan: Plan, engagement: Engagement, viewer: Viewer, monday: date | None = None
) -> list[Option]:
    """Return the lines of a reservist in a plan, those that touch a week or all of them."""
    lines = lines_of(plan, viewer).filter(engagement=engagement).order_by("offer__starts_at", "pk")
    pins, broken = pins_of([engagement]), known_drift(plan)
    found = []
    for line in lines:
        first, last = days_between(line.offer.starts_at, line.offer.ends_at)
        if monday and (last < monday or first >= monday + picture.A_WEEK):
            continue
        look = look_of(line, is_broken=line.pk in broken)
        pinned = pins.get((line.engagement_id, line.offer_id))
        found.append(Option(line, look, pinned, broken.get(line.pk)))
    return found
