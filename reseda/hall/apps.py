"""How Django knows this room."""

from django.apps import AppConfig


class HallConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.hall"
    label = "hall"
    verbose_name = "Accueil"
