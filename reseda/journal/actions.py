"""What is done to the journal: one verb, to add to it."""

from dataclasses import dataclass
from datetime import UTC
from typing import ClassVar, Protocol

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise

from reseda.journal import queries
from reseda.journal.domain import chain
from reseda.journal.models import Entry, Head


class Actor(Protocol):
    """Whoever acts: a person, the holder of an answer link, the system itself."""

    @property
    def journal_name(self) -> str:
        """The reference written in the journal, such as `person:12`."""


class System:
    """The site acting by itself: a scheduled task, a command run by the operator."""

    journal_name = "system"


SYSTEM = System()


@dataclass(frozen=True, eq=False)
class Verb:
    """A kind of act: its code, and the sentence in which `{facts}` take their places when the
    journal is read.

    The sentence completes the name of the actor: "Camille Roux | a déclaré un engagement".
    """

    code: str
    sentence: str | Promise
    known: ClassVar[dict[str, "Verb"]] = {}

    def __post_init__(self) -> None:
        if self.code in Verb.known:
            message = f"two verbs of the journal are called {self.code}"
            raise ValueError(message)
        Verb.known[self.code] = self


@transaction.atomic
def record(
    verb: Verb,
    subject: models.Model,
    *,
    by: Actor,
    organisation: int | None = None,
    **facts: str | float | None,
) -> Entry:
    """Add an entry inside the caller's transaction; the head row is locked until that transaction
    ends.
    """
    head = Head.objects.select_for_update().get(pk=1)
    entry = Entry(
        number=head.number + 1,
        at=timezone.now().astimezone(UTC),
        verb=verb.code,
        actor=by.journal_name,
        subject=queries.reference(subject),
        organisation=organisation,
        facts=facts,
        previous=head.digest,
    )
    entry.digest = chain.digest(entry.previous, queries.content(entry))
    entry.save(force_insert=True)
    Head.objects.filter(pk=1).update(number=entry.number, digest=entry.digest)
    return entry
