"""How Django knows this room."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.ui"
    label = "ui"
    verbose_name = "Interface"
