"""The import of people: a table read row by row, then compared with what the school knows.

Every refusal is a `Fault`: the line, the column, the value, a code and its facts. Nothing here
writes: the answer says what would be created, changed and left as it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from reseda.schools.domain import sheets
from reseda.schools.domain.sheets import Fault, Row, Table, plain

NAMES: dict[str, tuple[str, ...]] = {
    "email": ("email", "e-mail", "mail", "courriel", "adresse électronique", "adresse e-mail"),
    "last_name": ("nom", "nom de famille", "nom d’usage", "nom usuel", "last name", "surname"),
    "first_name": ("prénom", "prénom usuel", "first name", "given name"),
    "student_number": (
        "numéro étudiant",
        "numéro d’étudiant",
        "n° étudiant",
        "num étudiant",
        "no étudiant",
        "student number",
    ),
    "programme": ("formation", "code formation", "programme", "diplôme"),
    "cohort": ("promotion", "promo", "cohort"),
    "year": ("année", "année universitaire", "year", "academic year"),
    "groups": ("groupes", "groupe", "groups", "group"),
    "role": ("rôle", "statut", "role"),
}
REQUIRED = ("email", "last_name", "first_name")
OF_STUDENTS = ("student_number", "programme", "cohort")
STUDENT = "student"
CENTURY = 100
# Rights over other people’s files are given by hand, one by one: a file may not give them.
ROLES: dict[str, str] = {
    plain(word): role
    for role, words in {
        STUDENT: ("élève", "étudiant", "étudiante", "apprenti", "apprentie", "student"),
        "staff": ("personnel", "membre du personnel", "agent", "staff"),
        "teacher": ("enseignant", "enseignante", "professeur", "professeure", "teacher"),
        "assessor": ("évaluateur", "évaluatrice", "assessor"),
    }.items()
    for word in words
}
LONGEST = {"email": 254, "last_name": 80, "first_name": 80, "student_number": 40, "cohort": 40}
ADDRESS = re.compile(
    r"[^@\s\"<>(),;:\\]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}", re.IGNORECASE
)
SEVERAL = re.compile(r"\s*[,;/|+]\s*")


@dataclass(frozen=True, order=True)
class Place:
    """A cohort by its three names: code of the programme, academic year, promotion."""

    programme: str
    year: str
    cohort: str


@dataclass(frozen=True)
class Entry:
    """What a line says of a person; `place` for students alone, `groups` None when not told."""

    line: int
    email: str
    last_name: str
    first_name: str
    roles: tuple[str, ...]
    place: Place | None = None
    student_number: str = ""
    groups: frozenset[str] | None = None


@dataclass(frozen=True)
class Person:
    """What the school knows of a person; `enrolments`: year -> (place, number, groups)."""

    last_name: str
    first_name: str
    roles: frozenset[str]
    enrolments: Mapping[str, tuple[Place, str, frozenset[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What an import is compared with; `elsewhere` are addresses of accounts that are not ours.

    `programmes` maps code -> title; `years` are names such as "2026-2027"; `year` is the current
    one, "" when there is none; `numbers` maps (place, student number) -> address.
    """

    programmes: Mapping[str, str]
    years: frozenset[str]
    year: str
    cohorts: frozenset[Place]
    people: Mapping[str, Person]
    numbers: Mapping[tuple[Place, str], str] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    groups: frozenset[tuple[Place, str]] = frozenset()


@dataclass(frozen=True)
class Change:
    """What a line would do: a new person, or these fields from a value to another, or nothing."""

    entry: Entry
    is_new: bool
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether everything is already as the line says."""
        return not self.is_new and not self.fields


@dataclass(frozen=True)
class Roster:
    """The answer: what would change, what would be created around it, and every fault."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    new_cohorts: tuple[Place, ...] = ()
    new_groups: tuple[tuple[Place, str], ...] = ()
    unknown_columns: tuple[str, ...] = ()

    @property
    def created(self) -> tuple[Change, ...]:
        """Persons to create."""
        return tuple(change for change in self.changes if change.is_new)

    @property
    def updated(self) -> tuple[Change, ...]:
        """Persons of whom something changes."""
        return tuple(change for change in self.changes if change.fields and not change.is_new)

    @property
    def unchanged(self) -> int:
        """How many lines say what is already known."""
        return sum(change.is_nothing for change in self.changes)


