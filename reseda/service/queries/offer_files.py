"""What a file of offered periods would change, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reseda.schools.models import School
from reseda.service.domain.offer_files import Draft
from reseda.service.models import Offer, OfferCall

FIELDS = (
    "force",
    "unit_name",
    "purpose",
    "place",
    "starts_at",
    "ends_at",
    "capacity",
    "requires",
    "grants",
)


@dataclass(frozen=True)
class Change:
    """One line of a file against what is known.

    `kind`: created, updated, restored (it was withdrawn), unchanged, past (over: left alone);
    `fields` are the columns that change, with what they were and what they become.
    """

    draft: Draft
    offer: Offer | None
    kind: str
    fields: tuple[tuple[str, object, object], ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Every line of a file, and the coming offers of the same source that it no longer gives."""

    changes: tuple[Change, ...]
    missing: tuple[Offer, ...]

    def of(self, *kinds: str) -> list[Change]:
        """Return the changes of some kinds, in the order of the file."""
        return [change for change in self.changes if change.kind in kinds]

    @property
    def is_nothing(self) -> bool:
        """Whether the file changes nothing by itself."""
        return not self.of("created", "updated", "restored")


def named(uid: str, call: OfferCall | None) -> str:
    """Return the name under which a period is kept: a unit cannot name one of another unit."""
    prefix = f"u{call.pk}:" if call else ""
    return uid if uid.startswith(prefix) else f"{prefix}{uid}"


def compare(
    school: School, drafts: Sequence[Draft], *, call: OfferCall | None, now: datetime
) -> Comparison:
    """Compare a file with what is known (two queries).

    The référent’s file may change every offer of the school, a unit’s only its own.
    """
    names = {named(draft.uid, call) for draft in drafts}
    known = Offer.objects.filter(school=school, uid__in=names)
    if call is not None:
        known = known.filter(call=call)
    by_name = {offer.uid: offer for offer in known}
    changes = tuple(
        _change(_own(draft, call), by_name.get(named(draft.uid, call)), now) for draft in drafts
    )
    return Comparison(changes, _missing(school, changes, call, now))


def _own(draft: Draft, call: OfferCall | None) -> Draft:
    if call is None:
        return draft
    own = replace(draft.proposal, force=call.force, unit_name=call.unit_name)
    return replace(draft, proposal=own)


def _change(draft: Draft, offer: Offer | None, now: datetime) -> Change:
    if draft.proposal.ends_at <= now:
        return Change(draft, offer, "past")
    if offer is None:
        return Change(draft, None, "created")
    fields = tuple(
        (column, was, new)
        for column in FIELDS
        if (was := getattr(offer, column)) != (new := _value(draft, column, was))
    )
    if offer.withdrawn_at:
        return Change(draft, offer, "restored", fields)
    return Change(draft, offer, "updated" if fields else "unchanged", fields)


def _value(draft: Draft, column: str, was: object) -> object:
    value = getattr(draft.proposal, column)
    if column == "unit_name" and not value:
        return was  # a file that says no unit does not take one away
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)
    return list(value) if isinstance(value, tuple) else value


def _missing(
    school: School, changes: Sequence[Change], call: OfferCall | None, now: datetime
) -> tuple[Offer, ...]:
    """Return the coming offers that a former file gave for the same units, absent from this one."""
    given = {change.offer.pk for change in changes if change.offer}
    units = {(change.draft.proposal.force, change.draft.proposal.unit_name) for change in changes}
    coming = Offer.objects.filter(
        school=school,
        call=call,
        origin=Offer.Origin.FILE,
        withdrawn_at__isnull=True,
        ends_at__gt=now,
    ).exclude(pk__in=given)
    return tuple(offer for offer in coming if (offer.force, offer.unit_name) in units)
