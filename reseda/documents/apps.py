"""How Django knows this room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.documents"
    label = "documents"
    verbose_name = "Documents"
