"""Texts sealed in the database: what people say of themselves, secrets, addresses that open a door.

The keys stand in the settings, outside the database (Fernet: AES-128-CBC with HMAC-SHA256).
"""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class Unreadable(Exception):
    """A sealed content that no key of the site opens, or that was changed since."""


def _seals() -> MultiFernet:
    """Return the keys of the site: the first seals, all of them open, so that keys can change."""
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def seal(data: bytes) -> bytes:
    """Encrypt and authenticate with the newest key."""
    return _seals().encrypt(data)


def unseal(data: bytes) -> bytes:
    """Open what any of the site's keys sealed, or raise `Unreadable`."""
    try:
        return _seals().decrypt(data)
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
