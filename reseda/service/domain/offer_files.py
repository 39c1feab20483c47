"""Reading the periods that a unit offers from a table (CSV, XLSX) or a calendar (ICS).

What cannot be read at all raises `Unreadable(code, facts)`; what is wrong with a line is a
`Fault`, told in words by the pages, and the other lines are still read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, Row, Table, plain
from reseda.service.domain import moments, qualifications
from reseda.service.domain.moments import Moment
from reseda.service.domain.offers import Proposal, refusal

COLUMNS: dict[str, tuple[str, ...]] = {
    "starts_at": ("début", "du", "date de début", "start", "start date", "from", "dtstart"),
    "ends_at": ("fin", "au", "date de fin", "end", "end date", "to", "dtend"),
    "capacity": ("places", "nombre de places", "effectif", "capacity", "seats"),
    "purpose": ("objet", "intitulé", "activité", "purpose", "title", "summary"),
    "place": ("lieu", "place", "location"),
    "force": ("force", "réserve", "armée", "branch"),
    "unit_name": ("unité", "unit"),
    "requires": ("qualifications demandées", "demande", "prérequis", "requires", "required"),
    "grants": ("qualifications acquises", "acquis", "donne", "grants", "granted"),
    "uid": ("id", "uid", "identifiant", "référence", "reference"),
}
REQUIRED = ("starts_at", "purpose")
LENGTHS = {"purpose": 200, "place": 200, "unit_name": 160, "uid": 500}
MOST_OFFERS = 2_000
NEVER = datetime(1, 1, 1, tzinfo=UTC)
UID_LENGTH = 200
FORCES: dict[str, str] = {
    plain(name): code
    for code, names in {
        "terre": ("terre", "armée de terre", "army"),
        "marine": ("marine", "marine nationale", "navy"),
        "air_espace": (
            "air_espace",
            "air",
            "armée de l'air",
            "armée de l'air et de l'espace",
            "air et espace",
            "air and space",
            "air force",
        ),
        "gendarmerie": ("gendarmerie", "gendarmerie nationale"),
        "police": ("police", "police nationale"),
        "securite_civile": ("sécurité civile", "securite_civile", "civil security"),
    }.items()
    for name in names
}


@dataclass(frozen=True)
class Draft:
    """One period read from a file: its line (or its rank in a calendar), its name there."""

    line: int
    uid: str
    proposal: Proposal


@dataclass(frozen=True)
class Found:
    """Everything a file says, and everything that is wrong with it."""

    drafts: tuple[Draft, ...]
    faults: tuple[Fault, ...]
    unknown_columns: tuple[str, ...] = ()
    is_calendar: bool = False


@dataclass
class Reading:
    """A line being read: its cells by column, and what is wrong with them so far.

    The columns are the keys of `COLUMNS`; a file that is no table makes its lines itself.
    """

    line: int
    cells: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, column: str, code: str, **facts: str | int) -> None:
        """Write down a fault, with what was read there."""
        value = self.cells.get(column, "")[:120]
        self.faults.append(Fault(self.line, column, value, code, facts))


def read_table(data: bytes, *, force: str = "", unit_name: str = "") -> Found:
    """Read a table; `force` and `unit_name` are those of the lines that say none.

    Raises `Unreadable` as `reseda.schools.domain.sheets.read` does.
    """
    table = sheets.read(data, COLUMNS, required=REQUIRED)
    readings = [Reading(row.line, _cells(table, row)) for row in table.rows[:MOST_OFFERS]]
    for row in table.rows[MOST_OFFERS : MOST_OFFERS + 1]:
        late = Reading(row.line, {})
        late.wrong("uid", "too_many", most=MOST_OFFERS)
        readings.append(late)
    found = gather(readings, force=force, unit_name=unit_name)
    return Found(found.drafts, found.faults, table.unknown)


def _cells(table: Table, row: Row) -> dict[str, str]:
    return {column: table.value(row, column) for column in COLUMNS}


def gather(readings: list[Reading], *, force: str, unit_name: str) -> Found:
    """Turn lines into drafts, refusing a name that stands twice."""
    drafts: dict[str, Draft] = {}
    faults: list[Fault] = []
    for reading in readings:
        draft = None if reading.faults else _draft(reading, force, unit_name)
        if draft and draft.uid in drafts:
            reading.wrong("uid", "repeated", first=drafts[draft.uid].line)
        elif draft and not reading.faults:
            drafts[draft.uid] = draft
        faults.extend(reading.faults)
    return Found(tuple(drafts.values()), tuple(faults))


def _draft(reading: Reading, force: str, unit_name: str) -> Draft | None:
    _check_lengths(reading)
    start, end = _span(reading) or (NEVER, NEVER)
    said = Proposal(
        force=_force(reading, force),
        starts_at=start,
        ends_at=end,
        purpose=reading.cells.get("purpose", ""),
        capacity=_capacity(reading),
        unit_name=reading.cells.get("unit_name", "") or unit_name,
        place=reading.cells.get("place", ""),
        requires=_codes(reading, "requires"),
        grants=_codes(reading, "grants"),
    )
    if not reading.faults and (refused := refusal(said)):
        column = REFUSED_AT[refused.code]
        reading.wrong(column, refused.code, **{k: str(v) for k, v in refused.facts.items()})
    return None if reading.faults else Draft(reading.line, _uid(reading, said), said)


REFUSED_AT = {
    "ends_before_start": "ends_at",
    "too_long": "ends_at",
    "no_purpose": "purpose",
    "capacity": "capacity",
    "too_many_qualifications": "requires",
    "requires_what_it_grants": "grants",
}


def _check_lengths(reading: Reading) -> None:
    for column, limit in LENGTHS.items():
        if len(reading.cells.get(column, "")) > limit:
            reading.wrong(column, "too_long_text", limit=limit)


def _span(reading: Reading) -> tuple[datetime, datetime] | None:
    start, end = _moment(reading, "starts_at"), _moment(reading, "ends_at")
    if reading.faults or start is None:
        return None
    if end is None and start.is_hour:
        reading.wrong("ends_at", "no_end")
        return None
    return start.starts_at, (end or start).ends_at


def _moment(reading: Reading, column: str) -> Moment | None:
    text = reading.cells.get(column, "")
    if not text:
        if column == "starts_at":
            reading.wrong(column, "missing")
        return None
    try:
        return moments.read(text)
    except ValueError:
        reading.wrong(column, "not_a_date")
        return None


def _force(reading: Reading, default: str) -> str:
    text = reading.cells.get("force", "")
    code = FORCES.get(plain(text), "") if text else default
    if not code:
        reading.wrong("force", "unknown_force" if text else "no_force")
    return code


def _capacity(reading: Reading) -> int:
    text = reading.cells.get("capacity", "")
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):  # noqa: PLR2004 (no such unit)
        reading.wrong("capacity", "not_a_number")
        return 1
    return int(text)


def _codes(reading: Reading, column: str) -> tuple[str, ...]:
    try:
        return qualifications.read(reading.cells.get(column, "").replace("|", ";"))
    except ValueError:
        reading.wrong(column, "long_code", limit=qualifications.LONGEST)
        return ()


def _uid(reading: Reading, said: Proposal) -> str:
    """Name a period by what the file calls it, else by what it is: read again, it is the same."""
    text = reading.cells.get("uid", "")
    if text and len(text) <= UID_LENGTH:
        return text
    days = (moment.isoformat() for moment in (said.starts_at, said.ends_at))
    whole = text or "\n".join((said.force, said.unit_name, *days, said.purpose))
    return f"sha-{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def is_calendar(data: bytes) -> bool:
    """Tell whether bytes are those of a calendar rather than of a table."""
    return b"BEGIN:VCALENDAR" in data[:2000].upper().replace(b"\x00", b"")
