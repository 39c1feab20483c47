"""Files given by people; their content lies in Django's default storage under a mute name."""

import hashlib
import uuid
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from reseda.people.models import Organisation


def seals() -> MultiFernet:
    """Return the keys of the site: the first seals, all of them open, so that keys can change."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


class Unreadable(Exception):
    """A content that is lost, that no key of the site opens, or that was changed since."""


def seal(data: bytes) -> bytes:
    """Encrypt and authenticate with the newest key."""
    return seals().encrypt(data)


def unseal(data: bytes) -> bytes:
    """Open what any of the site's keys sealed, or raise `Unreadable`."""
    try:
        return seals().decrypt(data)
    except InvalidToken as error:
        raise Unreadable from error


class SealedTextField(models.TextField[str, str]):
    """A text encrypted in the database; it can be neither searched nor compared there."""

    def get_prep_value(self, value: Any) -> Any:
        """Seal on the way in."""
        prepared = super().get_prep_value(value)
        return None if prepared is None else seal(str(prepared).encode()).decode()

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> str | None:
        """Open on the way out."""
        return None if value is None else unseal(value.encode()).decode()


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
