"""Who may open a file by its own address; other rooms open theirs through their own tables."""

from django.utils.translation import gettext_lazy as _

from reseda.documents.models import StoredFile
from reseda.people.models import Role
from reseda.people.policy import Permission, own

READ_FILE: Permission[StoredFile] = Permission(
    "documents.read_file",
    StoredFile,
    _("Reprendre un fichier que l’on a donné"),
    {Role.STUDENT: own("owner"), Role.STAFF: own("owner")},
)
