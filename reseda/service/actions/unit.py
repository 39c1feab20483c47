"""What a unit answers by link, without an account: it confirms, corrects, declines, attests."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import Verb, record
from reseda.mail.actions import send
from reseda.people import actions as people
from reseda.people.models import AnswerLink
from reseda.service.actions.period import (
    ATTEST_PURPOSE,
    CONFIRM_PURPOSE,
    ask_attestation,
    check,
    check_link,
    lock,
    to_the_minute,
)
from reseda.service.domain.rules import Statement, attestation_refusal
from reseda.service.models import Attestation, Period, UnitAnswer, unit_confirmed

CONFIRM = Verb("service.confirm_period", _("a confirmé une période"))
CORRECT = Verb("service.correct_period", _("a confirmé une période en corrigeant ses dates"))
DECLINE = Verb("service.decline_period", _("a répondu qu’une période n’a pas lieu"))
ATTEST = Verb("service.attest_period", _("a attesté une période ({days} j)"))


@dataclass(frozen=True)
class Answered:
    """A period after the unit’s answer; `next_url` opens the attestation when it can be given."""

    period: Period
    next_url: str = ""


def _open(period: Period, link: AnswerLink, purpose: str) -> Period:
    check_link(link, period, purpose)
    people.close(link)
    lock(period.engagement_id)
    held = Period.objects.select_for_update().get(pk=period.pk)
    if held.status == Period.Status.CANCELLED:
        raise ValidationError(
            _("Cette période a été annulée : il n’y a plus rien à répondre."), code="cancelled"
        )
    return held


@transaction.atomic
def confirm(
    period: Period,
    *,
    link: AnswerLink,
    name: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Answered:
    """Keep that the unit confirms a period, at other dates if it gives some.

    A period already over can be attested at once: the address of that question is returned.
    """
    held = _open(period, link, CONFIRM_PURPOSE)
    start = to_the_minute(starts_at or held.starts_at)
    end = to_the_minute(ends_at or held.ends_at)
    is_same = (start, end) == (held.starts_at, held.ends_at)
    kind = UnitAnswer.Kind.CONFIRMED if is_same else UnitAnswer.Kind.CORRECTED
    held.starts_at, held.ends_at = start, end
    if not is_same:
        check(held)
    held.status, held.confirmed_at = Period.Status.CONFIRMED, timezone.now()
    held.confirmed_by_name, held.former = name, ""
    held.save()
    _keep(held, link, kind, name)
    is_over = held.ends_at <= timezone.now()
    address = ask_attestation(held, by=link) if is_over else ""
    if not is_over:
        transaction.on_commit(lambda: _announce(held), robust=True)
    verb = CONFIRM if is_same else CORRECT
    record(verb, held, by=link, organisation=held.engagement.school_id)
    return Answered(held, address)


def _announce(period: Period) -> None:
    unit_confirmed.send(Period, period=period)


@transaction.atomic
def decline(period: Period, *, link: AnswerLink, name: str) -> Answered:
    """Keep that the unit says a period does not, or did not, take place: its days do not count."""
    held = _open(period, link, CONFIRM_PURPOSE)
    held.status, held.cancelled_at, held.former = Period.Status.CANCELLED, timezone.now(), ""
    held.confirmed_at, held.confirmed_by_name = None, ""
    held.save()
    _keep(held, link, UnitAnswer.Kind.DECLINED, name)
    record(DECLINE, held, by=link, organisation=held.engagement.school_id)
    return Answered(held)


def _keep(period: Period, link: AnswerLink, kind: UnitAnswer.Kind, name: str) -> None:
    UnitAnswer.objects.create(
        period=period,
        link=link,
        kind=kind,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        name=name,
    )
    _tell(period)


def _tell(period: Period) -> None:
    """Tell the holder that an answer came, not about what: mails are read over shoulders."""
    engagement = period.engagement
    send(
        "service.unit_answered",
        to=engagement.person.email,
        organisation=engagement.school,
        language=engagement.person.language,
        context={
            "person": engagement.person.first_name,
            "address": settings.PUBLIC_URL + reverse("service:read_period", args=[period.pk]),
        },
    )


@transaction.atomic
def attest(period: Period, *, link: AnswerLink, statement: Statement) -> Attestation:
    """Keep what the unit attests of a confirmed period, once; the period is then done."""
    held = _open(period, link, ATTEST_PURPOSE)
    if held.status != Period.Status.CONFIRMED:
        raise ValidationError(_("Cette période ne peut pas être attestée."), code="not_confirmed")
    refusal = attestation_refusal(statement.days, held.starts_at, held.ends_at)
    if refusal and refusal.code == "not_halves":
        raise ValidationError(
            {"days": _("Comptez par demi-journées : 0,5 ; 1 ; 1,5…")}, code=refusal.code
        )
    if refusal:
        longest = refusal.facts["longest"]
        sentence = _("Cette période compte %(longest)s jour(s) au plus.") % {"longest": longest}
        raise ValidationError({"days": sentence}, code=refusal.code)
    said = asdict(statement)
    name, title = said.pop("name"), said.pop("title")
    attestation = Attestation.objects.create(
        period=held, link=link, signed_name=name, signed_title=title, **said
    )
    held.status, held.former = Period.Status.DONE, ""
    held.save(update_fields=["status", "former"])
    _tell(held)
    days = float(statement.days)
    record(ATTEST, held, by=link, organisation=held.engagement.school_id, days=days)
    return attestation
