"""How Django knows this room."""

from collections.abc import Mapping
from dataclasses import replace

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGE_NAMES: Mapping[str, Promise] = {
    "timetable.request_to_decide": _("Une demande d’aménagement attend une décision"),
    "timetable.request_decided": _("Votre demande d’aménagement est décidée"),
    "timetable.absence_justified": _("Une absence justifiée, à l’enseignant"),
    "timetable.absence_changed": _("Des absences justifiées ont changé, à l’enseignant"),
    "timetable.review_held": _("Le bilan d’un aménagement est fait, à l’élève"),
    "timetable.concern_reported": _("Un signalement, à qui doit le lire"),
    "timetable.concern_answered": _("La réponse à un signalement, à l’élève"),
    "timetable.plan_published": _("Le plan d’année est publié, à la personne concernée"),
    "timetable.plan_to_unit": _("Les places retenues, au correspondant qui les propose"),
    "timetable.unit_calendar": _("Les disponibilités partagées, à l’unité"),
}


class TimetableConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.timetable"
    label = "timetable"
    verbose_name = _("Emploi du temps")

    def ready(self) -> None:
        """Declare the messages of the room, and the stages of the thread that it tells."""
        from reseda.mail.domain.templates import declare  # noqa: PLC0415 (rooms are ready now)
        from reseda.timetable.domain.letters import UNIT_CALENDAR  # noqa: PLC0415 (same)
        from reseda.timetable.domain.messages import MESSAGES  # noqa: PLC0415 (same)
        from reseda.timetable.queries import thread  # noqa: PLC0415 (same)
        from reseda.ui import queries  # noqa: PLC0415 (same)
        from reseda.ui.domain.parts import ThreadTeller  # noqa: PLC0415 (same)

        for message in (*MESSAGES, UNIT_CALENDAR):
            declare(replace(message, name=MESSAGE_NAMES[message.code]))
        queries.register(ThreadTeller("conflict", thread.tell_conflict))
        queries.register(ThreadTeller("accommodation", thread.tell_accommodation))
