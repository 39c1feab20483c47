"""How Django knows this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.documents"
    label = "documents"
    verbose_name = _("Documents")
