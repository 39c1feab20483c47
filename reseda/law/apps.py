"""How Django knows this room."""

from django.apps import AppConfig


class LawConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.law"
    label = "law"
    verbose_name = "Droit applicable"
