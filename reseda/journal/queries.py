"""What is read of the journal."""

from collections.abc import Iterator

from django.db import models
from django.db.models import QuerySet

from reseda.journal.domain import chain
from reseda.journal.models import Entry


def reference(subject: models.Model) -> str:
    """Return how the journal names an object: `room.model:key`."""
    return f"{subject._meta.label_lower}:{subject.pk}"


def history(subject: models.Model) -> QuerySet[Entry]:
    """Return what happened to an object, latest first."""
    return Entry.objects.filter(subject=reference(subject)).order_by("-number")


def content(entry: Entry) -> dict[str, object]:
    """Return the part of an entry that its digest covers."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "verb": entry.verb,
        "actor": entry.actor,
        "subject": entry.subject,
        "organisation": entry.organisation,
        "facts": entry.facts,
    }


def links() -> Iterator[chain.Link]:
    """Yield the whole chain in order, without holding it in memory."""
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        yield chain.Link(entry.number, content(entry), entry.previous, entry.digest)
