"""The periods that units offer, as reservists, référents and the planner read them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from reseda.service.domain import qualifications
from reseda.service.models import Engagement, Offer, Wish


def open_offers(school_pk: int, first: date, last: date) -> QuerySet[Offer]:
    """Return the offers of a school not withdrawn and wholly inside these days, earliest first.

    Both days are included, in local time.
    """
    return Offer.objects.filter(
        school=school_pk,
        withdrawn_at__isnull=True,
        starts_at__gte=_midnight(first),
        ends_at__lte=_midnight(last + timedelta(days=1)),
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def offers_for(engagement: Engagement, now: datetime) -> QuerySet[Offer]:
    """Return the offers made to an engagement and not over at `now`, earliest first.

    Those of its school and force, not withdrawn; the contract may not cover them all.
    """
    return Offer.objects.filter(
        school=engagement.school_id,
        force=engagement.force,
        withdrawn_at__isnull=True,
        ends_at__gt=now,
    )


def wishes_of(engagements: Iterable[Engagement]) -> dict[tuple[int, int], int]:
    """Return the level wished by (key of the engagement, key of the offer); no wish, no entry."""
    keys = [one.pk for one in engagements]
    said = Wish.objects.filter(engagement__in=keys)
    return {
        (engagement, offer): level
        for engagement, offer, level in said.values_list("engagement", "offer", "level")
    }


def held_by(engagement: Engagement) -> tuple[str, ...]:
    """Return the codes of what an engagement holds: of the training done, then declared.

    One query, none where `qualifications` was prefetched.
    """
    declared = (one.code for one in engagement.qualifications.all())
    return qualifications.held(engagement.training, declared)
