"""What awaits people in recognition, and how it tells its stages of the thread."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reseda.people.models import Role
from reseda.people.policy import Viewer
from reseda.recognition.models import Evidence, RecognitionFile
from reseda.recognition.permissions import (
    ADD_EVIDENCE,
    ASSESS_FILE,
    CHANGE_FILE,
    JUDGE_FILE,
    PLAN_FILE,
)
from reseda.recognition.queries.evidence import TELLABLE, dates_of
from reseda.recognition.queries.regulations import deadline, in_force
from reseda.schools.queries import current_year, school_of
from reseda.ui.domain.parts import Step, StepState, Todo

Status = RecognitionFile.Status


def todo(viewer: Viewer) -> list[Todo]:
    """Return what awaits this person in recognition, in each of their roles."""
    found: list[Todo] = []
    if Role.STUDENT in viewer.roles:
        found += [*_to_tell(viewer), *_to_complete(viewer)]
    if Role.ASSESSOR in viewer.roles:
        found += _to_assess(viewer)
    if Role.JURY_MEMBER in viewer.roles:
        found += _to_judge(viewer)
    if Role.STUDIES_DIRECTOR in viewer.roles:
        found += [*_to_plan(viewer), *_to_publish(viewer)]
    return found


def _to_tell(viewer: Viewer) -> list[Todo]:
    periods = (
        ADD_EVIDENCE.rows(viewer)
        .filter(status__in=TELLABLE, ends_at__date__lte=viewer.today)
        .exclude(evidence__in=Evidence.objects.filter(deleted_at__isnull=True))
        .order_by("starts_at")[:5]
    )
    return [
        Todo(
            title=_("Décrire ce que vous avez appris"),
            url=f"{reverse('recognition:add_evidence')}?periode={period.pk}",
            tone="info",
            pill=_("À raconter"),
            detail=_("Période %(dates)s") % {"dates": dates_of(period)},
        )
        for period in periods
    ]


def _to_complete(viewer: Viewer) -> list[Todo]:
    files = CHANGE_FILE.rows(viewer).filter(status__in=(Status.DRAFT, Status.COMPLEMENT))
    return [
        Todo(
            title=_("Répondre à une demande de complément")
            if file.status == Status.COMPLEMENT
            else _("Terminer et déposer votre dossier de reconnaissance"),
            url=reverse("recognition:edit_file", args=[file.pk]),
            tone="wait" if file.status == Status.COMPLEMENT else "info",
            pill=_("Complément") if file.status == Status.COMPLEMENT else _("En préparation"),
            detail=_("Dossier %(reference)s") % {"reference": file.reference},
        )
        for file in files
    ]


def _to_assess(viewer: Viewer) -> list[Todo]:
    files = ASSESS_FILE.rows(viewer).filter(status=Status.SUBMITTED).order_by("submitted_at")
    return [
        Todo(
            title=_("Évaluer le dossier %(reference)s") % {"reference": file.reference},
            url=reverse("recognition:assess_file", args=[file.pk]),
            tone="wait",
            pill=_("À évaluer"),
            due_on=file.session.held_on if file.session else None,
        )
        for file in files.select_related("session")
    ]


def _to_judge(viewer: Viewer) -> list[Todo]:
    files = JUDGE_FILE.rows(viewer).filter(status=Status.ASSESSED).select_related("session")
    return [
        Todo(
            title=_("Décider du dossier %(reference)s") % {"reference": file.reference},
            url=reverse("recognition:judge_file", args=[file.pk]),
            tone="wait",
            pill=_("À décider"),
            detail=file.session.name if file.session else "",
            due_on=file.session.held_on if file.session else None,
        )
        for file in files.order_by("reference")
    ]


def _to_plan(viewer: Viewer) -> list[Todo]:
    waiting = PLAN_FILE.rows(viewer).filter(status=Status.ASSESSED, session__isnull=True).count()
    if not waiting:
        return []
    return [
        Todo(
            title=ngettext(
                "%(count)d dossier évalué attend un jury",
                "%(count)d dossiers évalués attendent un jury",
                waiting,
            )
            % {"count": waiting},
            url=reverse("recognition:list_juries"),
            tone="wait",
            pill=_("À inscrire"),
        )
    ]


def _to_publish(viewer: Viewer) -> list[Todo]:
    school = school_of(viewer)
    year = current_year(school, viewer.today) if school else None
    if school is None or year is None or in_force(school, viewer.today):
        return []
    last = deadline(year, viewer.today)
    return [
        Todo(
            title=_("Publier le règlement de reconnaissance %(year)s") % {"year": year.name},
            url=reverse("recognition:list_regulations"),
            tone="stop" if last.is_late else "wait",
            pill=_("En retard") if last.is_late else _("À publier"),
            due_on=last.on,
        )
    ]


def tell_evidence(viewer: object, period_id: int) -> Step | None:
    """Tell whether the activity was told, to its student alone."""
    if not isinstance(viewer, Viewer):
        return None
    period = ADD_EVIDENCE.rows(viewer).filter(pk=period_id).first()
    if period is None:
        return None
    told = Evidence.objects.filter(period=period, deleted_at__isnull=True).order_by("pk")
    keys = list(told.values_list("pk", flat=True))
    if keys:
        text = ngettext("%(count)d preuve", "%(count)d preuves", len(keys)) % {"count": len(keys)}
        # The page of an evidence shows the thread, the list of all of them does not.
        url = reverse("recognition:edit_evidence", args=[keys[0]])
        return Step(_("Preuves"), "done", text, url)
    if period.status in TELLABLE:
        url = f"{reverse('recognition:add_evidence')}?periode={period.pk}"
        return Step(_("Preuves"), "now", _("à raconter"), url)
    return Step(_("Preuves"), "next", _("après la confirmation"))


def tell_assessment(viewer: object, period_id: int) -> Step | None:
    """Tell how far the assessment of the activity is, to those the file reaches."""
    found = _file_about(viewer, period_id)
    if found is None:
        return None
    file, url = found
    label = _("Évaluation")
    if file is None or file.status == Status.DRAFT:
        return Step(label, "next", _("dossier à déposer"), url)
    if file.status in (Status.SUBMITTED, Status.COMPLEMENT):
        return Step(label, "now", file.get_status_display(), url)
    return Step(label, "done", _("rendue"), url)


def tell_jury(viewer: object, period_id: int) -> Step | None:
    """Tell whether a jury decided, to those the file reaches."""
    found = _file_about(viewer, period_id)
    if found is None:
        return None
    file, url = found
    label = _("Jury")
    if file is None or file.status not in (Status.ASSESSED, Status.DECIDED):
        return Step(label, "next")
    if file.status == Status.ASSESSED:
        held = file.session.held_on if file.session else None
        return Step(label, "now", f"{held:%d/%m/%Y}" if held else _("date à fixer"), url)
    is_validated = file.decision.outcome == file.decision.Outcome.VALIDATED
    state: StepState = "done" if is_validated else "stop"
    return Step(label, state, file.decision.get_outcome_display(), url)


def _file_about(viewer: object, period_id: int) -> tuple[RecognitionFile | None, str] | None:
    """Return the latest file about an activity that the viewer may open, and where.

    The student of an activity without a file gets the page from which one is opened.
    """
    if not isinstance(viewer, Viewer):
        return None
    doors = (
        (CHANGE_FILE, "recognition:read_file"),
        (ASSESS_FILE, "recognition:assess_file"),
        (JUDGE_FILE, "recognition:judge_file"),
    )
    for permission, name in doors:
        file = (
            permission.rows(viewer)
            .filter(activities__period=period_id)
            .exclude(status=Status.WITHDRAWN)
            .select_related("session", "decision")
            .order_by("-created_at")
            .first()
        )
        if file is not None:
            return file, reverse(name, args=[file.pk])
    if ADD_EVIDENCE.rows(viewer).filter(pk=period_id).exists():
        return None, reverse("recognition:my_file")
    return None
