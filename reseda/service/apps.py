"""How Django knows this room."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.service"
    label = "service"
    verbose_name = "Service"
