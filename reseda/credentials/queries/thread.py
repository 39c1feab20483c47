"""What awaits somebody in credentials, and the last stage of the thread."""

from django.urls import reverse
from django.utils.translation import gettext as _

from reseda.credentials.models import Credential
from reseda.credentials.permissions import ISSUE_CREDENTIAL, READ_CREDENTIAL, SHARE_CREDENTIAL
from reseda.people.policy import Viewer
from reseda.recognition.models import Decision
from reseda.ui.domain.parts import Step, StepState, Todo

AT_MOST = 10


def to_issue(viewer: Viewer) -> list[Decision]:
    """Return the validated decisions whose credential the viewer may issue and nobody did yet."""
    rows = ISSUE_CREDENTIAL.rows(viewer).filter(
        outcome=Decision.Outcome.VALIDATED, credential__isnull=True
    )
    return list(rows.select_related("file__person", "file__programme").order_by("decided_at"))


def todo(viewer: Viewer) -> list[Todo]:
    """Return the credentials to issue, and the new ones that their holder may share."""
    waiting = [
        Todo(
            title=_("Un titre est à délivrer"),
            detail=_("Dossier %(reference)s") % {"reference": decision.file.reference},
            url=reverse("credentials:list_credentials"),
            tone="info",
            pill=_("À délivrer"),
        )
        for decision in to_issue(viewer)[:AT_MOST]
    ]
    fresh = SHARE_CREDENTIAL.rows(viewer).filter(shared_at__isnull=True, revoked_at__isnull=True)
    return waiting + [
        Todo(
            title=_("Un titre vous a été délivré"),
            detail=credential.title,
            url=reverse("credentials:read_credential", args=[credential.pk]),
            tone="ok",
            pill=_("À partager"),
        )
        for credential in fresh[:AT_MOST]
    ]


def tell_credential(viewer: object, period_id: int) -> Step | None:
    """Tell the thread whether a credential came of a period, to whom may see it."""
    if not isinstance(viewer, Viewer):
        return None
    found = (
        READ_CREDENTIAL.rows(viewer)
        .filter(decision__file__activities__period=period_id)
        .order_by("-issued_at")
        .first()
    )
    if found is None:
        return None
    return Step(_("Titre"), *_state(found), reverse("credentials:read_credential", args=[found.pk]))


def _state(found: Credential) -> tuple[StepState, str]:
    if found.revoked_at:
        return "stop", _("révoqué")
    return "done", _("partagé") if found.shared_at else _("délivré")
