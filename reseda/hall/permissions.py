"""Who may read the journal."""

from django.utils.translation import gettext_lazy as _

from reseda.journal.models import Entry
from reseda.people.models import Role
from reseda.people.policy import Permission, within

READ_JOURNAL: Permission[Entry] = Permission(
    "hall.read_journal",
    Entry,
    _("Lire le journal de l’école (des références, jamais des contenus)"),
    {Role.DATA_PROTECTION: within("organisation")},
)
