"""What a person settles before the planner: a reservist and an offer, granted or excluded."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.service.models import Engagement, Offer
from reseda.timetable.models import Pin
from reseda.timetable.permissions import PIN_RESERVIST

PIN = Verb("timetable.pin", _("a fixé à la main une période d’un plan"))
UNPIN = Verb("timetable.unpin", _("a rendu au calcul une période d’un plan"))


@transaction.atomic
def pin(engagement: Engagement, *, offer: Offer, is_granted: bool, by: Person) -> Pin:
    """Have every plan to come hold a pair, or do without it; the last word said is kept."""
    PIN_RESERVIST.require(by, engagement)
    if (offer.school_id, offer.force) != (engagement.school_id, engagement.force):
        raise ValidationError(
            _("Cette période n’est pas proposée à cette personne."), code="not_offered"
        )
    found, _created = Pin.objects.update_or_create(
        engagement=engagement, offer=offer, defaults={"is_granted": is_granted, "by": by}
    )
    record(PIN, found, by=by, organisation=engagement.school_id)
    return found


@transaction.atomic
def unpin(engagement: Engagement, *, offer: Offer, by: Person) -> None:
    """Let the planner decide again."""
    PIN_RESERVIST.require(by, engagement)
    found = Pin.objects.select_for_update().filter(engagement=engagement, offer=offer).first()
    if found is not None:
        record(UNPIN, found, by=by, organisation=engagement.school_id)
        found.delete()
