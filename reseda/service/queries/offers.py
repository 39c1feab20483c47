"""The periods that units offer, as reservists, référents and the planner read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reseda.people.models import Role
from reseda.people.policy import Viewer
from reseda.service.domain import qualifications
from reseda.service.models import Engagement, Offer, OfferCall, Wish
from reseda.service.permissions import CHANGE_ENGAGEMENT, FOLLOW_OFFER_CALL, READ_OFFER
from reseda.ui.domain.parts import Todo

MOST_SOURCES = 500
# Who reads every offer of the school; a reservist reads those made to them.
GATHERERS = (Role.REFERENT, Role.STUDIES_DIRECTOR)


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


def offers_within(engagement: Engagement, now: datetime) -> QuerySet[Offer]:
    """Return the offers made to an engagement, not over at `now` and inside its contract.

    None once the engagement is ended.
    """
    if engagement.ended_on is not None:
        return Offer.objects.none()
    return offers_for(engagement, now).filter(
        starts_at__gte=_midnight(engagement.contract_start_on),
        ends_at__lte=_midnight(engagement.contract_end_on + timedelta(days=1)),
    )


def may_gather(viewer: Viewer) -> bool:
    """Tell whether a viewer reads every offer of a school, none being there yet included."""
    return not viewer.roles.isdisjoint(GATHERERS)


def gathered(viewer: Viewer) -> QuerySet[Offer]:
    """Return every offer of the schools where a viewer gathers them, withdrawn ones included."""
    return READ_OFFER.rows(viewer).filter(school__in=viewer.organisations(*GATHERERS))


def known_codes(school_pk: int, call: OfferCall | None = None) -> tuple[str, ...]:
    """Return the qualifications that the offers of a school, or of one unit, name (one query)."""
    offers = Offer.objects.filter(school=school_pk)
    said = offers.filter(call=call) if call else offers
    pairs = said.values_list("requires", "grants")
    named = {code for pair in pairs for codes in pair for code in codes}
    return tuple(sorted({qualifications.INITIAL, qualifications.SPECIALISED, *named}))


@dataclass(frozen=True)
class Contact:
    """Somebody of a unit whom the school already wrote to or who already offers periods."""

    force: str
    unit_name: str
    name: str
    email: str


def known_contacts(school_pk: int) -> tuple[Contact, ...]:
    """Return the contacts known of former requests and offers, latest first, each address once.

    Those that reservists declare are theirs: they are not among them.
    """
    asked = OfferCall.objects.filter(school=school_pk)
    offers = Offer.objects.filter(school=school_pk).order_by("-pk")[:MOST_SOURCES]
    found: dict[str, Contact] = {}
    sources: list[OfferCall | Offer] = [*asked, *offers]
    for one in sources:
        email = one.contact_email.casefold()
        if email:
            contact = Contact(one.force, one.unit_name, one.contact_name, one.contact_email)
            found.setdefault(email, contact)
    return tuple(found.values())


def calls(viewer: Viewer, now: datetime) -> QuerySet[OfferCall]:
    """Return the requests that a viewer follows, latest first, with their offers counted."""
    counted = Count("offers", filter=Q(offers__withdrawn_at__isnull=True))
    return FOLLOW_OFFER_CALL.rows(viewer).annotate(
        offered=counted,
        is_open=Q(closed_at__isnull=True, expires_at__gt=now),
    )


def todo(viewer: Viewer) -> list[Todo]:
    """Return the wishes that the periods offered to a reservist await (one query an engagement)."""
    found = []
    for one in CHANGE_ENGAGEMENT.rows(viewer).filter(ended_on__isnull=True):
        unsaid = offers_within(one, timezone.now()).exclude(wishes__engagement=one).count()
        if unsaid:
            title = ngettext(
                "%(n)d période vous est proposée : dites votre souhait",
                "%(n)d périodes vous sont proposées : dites vos souhaits",
                unsaid,
            )
            url = reverse("service:list_offers_of", args=[one.pk])
            found.append(Todo(title % {"n": unsaid}, url, "info", _("À dire")))
    return found
