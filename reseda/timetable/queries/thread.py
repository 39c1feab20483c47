"""What awaits somebody in studies, and the two stages of the thread that this room tells."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reseda.people.policy import Viewer
from reseda.service.models import Period
from reseda.service.permissions import READ_PERIOD
from reseda.timetable.models import Absence, AccommodationRequest, Feed
from reseda.timetable.permissions import DECIDE_REQUEST, READ_ABSENCE, READ_FEED, READ_REQUEST
from reseda.timetable.queries import reviews
from reseda.timetable.queries.catch_up import changes
from reseda.timetable.queries.lessons import timetable
from reseda.timetable.queries.periods import LIVE, Meeting, live_request, meeting
from reseda.ui.domain.parts import Step, StepState, Todo

Status = AccommodationRequest.Status
STATES: dict[str, tuple[StepState, Promise]] = {
    Status.REQUESTED: ("now", gettext_lazy("demandé")),
    Status.GRANTED: ("done", gettext_lazy("accordé")),
    Status.REFUSED: ("stop", gettext_lazy("refusé")),
    Status.WITHDRAWN: ("next", gettext_lazy("retiré")),
}


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits the viewer: decisions to take, absences to read, timetables to check."""
    return [
        *_to_decide(viewer),
        *reviews.todo(viewer),
        *_to_read(viewer),
        *_to_check(viewer),
        *_own(viewer),
    ]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _to_decide(viewer: Viewer) -> list[Todo]:
    # A lesson that the timetable moved under a granted absence awaits its own answer.
    unanswered = Absence.objects.filter(request=OuterRef("pk"), answer="")
    waiting = DECIDE_REQUEST.rows(viewer).filter(
        Q(status=Status.REQUESTED) | Q(status=Status.GRANTED) & Exists(unanswered)
    )
    waiting = waiting.exclude(person=viewer.person).exclude(period__status="cancelled")
    waiting = waiting.order_by("starts_at")
    return [
        Todo(
            title=_("Une demande d’aménagement attend votre décision")
            if request.status == Status.REQUESTED
            else _("Des séances se sont ajoutées à un aménagement accordé"),
            detail=_("Demandée le %(day)s") % {"day": f"{_day(request.requested_at):%d/%m/%Y}"},
            url=reverse("timetable:request", args=[request.pk]),
            tone="wait",
            pill=_("À décider"),
            due_on=_day(request.starts_at),
        )
        for request in waiting[:20]
    ]


def _to_read(viewer: Viewer) -> list[Todo]:
    unseen = READ_ABSENCE.rows(viewer).filter(teacher=viewer.person, seen_at__isnull=True)
    count = unseen.filter(ends_at__gte=timezone.now()).count()
    if not count:
        return []
    title = ngettext("%(n)d absence justifiée", "%(n)d absences justifiées", count) % {"n": count}
    return [
        Todo(
            title=title,
            detail=_("Dans vos séances à venir"),
            url=reverse("timetable:absences"),
            tone="info",
            pill=_("À lire"),
        )
    ]


def _to_check(viewer: Viewer) -> list[Todo]:
    feeds = READ_FEED.rows(viewer).filter(removed_at__isnull=True).exclude(state=Feed.State.FRESH)
    return [
        Todo(
            title=_("Un emploi du temps est à vérifier"),
            detail=feed.name,
            url=reverse("timetable:feed", args=[feed.pk]),
            tone="wait",
            pill=feed.get_state_display(),
        )
        for feed in feeds
    ]


def _own(viewer: Viewer) -> list[Todo]:
    """What the viewer's own periods ask; the timetable is read once, and only if one needs it."""
    asked = AccommodationRequest.objects.filter(
        person=viewer.person, status__in=LIVE, ends_at__gte=timezone.now()
    ).exclude(period__status=Period.Status.CANCELLED)
    ahead = (
        Period.objects.filter(engagement__person=viewer.person, ends_at__gte=timezone.now())
        .exclude(status=Period.Status.CANCELLED)
        .exclude(accommodation_requests__status__in=LIVE)
    )
    requests, periods = list(asked.order_by("starts_at")[:5]), list(ahead.order_by("starts_at")[:5])
    if not requests and not periods:
        return []
    studies = timetable(viewer.person)
    if not studies.feeds:
        return [_to_give(periods[0])] if periods else _to_agree(requests)
    met = [Meeting(period, studies) for period in periods]
    moved = [request for request in requests if changes(request, studies)]
    return [
        *(_moved(request) for request in moved),
        *_to_agree([request for request in requests if request not in moved]),
        *(_clashing(one) for one in met if one.clashes),
    ]


