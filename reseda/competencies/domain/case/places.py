"""The links of a package: which place an item in the tree, and which stand beside it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reseda.competencies.domain.case import kinds, objects, terms
from reseda.competencies.domain.case.check import looped
from reseda.competencies.domain.case.nodes import ENDED, Item, Raw, Served
from reseda.competencies.domain.case.own import PLACED, link_identifier
from reseda.competencies.domain.case.repair import Fields, Repair, normal, reference
from reseda.competencies.domain.framework import RELATED, Line, Link

ORIGIN, DESTINATION = "originNodeURI", "destinationNodeURI"
_TYPES = {name.lower(): name for name in objects.ASSOCIATION_TYPES}
_HANDLED = frozenset({"associationtype", ORIGIN.lower(), DESTINATION.lower()})
MAX_KIND, MAX_RANK = 60, 2**31 - 1
# The document itself, as the parent of items at the top.
TOP = -1


@dataclass(frozen=True)
class Told:
    """A link of a file: its ends as ranks of items (None: no item), and as they were written."""

    rank: int
    kind: str
    identifier: str
    origin: int | None
    destination: int | None
    ends: tuple[Any, Any]
    sequence: int | None
    extra: Fields

    @property
    def place(self) -> str:
        """Where it stands in the file."""
        return f"CFAssociations[{self.rank}]"


class Placing:
    """The tree of a file and the links beside it; what stops it goes to the notes of `repair`."""

    def __init__(
        self, items: Sequence[Item], repair: Repair, served: Served, document: str
    ) -> None:
        self.items = {item.rank: item for item in items}
        self.repair, self.notes, self.served = repair, repair.notes, served
        self.ranks = {name: item.rank for item in reversed(items) for name in item.references}
        self.document = document
        self.parents: dict[int, Told] = {}
        self.beside: list[Told] = []

    def read(self, raw_links: Sequence[Raw]) -> None:
        """Sort links out: the place of each item, and the others."""
        candidates: defaultdict[int, list[Told]] = defaultdict(list)
        first: dict[str, str] = {}
        for rank, raw in raw_links:
            told = self._told(rank, raw)
            at = f"{told.place}.identifier"
            if told.identifier and first.setdefault(told.identifier, at) != at:
                facts = {"first": first[told.identifier]}
                self.notes.fault("case_repeated_identifier", at, told.identifier, **facts)
            if told.kind == PLACED and told.origin not in {None, TOP}:
                candidates[told.origin or 0].append(told)
            else:
                self.beside.append(told)
        for child, found in candidates.items():
            self._place(child, found)
        self.beside.sort(key=lambda told: told.rank)
        edges = (
            (str(child), str(told.destination))
            for child, told in self.parents.items()
            if told.destination != TOP
        )
        for child in sorted(int(one) for one in looped(edges)):
            self.notes.fault("case_loop", self.items[child].place, self.items[child].identifier)

    def _told(self, rank: int, raw: Mapping[str, Any]) -> Told:
        place = f"CFAssociations[{rank}]"
        named = {name.lower(): value for name, value in raw.items()}
        ends = (named.get(ORIGIN.lower()), named.get(DESTINATION.lower()))
        rest = {name: value for name, value in raw.items() if name.lower() not in _HANDLED}
        said = self.repair.fields(rest, objects.CFPckgAssociation, place)
        sequence = said.pop("sequenceNumber", None)
        return Told(
            rank,
            self._kind(named.get("associationtype"), place),
            self.repair.keys.own(raw, place),
            self._rank_of(ends[0]),
            self._rank_of(ends[1]),
            ends,
            sequence,
            terms.unaddressed(said, self.served),
        )

    def _kind(self, value: Any, place: str) -> str:
        text = value.strip() if isinstance(value, str) else ""
        if text.lower() in _TYPES:
            return _TYPES[text.lower()]
        if objects.is_extended(text) and len(text) <= MAX_KIND:
            return text
        self.notes.remark("case_unknown_link_type", f"{place}.associationType", text)
        return RELATED

    def _rank_of(self, end: Any) -> int | None:
        """Return the rank of the item at an end, `TOP` for the document, None for anything else."""
        names = [reference(end)]
        if isinstance(end, Mapping) and isinstance(end.get("uri"), str):
            names += [end["uri"], reference(end["uri"])]
        elif isinstance(end, str):
            names += [normal(end), end]
        for name in names:
            if name and name in self.ranks:
                return self.ranks[name]
            if name and name == self.document:
                return TOP
        return None

    def _place(self, child: int, found: Sequence[Told]) -> None:
        """Keep the first parent that is an item, else the document; the others become links."""
        here = [told for told in found if told.destination is not None]
        chosen = next((told for told in here if told.destination != TOP), next(iter(here), None))
        if chosen is None:
            first = found[0]
            place = f"{first.place}.{DESTINATION}"
            self.notes.fault("case_unknown_parent", place, reference(first.ends[1]))
            return
        self.parents[child] = chosen
        for told in found:
            if told is chosen:
                continue
            is_same = told.destination == chosen.destination
            self.notes.remark("case_repeated_link" if is_same else "case_second_parent", told.place)
            if not is_same:
                self.beside.append(told)

    def lines(self) -> list[Line]:
        """Return the items as lines of a tree, parents first; what was withdrawn is left out."""
        children = self._children()
        order = _order(children)
        firm = {rank: item.firm for rank, item in self.items.items() if item.firm}
        likely = {rank: item.likely for rank, item in self.items.items() if item.likely}
        below = {rank: found for rank, found in children.items() if rank != TOP}
        chosen = kinds.guessed(order, below, firm, likely)
        for rank in order:
            if rank not in firm:
                self.notes.remark("case_kind_guessed", self.items[rank].place)
        above = {child: parent for parent, found in below.items() for child in found}
        places = {
            child: place for found in children.values() for place, child in enumerate(found, 1)
        }
        return [
            self._line(self.items[rank], above.get(rank), chosen[rank], places[rank])
            for rank in order
        ]

    def _children(self) -> dict[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        holding = {told.destination for told in self.parents.values()}
        for rank, item in self.items.items():
            if rank in self.parents:
                found[self.parents[rank].destination or 0].append(rank)
            elif self.parents and ENDED in item.extra and rank not in holding:
                self.notes.remark("case_withdrawn", item.place)
            else:
                self.notes.remark("case_without_place", item.place)
                found[TOP].append(rank)
        for below in found.values():
            below.sort(key=self._sequence)
        return found

    def _sequence(self, rank: int) -> tuple[bool, int, int]:
        told = self.parents.get(rank)
        number = told.sequence if told else None
        return number is None, number or 0, rank

    def _line(self, item: Item, parent: int | None, kind: str, place: int) -> Line:
        told = self.parents.get(item.rank)
        key = told.identifier if told else ""
        is_ours = bool(item.identifier) and key == link_identifier(item.identifier)
        placed = {PLACED: told.extra} if told and told.extra else {}
        return Line(
            item.code,
            "" if parent is None else self.items[parent].code,
            kind,
            item.statement,
            item.statement_en,
            place,
            item.identifier,
            credits=item.credits,
            source=item.source,
            parent_link="" if is_ours else key,
            extra={**item.extra, **placed},
            line=item.rank + 1,
        )

    def links(self, codes: Mapping[int, str]) -> Iterator[Link]:
        """Return the links beside the tree; `codes` are those of the items that are kept."""
        for told in self.beside:
            ends = [
                codes.get(-2 if one is None else one, "") for one in (told.origin, told.destination)
            ]
            others = [raw for raw, code in zip(told.ends, ends, strict=True) if not code]
            outside = [self.repair.end(raw) for raw in others]
            if len(others) > 1 or None in outside:
                self.notes.remark("case_link_outside", told.place)
            elif ends[0] == ends[1]:
                self.notes.remark("case_link_to_itself", told.place)
            else:
                yield Link(
                    told.kind,
                    ends[0],
                    ends[1],
                    next((end for end in outside if end), {}),
                    told.identifier,
                    self._rank(told),
                    told.extra,
                    told.rank + 1,
                )

    def _rank(self, told: Told) -> int | None:
        if told.sequence is None or 0 <= told.sequence <= MAX_RANK:
            return told.sequence
        self.notes.remark("case_left_out", f"{told.place}.sequenceNumber", field="sequenceNumber")
        return None


def _order(children: Mapping[int, Sequence[int]]) -> list[int]:
    """Return items parents first, as a tree is read."""
    order: list[int] = []
    waiting = list(reversed(children.get(TOP, ())))
    while waiting:
        rank = waiting.pop()
        order.append(rank)
        waiting += reversed(children.get(rank, ()))
    return order
