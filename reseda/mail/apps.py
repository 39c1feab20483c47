"""How Django knows this room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.mail"
    label = "mail"
    verbose_name = _("Courriers")

    def ready(self) -> None:
        """Let the tasks hear of the messages that are written."""
        import_module("reseda.mail.tasks")
