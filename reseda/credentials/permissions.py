"""Who may see, share, issue and revoke credentials; verifying is for anybody."""

from django.utils.translation import gettext_lazy as _

from reseda.credentials.models import Credential
from reseda.people.models import Role
from reseda.people.policy import Permission, own, within
from reseda.recognition.models import Decision

SCHOOL = within("school", programme="decision__file__programme")

READ_CREDENTIAL: Permission[Credential] = Permission(
    "credentials.read_credential",
    Credential,
    _("Voir un titre délivré"),
    {
        Role.STUDENT: own("holder"),
        Role.STAFF: own("holder"),
        Role.STUDIES_DIRECTOR: SCHOOL,
        Role.REGISTRY: SCHOOL,
    },
)
SHARE_CREDENTIAL: Permission[Credential] = Permission(
    "credentials.share_credential",
    Credential,
    _("Partager son titre, ou cesser de le partager"),
    {Role.STUDENT: own("holder"), Role.STAFF: own("holder")},
)
FOLLOW_DECISION: Permission[Decision] = Permission(
    "credentials.follow_decision",
    Decision,
    _("Suivre les titres délivrés et à délivrer, sans rien du service"),
    {
        Role.STUDIES_DIRECTOR: within("file__school", programme="file__programme"),
        Role.REGISTRY: within("file__school", programme="file__programme"),
    },
)
ISSUE_CREDENTIAL: Permission[Decision] = Permission(
    "credentials.issue_credential",
    Decision,
    _("Délivrer le titre d’une décision du jury"),
    {Role.STUDIES_DIRECTOR: within("file__school", programme="file__programme")},
)
REVOKE_CREDENTIAL: Permission[Credential] = Permission(
    "credentials.revoke_credential",
    Credential,
    _("Révoquer un titre"),
    {Role.STUDIES_DIRECTOR: SCHOOL},
)
