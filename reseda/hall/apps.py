"""How Django knows this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HallConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.hall"
    label = "hall"
    verbose_name = _("Accueil")
