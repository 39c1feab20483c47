"""A school that recognised something, and the credential it issued, for the tests."""

from typing import Any

from django.test import Client

from reseda.credentials import actions
from reseda.credentials.models import Credential
from reseda.people.models import Person
from reseda.recognition.tests import factories as recognition
from reseda.recognition.tests.factories import World

TITLE = "Conduire une équipe dans l’incertitude"
DESCRIPTION = "Décider, coordonner et rendre compte en situation réelle."
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def world() -> World:
    """One school, one person per role, its framework and its regulation."""
    return recognition.world()


def credential(made: World, *, who: Person | None = None, **words: str) -> Credential:
    """A credential issued by the director for a decision of the jury."""
    period = recognition.period(who or made.student, made)
    decision = recognition.decided(made, period)
    texts = {"title": TITLE, "description": DESCRIPTION, **words}
    return actions.issue(decision, **texts, by=made.studies_director)


def shared(made: World, *, shows_name: bool = True, **options: Any) -> Credential:
    """A credential that its holder shows to anybody."""
    issued = credential(made, **options)
    return actions.share(issued, shows_name=shows_name, by=issued.holder)


def revoked(made: World, **options: Any) -> Credential:
    """A shared credential that the school took back."""
    held = shared(made, **options)
    return actions.revoke(held, reason="Erreur matérielle sur un niveau.", by=made.studies_director)


def tampered(held: Credential, title: str = "Diplôme d’ingénieur") -> Credential:
    """The same row after somebody wrote in the database."""
    held.document["credentialSubject"]["achievement"]["name"] = title
    held.title = title
    held.save(update_fields=["document", "title"])
    return held


def sign_in(client: Client, person: Person) -> Client:
    """The client, signed in as somebody."""
    client.force_login(person, backend=BACKEND)
    return client
