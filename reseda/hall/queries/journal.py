"""The journal put into words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reseda.journal.actions import Verb
from reseda.journal.models import Entry
from reseda.people.models import AnswerLink, Person


@dataclass(frozen=True)
class Said:
    """An entry of the journal as a sentence: who, what, when."""

    entry: Entry
    actor: str
    sentence: str


def said(entries: Iterable[Entry]) -> list[Said]:
    """Put entries into words; the names of the actors are read once, whatever the entries."""
    rows = list(entries)
    names = _actors(rows)
    return [Said(row, names.get(row.actor, row.actor), _sentence(row)) for row in rows]


def _sentence(entry: Entry) -> str:
    verb = Verb.known.get(entry.verb)
    return str(verb.sentence).format_map(_Facts(entry.facts)) if verb else entry.verb


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "–"


def _actors(entries: list[Entry]) -> dict[str, str]:
    keys: dict[str, set[str]] = {"person": set(), "link": set()}
    for entry in entries:
        kind, _colon, key = entry.actor.partition(":")
        keys.setdefault(kind, set()).add(key)
    people_names = {
        one.journal_name: str(one) for one in Person.objects.filter(pk__in=keys["person"])
    }
    outsiders = {
        one.journal_name: one.name or str(_("Une personne extérieure"))
        for one in AnswerLink.objects.filter(pk__in=keys["link"])
    }
    return {**people_names, **outsiders, "system": "Réséda"}
