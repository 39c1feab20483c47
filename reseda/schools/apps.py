"""How Django knows this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolsConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.schools"
    label = "schools"
    verbose_name = _("Écoles")
