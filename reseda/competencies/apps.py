"""How Django knows this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompetenciesConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.competencies"
    label = "competencies"
    verbose_name = _("Compétences")
