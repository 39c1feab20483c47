"""What a reservist says of the periods offered to them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import Person
from reseda.service.models import Engagement, Offer, Wish
from reseda.service.permissions import CHANGE_ENGAGEMENT
from reseda.service.queries.offers import offers_within

WISH = Verb("service.wish", _("a dit un souhait"))


@transaction.atomic
def wish(offer: Offer, *, engagement: Engagement, level: int | None, by: Person) -> Wish | None:
    """Keep how much a reservist wishes for an offer made to one engagement; None takes it back.

    The journal keeps that a wish was said, never which.
    """
    CHANGE_ENGAGEMENT.require(by, engagement)
    held = Engagement.objects.select_for_update().get(pk=engagement.pk)
    if not offers_within(held, timezone.now()).filter(pk=offer.pk).exists():
        raise ValidationError(_("Cette période n’est plus proposée."), code="not_offered")
    if level is not None and level not in Wish.Level.values:
        raise ValidationError(_("Choisissez l’un des souhaits proposés."), code="level")
    said = None
    if level is None:
        Wish.objects.filter(offer=offer, engagement=held).delete()
    else:
        said, _is_new = Wish.objects.update_or_create(
            offer=offer, engagement=held, defaults={"level": level}
        )
    record(WISH, held, by=by, organisation=held.school_id)
    return said