def emails(data: bytes) -> frozenset[str]:
    """Return the addresses a file names, to load what is known of them; raises `Unreadable`."""
    table = _table(data)
    return frozenset(table.value(row, "email").casefold() for row in table.rows)


def read(data: bytes, known: Known) -> Roster:
    """Read a file of people and say what it would do to a school; raises `sheets.Unreadable`."""
    table = _table(data)
    spelling = _Spelling.of(known)
    entries: list[Entry] = []
    faults: list[Fault] = []
    for row in table.rows:
        reader = _Reader(table, row, known, spelling)
        entry = reader.entry()
        faults.extend(reader.faults)
        if entry is not None:
            entries.append(entry)
    faults.extend(_repeated(entries))
    faults.extend(_not_ours(entries, known))
    if faults:
        faults.sort(key=lambda fault: (fault.line, fault.column))
        return Roster((), tuple(faults), unknown_columns=table.unknown)
    places = {entry.place for entry in entries if entry.place}
    groups = {(e.place, code) for e in entries if e.place for code in e.groups or ()}
    return Roster(
        tuple(_change(entry, known) for entry in entries),
        (),
        tuple(sorted(places - known.cohorts)),
        tuple(sorted(groups - known.groups)),
        table.unknown,
    )


def _table(data: bytes) -> Table:
    return sheets.read(data, NAMES, required=REQUIRED)


@dataclass(frozen=True)
class _Spelling:
    """How what is known is really written, by what people mean when they write it."""

    programmes: Mapping[str, str]
    years: Mapping[int, str]
    cohorts: Mapping[tuple[str, str, str], str]
    groups: Mapping[tuple[Place, str], str]

    @classmethod
    def of(cls, known: Known) -> "_Spelling":
        titles = {plain(title): code for code, title in known.programmes.items()}
        return cls(
            titles | {plain(code): code for code in known.programmes},
            {_civil_years(name)[0]: name for name in known.years if _civil_years(name)},
            {(p.programme, p.year, plain(p.cohort)): p.cohort for p in known.cohorts},
            {(place, plain(code)): code for place, code in known.groups},
        )


class _Reader:
    """One line being read: each wrong cell adds a fault, and the line then gives no entry."""

    def __init__(self, table: Table, row: Row, known: Known, spelling: _Spelling) -> None:
        self.table, self.row, self.known, self.spelling = table, row, known, spelling
        self.faults: list[Fault] = []

    def entry(self) -> Entry | None:
        """Return what the line says, or None when it has a fault."""
        roles = self._roles()
        entry = Entry(
            self.row.line,
            self._address(),
            self._text("last_name"),
            self._text("first_name"),
            roles,
        )
        if STUDENT in roles:
            place = self._place()
            entry = replace(
                entry,
                place=place,
                student_number=self._text("student_number"),
                groups=self._groups(place),
            )
        return None if self.faults else entry

    def _fault(self, column: str, code: str, value: str = "", **facts: str | int) -> None:
        shown = value or self.table.value(self.row, column)
        self.faults.append(Fault(self.row.line, column, shown[:120], code, facts))

    def _text(self, column: str) -> str:
        value = self.table.value(self.row, column)
        if not value:
            self._fault(column, "missing")
        elif len(value) > LONGEST[column]:
            self._fault(column, "too_long", limit=LONGEST[column])
        return value

    def _address(self) -> str:
        value = self._text("email").casefold()
        if value and not ADDRESS.fullmatch(value):
            self._fault("email", "not_an_address")
        return value

    def _roles(self) -> tuple[str, ...]:
        written = [word for word in SEVERAL.split(self.table.value(self.row, "role")) if word]
        unknown = [word for word in written if plain(word) not in ROLES]
        for word in unknown:
            self._fault("role", "unknown_role", word)
        return tuple(dict.fromkeys(ROLES.get(plain(word), "") for word in written)) or (STUDENT,)

    def _place(self) -> Place:
        programme, year, cohort = self._programme(), self._year(), self._text("cohort")
        known = self.spelling.cohorts.get((programme, year, plain(cohort)))
        return Place(programme, year, known or cohort)

    def _programme(self) -> str:
        value = self.table.value(self.row, "programme")
        code = self.spelling.programmes.get(plain(value))
        if not value:
            self._fault("programme", "missing")
        elif code is None:
            self._fault("programme", "unknown_programme", known=", ".join(self.known.programmes))
        return code or ""

    def _year(self) -> str:
        value = self.table.value(self.row, "year") or self.known.year
        written = _civil_years(value)
        name = self.spelling.years.get(written[0], "") if written else ""
        if not value:
            self._fault("year", "no_current_year")
        elif not name or _civil_years(name)[: len(written)] != written:
            self._fault("year", "unknown_year", known=", ".join(sorted(self.known.years)))
        return name

    def _groups(self, place: Place) -> frozenset[str] | None:
        if not self.table.has("groups"):
            return None
        codes = [code for code in SEVERAL.split(self.table.value(self.row, "groups")) if code]
        for code in codes:
            if len(code) > LONGEST["cohort"]:
                self._fault("groups", "too_long", code, limit=LONGEST["cohort"])
        return frozenset(self.spelling.groups.get((place, plain(code)), code) for code in codes)


