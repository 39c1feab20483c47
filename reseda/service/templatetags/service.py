"""How the state and the hours of a period are shown."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reseda.service.domain.days import days as count_days
from reseda.service.domain.records import REGIME_OF_FORCE
from reseda.service.models import Engagement, Leave, Period, TrainingStep
from reseda.service.queries.leaves import REGIMES
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
def regime(engagement: Engagement) -> str:
    """Say under which regime of reserve an engagement is served, as its force has it."""
    return str(REGIMES[REGIME_OF_FORCE[engagement.force]])


@register.filter
def duration(period: Period) -> float:
    """Return how many days a period lasts, by half-days."""
    return count_days(period.starts_at, period.ends_at)


@register.inclusion_tag("service/day_bar.html")
def day_bar(done: float, planned: float, limit: float, label: str) -> dict[str, object]:
    """Draw days against a ceiling: done in full, planned hatched, what exceeds beyond the mark.

    The words beside it say the same; 100 units are the ceiling, or the days when they exceed it.
    """
    whole = max(limit, done + planned, 1)
    ends = [100 * min(one, whole) / whole for one in (done, done + planned, limit)]
    return {
        "label": label,
        "done": done,
        "planned": planned,
        "limit": limit,
        "left": limit - done - planned,
        "over": max(0.0, done + planned - limit),
        "done_end": _svg(ends[0]),
        "planned_width": _svg(ends[1] - ends[0]),
        "mark": _svg(ends[2]),
        "beyond_start": _svg(ends[2]),
        "beyond_width": _svg(max(0.0, ends[1] - ends[2])),
    }


def _svg(number: float) -> str:
    return f"{number:.2f}"


@register.inclusion_tag("ui/pill.html")
def leave_pill(leave: Leave) -> dict[str, object]:
    """Show the state of an authorised absence: colour, pictogram and word."""
    tones = {"refused": "stop", "withdrawn": "quiet", "requested": "wait", "informed": "info"}
    return ui.pill(tones.get(leave.status, "ok"), leave.get_status_display())


@register.inclusion_tag("ui/pill.html")
def step_pill(step: TrainingStep) -> dict[str, object]:
    """Show where a step of training stands."""
    tones = {"planned": "wait", "done": "ok", "abandoned": "quiet"}
    return ui.pill(tones[step.status], step.get_status_display())
