"""Files given by people; their content lies in Django's default storage under a mute name."""

import hashlib
import uuid

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Organisation, SealedTextField, Unreadable, unseal


class StoredFile(models.Model):
    """A file somebody gave: whose it is, what it is, and under which random name its content lies.

    `sha256` and `size` (bytes) are those of the content as given, before encryption. The given
    name is sealed: people write their unit in it. Owner and organisation are protected: contents
    go through `actions.erase`, so that no content outlives its row unseen.
    """

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("école")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stored_files",
        verbose_name=_("propriétaire"),
    )
    name = SealedTextField(_("nom du fichier"))
    content_type = models.CharField(_("nature"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("empreinte"), max_length=64)
    is_sensitive = models.BooleanField(_("chiffré"), default=True)
    place = models.CharField(max_length=120, unique=True, editable=False)
    created_at = models.DateTimeField(_("reçu le"), auto_now_add=True)

    class Meta:
        verbose_name = _("fichier")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.uuid)

    def read(self) -> bytes:
        """Return the content as it was given, or raise `Unreadable` when it is lost or changed."""
        try:
            with default_storage.open(self.place) as file:
                kept: bytes = file.read()
        except FileNotFoundError as error:
            raise Unreadable(self.place) from error
        data = unseal(kept) if self.is_sensitive else kept
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise Unreadable(self.place)
        return data
