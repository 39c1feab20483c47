"""What ADE and HyperPlanning hide in free text: groups, teaching unit, form of teaching.

Teachers' names are in the same text: they are recognised in order to be dropped, and nothing that
leaves this module contains them.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from reseda.timetable.domain.events import GROUP_SEPARATOR
from reseda.timetable.domain.text import one_line

_LABELS = frozenset(
    (
        "Matière",
        "Enseignant",
        "Intervenant",
        "Professeur",
        "TD",
        "Promotion",
        "Groupe",
        "Classe",
        "Option",
        "Salle",
        "Type",
        "Mémo",
        "Memo",
        "Statut",
    )
)
_PEOPLE = ("Enseignant", "Intervenant", "Professeur")
_GROUPS = ("Promotion", "Classe", "TD", "Groupe", "Option")
_GROUP_WORD = re.compile(
    r"\b(?:promo|promotion|groupes?|gr|grp|tous|toutes|etudiants|étudiants|année|annee|alternance"
    r"|alternants|apprentis|licence|master|but|dut|cycle|ingénieurs?|option|parcours|filière)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:promo|promotion|tous|toutes)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\b(GR|Gr|gr|TD|TP|CM|G|Groupe|groupe) (?=\d)")
_MODULE = re.compile(
    r"\W{0,3}(SA[EÉ]\s?\d[\d.]*|(?!(?:TD|TP|CM|CC|DS|GR|BUT|DUT|LP|QCM)\d)[A-Z]{1,6}\d[A-Z0-9.]*)"
    r"(?=[^A-Za-z0-9]|$)"
)
_TITLE_AND_NAME = re.compile(r"\b(M|Mr|MM|Mme|Mlle|Dr|Pr|Prof)\b\.? ([A-ZÉÈ][\w’'-]+)")
_MAX_GROUP = 60
_MAX_GROUP_WORDS = 7
MAX_GROUPS_TEXT = 500
_MAX_MODULE = 80


class Note(NamedTuple):
    """What the description of a session says: its groups, its people, and the fields it may have.

    `people` are the lines that name somebody; they serve to drop names, and are never kept.
    """

    group: str
    is_for_whole_promotion: bool
    people: tuple[str, ...]
    subject: str = ""
    form: str = ""
    memo: str = ""
    is_structured: bool = False
    is_cancelled: bool = False


class Shape(NamedTuple):
    """What the text of a session says, once the names are out of it."""

    title: str
    group: str
    is_for_whole_promotion: bool
    module: str
    form: str
    memo: str
    is_structured: bool
    is_cancelled: bool


def note_of(description: str) -> Note:
    """Read the description of a session, as ADE (lines) or HyperPlanning (fields) writes it."""
    fields = _structured(description)
    if "Matière" in fields:
        return _from_fields(fields)
    groups, people = [], []
    for line in map(one_line, description.split("\n")):
        if is_group(line):
            groups.append(line)
        elif line:
            people.append(line)
    is_whole = any(map(_WHOLE.search, groups))
    return Note(_joined(groups), is_whole, tuple(people))


def shape_of(summary: str, note: Note, names: frozenset[str] = frozenset()) -> Shape:
    """Read the text of one session; `names` are the words of the teachers' names of the feed."""
    if note.is_structured:
        memo = without_names(note.memo, note.people, names)
        title = " - ".join(filter(None, (note.subject, note.form, memo)))
        module = note.subject[:_MAX_MODULE]
    else:
        memo = ""
        title = without_names(one_line(summary), note.people, names)
        match = _MODULE.match(title)
        module = match[1].replace(" ", "") if match else ""
    return Shape(
        title,
        note.group,
        note.is_for_whole_promotion,
        module,
        note.form,
        memo,
        note.is_structured,
        note.is_cancelled,
    )


def is_code(module: str) -> bool:
    """Tell a code found at the head of a title (« R301 ») from the name of a subject."""
    found = _MODULE.match(module)
    return found is not None and found[1] == module


def name_words(lines: Iterable[str]) -> frozenset[str]:
    """The words of the names, by which « RDV M. DUPONT » is recognised in a title."""
    short = (line for line in lines if len(line) <= _MAX_GROUP)
    return frozenset(w.casefold() for line in short for w in line.split() if len(w) > 2)  # noqa: PLR2004 - initials


@lru_cache(maxsize=4096)
def is_group(line: str) -> bool:
    """Tell a group code from a name: names have no figure and none of the words of groups."""
    if not line or len(line) > _MAX_GROUP or line.count(" ") >= _MAX_GROUP_WORDS:
        return False
    return any(map(str.isdigit, line)) or _GROUP_WORD.search(line) is not None


def without_names(title: str, persons: Iterable[str], names: frozenset[str]) -> str:
    """Take the names of the session's teachers, and « M. Name » of any of the feed's, out."""
    folded = title.casefold()
    for person in persons:
        if " " in person and person.casefold() in folded:
            title = re.sub(re.escape(person), "", title, flags=re.IGNORECASE)
    if names and _TITLE_AND_NAME.search(title):
        title = _TITLE_AND_NAME.sub(lambda m: "" if m[2].casefold() in names else m[0], title)
    return one_line(title).strip(" -,")


def _structured(description: str) -> dict[str, str]:
    if ":" not in description:
        return {}
    return dict(filter(None, map(_field, description.split("\n"))))


@lru_cache(maxsize=4096)
def _field(line: str) -> tuple[str, str] | None:
    label, colon, value = line.partition(":")
    name = label.strip().removesuffix("s")
    return (name, one_line(value)) if colon and name in _LABELS else None


def _from_fields(fields: dict[str, str]) -> Note:
    persons = (name for label in _PEOPLE for name in fields.get(label, "").split(","))
    groups = (code for label in _GROUPS for code in fields.get(label, "").split(","))
    return Note(
        _joined(groups),
        "Promotion" in fields,
        tuple(filter(None, map(one_line, persons))),
        fields["Matière"],
        fields.get("Type", ""),
        fields.get("Mémo") or fields.get("Memo", ""),
        is_structured=True,
        is_cancelled="annul" in fields.get("Statut", "").casefold(),
    )


def _joined(codes: Iterable[str]) -> str:
    joined = GROUP_SEPARATOR.join(dict.fromkeys(filter(None, map(_code, codes))))
    # So many groups are everybody, and everybody is written as no group.
    return joined if len(joined) <= MAX_GROUPS_TEXT else ""


@lru_cache(maxsize=2048)
def _code(text: str) -> str:
    return _NUMBERED.sub(r"\1", one_line(text.replace(",", " ")))
