"""What changed from one version of a framework to another: added, removed, reworded, moved."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from reseda.competencies.domain.changes import Known
from reseda.competencies.domain.framework import Line, Link

# The fields of a line whose change is told, in the order of telling; places are told apart.
COMPARED = ("code", "kind", "statement", "statement_en", "credits", "source")


@dataclass(frozen=True)
class Changed:
    """An item that both versions have and that says something else: the fields that differ.

    `is_moved`: it stands under another item, or after others than before.
    """

    was: Line
    now: Line
    fields: tuple[str, ...]
    is_moved: bool


@dataclass(frozen=True)
class Difference:
    """What one version has and the other has not, items followed by their identifiers."""

    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    changed: tuple[Changed, ...] = ()
    unchanged: int = 0
    links_added: tuple[Link, ...] = ()
    links_removed: tuple[Link, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether both versions say the same of their items and links."""
        return not any(
            (self.added, self.removed, self.changed, self.links_added, self.links_removed)
        )


def difference(before: Known, after: Known) -> Difference:
    """Say what changed from one version to another; lines come parents first, siblings in order."""
    old = {line.identifier: line for line in before.lines}
    new = {line.identifier: line for line in after.lines}
    moved = _moved(before.lines, after.lines)
    found = [
        Changed(
            old[key],
            line,
            tuple(name for name in COMPARED if getattr(line, name) != getattr(old[key], name)),
            key in moved,
        )
        for key, line in new.items()
        if key in old
    ]
    changed = tuple(one for one in found if one.fields or one.is_moved)
    was, now = _links(before), _links(after)
    return Difference(
        tuple(line for key, line in new.items() if key not in old),
        tuple(line for key, line in old.items() if key not in new),
        changed,
        len(found) - len(changed),
        tuple(link for ends, link in now.items() if ends not in was),
        tuple(link for ends, link in was.items() if ends not in now),
    )


def words(before: str, after: str) -> list[tuple[str, str]]:
    """Split two wordings into what stays (""), goes ("del") and comes ("ins"), in order."""
    old, new = before.split(), after.split()
    found: list[tuple[str, str]] = []
    for way, *ends in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        kept, fresh = " ".join(old[ends[0] : ends[1]]), " ".join(new[ends[2] : ends[3]])
        if way == "equal":
            found.append(("", kept))
            continue
        found += [(tag, text) for tag, text in (("del", kept), ("ins", fresh)) if text]
    return found


def _links(known: Known) -> dict[tuple[str, ...], Link]:
    """Name links by the identifiers of their ends: codes may change."""
    keys = {line.code: line.identifier for line in known.lines}
    return {
        (
            link.kind,
            keys.get(link.origin, ""),
            keys.get(link.destination, ""),
            link.outside.get("uri", ""),
        ): link
        for link in known.links
    }


def _moved(before: Sequence[Line], after: Sequence[Line]) -> set[str]:
    """Return who has another parent, or another order among the siblings that stayed."""
    old, new = _families(before), _families(after)
    home = {key: parent for parent, keys in old.items() for key in keys}
    moved: set[str] = set()
    for parent, keys in new.items():
        moved |= {key for key in keys if key in home and home[key] != parent}
        places = {key: place for place, key in enumerate(old.get(parent, ()))}
        stayed = [key for key in keys if key in places]
        kept = _longest([places[key] for key in stayed])
        moved |= {key for key in stayed if places[key] not in kept}
    return moved


def _families(lines: Sequence[Line]) -> dict[str, list[str]]:
    keys = {line.code: line.identifier for line in lines}
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(keys.get(line.parent, ""), []).append(line.identifier)
    return found


def _longest(places: Sequence[int]) -> set[int]:
    """Return the longest rising run (patience sorting): those who need not have moved."""
    if all(one < two for one, two in pairwise(places)):
        return set(places)
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        pile = bisect_left(tops, place)
        before[place] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [place]
    found: set[int] = set()
    last: int | None = tops[-1]
    while last is not None:
        found.add(last)
        last = before[last]
    return found
