"""The stages of the thread that service tells: the engagement, the period, its confirmation."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reseda.people.policy import Viewer
from reseda.service.models import Period
from reseda.service.permissions import FOLLOW_RESERVIST, READ_PERIOD
from reseda.ui.domain.parts import Step, Text


def _period(viewer: object, period_id: int) -> Period | None:
    if not isinstance(viewer, Viewer):
        return None
    found = READ_PERIOD.rows(viewer).filter(pk=period_id)
    return found.select_related("engagement__notice", "attestation").first()


def _url(viewer: object, period: Period, own: str) -> str:
    """Give the holder the page of the stage, those who follow reservists the record, else none."""
    if not isinstance(viewer, Viewer):
        return ""
    if period.engagement.person_id == viewer.person.pk:
        return own
    if viewer.roles.isdisjoint(FOLLOW_RESERVIST.table):
        return ""
    return reverse("service:read_reservist", args=[period.engagement_id])


def tell_engagement(viewer: object, period_id: int) -> Step | None:
    """Tell the engagement: done once the notice of rights was read."""
    period = _period(viewer, period_id)
    if period is None:
        return None
    is_read = hasattr(period.engagement, "notice")
    detail: Text = _("droits lus") if is_read else _("notice à lire")
    url = reverse("service:my_engagement") + f"?dossier={period.engagement_id}"
    return Step(_("Engagement"), "done" if is_read else "now", detail, _url(viewer, period, url))


def tell_period(viewer: object, period_id: int) -> Step | None:
    """Tell the period: done once entered, stopped when cancelled."""
    period = _period(viewer, period_id)
    if period is None:
        return None
    is_off = period.status == Period.Status.CANCELLED
    url = reverse("service:read_period", args=[period.pk])
    return Step(
        _("Période"),
        "stop" if is_off else "done",
        period.get_status_display() if is_off else "",
        _url(viewer, period, url),
    )


def tell_confirmation(viewer: object, period_id: int) -> Step | None:
    """Tell what the unit answered: nothing yet, confirmed, attested, or that it does not happen."""
    period = _period(viewer, period_id)
    if period is None:
        return None
    label = _("Confirmation")
    url = _url(viewer, period, reverse("service:read_period", args=[period.pk]) + "#unite")
    if period.status == Period.Status.DONE:
        return Step(label, "done", _("attestée"), url)
    if period.status == Period.Status.CONFIRMED:
        return Step(label, "now", _("attestation à venir"), url)
    if period.status == Period.Status.CANCELLED:
        return Step(label, "stop", _("annulée"), url)
    return Step(label, "now", _("demandée") if period.asked_at else _("à demander"), url)
