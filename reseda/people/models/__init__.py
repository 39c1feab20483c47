"""What is stored of people: persons, organisations, mandates, links, and how words are sealed."""

from reseda.people.models.identity import (
    AnswerLink,
    Mandate,
    Organisation,
    Person,
    PersonManager,
    Role,
    SignInLink,
    in_force,
)
from reseda.people.models.sealed import SealedTextField, Unreadable, seal, unseal

__all__ = [
    "AnswerLink",
    "Mandate",
    "Organisation",
    "Person",
    "PersonManager",
    "Role",
    "SealedTextField",
    "SignInLink",
    "Unreadable",
    "in_force",
    "seal",
    "unseal",
]
