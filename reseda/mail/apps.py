"""How Django knows this room."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.mail"
    label = "mail"
    verbose_name = "Courriers"
