"""How pages show plans: the state of a plan, the look of a line, reasons as sentences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django import template
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reseda.timetable.domain.planner_picture import Cell, Frame, Mark
from reseda.timetable.domain.planning.model import Choice
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.queries.planning.year import Option, look_of
from reseda.timetable.templatetags import plan_sentences
from reseda.timetable.templatetags.plan_sentences import Names, Told
from reseda.timetable.templatetags.timetable import hours
from reseda.ui.templatetags.ui import days, jour

register = template.Library()

TONES: Mapping[str, tuple[str, str]] = {
    Plan.Status.QUEUED: ("info", "clock"),
    Plan.Status.RUNNING: ("info", "loader"),
    Plan.Status.READY: ("wait", "file-check"),
    Plan.Status.CANCELLED: ("quiet", "circle-slash"),
    Plan.Status.FAILED: ("stop", "x"),
    Plan.Status.PUBLISHED: ("ok", "check"),
    Plan.Status.REPLACED: ("quiet", "history"),
}
LOOKS: Mapping[str, tuple[str, str, Promise]] = {
    "granted": ("ok", "check", gettext_lazy("retenue")),
    "accepted": ("ok", "check-check", gettext_lazy("acceptée")),
    "broken": ("stop", "triangle-alert", gettext_lazy("ne tient plus")),
    "held": ("info", "shield", gettext_lazy("déjà prévue")),
    "possible": ("quiet", "circle", gettext_lazy("possible, non retenue")),
    "studies": ("stop", "x", gettext_lazy("refusée : études")),
    "barred": ("quiet", "minus", gettext_lazy("refusée : autre raison")),
    "declined": ("quiet", "undo-2", gettext_lazy("déclinée")),
}
LEGEND = ("granted", "accepted", "held", "possible", "studies", "barred", "broken", "declined")
SIGNS = {"studies": "×", "barred": "–", "broken": "!", "declined": "–"}
# Pixels: a week that holds « 14/9 », a month that holds its whole name or four letters.
WIDE_WEEK, WHOLE_MONTH, SHORT_MONTH = 28, 66, 30


@register.inclusion_tag("ui/pill.html")
def plan_status(plan: Plan) -> dict[str, object]:
    """The state of a plan: colour, pictogram and word."""
    tone, icon = TONES[plan.status]
    return {"tone": tone, "text": plan.get_status_display(), "icon": icon}


@register.inclusion_tag("ui/pill.html")
def look_pill(look: str) -> dict[str, object]:
    """What a plan says of a pair: colour, pictogram and word."""
    tone, icon, text = LOOKS[look]
    return {"tone": tone, "text": text, "icon": icon}


@register.inclusion_tag("ui/pill.html")
def own_pill(reason: str) -> dict[str, object]:
    """What stands in the way of an offer, on the page of the person it is made to."""
    impossible = ("stop", gettext_lazy("impossible"))
    tone, text = plan_sentences.OWN_WORDS.get(reason, impossible)
    return {"tone": tone, "text": text, "icon": "x" if tone == "stop" else "minus"}


@register.filter
def line_look(line: PlanLine) -> str:
    """Return the look of a line in a table."""
    return look_of(line)


@register.filter
def sign(mark: Mark) -> str:
    """Write in a box its days, or the sign of its state: colour never speaks alone."""
    if mark.look == "broken":
        return SIGNS["broken"]
    return mark.label or SIGNS.get(mark.look, "")


@register.simple_tag
def legend_of(rows: Iterable[object]) -> list[tuple[str, str, str, str]]:
    """List the looks that a drawing holds: look, sign, word, pictogram."""
    present = {
        box.mark.look for row in rows for box in getattr(getattr(row, "drawing", None), "boxes", ())
    }
    return [
        (look, SIGNS.get(look, ""), str(LOOKS[look][2]), LOOKS[look][1])
        for look in LEGEND
        if look in present
    ]


@register.simple_tag
def cell_label(cell: Cell, name: object) -> str:
    """Say what a week of a row holds, to whoever does not see it."""
    counts: dict[str, int] = {}
    for mark in cell.marks:
        counts[mark.look] = counts.get(mark.look, 0) + 1
    said = ", ".join(f"{count} {LOOKS[look][2]}" for look, count in counts.items())
    week = _("%(name)s, semaine du %(day)s") % {
        "name": name,
        "day": jour(cell.monday),
    }
    return f"{week} – {said}"


@register.filter
def month_name(day: date, width: float) -> str:
    """Name a month as its width allows: « septembre », « sept. », « 9 »."""
    if width >= WHOLE_MONTH:
        return date_format(day, "F")
    return date_format(day, "b")[:4] if width >= SHORT_MONTH else ""


@register.filter
def week_name(day: date, paper: Frame) -> str:
    """Name a week by its number, or by its Monday where there is room."""
    if paper.week >= WIDE_WEEK:
        return date_format(day, "j/n")
    return str(day.isocalendar().week)


@register.simple_tag
def reason_of(line: PlanLine, names: Names) -> Told:
    """Say why a line is refused, and what would make it possible."""
    return plan_sentences.told(line.reason, line.facts, line.would_need, names)


@register.simple_tag
def broken_because(option: Option, names: Names) -> str:
    """Say why a granted line does not hold any more."""
    what = option.broken or {}
    facts = what.get("facts")
    return plan_sentences.broken(
        str(what.get("rule", "")), facts if isinstance(facts, Mapping) else {}, names
    )


@register.filter
def failure(plan: Plan) -> str:
    """Say why a plan could not be computed."""
    return plan_sentences.failure(plan.failure)


@register.filter
def left_out_word(why: str) -> str:
    """Say why somebody is not planned."""
    if why == "second_engagement":
        return _("un autre contrat, plus récent, est planifié")
    return _("pas d’emploi du temps : on ne peut rien dire de ses études")


@register.filter
def figure_number(value: float) -> str:
    """Write a number with a comma, without useless decimals."""
    return (
        number_format(round(float(value), 1), use_l10n=True).removesuffix(",0").removesuffix(".0")
    )


@register.filter
def gap_percent(plan: Plan) -> str:
    """Say by how much at most a plan is below the best one, in percent."""
    if plan.value is None or plan.bound is None:
        return ""
    gap = max(0.0, (plan.bound - plan.value) / max(1.0, abs(plan.bound)))
    return f"{100 * gap:.2g}".replace(".", ",")


@register.filter
def choice_words(frontier: Sequence[Choice], rank: int) -> str:
    """Say a choice of the trade-off: its days and the lessons it costs."""
    one = frontier[rank]
    if not one.minutes:
        return _("%(days)s, aucun cours à rattraper") % {"days": days(one.days)}
    return _("%(days)s, %(time)s de cours à rattraper") % {
        "days": days(one.days),
        "time": hours(one.minutes),
    }
