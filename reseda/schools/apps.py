"""How Django knows this room."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.schools"
    label = "schools"
    verbose_name = "Écoles"
