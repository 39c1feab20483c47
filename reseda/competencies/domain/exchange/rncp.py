"""Blocks of competencies of the RNCP (France compétences), as a list of blocks in JSON.

Each block names its certification (`RNCP24529BC01`): certifications become groups, in the order in
which they come; what it states becomes its competencies.
"""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from reseda.competencies.domain.changes import SAID, Told
from reseda.competencies.domain.framework import (
    BLOCK,
    COMPETENCY,
    CONTROL,
    GROUP,
    About,
    Line,
)
from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, flat
from reseda.schools.domain.workbooks import Unreadable

NAMED = re.compile(r"RNCP(\d{1,9})BC(\d{1,4})")
NOTICE = "Source : France compétences, RNCP, Licence Ouverte 2.0 (Etalab)"
ABOUT = About(
    creator="France compétences",
    publisher="France compétences",
    notes=NOTICE,
    official_source_url="https://www.francecompetences.fr/recherche_certificationprofessionnelle/",
)
TELLS = frozenset(SAID) - {"statement_en", "credits", "parent_link"}


def is_one(found: object) -> bool:
    """Tell whether a JSON document is a list of such blocks."""
    return (
        isinstance(found, list)
        and bool(found)
        and isinstance(found[0], dict)
        and "prefLabel" in found[0]
        and "id" in found[0]
    )


def read(data: bytes) -> Told:
    """Read blocks; raises `Unreadable`: not_json, not_rncp."""
    try:
        found = json.loads(sheets.text(data))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json", line=getattr(error, "lineno", 1)) from error
    if not is_one(found):
        raise Unreadable("not_rncp")
    return told(found)


def told(found: list[Any], *, limit: int = sheets.MAX_ROWS) -> Told:
    """Say what a list of blocks tells; a wrong block is named by its place in the list.

    Raises `Unreadable`: too_many_rows, where it makes more than `limit` items.
    """
    lines: list[Line] = []
    faults: list[Fault] = []
    remarks: list[Fault] = []
    blocks: dict[str, int] = {}
    for place, block in enumerate(found):
        name = str(block.get("id", "")) if isinstance(block, dict) else ""
        number = NAMED.fullmatch(name)
        if number is None:
            faults.append(Fault(place + 1, "id", name[:40], "not_a_block"))
            continue
        group = f"RNCP{number[1]}"
        source = f"https://www.francecompetences.fr/recherche/rncp/{number[1]}/"
        if group not in blocks:
            blocks[group] = 0
            rank = len(blocks)
            title = f"Certification {group}"
            top = Line(group, "", GROUP, title, "", rank, _key(group), source=source)
            lines.append(replace(top, line=place + 1))
        blocks[group] += 1
        said = _block(block, group, blocks[group], source)
        lines += (replace(line, line=place + 1) for line in said)
        remarks += _repeated(block, place)
        if len(lines) > limit:
            raise Unreadable("too_many_rows", limit=limit)
    return Told(
        tuple(lines),
        about=ABOUT,
        about_tells=frozenset({"creator", "publisher", "notes", "official_source_url"}),
        is_flat=True,
        tells=TELLS,
        faults=tuple(faults),
        remarks=tuple(remarks),
    )


def _block(block: Mapping[str, Any], group: str, rank: int, source: str) -> Iterator[Line]:
    name = block["id"]
    stated = _statements(block)
    notes = "" if stated else CONTROL.sub("", str(block.get("competenciesSource") or "")).strip()
    yield Line(
        name,
        group,
        BLOCK,
        _label(block),
        "",
        rank,
        _key(name),
        source=source,
        extra={"notes": notes} if notes else {},
    )
    for place, (key, text) in enumerate(stated.items(), start=1):
        code = f"{name}-{place}"
        yield Line(code, name, COMPETENCY, text, "", place, _key(f"{name}/{key}"), source=source)


def _statements(block: Mapping[str, Any]) -> dict[str, str]:
    """Return what a block states, by its own identifier, else by its words; said once each."""
    found: dict[str, str] = {}
    for one in _listed(block):
        text = _label(one)
        found.setdefault(str(one.get("id") or text), text)
    return found


def _listed(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    stated = block.get("competency")
    return [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []


def _repeated(block: Mapping[str, Any], place: int) -> Iterator[Fault]:
    seen: set[str] = set()
    for rank, one in enumerate(_listed(block)):
        key = str(one.get("id") or _label(one))
        if key in seen:
            facts = {"place": f"[{place}].competency[{rank}]"}
            yield Fault(place + 1, "competency", _label(one)[:80], "said_twice", facts)
        seen.add(key)


def _label(one: Mapping[str, Any]) -> str:
    """Return the first wording of a block or a statement, empty where there is none."""
    told = one.get("prefLabel")
    first = told[0] if isinstance(told, list) and told else told
    return flat(CONTROL.sub("", first)) if isinstance(first, str) else ""


def _key(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://www.francecompetences.fr/rncp/{name}"))
