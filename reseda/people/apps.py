"""How Django knows this room."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.management import call_command
from django.db.models.signals import post_migrate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LETTER_NAMES: Mapping[str, Promise] = {
    "people.sign_in_link": _("Lien de connexion"),
    "people.password_reset": _("Nouveau mot de passe"),
    "people.security_notice": _("Changement de sécurité du compte"),
    "people.answer_link": _("Nouveau lien de réponse"),
    "people.welcome": _("Ouverture d’un compte"),
}


def make_counters(using: str, **_signal: Any) -> None:
    """Create the table of the shared cache where it is missing: limits on attempts count there."""
    call_command("createcachetable", database=using, verbosity=0)


class PeopleConfig(AppConfig):
    """The room as a Django application."""

    name = "reseda.people"
    label = "people"
    verbose_name = _("Personnes")

    def ready(self) -> None:
        """Declare the letters of this room to whoever carries the mail; keep its counters ready."""
        from reseda.people.domain.letters import LETTERS  # noqa: PLC0415  (applications first)

        templates = import_module(settings.COURIER_TEMPLATES)
        for letter in LETTERS:
            name = LETTER_NAMES[letter.code]
            templates.declare(templates.Template(name=name, **vars(letter)))
        post_migrate.connect(make_counters, sender=self)