def _civil_years(text: str) -> list[int]:
    """Return the civil years of "2026-2027", "2026/27", "2026": [2026, 2027] or [2026]."""
    numbers = [int(part) for part in re.findall(r"\d{1,4}", text)[:2]]
    return [n if n >= CENTURY else n + numbers[0] // CENTURY * CENTURY for n in numbers]


def _repeated(entries: Iterable[Entry]) -> Iterator[Fault]:
    """Find the same person, or the same student number of a promotion, on two lines."""
    seen: dict[tuple[str, object], int] = {}
    for entry in entries:
        keys: list[tuple[str, object, str]] = [("email", entry.email, entry.email)]
        if entry.place:
            number = entry.student_number
            keys.append(("student_number", (entry.place, number), number))
        for column, key, value in keys:
            first = seen.setdefault((column, key), entry.line)
            if first != entry.line:
                yield Fault(entry.line, column, value, f"repeated_{column}", {"first": first})


def _not_ours(entries: Iterable[Entry], known: Known) -> Iterator[Fault]:
    """Refuse what belongs to somebody else: an account of another school, a number already given.

    An account that this school cannot touch gets one mute code: where it belongs is not said.
    """
    for entry in entries:
        if entry.email in known.elsewhere:
            yield Fault(entry.line, "email", entry.email, "address_refused")
        holder = known.numbers.get((entry.place, entry.student_number)) if entry.place else None
        if holder not in (None, entry.email):
            yield Fault(entry.line, "student_number", entry.student_number, "number_taken")


def _change(entry: Entry, known: Known) -> Change:
    person = known.people.get(entry.email)
    if person is None:
        return Change(entry, is_new=True)
    return Change(entry, is_new=False, fields=tuple(_differences(entry, person)))


def _differences(entry: Entry, person: Person) -> Iterator[tuple[str, str, str]]:
    """Yield the fields that change: name, value known, value read."""
    pairs = [
        ("last_name", person.last_name, entry.last_name),
        ("first_name", person.first_name, entry.first_name),
    ]
    if entry.place:
        pairs.extend(_moves(entry, entry.place, person))
    missing = [role for role in entry.roles if role not in person.roles]
    if missing:
        pairs.append(("role", ", ".join(sorted(person.roles)), ", ".join(missing)))
    return (pair for pair in pairs if pair[1] != pair[2])


def _moves(entry: Entry, place: Place, person: Person) -> Iterator[tuple[str, str, str]]:
    nowhere = (Place("", "", ""), "", frozenset[str]())
    before, number, groups = person.enrolments.get(place.year, nowhere)
    yield "programme", before.programme, place.programme
    yield "cohort", before.cohort, place.cohort
    yield "year", before.year, place.year
    yield "student_number", number, entry.student_number
    if entry.groups is not None:
        yield "groups", ", ".join(sorted(groups)), ", ".join(sorted(entry.groups))
