"""What conciliation plans await from somebody: to publish, to mend, to answer."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reseda.people.policy import Viewer
from reseda.timetable.models import Plan, PlanLine
from reseda.timetable.permissions import ANSWER_LINE, CHANGE_PLAN, READ_LINE
from reseda.timetable.queries.planning.drift import known_drift
from reseda.ui.domain.parts import Todo

MOST = 10


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits the viewer in plans: answers to give, and plans to follow."""
    return [*_own(viewer), *_of_plans(viewer)]


def _own(viewer: Viewer) -> list[Todo]:
    waiting = ANSWER_LINE.rows(viewer).filter(
        engagement__person=viewer.person, answer="", offer__starts_at__gt=timezone.now()
    )
    rows = (
        waiting.order_by()
        .values("engagement")
        .annotate(n=Count("pk"), first=Min("offer__starts_at"))
    )
    found = []
    for row in rows.order_by("first")[:MOST]:
        title = ngettext(
            "Une période est retenue pour vous : dites si elle vous convient",
            "%(n)d périodes sont retenues pour vous : dites si elles vous conviennent",
            row["n"],
        )
        found.append(
            Todo(
                title % {"n": row["n"]} if row["n"] > 1 else title,
                reverse("timetable:possibilities", args=[row["engagement"]]),
                "wait",
                _("À répondre"),
                due_on=timezone.localtime(row["first"]).date(),
            )
        )
    return found + _own_broken(viewer)


def _own_broken(viewer: Viewer) -> list[Todo]:
    lines = (
        ANSWER_LINE.rows(viewer)
        .filter(engagement__person=viewer.person, offer__starts_at__gt=timezone.now())
        .exclude(answer=PlanLine.Answer.DECLINED)
        .select_related("plan", "offer")
    )
    return [
        Todo(
            _("Une période retenue pour vous ne tient plus"),
            reverse("timetable:possibilities", args=[line.engagement_id]),
            "stop",
            _("À revoir"),
            due_on=timezone.localtime(line.offer.starts_at).date(),
        )
        for line in lines
        if line.pk in known_drift(line.plan)
    ][:MOST]


def _of_plans(viewer: Viewer) -> list[Todo]:
    found = []
    plans = CHANGE_PLAN.rows(viewer).filter(
        status__in=(Plan.Status.READY, Plan.Status.PUBLISHED),
        removed_at__isnull=True,
        ends_on__gte=viewer.today,
    )
    for plan in plans.order_by("-created_at")[:MOST]:
        url = reverse("timetable:read_plan", args=[plan.pk])
        if plan.status == Plan.Status.READY:
            title = _("Un plan est calculé : le lire, le publier")
            found.append(Todo(title, url, "info", _("À publier"), plan.name))
        else:
            found += _published(viewer, plan, url)
    return found


def _published(viewer: Viewer, plan: Plan, url: str) -> list[Todo]:
    """Count among the lines that the viewer may see, and no others."""
    lines = READ_LINE.rows(viewer).filter(plan=plan, is_granted=True)
    found = []
    broken = known_drift(plan)
    count = lines.filter(pk__in=broken).count() if broken else 0
    if count:
        title = ngettext(
            "Une période du plan ne tient plus : replanifier",
            "%(n)d périodes du plan ne tiennent plus : replanifier",
            count,
        )
        said = title % {"n": count} if count > 1 else title
        found.append(Todo(said, url, "stop", _("À replanifier"), plan.name))
    free = lines.filter(
        answer=PlanLine.Answer.DECLINED, offer__starts_at__gt=timezone.now()
    ).count()
    if free:
        title = ngettext(
            "Une place déclinée est libre : la donner à quelqu’un d’autre",
            "%(n)d places déclinées sont libres : les donner à d’autres",
            free,
        )
        said = title % {"n": free} if free > 1 else title
        found.append(Todo(said, url, "wait", _("À donner"), plan.name))
    return found
