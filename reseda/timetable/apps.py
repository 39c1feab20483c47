"""Registers the room with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimetableConfig(AppConfig):
    """The room of studies, conflicts and accommodations."""

    name = "reseda.timetable"
    label = "timetable"
    verbose_name = _("Emploi du temps")
