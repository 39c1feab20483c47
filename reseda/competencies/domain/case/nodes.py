"""The items of a package, as their author told them: wordings, types, codes, all the rest."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from reseda.competencies.domain.case import objects, terms
from reseda.competencies.domain.case.own import (
    ITEM_TYPES,
    KIND_OF_TYPE,
    OWN,
    code_of,
    is_derived_code,
)
from reseda.competencies.domain.case.repair import Fields, Repair, normal
from reseda.competencies.domain.framework import ADDRESSES, KINDS, MAX_CODE, MAX_SOURCE
from reseda.schools.domain.sheets import plain

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
# The day on which an item was, or will be, withdrawn.
ENDED = "statusEndDate"
Raw = tuple[int, Mapping[str, Any]]
Served = Mapping[str, frozenset[str]]


@dataclass
class Item:
    """An item of a file: `rank` is its place in its list, from 0; `firm` the kind that is sure,
    `likely` the kind that its title makes likely; `tells` what few files say of an item.
    """

    rank: int
    identifier: str
    statement: str
    statement_en: str
    code: str
    firm: str
    likely: str
    credits: Decimal | None
    source: str
    extra: Fields
    references: tuple[str, ...]
    tells: frozenset[str] = field(default=frozenset())

    @property
    def place(self) -> str:
        """Where it stands in the file."""
        return f"CFItems[{self.rank}]"


def items_of(
    raw_items: Sequence[Raw], repair: Repair, served: Served, *, is_ours: bool
) -> list[Item]:
    """Return the items of a file; `is_ours` when alternative labels are wordings in English."""
    items = [_item(rank, raw, repair, served, is_ours=is_ours) for rank, raw in raw_items]
    if not any("source" in item.tells for item in items):
        for item, (_rank, raw) in zip(items, raw_items, strict=True):
            item.source = raw["uri"] if _is_web(raw.get("uri")) else ""
    _refuse_repeated(items, repair)
    _give_codes(items, repair)
    return items


def _item(
    rank: int, raw: Mapping[str, Any], repair: Repair, served: Served, *, is_ours: bool
) -> Item:
    place = f"CFItems[{rank}]"
    said = terms.unaddressed(repair.fields(raw, objects.CFPckgItem, place), served)
    statement = said.pop("fullStatement", "")
    for name in ("fullStatement", "alternativeLabel"):
        if _MARKUP.search(str(raw.get(name) or "")):
            repair.notes.remark("case_markup", f"{place}.{name}")
    if not statement.strip():
        repair.notes.fault("case_missing", f"{place}.fullStatement", field="fullStatement")
    key = repair.keys.own(raw, place)
    if not key:
        repair.notes.fault("case_missing", f"{place}.identifier", field="identifier")
    told = _extended(said)
    own_english = told.pop("statement_en", "")
    english = said.pop("alternativeLabel", "") if is_ours else own_english
    firm, likely = _kinds(said, told.pop("kind", ""))
    uri = raw.get("uri")
    return Item(
        rank,
        key,
        statement,
        english,
        said.get("humanCodingScheme", "").strip(),
        firm,
        likely,
        told.get("credits"),
        told.get("source", ""),
        said,
        tuple(
            one for one in (normal(raw.get("identifier")), key, uri) if one and isinstance(one, str)
        ),
        frozenset(told) | ({"statement_en"} if is_ours or own_english else set()),
    )


def _is_web(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(ADDRESSES) and len(value) <= MAX_SOURCE


def _extended(said: Fields) -> Fields:
    """Take out of extensions what has a place of its own here."""
    extensions = dict(said.pop("extensions", {}))
    own = extensions.pop(OWN, {})
    own = own if isinstance(own, dict) else {}
    told: Fields = {}
    if _is_web(extensions.get("sourceItemURI")):
        told["source"] = extensions.pop("sourceItemURI")
    credits_ = own.get("ectsCredits")
    if isinstance(credits_, (int, float)) and not isinstance(credits_, bool):
        told["credits"] = Decimal(str(credits_))
    if isinstance(own.get("statementEn"), str):
        told["statement_en"] = own["statementEn"]
    kind = own.get("kind")
    if isinstance(kind, str) and kind in ITEM_TYPES:
        told["kind"] = kind
    if extensions:
        said["extensions"] = extensions
    return told


def _kinds(said: Fields, told: str) -> tuple[str, str]:
    """Return the kind that is sure and the likely one; a type of ours needs not be kept."""
    target = said.get("CFItemTypeURI", {})
    own = KIND_OF_TYPE.get(target.get("identifier", ""), "")
    if own:
        said.pop("CFItemTypeURI")
        said.pop("CFItemType", None)
    titles = (said.get("CFItemType", ""), target.get("title", ""))
    likely = next((KINDS[plain(title)] for title in titles if plain(title) in KINDS), "")
    return told or own, likely


def _refuse_repeated(items: Sequence[Item], repair: Repair) -> None:
    first: dict[str, Item] = {}
    for item in items:
        earlier = first.setdefault(item.identifier, item) if item.identifier else item
        if earlier is not item:
            place = f"{item.place}.identifier"
            at = f"{earlier.place}.identifier"
            repair.notes.fault("case_repeated_identifier", place, item.identifier, first=at)


def _give_codes(items: Sequence[Item], repair: Repair) -> None:
    """Keep the codes that can be, and derive one for each other item from its identifier.

    A code that an item in force took up again is no more that of the item which had it.
    """
    in_force = Counter(item.code for item in items if ENDED not in item.extra)
    counts = Counter(item.code for item in items)
    taken = set(counts)
    for item in items:
        is_ended = ENDED in item.extra
        shared = counts[item.code] if is_ended else in_force[item.code]
        is_free = shared == 1 or is_derived_code(item.code, item.identifier)
        if item.code and is_free and len(item.code) <= MAX_CODE:
            item.extra.pop("humanCodingScheme", None)
            continue
        if item.code and not is_ended:
            repair.notes.remark("case_code_derived", f"{item.place}.humanCodingScheme", item.code)
        item.code = code_of(item.identifier, taken)
        taken.add(item.code)
