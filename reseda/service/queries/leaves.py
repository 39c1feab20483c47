"""Authorised absences as they are read: one’s own, those human resources answer, what waits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Person
from reseda.people.policy import Viewer
from reseda.schools.models import School
from reseda.service.models import LIVE, Leave, Period
from reseda.service.permissions import ASK_LEAVE, DECIDE_LEAVE, READ_LEAVE, SET_EMPLOYER_RULE
from reseda.service.queries.absences import (
    Employer,
    employer_of,
    notice_day,
    rule_of,
    sum_counted,
)
from reseda.ui.domain.parts import Text, Todo

Status = Leave.Status
REGIMES: dict[str, Text] = {
    "military": _("réserve militaire"),
    "police": _("réserve de la police"),
    "civil_security": _("sécurité civile"),
}
# How near the end of a delay has to be to be told as urgent; a habit of the house.
URGENT = timedelta(days=4)


@dataclass(frozen=True)
class Use:
    """What a person has used of one quota in a civil year, as their requests say."""

    code: str
    label: Text
    used: float
    limit: float

    @property
    def left(self) -> float:
        """Days left, negative beyond the quota."""
        return self.limit - self.used


def may_ask_leave(viewer: Viewer, period: Period) -> bool:
    """Tell whether the school, employer of the viewer, can be asked for the absence of a period."""
    if period.ends_at <= timezone.now() or period.status == Period.Status.CANCELLED:
        return False
    if not ASK_LEAVE.allows(viewer, period):
        return False
    employer = employer_of(period.engagement, viewer.today)
    return employer is not None and employer.is_school


def own_leaves(viewer: Viewer) -> QuerySet[Leave]:
    """Return one’s own requests, with their periods."""
    return READ_LEAVE.rows(viewer).filter(person=viewer.person).select_related("period", "school")


def office_leaves(viewer: Viewer) -> QuerySet[Leave]:
    """Return the requests human resources answer, those taken back too, with what was attested."""
    return (
        DECIDE_LEAVE.rows(viewer)
        .exclude(person=viewer.person)
        .select_related("person", "period__attestation", "decided_by")
    )


def office_people(viewer: Viewer, year: int) -> QuerySet[Person]:
    """Return those who asked for an absence of a civil year; each has `year_leaves` (a list)."""
    live = DECIDE_LEAVE.rows(viewer).filter(
        in_year(year), ~Q(period__status=Period.Status.CANCELLED), status__in=LIVE
    )
    return (
        Person.objects.filter(pk__in=live.values("person"))
        .order_by("last_name", "first_name")
        .prefetch_related(Prefetch("leaves", live.order_by("starts_at"), to_attr="year_leaves"))
    )


def in_year(year: int) -> Q:
    """Select the requests that touch a civil year."""
    first, last = (
        timezone.make_aware(datetime.combine(date(one, 1, 1), time())) for one in (year, year + 1)
    )
    return Q(starts_at__lt=last, ends_at__gt=first)


def uses_of(person: Person, year: int) -> list[Use]:
    """Return what a row of `office_people` has used of each quota of a year."""
    leaves: list[Leave] = getattr(person, "year_leaves", [])
    found = []
    for code in sorted({leave.law_code for leave in leaves}):
        mine = [leave for leave in leaves if leave.law_code == code]
        used = sum_counted(leave.counted for leave in mine).get(year, 0.0)
        limits = [float(one["limit"]) for leave in mine for one in leave.counted]
        label = REGIMES.get(code.rpartition(".")[2], "")
        found.append(Use(code, label, used, max(limits, default=0.0)))
    return found


def offices(viewer: Viewer) -> QuerySet[School]:
    """Return the schools whose rule of absence the viewer sets."""
    return SET_EMPLOYER_RULE.rows(viewer)


def leave_todo(viewer: Viewer) -> list[Todo]:
    """Return what absences await: requests to answer, and one’s own to make or to read."""
    return [*_to_answer(viewer), *_rule_to_set(viewer), *_to_ask(viewer), *_refused(viewer)]


def _to_answer(viewer: Viewer) -> Iterator[Todo]:
    waiting = DECIDE_LEAVE.rows(viewer).filter(status__in=(Status.REQUESTED, Status.INFORMED))
    coming = waiting.filter(ends_at__gt=timezone.now()).exclude(person=viewer.person)
    for one in coming.exclude(period__status=Period.Status.CANCELLED).order_by("starts_at"):
        url = reverse("service:decide_leave", args=[one.pk])
        if one.status == Status.INFORMED:
            title: Text = _("Accuser réception d’une absence de droit")
            yield Todo(title, url, "info", _("De droit"), due_on=_day(one.starts_at))
            continue
        due_on = answer_due_on(one)
        is_urgent = due_on - viewer.today <= URGENT
        yield Todo(
            _("Répondre à une demande d’absence"),
            url,
            "stop" if is_urgent else "wait",
            _("Urgent") if is_urgent else _("À décider"),
            due_on=due_on,
        )


def answer_due_on(leave: Leave) -> date:
    """Return the last useful day to answer: before silence, and for a refusal before its delay."""
    days = [leave.refusal_due_on, _day(leave.starts_at)]
    return min([*days, leave.silence_due_on] if leave.silence_due_on else days)


def _day(moment: object) -> date:
    return timezone.localtime(moment).date()  # type: ignore[arg-type]  # a moment of a row


def _rule_to_set(viewer: Viewer) -> Iterator[Todo]:
    for school in offices(viewer):
        if rule_of(school, viewer.today) is None:
            yield Todo(
                _("Dire quelle règle d’absence l’école applique à son personnel réserviste"),
                reverse("service:employer_rule"),
                "info",
                _("À régler"),
            )


def _to_ask(viewer: Viewer) -> Iterator[Todo]:
    coming = (
        ASK_LEAVE.rows(viewer)
        .filter(
            status__in=(Period.Status.PLANNED, Period.Status.CONFIRMED),
            starts_at__gt=timezone.now(),
        )
        .exclude(leaves__status__in=(*LIVE, Status.REFUSED))
        .select_related("engagement__school", "engagement__person")
    )
    employers: dict[int, Employer | None] = {}
    for one in coming:
        held = one.engagement
        if held.pk not in employers:
            employers[held.pk] = employer_of(held, viewer.today)
        employer = employers[held.pk]
        if employer is None or not employer.is_school:
            continue
        last = notice_day(employer, _day(one.starts_at), viewer.today)
        is_late = last < viewer.today
        yield Todo(
            _("Demander votre autorisation d’absence"),
            reverse("service:ask_leave", args=[one.pk]),
            "stop" if is_late else "wait",
            _("Préavis dépassé") if is_late else _("À demander"),
            due_on=last,
        )


def _refused(viewer: Viewer) -> Iterator[Todo]:
    refused = own_leaves(viewer).filter(status=Status.REFUSED, starts_at__gt=timezone.now())
    for one in refused:
        yield Todo(
            _("Votre absence est refusée : lire le motif"),
            reverse("service:read_leave", args=[one.pk]),
            "stop",
            _("Refusée"),
            due_on=_day(one.starts_at),
        )


def due_to_silence(on: date) -> Iterable[Leave]:
    """Return the requests that nobody answered within the notice, as a day sees them."""
    return Leave.objects.filter(status=Status.REQUESTED, silence_due_on__lt=on).order_by("pk")
