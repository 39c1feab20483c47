"""How Django knows this room."""

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.recognition"
    label = "recognition"
    verbose_name = "Reconnaissance"
