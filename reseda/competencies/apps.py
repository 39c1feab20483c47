"""How Django knows this room."""

from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.competencies"
    label = "competencies"
    verbose_name = "Compétences"
