"""How Django knows this room."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.journal"
    label = "journal"
    verbose_name = "Journal"
