"""How Django knows this room."""

from collections.abc import Mapping
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LETTER_NAMES: Mapping[str, Promise] = {
    "people.sign_in_link": _("Lien de connexion"),
    "people.password_reset": _("Nouveau mot de passe"),
    "people.security_notice": _("Changement de sécurité du compte"),
    "people.answer_link": _("Nouveau lien de réponse"),
    "people.welcome": _("Ouverture d’un compte"),
}


class PeopleConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.people"
    label = "people"
    verbose_name = "Personnes"

    def ready(self) -> None:
        """Declare the letters of this room to whoever the site chose to carry its mail."""
        from reseda.people.domain.letters import LETTERS  # noqa: PLC0415  (applications first)

        templates = import_module(settings.COURIER_TEMPLATES)
        for letter in LETTERS:
            name = LETTER_NAMES[letter.code]
            templates.declare(templates.Template(name=name, **vars(letter)))
