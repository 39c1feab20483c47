"""Who opened what of a reservist’s record, as its holder reads it: name, role, moment, what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reseda.journal.models import Entry
from reseda.journal.queries import reference
from reseda.people.models import Mandate, Person, Role
from reseda.service.models import Engagement
from reseda.service.queries.following import CONSULTED
from reseda.ui.domain.parts import Text

FILE_OPENED = "documents.consult"
WHAT: dict[str, Text] = {
    CONSULTED: _("le dossier"),
    FILE_OPENED: _("la convocation"),
}


@dataclass(frozen=True)
class Consultation:
    """Somebody who is not its holder opened a part of a record."""

    name: str
    roles: tuple[str, ...]
    what: Text
    at: datetime


def consultations(engagement: Engagement) -> QuerySet[Entry]:
    """Return the entries of the journal that tell who else opened this record, latest first."""
    files = engagement.periods.exclude(convocation=None).values_list("convocation", flat=True)
    subjects = [reference(engagement), *(f"documents.storedfile:{key}" for key in files)]
    own = Person(pk=engagement.person_id).journal_name
    return (
        Entry.objects.filter(subject__in=subjects, verb__in=WHAT)
        .exclude(actor=own)
        .order_by("-number")
    )


def named(entries: Iterable[Entry], engagement: Engagement) -> list[Consultation]:
    """Return entries with the names and roles, that day, of those who acted (two queries)."""
    found = list(entries)
    keys = {key for one in found if (key := _key(one)) is not None}
    people = {one.pk: one for one in Person.objects.filter(pk__in=keys)}
    mandates = list(
        Mandate.objects.filter(person__in=keys, organisation=engagement.school_id).exclude(
            role__in=(Role.STUDENT, Role.STAFF)
        )
    )
    return [
        Consultation(
            str(people[key]) if (key := _key(one)) in people else "–",
            tuple(sorted({str(m.get_role_display()) for m in mandates if _held(m, key, one)})),
            WHAT[one.verb],
            one.at,
        )
        for one in found
    ]


def _key(entry: Entry) -> int | None:
    kind, _colon, key = entry.actor.partition(":")
    return int(key) if kind == "person" and key.isdigit() else None


def _held(mandate: Mandate, person: int | None, entry: Entry) -> bool:
    """Tell whether a mandate was in force when somebody acted."""
    day = timezone.localtime(entry.at).date()
    is_begun = mandate.from_on <= day
    return (
        mandate.person_id == person and is_begun and (mandate.to_on is None or mandate.to_on >= day)
    )


class Telling:
    """Names the entries of one record one after the other, the people read once for all."""

    def __init__(self, engagement: Engagement) -> None:
        self.engagement = engagement
        self.known: dict[int, Consultation] = {}

    def __call__(self, entry: Entry) -> Consultation:
        """Return an entry as its holder reads it."""
        if not self.known:
            every = list(consultations(self.engagement))
            told = named(every, self.engagement)
            self.known = {one.pk: said for one, said in zip(every, told, strict=True)}
        return self.known[entry.pk]
