"""How Django knows this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.journal"
    label = "journal"
    verbose_name = _("Journal")
