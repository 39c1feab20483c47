"""How Django knows this room, what it tells the thread and writes to people."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from reseda.mail.domain.templates import Template, declare
from reseda.ui import queries as ui
from reseda.ui.domain.parts import ThreadTeller

ISSUED = Template(
    "credentials.issued",
    _("Au titulaire : un titre est délivré"),
    {"fr": "Un titre vous a été délivré", "en": "A credential has been issued to you"},
    {
        "fr": (
            "Bonjour {first_name},\n\nL’école vous a délivré un titre : {title}.\n\n"
            "Personne ne le voit tant que vous ne le partagez pas :\n{url}\n"
        ),
        "en": (
            "Hello {first_name},\n\nThe school has issued a credential to you: {title}.\n\n"
            "Nobody sees it until you share it:\n{url}\n"
        ),
    },
    {
        "first_name": "Camille",
        "title": "Conduite d’équipe en situation exigeante",
        "url": "https://reseda.example/mes-titres/1/",
    },
)


class CredentialsConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.credentials"
    label = "credentials"
    verbose_name = _("Titres")

    def ready(self) -> None:
        """Declare the mail of the room, and tell the last stage of the thread."""
        declare(ISSUED)
        queries = import_module("reseda.credentials.queries")
        ui.register(ThreadTeller("credential", queries.tell_credential))
