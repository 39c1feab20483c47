"""Authorised absences of the school’s staff: asked, acknowledged, decided, agreed by silence."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from reseda.journal.actions import SYSTEM, System, Verb, record
from reseda.mail.actions import send
from reseda.people.models import Person, Role
from reseda.schools.queries import holders
from reseda.service import queries
from reseda.service.actions.period import LANGUAGE_OF_UNITS, lock
from reseda.service.domain.absences import days_of
from reseda.service.models import LIVE, Leave, Period
from reseda.service.permissions import ASK_LEAVE, DECIDE_LEAVE, WITHDRAW_LEAVE
from reseda.service.queries.absences import Terms
from reseda.ui.templatetags.ui import jour, span

ASK = Verb("service.ask_leave", _("a demandé une autorisation d’absence"))
WITHDRAW = Verb("service.withdraw_leave", _("a retiré une demande d’autorisation d’absence"))
RESTORE = Verb("service.restore_leave", _("a rétabli une demande d’autorisation d’absence"))
ACKNOWLEDGE = Verb("service.acknowledge_leave", _("a accusé réception d’une absence de droit"))
GRANT = Verb("service.grant_leave", _("a accordé une autorisation d’absence"))
REFUSE = Verb("service.refuse_leave", _("a refusé une autorisation d’absence"))
REOPEN = Verb("service.reopen_leave", _("a rouvert une demande d’absence"))
AGREE = Verb("service.agree_by_silence", _("a constaté qu’une absence est accordée par silence"))

Status = Leave.Status
# For how long human resources may take an answer back; a habit of the house.
REGRET = timedelta(hours=1)


@transaction.atomic
def ask_leave(period: Period, *, tells_unit: bool = False, by: Person) -> Leave:
    """Ask the school for the absence of a period: of right, it is informed; else it answers.

    Asking is what discloses the absence, and nothing else, to human resources.
    """
    ASK_LEAVE.require(by, period)
    lock(period.engagement_id)
    held = Period.objects.select_related("engagement__person", "engagement__school").get(
        pk=period.pk
    )
    _check_askable(held)
    today = timezone.localdate()
    terms = queries.terms_of(held, today)
    if not terms.years:
        raise ValidationError(
            _("Cette période ne touche aucun jour que votre employeur compte : rien à demander."),
            code="no_day_counted",
        )
    leave = Leave.objects.create(
        period=held,
        person=held.engagement.person,
        school=held.engagement.school,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        tells_unit=tells_unit,
        status=Status.INFORMED if terms.is_of_right else Status.REQUESTED,
        **_facts(terms),
    )
    _tell_office(leave, "leave_asked")
    record(ASK, leave, by=by, organisation=leave.school_id)
    return leave


def _check_askable(period: Period) -> None:
    employer = queries.employer_of(period.engagement, timezone.localdate())
    if employer is None or not employer.is_school:
        raise ValidationError(
            _("L’école n’est pas votre employeur : demandez l’absence au vôtre."), code="not_ours"
        )
    if period.status == Period.Status.CANCELLED:
        raise ValidationError(
            _("Cette période est annulée : rétablissez-la d’abord."), code="cancelled"
        )
    if period.ends_at <= timezone.now():
        raise ValidationError(
            _("Cette période est passée : il n’y a plus d’absence à demander."), code="over"
        )
    if period.leaves.filter(status__in=LIVE).exists():
        raise ValidationError(
            _("Une demande est déjà faite pour cette période."), code="already_asked"
        )


def _facts(terms: Terms) -> dict[str, object]:
    return {
        "counted": [
            {"year": one.year, "asked": one.asked, "used": one.used, "limit": one.limit}
            for one in terms.years
        ],
        "days": days_of(terms.years),
        "law_code": terms.quota.code,
        "unit": terms.quota.unit,
        "is_agreed_quota": terms.quota.is_agreed,
        "is_within": terms.is_within,
        "is_notice_kept": terms.is_notice_kept,
        "notice_on": terms.notice_on,
        "refusal_due_on": terms.refusal_due_on,
        "silence_due_on": None if terms.is_of_right else terms.silence_due_on,
    }


def _locked(leave: Leave) -> Leave:
    related = ("person", "school", "period__engagement__person", "period__engagement__school")
    return Leave.objects.select_for_update(of=("self",)).select_related(*related).get(pk=leave.pk)


@transaction.atomic
def withdraw_leave(leave: Leave, *, by: Person) -> Leave:
    """Take a request back, whatever was answered, until the absence begins."""
    WITHDRAW_LEAVE.require(by, leave)
    held = _locked(leave)
    if held.status == Status.WITHDRAWN:
        raise ValidationError(_("Cette demande est déjà retirée."), code="already_withdrawn")
    if held.ends_at <= timezone.now():
        raise ValidationError(
            _("Cette absence est passée : la demande reste telle quelle."), code="over"
        )
    held.former_status, held.status = held.status, Status.WITHDRAWN
    held.save(update_fields=["former_status", "status"])
    record(WITHDRAW, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def restore_leave(leave: Leave, *, by: Person) -> Leave:
    """Put back a request just withdrawn, with the answer it had, while nothing changed since: no
    other request for the period, the same dates, days still within the quota if they were.
    """
    WITHDRAW_LEAVE.require(by, leave)
    lock(leave.period.engagement_id)
    held = _locked(leave)
    if held.status != Status.WITHDRAWN or not held.former_status or not _still_stands(held):
        raise ValidationError(_("Cette demande ne peut plus être rétablie."), code="cannot_restore")
    held.status, held.former_status = held.former_status, ""
    held.save(update_fields=["former_status", "status"])
    record(RESTORE, held, by=by, organisation=held.school_id)
    return held


def _still_stands(held: Leave) -> bool:
    period = held.period
    is_same = (period.starts_at, period.ends_at) == (held.starts_at, held.ends_at)
    rivals = Leave.objects.filter(period=period, status__in=LIVE)
    if period.status == Period.Status.CANCELLED or not is_same or rivals.exists():
        return False
    return not held.is_within or queries.terms_of(period, timezone.localdate()).is_within


def _to_decide(leave: Leave, by: Person, *statuses: str) -> Leave:
    DECIDE_LEAVE.require(by, leave)
    held = _locked(leave)
    if held.person_id == by.pk:
        raise ValidationError(
            _("Une autre personne répond à votre propre demande."), code="own_request"
        )
    if held.status not in statuses:
        raise ValidationError(
            _("Cette demande a déjà sa réponse : %(status)s.")
            % {"status": held.get_status_display()},
            code="already_answered",
        )
    return held


def _answer(leave: Leave, status: str, by: Person | None, reason: str = "") -> None:
    leave.former_status, leave.status = leave.status, status
    leave.decided_at, leave.decided_by, leave.reason = timezone.now(), by, reason
    leave.save(update_fields=["former_status", "status", "decided_at", "decided_by", "reason"])


@transaction.atomic
def acknowledge_leave(leave: Leave, *, by: Person) -> Leave:
    """Say that an absence of right was noted; nothing has to be granted."""
    held = _to_decide(leave, by, Status.INFORMED)
    _answer(held, Status.ACKNOWLEDGED, by)
    _tell_person(held, "leave_answered")
    record(ACKNOWLEDGE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def grant_leave(leave: Leave, *, reason: str = "", by: Person) -> Leave:
    """Grant an absence beyond the quota or without the notice, after a refusal too."""
    held = _to_decide(leave, by, Status.REQUESTED, Status.REFUSED)
    if Leave.objects.filter(period=held.period_id, status__in=LIVE).exclude(pk=held.pk).exists():
        raise ValidationError(
            _("La personne a fait depuis une autre demande pour cette période."),
            code="asked_again",
        )
    _answer(held, Status.GRANTED, by, reason)
    _tell_person(held, "leave_answered")
    record(GRANT, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def refuse_leave(leave: Leave, *, reason: str, by: Person) -> Leave:
    """Refuse an absence beyond the quota, with its reason, within the delay of the law.

    The unit’s correspondent is told where the reservist allowed it (Code de la défense, L4221-4).
    """
    held = _to_decide(leave, by, Status.REQUESTED)
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Un refus est motivé : dites pourquoi.")}, code="no_reason"
        )
    if timezone.localdate() > held.refusal_due_on:
        raise ValidationError(
            _("Le délai pour refuser est passé depuis le %(day)s : accordez, ou laissez courir.")
            % {"day": jour(held.refusal_due_on)},
            code="too_late",
        )
    _answer(held, Status.REFUSED, by, reason.strip())
    _tell_person(held, "leave_answered")
    _tell_unit(held)
    record(REFUSE, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def reopen_leave(leave: Leave, *, by: Person) -> Leave:
    """Take back an answer just given, except a refusal: others were told of it."""
    DECIDE_LEAVE.require(by, leave)
    held = _locked(leave)
    taken_back = (Status.ACKNOWLEDGED, Status.GRANTED)
    is_fresh = held.decided_at and held.decided_at > timezone.now() - REGRET
    if held.status not in taken_back or held.former_status == Status.REFUSED or not is_fresh:
        raise ValidationError(_("Cette réponse ne peut plus être reprise."), code="cannot_reopen")
    was_of_right = held.status == Status.ACKNOWLEDGED
    held.status = Status.INFORMED if was_of_right else Status.REQUESTED
    held.former_status, held.reason = "", ""
    held.decided_at = held.decided_by = None
    held.save()
    _tell_person(held, "leave_answered")
    record(REOPEN, held, by=by, organisation=held.school_id)
    return held


@transaction.atomic
def settle_silence(leave: Leave, *, on: date, by: System = SYSTEM) -> Leave:
    """Note that nobody answered within the notice: the absence is agreed to, both are told.

    Refused (`not_due`) when an answer came meanwhile: one of the two wins, never both.
    """
    held = _locked(leave)
    if held.status != Status.REQUESTED or held.silence_due_on is None or on <= held.silence_due_on:
        raise ValidationError(_("Cette demande n’est pas accordée par silence."), code="not_due")
    _answer(held, Status.SILENT, None)
    _tell_person(held, "leave_answered")
    _tell_office(held, "leave_silent_hr")
    record(AGREE, held, by=by, organisation=held.school_id)
    return held


def _tell_office(leave: Leave, template: str) -> None:
    for somebody in holders(leave.school, Role.HUMAN_RESOURCES, timezone.localdate()):
        send(
            f"service.{template}",
            to=somebody.email,
            organisation=leave.school,
            language=somebody.language,
            context={
                "person": somebody.first_name,
                "address": settings.PUBLIC_URL + reverse("service:decide_leave", args=[leave.pk]),
            },
        )


def _tell_person(leave: Leave, template: str) -> None:
    send(
        f"service.{template}",
        to=leave.person.email,
        organisation=leave.school,
        language=leave.person.language,
        context={
            "person": leave.person.first_name,
            "address": settings.PUBLIC_URL + reverse("service:read_leave", args=[leave.pk]),
        },
    )


def _tell_unit(leave: Leave) -> None:
    engagement = leave.period.engagement
    if not (leave.tells_unit and engagement.contact_email):
        return
    with translation.override(LANGUAGE_OF_UNITS):
        dates = span(leave.starts_at, leave.ends_at)
    send(
        "service.leave_refused_unit",
        to=engagement.contact_email,
        organisation=leave.school,
        language=LANGUAGE_OF_UNITS,
        context={
            "contact": engagement.contact_name,
            "person": str(leave.person),
            "school": leave.school.name,
            "dates": dates,
            "reason": leave.reason,
        },
    )
    leave.unit_told_at = timezone.now()
    leave.save(update_fields=["unit_told_at"])
