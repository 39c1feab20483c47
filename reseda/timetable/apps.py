"""How Django knows this room."""

from django.apps import AppConfig


class TimetableConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.timetable"
    label = "timetable"
    verbose_name = "Emploi du temps"

    def ready(self) -> None:
        """Declare the messages of the room, and the stages of the thread that it tells."""
        from reseda.mail.domain.templates import declare  # noqa: PLC0415 (rooms are ready now)
        from reseda.timetable.domain.messages import MESSAGES  # noqa: PLC0415 (same)
        from reseda.timetable.queries import thread  # noqa: PLC0415 (same)
        from reseda.ui import queries  # noqa: PLC0415 (same)
        from reseda.ui.domain.parts import ThreadTeller  # noqa: PLC0415 (same)

        for message in MESSAGES:
            declare(message)
        queries.register(ThreadTeller("conflict", thread.tell_conflict))
        queries.register(ThreadTeller("accommodation", thread.tell_accommodation))
