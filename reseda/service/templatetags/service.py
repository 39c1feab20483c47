"""How the state and the hours of a period are shown."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reseda.service.domain.days import days as count_days
from reseda.service.models import Engagement, Period
from reseda.ui.templatetags import ui

register = template.Library()

TONES = {"planned": "wait", "confirmed": "ok", "done": "ok", "cancelled": "stop"}
ICONS = {"done": "badge-check"}


@register.inclusion_tag("ui/pill.html")
def period_pill(period: Period, now: datetime) -> dict[str, object]:
    """Show the state of a period: colour, pictogram and word; a past one is no longer planned."""
    status = str(period.status)
    if status == Period.Status.PLANNED and period.ends_at <= now:
        return ui.pill("wait", _("à confirmer"))
    return ui.pill(TONES[status], period.get_status_display(), ICONS.get(status, ""))


@register.inclusion_tag("ui/pill.html")
def engagement_pill(engagement: Engagement, on: datetime) -> dict[str, object]:
    """Show whether a contract is under way, to come or over."""
    day = timezone.localtime(on).date()
    if engagement.ended_on and engagement.ended_on <= day:
        return ui.pill("quiet", _("clos"))
    if engagement.contract_end_on < day:
        return ui.pill("stop", _("contrat échu"))
    if engagement.contract_start_on > day:
        return ui.pill("info", _("contrat à venir"))
    return ui.pill("ok", pgettext("contract", "en cours"))


@register.filter
def edge(at: datetime) -> str:
    """Say an hour of a period: midnight, noon and 23:59 are its half-days."""
    local = timezone.localtime(at)
    known = {(0, 0): _("matin"), (12, 0): _("midi"), (23, 59): _("soir")}
    facts = {"hour": local.hour, "minute": local.minute}
    spelled = _("%(hour)d h %(minute)02d") if local.minute else _("%(hour)d h")
    return known.get((local.hour, local.minute)) or spelled % facts


@register.filter
def duration(period: Period) -> float:
    """Return how many days a period lasts, by half-days."""
    return count_days(period.starts_at, period.ends_at)
