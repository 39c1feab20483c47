"""How Django knows this room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompetenciesConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.competencies"
    label = "competencies"
    verbose_name = _("Compétences")

    def ready(self) -> None:
        """Let the tasks hear of the crosswalks that are opened."""
        import_module("reseda.competencies.tasks")
