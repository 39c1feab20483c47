"""Reviews to hold, reports to answer, and to whom a report goes."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from reseda.people.models import Role
from reseda.people.policy import Viewer
from reseda.schools.queries import holders
from reseda.timetable.models import AccommodationRequest, AccommodationReview, Concern
from reseda.timetable.permissions import ANSWER_CONCERN, HOLD_REVIEW, READ_REVIEW
from reseda.ui.domain.parts import Todo

# A review is asked for a fortnight before its day, once the absence is over.
AHEAD = timedelta(days=14)
MOST = 20


def audience_of(found: AccommodationRequest) -> Concern.Audience:
    """Return who a report on a request goes to: the référent where told of it and there is one."""
    is_told = found.period.engagement.disclosures.filter(audience="referent").exists()
    if is_told and holders(found.school, Role.REFERENT, timezone.localdate()).exists():
        return Concern.Audience.REFERENT
    return Concern.Audience.STUDIES_DIRECTOR


def to_hold(viewer: Viewer) -> QuerySet[AccommodationReview]:
    """Return the reviews that the viewer may hold now: due soon, of absences that are over."""
    rows = HOLD_REVIEW.rows(viewer).filter(outcome="", request__ends_at__lte=timezone.now())
    return rows.filter(due_on__lte=viewer.today + AHEAD).exclude(request__person=viewer.person)


def others(viewer: Viewer) -> QuerySet[AccommodationReview]:
    """Return every review that the viewer follows, those of their own absences too."""
    return READ_REVIEW.rows(viewer)


def is_late(viewer: Viewer) -> Q:
    """Return the condition of a review whose day is past."""
    return Q(outcome="", due_on__lt=viewer.today)


def todo(viewer: Viewer) -> list[Todo]:
    """Return the reviews to hold and the reports to read that await the viewer."""
    reviews = [
        Todo(
            title=_("Un bilan d’aménagement est à faire"),
            detail=_("À faire avant le %(day)s") % {"day": f"{review.due_on:%d/%m/%Y}"},
            url=reverse("timetable:review", args=[review.pk]),
            tone="stop" if review.due_on < viewer.today else "wait",
            pill=_("En retard") if review.due_on < viewer.today else _("À faire"),
            due_on=review.due_on,
        )
        for review in to_hold(viewer).order_by("due_on", "pk")[:MOST]
    ]
    waiting = ANSWER_CONCERN.rows(viewer).filter(answered_at__isnull=True)
    concerns = [
        Todo(
            title=_("Un élève signale une mesure défavorable"),
            detail=_("Signalé le %(day)s")
            % {"day": f"{timezone.localtime(concern.reported_at):%d/%m/%Y}"},
            url=reverse("timetable:concern", args=[concern.pk]),
            tone="stop",
            pill=_("À lire") if concern.read_at is None else _("À traiter"),
        )
        for concern in waiting.exclude(request__person=viewer.person)[:MOST]
    ]
    return [*concerns, *reviews]
