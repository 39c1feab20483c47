"""The credentials room as Django knows it."""

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Issue, present, revoke and verify credentials."""

    name = "reseda.credentials"
    label = "credentials"