def _moved(request: AccommodationRequest) -> Todo:
    return Todo(
        title=_("Votre emploi du temps a changé depuis votre demande d’aménagement"),
        detail=_("Vérifiez les séances touchées, puis mettez la demande à jour"),
        url=reverse("timetable:request", args=[request.pk]),
        tone="wait",
        pill=_("À mettre à jour"),
        due_on=_day(request.starts_at),
    )


def _to_agree(requests: Iterable[AccommodationRequest]) -> list[Todo]:
    return [
        Todo(
            title=_("Les mesures de votre aménagement attendent votre accord"),
            detail=_("Votre contrat d’aménagement est établi dès que vous acceptez"),
            url=reverse("timetable:request", args=[request.pk]),
            tone="wait",
            pill=_("À accepter"),
            due_on=_day(request.starts_at),
        )
        for request in requests
        if request.status == Status.GRANTED and not request.agreed_at
    ]


def _to_give(period: Period) -> Todo:
    return Todo(
        title=_("Donnez votre emploi du temps"),
        detail=_("Sans lui, personne ne peut dire ce que votre prochaine période prend aux études"),
        url=reverse("timetable:feeds"),
        tone="wait",
        pill=_("À donner"),
        due_on=_day(period.starts_at),
    )


def _clashing(met: Meeting) -> Todo:
    return Todo(
        title=_("Une période tombe sur un examen")
        if met.exams
        else _("Une période tombe sur des cours"),
        detail=met.clashes[0].event.title,
        url=reverse("timetable:conflicts", args=[met.period.pk]),
        tone="stop" if met.exams else "wait",
        pill=_("Conflit"),
        due_on=_day(met.period.starts_at),
    )


def tell_conflict(viewer: object, period_id: int) -> Step | None:
    """Tell the thread what the period takes from studies: to its person alone."""
    period = _period(viewer, period_id)
    if period is None or not _is_own(viewer, period):
        return None
    met = meeting(period)
    url = reverse("timetable:conflicts", args=[period_id])
    if not met.has_timetable:
        return Step(_("Conflits"), "now", _("emploi du temps à donner"), url)
    if not met.clashes:
        return Step(_("Conflits"), "done", _("aucun"), url)
    count = len(met.exams or met.clashes)
    exams = ngettext("%(n)d examen", "%(n)d examens", count)
    lessons = ngettext("%(n)d séance", "%(n)d séances", count)
    live = live_request(period)
    # What is over stops nobody any more: the thread then tells, it does not warn.
    is_settled = _is_over(period) or (live is not None and live.status == Status.GRANTED)
    state: StepState = "done" if is_settled else "stop" if met.exams else "now"
    return Step(_("Conflits"), state, (exams if met.exams else lessons) % {"n": count}, url)


def tell_accommodation(viewer: object, period_id: int) -> Step | None:
    """Tell the thread where the accommodation stands, to whom may see the request."""
    if not isinstance(viewer, Viewer):
        return None
    request = READ_REQUEST.rows(viewer).filter(period=period_id).order_by("-requested_at").first()
    if request is not None:
        state, word = STATES[Status(request.status)]
        url = reverse("timetable:request", args=[request.pk])
        return Step(_("Aménagement"), state, word, url)
    period = _period(viewer, period_id)
    if period is None or _is_over(period):
        return None
    # The page of the conflicts is its person’s: others would follow the link to nothing.
    url = reverse("timetable:conflicts", args=[period_id]) if _is_own(viewer, period) else ""
    return Step(_("Aménagement"), "next", "", url)


def _period(viewer: object, period_id: int) -> Period | None:
    if not isinstance(viewer, Viewer):
        return None
    rows = READ_PERIOD.rows(viewer).select_related("engagement__person")
    return rows.filter(pk=period_id).first()


def _is_over(period: Period) -> bool:
    return period.ends_at <= timezone.now()


def _is_own(viewer: object, period: Period) -> bool:
    return isinstance(viewer, Viewer) and period.engagement.person_id == viewer.person.pk
