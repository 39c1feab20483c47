"""What the pages of import show of changes and faults, in bounds: files have thousands of lines."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from reseda.competencies.domain.changes import NOTICED, Changes, Known
from reseda.competencies.domain.exchange import formats
from reseda.competencies.domain.framework import About, Line, Link, Term
from reseda.competencies.forms.faults import COLUMNS, FORMATS, column, place, sentence
from reseda.competencies.models import Item
from reseda.schools.domain.sheets import Fault

__all__ = ["Fault", "faulty", "preview"]

SHOWN, SHOWN_LINKS = 100, 12
NAMED_PLACES = (formats.CASE, formats.RNCP)
LONGEST = 400
ABOUT: dict[str, str | Promise] = {
    "creator": gettext_lazy("Auteur"),
    "publisher": gettext_lazy("Éditeur"),
    "description": gettext_lazy("Description"),
    "notes": gettext_lazy("Notes et mentions de source"),
    "official_source_url": gettext_lazy("Adresse officielle"),
    "language": gettext_lazy("Langue"),
    "framework_type": gettext_lazy("Type de référentiel"),
    "extra": gettext_lazy("Autres champs"),
}
Difference = tuple[object, str, str]


def faulty(faults: Sequence[Fault], kind: str) -> dict[str, Any]:
    """Return the first faults with their places and sentences, and how many there are."""
    return {
        "told": [
            (place(fault, kind), column(fault), fault.value, sentence(fault))
            for fault in faults[:SHOWN]
        ],
        "total": len(faults),
        "others": max(0, len(faults) - SHOWN),
        # A place such as `CFItems[12].fullStatement` already names what a column would.
        "has_columns": kind not in NAMED_PLACES,
        "format": FORMATS[kind],
    }


def preview(changes: Changes, known: Known, kind: str) -> dict[str, Any]:
    """Return what a file would change, the first of each sort and how many others there are."""
    return {
        "changes": changes,
        "format": FORMATS[kind],
        "created": [(line, _kind(line)) for line in changes.created[:SHOWN]],
        "more_created": _more(changes.created),
        "updated": [(now, _differences(was, now)) for was, now in changes.updated[:SHOWN]],
        "more_updated": _more(changes.updated),
        "removed": changes.removed[:SHOWN],
        "more_removed": _more(changes.removed),
        "links": _links(changes.links, known.links),
        "terms": _terms(changes.terms, known.terms),
        "about": _about(changes.about, known.about),
        "remarks": [
            (place(fault, kind), fault.value, sentence(fault)) for fault in changes.remarks[:SHOWN]
        ],
        "more_remarks": _more(changes.remarks),
    }


def _more(found: Sequence[object]) -> int:
    return max(0, len(found) - SHOWN)


def _kind(line: Line) -> str:
    return str(Item.Kind(line.kind).label)


def _differences(was: Line, now: Line) -> list[Difference]:
    """Say what changes of an item, field by field; a link to its parent has nothing to show."""
    pairs: list[Difference] = [
        (COLUMNS[name], _shown(getattr(was, name)), _shown(getattr(now, name)))
        for name in ("code", "parent", "statement", "statement_en", "rank", "credits", "source")
        if getattr(was, name) != getattr(now, name)
    ]
    if was.kind != now.kind:
        pairs.append((COLUMNS["kind"], _kind(was), _kind(now)))
    pairs += [
        (name, _shown(was.extra.get(name)), _shown(now.extra.get(name)))
        for name in sorted({*was.extra, *now.extra})
        if was.extra.get(name) != now.extra.get(name)
    ]
    if was.parent_link != now.parent_link:
        pairs.append((COLUMNS["parent_link"], was.parent_link, now.parent_link))
    return pairs


def _shown(value: object) -> str:
    return "" if value in (None, "", {}, []) else Truncator(str(value)).chars(LONGEST)


def _links(told: Sequence[Link] | None, known: Sequence[Link]) -> dict[str, Any] | None:
    if told is None:
        return None
    now, was = (Counter(link.ends for link in links) for links in (told, known))
    added, gone = list((now - was).elements()), list((was - now).elements())
    return {
        "added": len(added),
        "gone": len(gone),
        "kept": (now & was).total(),
        "sample": [
            (word, kind, origin or uri, destination or uri)
            for word, ends in ((_("ajouté"), added), (pgettext("item", "retiré"), gone))
            for kind, origin, destination, uri in ends[:SHOWN_LINKS]
        ],
        "more": max(0, len(added) - SHOWN_LINKS) + max(0, len(gone) - SHOWN_LINKS),
    }


def _terms(told: Sequence[Term] | None, known: Sequence[Term]) -> dict[str, int] | None:
    if told is None:
        return None
    now, was = ({term.identifier: term for term in terms} for terms in (told, known))
    return {
        "added": len(now.keys() - was.keys()),
        "gone": len(was.keys() - now.keys()),
        "changed": sum(now[key] != was[key] for key in now.keys() & was.keys()),
    }


def _about(told: About | None, known: About) -> list[Difference]:
    if told is None:
        return []
    return [
        (ABOUT[name], _shown(getattr(known, name)), _shown(getattr(told, name)))
        for name in NOTICED
        if getattr(told, name) != getattr(known, name)
    ]
