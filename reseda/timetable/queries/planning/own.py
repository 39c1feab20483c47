"""What one reservist may choose from: possibilities, and lines in a published plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import cached_property

from reseda.service.models import Audience, Engagement, Offer, Period
from reseda.timetable.domain.planning.model import Choice, PinError, Possibilities, Possibility
from reseda.timetable.domain.planning.possibilities import possibilities
from reseda.timetable.models import Lesson, Plan, PlanLine
from reseda.timetable.queries.planning.answers import clean, facts_of
from reseda.timetable.queries.planning.drift import known_drift
from reseda.timetable.queries.planning.problems import Given, problem_for
from reseda.timetable.queries.planning.studies import Studies

BOTH = ("clash", "travel")


@dataclass(frozen=True)
class Own:
    """All that a reservist’s page shows; `found` is None without any offer to come."""

    engagement: Engagement
    given: Given
    found: Possibilities | None
    lines: tuple[PlanLine, ...]
    plan: Plan | None

    @property
    def studies(self) -> Studies:
        """What is known of the studies around the offers."""
        return self.given.studies.get(self.engagement.person_id, Studies())

    @property
    def offers(self) -> Mapping[str, Offer]:
        """The offers to come, by the ids of the engine."""
        return self.given.offers

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of their own lessons, by uid."""
        uids = {
            event["uid"]
            for one in (self.found.offers if self.found else ())
            if one.refusal and one.refusal.reason in BOTH
            for event in one.refusal.facts.get("events", ())
        }
        for one in self.found.offers if self.found else ():
            uids.update(one.grant.recoverable if one.grant else ())
            uids.update(one.forced.lessons if one.forced else ())
        rows = Lesson.objects.filter(
            feed__person=self.engagement.person_id, feed__removed_at__isnull=True, uid__in=uids
        )
        return dict(rows.values_list("uid", "title"))

    def facts(self, one: Possibility) -> tuple[dict[str, object], dict[str, object]]:
        """Return the facts of a refused offer, and what would lift it, as sentences read them."""
        if one.refusal is None:
            return {}, {}
        person = self.given.problem.reservists[0]
        return facts_of(one.refusal, person), clean(one.refusal.would_need)

    def choice(self, rank: int | None) -> Choice | None:
        """Return the choice of the trade-off that somebody points at, the best one by default."""
        if self.found is None:
            return None
        choices = self.choices
        return choices[rank] if rank is not None and 0 <= rank < len(choices) else self.found.best

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The choices of the trade-off, the best plan after them where it is none of them."""
        if self.found is None:
            return ()
        frontier, best = self.found.frontier, self.found.best
        is_there = any(set(one.offers) == set(best.offers) for one in frontier)
        return frontier if is_there or not best.offers else (*frontier, best)


def own(engagement: Engagement, now: datetime) -> Own:
    """Return what a reservist may choose from; a dozen queries, whatever the offers.

    What studies allow is said whatever the places left, which are said beside.
    """
    given = problem_for(engagement, now, counts_places=False)
    found = None
    if given.problem.offers:
        try:
            found = possibilities(given.problem, str(engagement.pk))
        except PinError as error:
            # An accepted period does not hold any more: the rest is still worth knowing.
            given = problem_for(
                engagement, now, let_go=[error.pair, *given.kept], counts_places=False
            )
            found = possibilities(given.problem, str(engagement.pk))
    lines = tuple(
        PlanLine.objects.filter(
            plan__status=Plan.Status.PUBLISHED,
            engagement=engagement,
            engagement__disclosures__audience=Audience.REFERENT,
            is_granted=True,
        )
        .select_related("plan", "offer", "period")
        .order_by("offer__starts_at", "pk")
    )
    return Own(engagement, given, found, lines, lines[0].plan if lines else None)


def broken_lines(lines: tuple[PlanLine, ...]) -> dict[int, Mapping[str, object]]:
    """Return what was last found broken among lines: line -> rule and facts."""
    found: dict[int, Mapping[str, object]] = {}
    for plan in {line.plan_id: line.plan for line in lines}.values():
        found.update(known_drift(plan))
    return found


def already_entered(engagement: Engagement) -> set[tuple[datetime, datetime]]:
    """Return the dates of the periods that a reservist entered, to recognise offers among them."""
    held = Period.objects.filter(engagement=engagement, ends_at__gt=timezone.now())
    return set(held.exclude(status=Period.Status.CANCELLED).values_list("starts_at", "ends_at"))
