"""The plans of a school on their shelf, and whether there is what it takes to make one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum

from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.schools.queries import current_year
from reseda.service.permissions import FOLLOW_RESERVIST
from reseda.service.queries.offers import open_offers
from reseda.timetable.models import Feed, Plan
from reseda.timetable.permissions import READ_LINE
from reseda.timetable.queries.planning.drift import known_drift

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Shelved:
    """A plan in the list: days and places granted among the lines that the viewer may see."""

    plan: Plan
    days: float
    granted: int
    drifted: int


@dataclass(frozen=True)
class Readiness:
    """What a plan needs: offers to come, reservists who said so, and their timetables."""

    offers: int
    reservists: int
    without_timetable: int

    @property
    def is_ready(self) -> bool:
        """Whether a plan would have something to plan."""
        return bool(self.offers) and self.reservists > self.without_timetable


def summed(plans: Iterable[Plan], viewer: Viewer) -> list[Shelved]:
    """Return plans with their sums, among the lines that the viewer may see (two queries)."""
    plans = list(plans)
    granted = READ_LINE.rows(viewer).filter(plan__in=[one.pk for one in plans], is_granted=True)
    sums = {
        plan: (float(days or 0), count)
        for plan, days, count in granted.order_by()
        .values_list("plan")
        .annotate(days=Sum("days"), count=Count("pk"))
    }
    broken = drifted(plans, viewer)
    return [Shelved(one, *sums.get(one.pk, (0.0, 0)), broken[one.pk]) for one in plans]


def drifted(plans: Iterable[Plan], viewer: Viewer) -> Counter[int]:
    """Count by published plan what does not hold any more, among the lines that the viewer may see
    (one query, none where everything holds).
    """
    broken = [
        line for one in plans if one.status == Plan.Status.PUBLISHED for line in known_drift(one)
    ]
    rows = READ_LINE.rows(viewer).filter(pk__in=broken).order_by() if broken else ()
    return Counter(line.plan_id for line in rows)


def readiness(school: School, viewer: Viewer) -> Readiness:
    """Tell what there is to plan, among what the viewer may know of (four queries)."""
    year = current_year(school, viewer.today)
    last = year.ends_on if year else viewer.today + A_YEAR
    followed = FOLLOW_RESERVIST.rows(viewer).filter(
        school=school, ended_on__isnull=True, contract_end_on__gte=viewer.today
    )
    given = Feed.objects.filter(removed_at__isnull=True, lessons__isnull=False).values("person")
    counts = followed.aggregate(
        people=Count("pk"), without=Count("pk", filter=~Q(person__in=given))
    )
    offers = open_offers(school.pk, viewer.today, last).count()
    return Readiness(offers, counts["people"], counts["without"])
