"""Rows turned into what the engine is given, for a school and for one person."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from reseda.service.models import Audience, Engagement, Offer, Wish
from reseda.service.queries.offers import held_by, offers_for, open_offers, wishes_of
from reseda.timetable.domain.planning import model
from reseda.timetable.domain.planning.model import Busy, Pair, Problem, Reservist
from reseda.timetable.models import Pin, Plan
from reseda.timetable.queries.planning.rules import (
    FORCE,
    SERVICE,
    WISH_POINTS,
    Rules,
    rest_margin_minutes,
    rules,
)
from reseda.timetable.queries.planning.service_days import (
    ceiling,
    counted_apart,
    days_counted,
    service_of,
    suspended,
    trained,
)
from reseda.timetable.queries.planning.settled import Settled, published_plan, settled, taken
from reseda.timetable.queries.planning.studies import Studies, studies, widened

NO_TIMETABLE, SECOND = "no_timetable", "second_engagement"


@dataclass(frozen=True)
class Given:
    """A problem and the rows it comes from, by the ids that the engine uses.

    `left_out` says which engagements are not planned and why; `kept` are the accepted pairs that
    the plan is made to hold; `full` are, for one person alone, the offers without a place left.
    """

    problem: Problem
    engagements: Mapping[str, Engagement]
    offers: Mapping[str, Offer]
    studies: Mapping[int, Studies]
    left_out: Mapping[int, str]
    kept: tuple[Pair, ...] = ()
    full: frozenset[str] = frozenset()

    def is_of_force(self, pair: Pair) -> bool:
        """Tell whether an offer is made to the force of an engagement."""
        return self.offers[pair.offer].force == self.engagements[pair.reservist].force


def scope(plan: Plan) -> QuerySet[Engagement]:
    """Return the engagements that a plan may know of: open, disclosed to the référent, in the
    plan’s school and programme, their contract covering a part of its days.
    """
    found = Engagement.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=plan.starts_on),
        school=plan.school_id,
        disclosures__audience=Audience.REFERENT,
        contract_start_on__lte=plan.ends_on,
        contract_end_on__gte=plan.starts_on,
    )
    if plan.programme_id:
        among = Engagement.objects.filter(person__enrolments__cohort__programme=plan.programme_id)
        found = found.filter(pk__in=among.values("pk"))
    return found.select_related("person").prefetch_related("qualifications")


def problem_of(plan: Plan, *, let_go: Collection[Pair] = ()) -> Given:
    """Return what the planner is given for a plan, today; as many queries whatever the people.

    `let_go` are accepted pairs that no legal plan holds any more: their periods then count as any
    other period of their person.
    """
    now = timezone.now()
    first = max(plan.starts_on, timezone.localtime(now).date())
    offers = list(open_offers(plan.school_id, first, plan.ends_on).filter(starts_at__gt=now))
    found = settled(plan)
    engagements = list(scope(plan))
    builder = _Builder(rules(plan.policy), offers, engagements, found.without(let_go), plan)
    return builder.given(taken(plan, [one.pk for one in engagements]))


def problem_for(
    engagement: Engagement,
    now: datetime,
    *,
    let_go: Collection[Pair] = (),
    counts_places: bool = True,
) -> Given:
    """Return the problem of one person alone, over the offers to come.

    Places given to others are counted, unless what is asked is only what studies allow.
    """
    offers = list(offers_for(engagement, now).filter(starts_at__gt=now))
    plan = published_plan(engagement)
    found = (settled(plan, engagement) if plan else Settled()).without(let_go)
    stored = plan.policy if plan else {}
    days_of_offers = [timezone.localtime(one.ends_at).date() for one in offers]
    today = timezone.localtime(now).date()
    window = Plan(
        school_id=engagement.school_id, starts_on=today, ends_on=max(days_of_offers, default=today)
    )
    builder = _Builder(rules(stored), offers, [engagement], found, window, is_alone=True)
    places = taken(window, [engagement.pk])
    given = builder.given(places if counts_places else {})
    full = (one for one in offers if places.get(one.pk, 0) >= one.capacity)
    return replace(given, full=frozenset(str(one.pk) for one in full))


class _Builder:
    def __init__(
        self,
        chosen: Rules,
        offers: Sequence[Offer],
        engagements: Sequence[Engagement],
        found: Settled,
        plan: Plan,
        *,
        is_alone: bool = False,
    ) -> None:
        self.rules, self.offers, self.found, self.plan = chosen, offers, found, plan
        self.is_alone = is_alone
        self.engagements = _one_a_person(engagements)
        self.left_out = {
            one.pk: SECOND for one in engagements if self.engagements[one.person_id] is not one
        }
        people = list(self.engagements)
        policy = chosen.policy
        windows = [widened(one.starts_at, one.ends_at, policy.travel_minutes) for one in offers]
        self.studies = studies(people, windows)
        self.service = service_of(people, timezone.now())
        self.wishes = wishes_of(self.engagements.values())
        margin = rest_margin_minutes(policy)
        self.trained = trained(people, margin)
        keys = [one.pk for one in self.engagements.values()]
        self.suspended = suspended(keys, policy.travel_minutes)
        self.days = {one.pk: days_counted(one.force, one.starts_at, one.ends_at) for one in offers}

    def given(self, places_taken: Mapping[int, int]) -> Given:
        planned = {}
        for one in self.engagements.values():
            known = self.studies.get(one.person_id)
            if not self.is_alone and (known is None or known.known_until is None):
                self.left_out[one.pk] = NO_TIMETABLE
            else:
                planned[str(one.pk)] = one
        offers = {str(one.pk): one for one in self.offers}

        def known_pairs(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
            return tuple(sorted({p for p in pairs if p.reservist in planned and p.offer in offers}))

        said_no = (*self.found.excluded, *self._never(), *self._pins(is_granted=False))
        excluded = known_pairs(said_no)
        kept = tuple(p for p in known_pairs(self.found.accepted) if p not in excluded)
        pinned = (p for p in known_pairs(self._pins(is_granted=True)) if p not in excluded)
        # Only where the plan holds the pair itself does its period stop counting as another one.
        own = {self.found.held[pair] for pair in kept if pair in self.found.held}
        problem = Problem(
            offers=tuple(self._offer(one, places_taken.get(one.pk, 0)) for one in self.offers),
            reservists=tuple(self._reservist(one, own) for one in planned.values()),
            policy=self.rules.policy,
            published=known_pairs(self.found.published) if self.plan.based_on_id else (),
            change_cost=self.rules.change_cost if self.plan.based_on_id else 0,
            granted=tuple(sorted({*kept, *pinned})),
            excluded=excluded,
        )
        return Given(problem, planned, offers, self.studies, self.left_out, kept)

    def _offer(self, offer: Offer, places_taken: int) -> model.Offer:
        return model.Offer(
            id=str(offer.pk),
            start=offer.starts_at,
            end=offer.ends_at,
            capacity=max(0, offer.capacity - places_taken),
            requires=(FORCE + offer.force, *offer.requires),
            grants=tuple(offer.grants),
            counted=counted_apart(offer.force, offer.starts_at, offer.ends_at),
        )

    def _reservist(self, one: Engagement, own: Collection[int]) -> Reservist:
        service = self.service[one.person_id].without(own)
        margin = rest_margin_minutes(self.rules.policy)
        held = tuple(
            Busy(
                f"{SERVICE}:{period.pk}",
                *widened(period.starts_at, period.ends_at, margin),
                SERVICE,
            )
            for period in service.periods
        )
        held += (*self.trained.get(one.person_id, ()), *self.suspended.get(one.pk, ()))
        known = self.studies.get(one.person_id, Studies())
        wanted = float(one.target_days or self.rules.target_days)
        done = service.days_within(self.plan.starts_on, self.plan.ends_on)
        is_fair = self.rules.policy.objective == "fair"
        last = min(one.ended_on or one.contract_end_on, one.contract_end_on)
        years = range(self.plan.starts_on.year, self.plan.ends_on.year + 1)
        return Reservist(
            id=str(one.pk),
            # The very tuple of the timetable where nothing is added: the engine reads it once.
            busy=(*known.busy, *held) if held else known.busy,
            contract=model.Contract(one.contract_start_on, last),
            holds=(FORCE + one.force, *held_by(one)),
            target_days=wanted if is_fair and done < wanted else max(0.0, wanted - done),
            ceilings=service_ceilings(one, years),
            served=service.served(one),
            wishes=self._points(one, wanted, done if is_fair and done < wanted else 0.0),
        )

    def _points(self, one: Engagement, wanted: float, done: float) -> dict[str, float]:
        """Return what wishes add, less what days already held take from the worth of new ones.

        V is 1000·(2x − x²) with x = days/wanted, and V(done + d) − V(done) is therefore
        V(d) − 2000·done·d/wanted²:
        so that somebody who already serves comes after somebody who does not, exactly.
        """
        found = {}
        for offer in self.offers:
            level = self.wishes.get((one.pk, offer.pk), Wish.Level.WHY_NOT)
            points = WISH_POINTS.get(level, 0.0)
            if done and wanted:
                points -= 2000 * done * self.days[offer.pk] / wanted**2
            if points:
                found[str(offer.pk)] = points
        return found

    def _never(self) -> list[Pair]:
        return [
            Pair(str(engagement), str(offer))
            for (engagement, offer), level in self.wishes.items()
            if level == Wish.Level.NEVER
        ]

    def _pins(self, *, is_granted: bool) -> list[Pair]:
        if self.is_alone:
            return []
        return [
            Pair(str(pin.engagement_id), str(pin.offer_id))
            for pin in self._all_pins
            if pin.is_granted == is_granted
        ]

    @property
    def _all_pins(self) -> Sequence[Pin]:
        if not hasattr(self, "_held_pins"):
            keys = [one.pk for one in self.engagements.values()]
            self._held_pins = list(Pin.objects.filter(engagement__in=keys))
        return self._held_pins


def _one_a_person(engagements: Sequence[Engagement]) -> dict[int, Engagement]:
    """Keep the latest contract of each person: two would be granted the same days."""
    found: dict[int, Engagement] = {}
    for one in sorted(engagements, key=lambda e: (e.contract_start_on, e.pk)):
        found[one.person_id] = one
    return found


def service_ceilings(one: Engagement, years: Iterable[int]) -> dict[int, float]:
    """Return the ceiling of days of an engagement in each civil year, as the law has it."""
    today = timezone.localdate()
    return {year: ceiling(one.force, one.ceiling, year, today) for year in years}


def digest(problem: Problem) -> str:
    """Return the digest of a problem: the same for the same plan, whatever the order of rows."""
    found = hashlib.sha256()
    settings = (problem.policy, problem.zone, problem.published, problem.change_cost)
    found.update(repr((settings, problem.granted, problem.excluded)).encode())
    for offer in sorted(problem.offers, key=lambda one: one.id):
        found.update(repr(offer).encode())
    timetables: dict[int, bytes] = {}
    for one in sorted(problem.reservists, key=lambda person: person.id):
        if id(one.busy) not in timetables:
            timetables[id(one.busy)] = _busy_digest(one.busy)
        facts = (one.id, one.contract, sorted(one.holds), one.target_days)
        years = (sorted(one.ceilings.items()), sorted(one.served.items()))
        found.update(repr((facts, years, sorted(one.wishes.items()))).encode())
        found.update(timetables[id(one.busy)])
    return found.hexdigest()


def _busy_digest(busy: Iterable[Busy]) -> bytes:
    lines = sorted(f"{b.uid}|{b.start.timestamp()}|{b.end.timestamp()}|{b.kind}" for b in busy)
    return hashlib.sha256("\n".join(lines).encode()).digest()
