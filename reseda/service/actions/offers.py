"""What is done with the periods that units offer: entered, changed, withdrawn, read from a file.

By the référent of the school, or by the unit itself through a link that answers as often as it
likes until it expires; a link touches only what it proposed.
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.people.models import AnswerLink, Person
from reseda.people.queries import may_answer
from reseda.schools.models import School
from reseda.service.actions.period import to_the_minute
from reseda.service.domain.offer_files import Draft
from reseda.service.domain.offers import Proposal, refusal
from reseda.service.domain.rules import Refusal
from reseda.service.models import Offer, OfferCall
from reseda.service.permissions import CHANGE_OFFER, OFFER_PERIODS
from reseda.service.queries.offer_files import Comparison, compare, named

ADD = Verb("service.add_offer", _("a saisi une période proposée"))
EDIT = Verb("service.edit_offer", _("a modifié une période proposée"))
WITHDRAW = Verb("service.withdraw_offer", _("a retiré une période proposée"))
RESTORE = Verb("service.restore_offer", _("a rétabli une période proposée"))
IMPORT = Verb(
    "service.import_offers",
    _("a importé des périodes proposées ({created} créées, {changed} changées)"),
)

PURPOSE = "service.offer_periods"
By = Person | AnswerLink


@dataclass(frozen=True)
class Imported:
    """How many offers an import created, changed (restored ones included), left and withdrew."""

    created: int
    changed: int
    unchanged: int
    past: int
    withdrawn: int


def call_of(link: AnswerLink) -> OfferCall:
    """Return the request that a link answers, locked; a link closed meanwhile is refused."""
    if link.purpose != PURPOSE:
        raise PermissionDenied(PURPOSE)
    held = AnswerLink.objects.select_for_update().get(pk=link.pk)
    call = OfferCall.objects.select_for_update().filter(pk=held.subject_key).first()
    if call is None or call.closed_at or not may_answer(held):
        raise ValidationError(_("Ce lien n’est plus valable."), code="link_closed")
    if held.expires_at > call.expires_at:
        call.expires_at = held.expires_at
        call.save(update_fields=["expires_at"])
    return call


def _source(school: School, by: By) -> OfferCall | None:
    """Return the request that the actor answers, None for a référent; refuse anybody else."""
    if isinstance(by, Person):
        OFFER_PERIODS.require(by, school)
        return None
    call = call_of(by)
    if call.school_id != school.pk:
        raise PermissionDenied(PURPOSE)
    return call


def _held(offer: Offer, by: By) -> Offer:
    call = None
    if isinstance(by, Person):
        CHANGE_OFFER.require(by, offer)
    else:
        call = call_of(by)
    held = Offer.objects.select_for_update().get(pk=offer.pk)
    if call is not None and held.call_id != call.pk:
        raise PermissionDenied(PURPOSE)
    return held


def _said(proposal: Proposal, call: OfferCall | None) -> dict[str, object]:
    """Return the values kept of a proposal, checked; a unit speaks for itself alone."""
    if call is not None:
        proposal = replace(
            proposal,
            force=call.force,
            unit_name=call.unit_name,
            contact_name=call.contact_name,
            contact_email=call.contact_email,
        )
    refused = refusal(proposal)
    if refused:
        raise ValidationError(_words(refused), code=refused.code)
    if proposal.ends_at <= timezone.now():
        sentence = _("Cette période est déjà passée : vérifiez l’année.")
        raise ValidationError({"ends_on": sentence}, code="over")
    said = asdict(proposal)
    said["starts_at"] = to_the_minute(proposal.starts_at)
    said["ends_at"] = to_the_minute(proposal.ends_at)
    return said | {"requires": list(proposal.requires), "grants": list(proposal.grants)}


WORDS: dict[str, tuple[str, str | Promise]] = {
    "ends_before_start": (
        "ends_on",
        _("La fin précède le début : vérifiez les dates et les heures."),
    ),
    "too_long": ("ends_on", _("Cette période dure plus d’un an : vérifiez l’année de la fin.")),
    "no_purpose": ("purpose", _("Dites en quelques mots ce que l’on y fait.")),
    "capacity": ("capacity", _("Entre 1 et %(most)s places.")),
    "too_many_qualifications": ("requires", _("%(most)s qualifications au plus.")),
    "requires_what_it_grants": (
        "grants",
        _("« %(name)s » est à la fois demandée et acquise : gardez-la d’un seul côté."),
    ),
}


def _words(refused: Refusal) -> dict[str, str]:
    column, sentence = WORDS[refused.code]
    return {column: str(sentence) % refused.facts}


@transaction.atomic
def add(school: School, *, proposal: Proposal, by: By) -> Offer:
    """Enter an offered period: by the référent, or by a unit through its link."""
    call = _source(school, by)
    said = _said(proposal, call)
    name = uuid.uuid4().hex
    offer = Offer.objects.create(
        school=school,
        origin=Offer.Origin.UNIT if call else Offer.Origin.REFERENT,
        uid=named(name, call),
        link=by if isinstance(by, AnswerLink) else None,
        call=call,
        **said,
    )
    record(ADD, offer, by=by, organisation=school.pk)
    return offer


@transaction.atomic
def edit(offer: Offer, *, proposal: Proposal, by: By) -> Offer:
    """Change what an offer says; a withdrawn one is restored first."""
    held = _held(offer, by)
    if held.withdrawn_at:
        raise ValidationError(
            _("Cette période est retirée : rétablissez-la d’abord."), code="withdrawn"
        )
    said = _said(proposal, held.call if isinstance(by, AnswerLink) else None)
    for column, value in said.items():
        setattr(held, column, value)
    held.save()
    record(EDIT, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def withdraw(offer: Offer, *, by: By) -> Offer:
    """Say that an offered period is no longer offered; `restore` puts it back."""
    held = _held(offer, by)
    if held.withdrawn_at:
        raise ValidationError(_("Cette période est déjà retirée."), code="withdrawn")
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    record(WITHDRAW, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def restore(offer: Offer, *, by: By) -> Offer:
    """Offer again a period withdrawn, as it was, with the wishes made for it."""
    held = _held(offer, by)
    if held.withdrawn_at is None:
        raise ValidationError(_("Cette période n’est pas retirée."), code="not_withdrawn")
    held.withdrawn_at = None
    held.save(update_fields=["withdrawn_at"])
    record(RESTORE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def import_offers(
    school: School, *, drafts: Sequence[Draft], by: By, drops_missing: bool = False
) -> Imported:
    """Write what a file says: new periods created, known ones changed, the rest left alone.

    The same file read twice changes nothing the second time. With `drops_missing`, periods of the
    same source and units that an earlier file gave and this one does not are withdrawn.
    """
    call = _source(school, by)
    School.objects.select_for_update().get(pk=school.pk)
    found = compare(school, drafts, call=call, now=timezone.now())
    _create(school, found, call, by)
    for change in found.of("updated", "restored"):
        _apply(change.offer, change.fields)
    withdrawn = 0
    if drops_missing:
        keys = [offer.pk for offer in found.missing]
        withdrawn = Offer.objects.filter(pk__in=keys).update(withdrawn_at=timezone.now())
    done = Imported(
        created=len(found.of("created")),
        changed=len(found.of("updated", "restored")),
        unchanged=len(found.of("unchanged")),
        past=len(found.of("past")),
        withdrawn=withdrawn,
    )
    facts = {"created": done.created, "changed": done.changed, "withdrawn": withdrawn}
    record(IMPORT, call or school, by=by, organisation=school.pk, **facts)
    return done


def _create(school: School, found: Comparison, call: OfferCall | None, by: By) -> None:
    Offer.objects.bulk_create(
        Offer(
            school=school,
            origin=Offer.Origin.FILE,
            uid=named(change.draft.uid, call),
            link=by if isinstance(by, AnswerLink) else None,
            call=call,
            **_said(change.draft.proposal, call),
        )
        for change in found.of("created")
    )


def _apply(offer: Offer | None, fields: Sequence[tuple[str, object, object]]) -> None:
    if offer is None:
        return
    for column, _was, now in fields:
        setattr(offer, column, now)
    offer.withdrawn_at = None
    offer.save()
