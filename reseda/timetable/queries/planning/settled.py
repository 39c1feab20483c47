"""What people said of a published plan: accepted, declined, and the places that it takes."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from reseda.service.models import Audience, Engagement, Period
from reseda.timetable.domain.planning.model import Pair
from reseda.timetable.models import Plan, PlanLine

Answer = PlanLine.Answer


@dataclass(frozen=True)
class Settled:
    """The pairs of a published plan by what became of them; `held` are the periods of those
    accepted, by pair.
    """

    published: tuple[Pair, ...] = ()
    accepted: tuple[Pair, ...] = ()
    excluded: tuple[Pair, ...] = ()
    held: Mapping[Pair, int] = field(default_factory=dict)

    def without(self, pairs: Collection[Pair]) -> "Settled":
        """Let go of accepted pairs: their periods stay, the plan is not made to hold them."""
        kept = tuple(pair for pair in self.accepted if pair not in pairs)
        held = {pair: period for pair, period in self.held.items() if pair not in pairs}
        return replace(self, accepted=kept, held=held)


def replaced_by(plan: Plan) -> QuerySet[Plan]:
    """Return the published plans whose place a plan takes: of its programme, or of all of them."""
    published = Plan.objects.filter(school=plan.school_id, status=Plan.Status.PUBLISHED)
    return published.filter(programme=plan.programme_id) if plan.programme_id else published


def published_plan(engagement: Engagement) -> Plan | None:
    """Return the published plan in which an engagement has lines, as long as it is disclosed."""
    return (
        Plan.objects.filter(
            lines__engagement=engagement.pk,
            lines__engagement__disclosures__audience=Audience.REFERENT,
            status=Plan.Status.PUBLISHED,
        )
        .order_by("-published_at")
        .first()
    )


def settled(plan: Plan, engagement: Engagement | None = None) -> Settled:
    """Return what became of the pairs that a plan takes over, or of one person’s (one query).

    A pair declined, or accepted whose period was cancelled or moved since, is not offered again.
    """
    among = Q(plan=plan) if engagement else Q(plan__in=replaced_by(plan).values("pk"))
    if plan.based_on_id:
        among |= Q(plan=plan.based_on_id)
    if engagement:
        among &= Q(engagement=engagement)
    lines = PlanLine.objects.filter(among, is_granted=True).select_related("offer", "period")
    found: dict[str, list[Pair]] = defaultdict(list)
    held: dict[Pair, int] = {}
    # A published plan says more than the one before it, which a new plan may also start from.
    for line in lines.order_by("plan__published_at", "pk"):
        pair = Pair(str(line.engagement_id), str(line.offer_id))
        word = _what_became(line)
        found[word].append(pair)
        if word == Answer.ACCEPTED and line.period_id:
            held[pair] = line.period_id
    accepted = tuple(dict.fromkeys(found[Answer.ACCEPTED]))
    declined = tuple(pair for pair in dict.fromkeys(found[Answer.DECLINED]) if pair not in held)
    return Settled((*accepted, *dict.fromkeys(found[""])), accepted, declined, held)


def _what_became(line: PlanLine) -> str:
    if line.answer != Answer.ACCEPTED:
        return line.answer
    period, offer = line.period, line.offer
    if period is None or period.status == Period.Status.CANCELLED:
        return Answer.DECLINED
    is_same = (period.starts_at, period.ends_at) == (offer.starts_at, offer.ends_at)
    return Answer.ACCEPTED if is_same else Answer.DECLINED


def taken(plan: Plan, engagements: Collection[int]) -> dict[int, int]:
    """Return the places of each offer that published plans give to others than these engagements.

    Those of the plans that this one replaces count only where their person already accepted.
    """
    replaced = replaced_by(plan).values("pk") if plan.pk else Plan.objects.none().values("pk")
    given = (
        PlanLine.objects.filter(
            plan__school=plan.school_id,
            plan__status=Plan.Status.PUBLISHED,
            is_granted=True,
            offer__ends_at__gt=timezone.now(),
        )
        .exclude(answer=Answer.DECLINED)
        .exclude(engagement__in=engagements)
        .exclude(Q(plan__in=replaced) & Q(answer=""))
    )
    return dict(given.order_by().values_list("offer").annotate(count=Count("pk")))
