"""How Django knows this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.people"
    label = "people"
    verbose_name = "Personnes"
