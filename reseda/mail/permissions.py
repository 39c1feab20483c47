"""Who may see the outbox of a school and rewrite its templates."""

from django.utils.translation import gettext_lazy as _

from reseda.mail.models import OutgoingMail
from reseda.people.models import Organisation, Role
from reseda.people.policy import Permission, within

# Never the bodies: they may hold the address by which somebody else answers.
READ_MAIL: Permission[OutgoingMail] = Permission(
    "mail.read_mail",
    OutgoingMail,
    _("Voir les courriers partis de l’école, sans leur texte, et relancer un envoi"),
    {Role.REFERENT: within("organisation"), Role.STUDIES_DIRECTOR: within("organisation")},
)
EDIT_TEMPLATES: Permission[Organisation] = Permission(
    "mail.edit_templates",
    Organisation,
    _("Modifier les modèles de courrier"),
    {
        Role.REFERENT: within("pk", says=_("ceux de son école")),
        Role.STUDIES_DIRECTOR: within("pk", says=_("ceux de son école")),
    },
)
