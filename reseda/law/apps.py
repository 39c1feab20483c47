"""How Django knows this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LawConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.law"
    label = "law"
    verbose_name = _("Droit applicable")
