"""How Django knows this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.ui"
    label = "ui"
    verbose_name = _("Interface")
