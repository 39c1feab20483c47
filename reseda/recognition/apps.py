"""How Django knows this room, what it writes to people and tells the thread."""

from collections.abc import Mapping
from importlib import import_module

from django.apps import AppConfig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reseda.mail.domain.templates import Template, declare
from reseda.recognition.domain import letters
from reseda.ui.domain.parts import ThreadTeller
from reseda.ui.queries import register

LETTER_NAMES: Mapping[str, Promise] = {
    "recognition.submitted": _("Dossier déposé (à l’élève)"),
    "recognition.complement": _("Complément demandé (à l’élève)"),
    "recognition.decided": _("Décision prise (à l’élève)"),
    "recognition.convened": _("Session de jury (à ses membres)"),
}


class RecognitionConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.recognition"
    label = "recognition"
    verbose_name = _("Reconnaissance")

    def ready(self) -> None:
        """Declare the messages of the room, and the stages of the thread that it tells."""
        queries = import_module("reseda.recognition.queries")
        for code, name in LETTER_NAMES.items():
            texts = letters.SUBJECTS[code], letters.BODIES[code], letters.EXAMPLES[code]
            declare(Template(code, name, *texts))
        register(ThreadTeller("evidence", queries.tell_evidence))
        register(ThreadTeller("assessment", queries.tell_assessment))
        register(ThreadTeller("jury", queries.tell_jury))
